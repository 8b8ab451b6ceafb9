"""`reliability calibrate`: reports rated now, ratings made before, and the diagram."""

import json
import os
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

import pytest

from .command import ROOT, run

SET = ROOT / "fixtures" / "backtest"
REPORTS, SETTLED = str(SET / "reported.jsonl"), str(SET / "adjudicated.csv")


def test_it_agrees_with_the_backtest_of_the_policy() -> None:
    mine = json.loads(run("calibrate", REPORTS, "--adjudicated", SETTLED, "--format", "json").out)
    theirs = json.loads(run("rules", "backtest", REPORTS, "--adjudicated", SETTLED, "--format", "json").out)
    for name in ("brier", "log_bits", "ece", "reliability", "resolution"):
        assert mine["scores"][name] == theirs["scores"][name]


def test_ratings_made_before_have_the_scores_that_they_had(tmp_path: Path) -> None:
    past = tmp_path / "past.jsonl"
    run("rate", REPORTS, "--format", "jsonl", "-o", str(past))
    rated = {one["claim"]["id"]: one["rating"]["p"] for one in map(json.loads, past.read_text().splitlines())}
    found = json.loads(run("calibrate", str(past), "--adjudicated", SETTLED, "--format", "json").out)
    settled = [line.split(",") for line in Path(SETTLED).read_text().splitlines()[1:]]
    errors = [(rated[row[0]] - float(row[1])) ** 2 for row in settled if row[0] in rated]
    assert found["claims"]["rated_and_settled"] == len(errors)
    assert found["scores"]["brier"] == pytest.approx(sum(errors) / len(errors), abs=1e-6)
    assert {one["by"] for one in found["parts"]} == {"class", "source type"}


def test_the_diagram_is_an_svg_file_without_scripts(tmp_path: Path) -> None:
    for options in (["--plot", tmp_path / "d.svg"], ["-o", tmp_path / "e.svg"]):
        done = run("calibrate", REPORTS, "--adjudicated", SETTLED, *options)
        assert done.code == 0
    first, second = (tmp_path / name for name in ("d.svg", "e.svg"))
    assert first.read_bytes() == second.read_bytes()
    root = ElementTree.fromstring(first.read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert "ratings, Brier score" in first.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "code", "told"),
    [(['{"claim": {"id": "c1"}, "rating": {"p": 1.5}, "waterfall": []}'], 3, "no probability"),
     (['{"claim": {"id": "c1"}, "rating": {"p": true}, "waterfall": []}'], 3, "no probability"),
     (['{"claim": "c1", "rating": {"p": 0.5}, "waterfall": []}'], 3, "no rating record"),
     (['{"claim": {"id": "c1"}, "rating": {"p": 0.5}, "waterfall": [], "links": 5}'], 3, "links are no list"),
     (['{"claim": {"id": "c1"}, "rating": {"p": 0.5}, "waterfall": [], "links": [{"kind": "origin", "type": ["x"]}]}'],
      0, ""),
     (['{"claim": {"id": "other"}, "rating": {"p": 0.5}, "waterfall": []}'], 3, "no rating of the claim"),
     (['{"claim": {"id": "c1"}, "rating": {"p": 0.5}, "waterfall": []}', "{"], 0, "reject")],
)  # fmt: skip
def test_bad_ratings_are_rejects(tmp_path: Path, lines: list[str], code: int, told: str) -> None:
    (tmp_path / "past.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "settled.csv").write_text("claim,truth\nc1,1\n")
    done = run("calibrate", tmp_path / "past.jsonl", "--adjudicated", tmp_path / "settled.csv")
    assert done.code == code
    assert told in done.err


def test_reports_from_a_pipe_are_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(Path(REPORTS).read_bytes(),), daemon=True)
    writer.start()
    done = run("calibrate", pipe, "--adjudicated", SETTLED, "--format", "json")
    assert json.loads(done.out) == json.loads(
        run("calibrate", REPORTS, "--adjudicated", SETTLED, "--format", "json").out
    )


def test_reports_and_ratings_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / "past.jsonl").write_text('{"claim": {"id": "c1"}, "rating": {"p": 0.5}, "waterfall": []}\n')
    done = run("calibrate", str(tmp_path / "past.jsonl"), REPORTS, "--adjudicated", SETTLED)
    assert done.code == 2


def test_nothing_is_written_over_what_is_read(tmp_path: Path) -> None:
    settled = tmp_path / "settled.svg.csv"
    settled.write_text("claim,truth\nc1,1\n")
    done = run("calibrate", REPORTS, "--adjudicated", str(settled), "--plot", str(settled))
    assert done.code == 2


