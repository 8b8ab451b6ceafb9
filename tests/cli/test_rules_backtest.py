"""`rules backtest`: a policy held to what turned out."""

import csv
import io
import json
import shutil
from math import log2
from pathlib import Path
from typing import Any

import pytest

from .command import FIXTURES, ROOT, assert_refused, lines, report, run

REPORTED = FIXTURES / "backtest" / "reported.jsonl"
ADJUDICATED = FIXTURES / "backtest" / "adjudicated.csv"
GIVEN = ("rules", "backtest", "--adjudicated", ADJUDICATED, REPORTED)


def scored(*arguments: object) -> Any:
    result = run(*(arguments or GIVEN), "--format", "json")
    assert result.code == 0, result.err
    return json.loads(result.out)


@pytest.fixture(scope="module")
def found() -> Any:
    return scored()


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, float]]:
    """Each adjudicated claim's verdict, rated by `rate` without the one report that is later, and its truth."""
    path = tmp_path_factory.mktemp("in-time") / "reports.jsonl"
    kept = [line for line in REPORTED.read_text(encoding="utf-8").splitlines() if '"2025-10-03"' not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    truth = {
        row["claim"]: float(row["truth"])
        for row in csv.DictReader(ADJUDICATED.read_text(encoding="utf-8").splitlines())
    }
    rated = {one["claim"]["id"]: one["rating"] for one in run("rate", path, "--format", "jsonl").records}
    return [(rated[claim], truth[claim]) for claim in sorted(truth)]


def test_the_scores_are_those_of_the_ratings_by_brute_force(found: Any, pairs: list[tuple[Any, float]]) -> None:
    p = [(one["p"], truth) for one, truth in pairs]
    sure = [(one["p"], truth) for one, truth in pairs if one["assessed"]]
    for told, rows in ((found["scores"], p), (found["scores_assessed"], sure)):
        assert told["n"] == len(rows)
        assert told["brier"] == pytest.approx(sum((a - b) ** 2 for a, b in rows) / len(rows), abs=1e-6)
        bits = -sum(b * log2(a) + (1 - b) * log2(1 - a) for a, b in rows) / len(rows)
        assert told["log_bits"] == pytest.approx(bits, abs=1e-6)
        right = sum((a >= 0.5) == (b >= 0.5) for a, b in rows)
        assert told["accuracy"] == pytest.approx(right / len(rows), abs=1e-6)
        parts = told["reliability"] - told["resolution"] + told["uncertainty"] + told["within_bins"]
        assert told["brier"] == pytest.approx(parts, abs=4e-6)
    assert len(p) >= 30


def test_claims_without_a_word_are_counted_and_shown_apart(found: Any, pairs: list[tuple[Any, float]]) -> None:
    weak = sum(not one["assessed"] for one, _ in pairs)
    assert weak > 0
    assert found["claims"] == {"adjudicated": len(pairs), "assessed": len(pairs) - weak, "not_assessed": weak,
                               "without_adjudication": 1, "adjudicated_but_not_rated": 0,
                               "reports_with_hindsight": 1}  # fmt: skip
    assert f"{weak} claims are not assessed" in run(*GIVEN).err


def test_words_hold_where_what_turned_out_lies_in_their_band(found: Any, pairs: list[tuple[Any, float]]) -> None:
    bands = {"unlikely": (0.2, 0.45), "likely": (0.55, 0.8), "very likely": (0.8, 0.95), "almost certain": (0.95, 1.0)}
    held = 0
    for row in found["words"]:
        mine = [truth for one, truth in pairs if one["icd203"] == row["word"]]
        low, high = bands[row["word"]]
        assert (row["n"], row["low"], row["high"]) == (len(mine), low, high)
        assert row["share_true"] == pytest.approx(sum(mine) / len(mine), abs=1e-6)
        assert row["holds"] == (low <= sum(mine) / len(mine) <= high)
        assert row["in_reach"] == (row["true_low"] <= high and row["true_high"] >= low)
        held += len(mine) * row["holds"]
    told = sum(row["n"] for row in found["words"])
    assert told == found["claims"]["assessed"]
    assert found["scores_assessed"]["words"] == pytest.approx(held / told, abs=1e-6)


def test_a_rule_is_worth_what_the_score_loses_without_it(found: Any, folder: Path) -> None:
    rows = found["rules"]["removed"]
    assert found["rules"]["acting"] >= len(rows) >= 6
    for row in (rows[0], rows[-1]):
        own = folder / row["id"]
        own.mkdir()
        (own / "policy.toml").write_text(f'inherits = "shipped"\nwithout = ["{row["id"]}"]\n', encoding="utf-8")
        without = scored(*GIVEN, "--rules", own)
        assert without["scores"]["brier"] - found["scores"]["brier"] == pytest.approx(row["brier"]["mean"], abs=2e-6)
    means = [row["brier"]["mean"] for row in rows]
    assert means == sorted(means, reverse=True)
    assert means[0] > 0 > means[-1]
    assert all(row["brier"]["low"] <= row["brier"]["mean"] <= row["brier"]["high"] for row in rows)
    one = scored(*GIVEN, "--most", 1)["rules"]["removed"]
    assert one == [rows[0], rows[-1]]


def test_a_policy_differs_from_itself_by_nothing(found: Any) -> None:
    same = scored(*GIVEN, "--against", ROOT / "rules")
    nothing = {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert (same["against"]["brier"], same["against"]["log_bits"]) == (nothing, nothing)
    assert (same["against"]["n"], same["against"]["only_here"], same["against"]["only_there"]) == (36, 0, 0)
    assert {**same, "against": None} == found


def test_the_difference_to_another_policy_is_that_of_the_two_scores_and_turns_with_them(
    folder: Path, found: Any
) -> None:
    other = folder / "rules"
    shutil.copytree(ROOT / "rules", other)
    path = other / "source-types" / "government.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("p = 0.75", "p = 0.9"), encoding="utf-8")
    here = scored(*GIVEN, "--against", other)["against"]
    there = scored(*GIVEN, "--rules", other, "--against", "shipped")
    assert here["brier"]["mean"] == pytest.approx(found["scores"]["brier"] - there["scores"]["brier"], abs=2e-6)
    assert here["brier_there"] == there["scores"]["brier"]
    assert (here["brier"]["low"], here["brier"]["high"]) == pytest.approx(
        (-there["against"]["brier"]["high"], -there["against"]["brier"]["low"]), abs=2e-6)  # fmt: skip
    assert here["brier"]["low"] < here["brier"]["mean"] < here["brier"]["high"]


def test_the_same_input_gives_the_same_bytes_and_every_view_the_same_numbers(found: Any) -> None:
    assert json.loads(run(*GIVEN, "--format", "jsonl").out) == found
    rows = list(csv.DictReader(io.StringIO(run(*GIVEN, "--format", "csv").out)))
    assert (
        float(next(row["value"] for row in rows if (row["row"], row["measure"]) == ("Brier score", "all")))
        == (found["scores"]["brier"])
    )
    brier = f"{found['scores']['brier']:.4f}"
    assert any(line.split() == ["Brier", "score", brier, f"{found['scores_assessed']['brier']:.4f}"]
               for line in run(*GIVEN, "--format", "table").out.splitlines())  # fmt: skip
    assert f"| Brier score | {brier} |" in run(*GIVEN, "--format", "markdown").out


def test_a_claim_whose_reports_are_all_later_is_not_rated_and_undated_ones_count() -> None:
    rows = [report(id="r1", published="2025-05-02"), report(id="r2", claim="tunnel"),
            report(id="r3", claim="quay", published="2025-05-01")]  # fmt: skip
    Path("r.jsonl").write_text(lines(*rows), encoding="utf-8")
    Path("a.csv").write_text("claim,truth,date\nbridge,1,2025-05-01\ntunnel,1,2025-05-01\nquay,0,2025-05-01\n", "utf-8")
    result = run("rules", "backtest", "--adjudicated", "a.csv", "r.jsonl", "--rejects", "bad.jsonl", "--format", "json")
    told = json.loads(result.out)["claims"]
    assert (told["adjudicated"], told["adjudicated_but_not_rated"], told["reports_with_hindsight"]) == (2, 1, 1)
    (bad,) = (json.loads(line) for line in Path("bad.jsonl").read_text(encoding="utf-8").splitlines())
    assert (bad["line"], "no rated claim 'bridge'" in bad["reason"]) == (2, True)


def test_bad_rows_are_named_with_their_lines_kept_and_under_strict_the_end() -> None:
    Path("r.jsonl").write_text(lines(report(id="r1")), encoding="utf-8")
    Path("a.csv").write_text("claim,truth\nbridge,1\ntunnel,0\nquay,7\nx,1\nx,0\n", encoding="utf-8")
    given = ("rules", "backtest", "--adjudicated", "a.csv", "r.jsonl", "--format", "json")
    result = run(*given)
    assert result.code == 0
    assert [line.split(": ")[1] for line in result.err.splitlines() if line.startswith("reject: ")] == [
        "a.csv:3", "a.csv:4", "a.csv:5", "a.csv:6"]  # fmt: skip
    strict = run(*given, "--strict")
    assert (strict.code, strict.stdout) == (3, b"")
    assert strict.err.splitlines()[-1].startswith("error: a.csv:3: no rated claim 'tunnel'")


def test_nothing_to_score_and_writing_over_what_is_read_are_refused() -> None:
    Path("r.jsonl").write_text(lines(report(id="r1")), encoding="utf-8")
    Path("a.csv").write_text("claim,truth\ntunnel,0\n", encoding="utf-8")
    given = ("rules", "backtest", "--adjudicated", "a.csv", "r.jsonl")
    result = run(*given, "--quiet")
    assert_refused(result, 3, "a.csv:2", "nothing is left to be scored")
    assert_refused(run(*given, "-o", "a.csv"), 2, "is an input too")
    assert_refused(run(*given, "--rejects", "a.csv"), 2, "is an input too")
    assert Path("a.csv").read_text(encoding="utf-8") == "claim,truth\ntunnel,0\n"
    assert_refused(run("rules", "backtest", "--adjudicated", "none.csv", "r.jsonl"), 3, "none.csv", "no such file")