def test_a_diagram_is_not_drawn_over_reports_scores_or_sources(tmp_path: Path) -> None:
    reports, new, sources = tmp_path / "r.jsonl", tmp_path / "new.svg", tmp_path / "s.toml"
    reports.write_bytes(Path(REPORTS).read_bytes())
    sources.write_text('[[source]]\nname = "A"\ntype = "media"\n')
    for options in (("--plot", reports), ("--plot", new, "-o", new), ("--plot", new, "--rejects", new),
                    ("--plot", sources), ("--plot", tmp_path / "d.svg", "-o", new)):  # fmt: skip
        done = run("calibrate", tmp_path, "--adjudicated", SETTLED, "--sources", sources, *options)
        assert done.code == 2, options
    assert reports.read_bytes() == Path(REPORTS).read_bytes()
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"r.jsonl", "s.toml"}


def test_a_dry_run_says_what_would_be_read_and_written(tmp_path: Path) -> None:
    done = run("calibrate", REPORTS, "--adjudicated", SETTLED, "--plot", tmp_path / "d.svg", "--dry-run")
    assert done.code == 0
    assert done.out.splitlines() == [
        f"would read {REPORTS} (jsonl)", f"would read what is adjudicated from {SETTLED}", "would write to stdout",
        f"would write the diagram to {tmp_path / 'd.svg'}",
    ]  # fmt: skip
    assert not (tmp_path / "d.svg").exists()


HISTORY = ROOT / "fixtures" / "history"


def test_a_map_that_was_written_changes_ratings_once_it_stands_in_the_rules(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    out = tmp_path / "recalibration" / "past.toml"
    out.parent.mkdir()
    about = ("--adjudicated", HISTORY / "adjudicated.csv")
    done = run("calibrate", HISTORY / "said.jsonl", *about, "--out-map", out, "--format", "json")
    assert done.code == 0
    assert "map from 295 claims" in done.err
    mapped = run("rate", HISTORY / "said.jsonl", "--rules", tmp_path, "--format", "jsonl")
    assert all(one["waterfall"][-1]["kind"] == "recalibration" for one in mapped.records)
    (tmp_path / "past.jsonl").write_text(mapped.out, encoding="utf-8")
    assert run("recompute", tmp_path / "past.jsonl", "--format", "json").code == 0
    scored = json.loads(run("calibrate", tmp_path / "past.jsonl", *about, "--format", "json").out)
    assert scored["scores"]["brier"] < json.loads(done.out)["scores"]["brier"]
    again = run("calibrate", tmp_path / "past.jsonl", *about, "--out-map", out)
    assert again.code == 3
    assert "rated without one" in again.err


def test_scores_are_told_by_the_class_that_adjudications_name(tmp_path: Path) -> None:
    lines = Path(SETTLED).read_text(encoding="utf-8").splitlines()
    text = "\n".join(
        [f"{lines[0]},class", *(f"{line},{'war' if n % 2 else 'money'}" for n, line in enumerate(lines[1:]))]
    )
    (tmp_path / "settled.csv").write_text(text + "\n", encoding="utf-8")
    done = run("calibrate", REPORTS, "--adjudicated", tmp_path / "settled.csv", "--format", "json")
    names = {one["name"] for one in json.loads(done.out)["parts"] if one["by"] == "class"}
    assert names == {"war", "money"}


def test_a_ledger_s_ratings_are_scored_as_they_stood_before_their_claims_were_settled(tmp_path: Path) -> None:
    ledger, settled = tmp_path / "ledger", tmp_path / "settled.csv"
    for _ in range(2):
        assert run("audit", "record", REPORTS, "--ledger", ledger).code == 0
    lines = Path(SETTLED).read_text(encoding="utf-8").splitlines()
    rows = [line.split(",")[:2] for line in lines[1:]]
    dated = [f"{claim},{truth},{'2001-01-01' if n == 0 else '2999-01-01' if n == 1 else ''}"
             for n, (claim, truth) in enumerate(rows)]  # fmt: skip
    settled.write_text("\n".join(["claim,truth,date", *dated]) + "\n", encoding="utf-8")
    done = run("calibrate", ledger, "--adjudicated", settled, "--format", "json")
    told = json.loads(done.out)
    assert told["claims"]["rated_with_hindsight"] == 1
    assert told["claims"]["earlier_ratings"] > 0
    assert "with hindsight" in done.err
    now = json.loads(run("calibrate", REPORTS, "--adjudicated", SETTLED, "--format", "json").out)
    assert told["scores"]["n"] == now["scores"]["n"] - 1
    both = run("calibrate", ledger, ledger, "--adjudicated", settled)
    assert (both.code, "one ledger at a time" in both.err) == (2, True)


def test_a_ledger_whose_contents_are_gone_has_nothing_to_score(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    run("audit", "record", REPORTS, "--ledger", ledger)
    for blob in (ledger / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    done = run("calibrate", ledger, "--adjudicated", SETTLED)
    assert done.code == 3
    assert "nothing is left" in done.err
