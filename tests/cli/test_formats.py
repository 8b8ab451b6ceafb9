"""What the commands print: every format, one number in every view, the same whatever the order of the input."""

import csv
import gzip
import json
import random
from functools import cache
from pathlib import Path

import pytest

from .command import FIXTURES, Result, lines, report, run

NAMES = sorted(path.parent.name for path in FIXTURES.glob("*/reports.*"))
CIRCULAR = FIXTURES / "circular-reporting" / "reports.jsonl"
CORRECTIONS = FIXTURES / "corrections" / "reports.jsonl"


SMALL = [name for name in NAMES if name != "hundred-accounts"]


@cache
def rated(name: str) -> Result:
    """A fixture's ratings as JSON Lines."""
    return run("rate", *arguments(name))


def arguments(name: str) -> list[object]:
    """A fixture's reports and, where it has them, its sources."""
    (reports,) = (FIXTURES / name).glob("reports.*")
    return [reports, *(part for path in (FIXTURES / name).glob("sources.*") for part in ("--sources", path))]


@pytest.mark.parametrize("name", NAMES)
def test_recompute_agrees_with_every_record_of_every_fixture(folder: Path, name: str) -> None:
    assert (rated(name).code, rated(name).stderr) == (0, b"")
    (folder / "ratings.jsonl").write_bytes(rated(name).stdout)
    records = rated(name).records
    again = run("recompute", "ratings.jsonl")
    assert again.code == 0, again.out
    agree = [None if record["quantity"] else True for record in records]
    assert [one["agrees"] for one in again.records] == agree
    assert [one["claim"] for one in again.records] == [record["claim"]["id"] for record in records]
    for found, record in zip(again.records, records, strict=True):
        if record["quantity"]:  # recompute says that it integrates
            continue
        assert found["p"] == pytest.approx(record["rating"]["p"], abs=1e-4)
        assert len(found["steps"]) == len(record["tree"])


def test_json_and_jsonl_hold_the_same_records() -> None:
    one_a_line = run("rate", CIRCULAR, "--format", "jsonl")
    assert json.loads(run("rate", CIRCULAR, "--format", "json").out) == one_a_line.records
    assert rated("circular-reporting").stdout == one_a_line.stdout
    brief = run("rate", CIRCULAR, "--brief").records
    for whole, short in zip(one_a_line.records, brief, strict=True):
        assert {key: value for key, value in whole.items() if key not in ("tree", "links")} == short
    keys = {"claim", "rating", "quantity", "said_so", "counts", "flags", "waterfall", "links", "tree", "admiralty",
            "tipping_points", "without", "next_checks", "reports", "related", "digest"}  # fmt: skip
    assert all(keys <= record.keys() for record in one_a_line.records)


def test_every_format_has_the_records_figures() -> None:
    records = rated("corrections").records
    rows = list(csv.DictReader(run("rate", CORRECTIONS, "--format", "csv").out.splitlines()))
    assert [(row["claim_id"], float(row["p"])) for row in rows] == [
        (r["claim"]["id"], r["rating"]["p"]) for r in records
    ]
    assert [row["flags"].split("; ") for row in rows] == [r["flags"] for r in records]
    shown = run("rate", CORRECTIONS, "--format", "markdown").out.splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in shown[2:]]
    assert [(row[0], float(row[2])) for row in cells] == [(r["claim"]["text"], r["rating"]["p"]) for r in records]


def test_the_table_has_claim_origin_interval_words_and_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    out = run("rate", CORRECTIONS, "--format", "table").out
    head, _, *rows = out.splitlines()
    assert all(word in head for word in ("claim", "origin", "low–high", "ICD 203", "conf", "flags"))
    assert any("The Ostvale fire was set on purpose" in row for row in rows)
    starts = {row.split()[0]: at for at, row in enumerate(rows) if row.startswith(("fire-set ", "mayor-resigned "))}
    fire, mayor = (" ".join(rows[at : at + 4]) for at in (starts["fire-set"], starts["mayor-resigned"]))
    assert all(part in fire for part in ("Ostvale Police", "[law-enforcement]", "26% (11–41)", "unlikely", "low"))
    assert all(part in mayor for part in ("50% (50–50)", "not ", "no-standing-report"))
    monkeypatch.setenv("COLUMNS", "80")
    narrow = run("rate", CORRECTIONS, "--format", "table").out
    assert max(map(len, narrow.splitlines())) <= 80
    assert "\x1b" not in out + narrow


def test_a_files_ending_chooses_the_format(folder: Path) -> None:
    for ending, form in ((".json", "json"), (".jsonl", "jsonl"), (".csv", "csv"), (".md", "markdown")):
        assert run("rate", CIRCULAR, "-o", f"out{ending}").code == 0
        text = (folder / f"out{ending}").read_text(encoding="utf-8")
        assert text.startswith({"json": "[\n", "jsonl": '{"claim"', "csv": "claim_id,", "markdown": "| claim |"}[form])


@pytest.mark.parametrize("name", SMALL)
def test_explain_prints_bars_chains_links_and_what_was_unknown(name: str) -> None:
    given = arguments(name)
    record = rated(name).records[-1]
    claim = record["claim"]["id"]
    result = run("explain", claim, *given)
    assert (result.code, result.stderr) == (0, b"")
    assert result.out.startswith(f"{claim}: {record['claim']['text']}\n")
    for bar in record["waterfall"]:
        assert f"{bar['db']:+7.2f} dB" in result.out
    for title in ("How the number came about", "Chains (", "Reports", "Digests"):
        assert f"\n{title}" in result.out
    for link in record["links"]:
        assert f"= {link['weight_db']:.2f} dB" in result.out
        assert all(f"{one['missing']}?" in result.out for one in link["undecided"])
    assert result.out.count("read: ") == len([node for node in record["tree"] if node["evidence_db"] is not None])
    assert all(part in result.out for part in record["digest"].values() if isinstance(part, str))
    assert all(chain["report"] in result.out for chain in record["chains"])


def test_explain_shows_shifts_clamps_cut_chains_and_flags() -> None:
    witness = FIXTURES / "witness-questions" / "reports.jsonl"
    floor = run("explain", "shots-floor", witness).out
    assert "-2.00 defector.left-before-event" in floor
    assert "-3.00 pressure.coerced" in floor
    assert "+2.82 floor reached, 2.8 dB unused" in floor
    assert "-0.68 cap of the type reached, 0.7 dB unused" in run("explain", "shots-vetted", witness).out
    site = run("explain", "leak-by-site", FIXTURES / "unknown-site" / "reports.jsonl").out
    assert site.count("not credited: ") == 10
    assert "unknown-outlet: " in site
    guess = run("explain", "ship-lost", FIXTURES / "admission-and-boast" / "reports.jsonl").out
    assert "guess 0.15" in guess
    assert "interest.against" in guess


def test_explain_gives_the_record_in_other_formats() -> None:
    record = next(one for one in rated("circular-reporting").records if one["claim"]["id"] == "bridge-by-ten")
    assert run("explain", "bridge-by-ten", CIRCULAR, "--format", "jsonl").records == [record]
    assert run("explain", "bridge-by-t", CIRCULAR, "--format", "json").out == json.dumps(
        [record], ensure_ascii=False, indent=2
    ) + "\n"  # fmt: skip
    plain = run("explain", "bridge-by-ten", CIRCULAR).out.splitlines()
    assert run("explain", "bridge-by-ten", CIRCULAR, "--format", "markdown").out.splitlines() == [
        "    " + line for line in plain
    ]


def test_neither_the_order_of_files_nor_of_lines_changes_a_record(folder: Path) -> None:
    rows = CIRCULAR.read_text(encoding="utf-8").splitlines() + CORRECTIONS.read_text(encoding="utf-8").splitlines()
    kept = run("rate", CIRCULAR, CORRECTIONS)
    assert run("rate", CORRECTIONS, CIRCULAR).stdout == kept.stdout
    random.Random(7).shuffle(rows)
    (folder / "a.jsonl").write_text("\n".join(rows[:9]) + "\n", encoding="utf-8")
    (folder / "b.jsonl").write_text("\n".join(rows[9:]), encoding="utf-8")
    assert run("rate", "b.jsonl", "a.jsonl").stdout == kept.stdout
    (folder / "in").mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (folder / name).rename(folder / "in" / name)
    assert run("rate", "in").stdout == kept.stdout


def test_packed_files_and_standard_input_give_the_same(folder: Path) -> None:
    data, kept = CORRECTIONS.read_bytes(), rated("corrections")
    (folder / "r.jsonl.gz").write_bytes(gzip.compress(data))
    assert run("rate", "r.jsonl.gz").stdout == kept.stdout
    assert run("rate", "-", "--input-format", "jsonl", stdin=data).stdout == kept.stdout
    table = run("claims", CORRECTIONS, "--format", "csv").stdout
    assert run("rate", "-", "--input-format", "csv", stdin=table).stdout == kept.stdout
    without = run("rate", "-", stdin=data)
    assert without.code in (2, 3)
    assert "--input-format" in without.err
    assert without.stdout == b""


@pytest.mark.parametrize(
    ("name", "form"),
    [*((name, "jsonl") for name in SMALL), ("three-answers", "csv"), ("state-media", "csv"), ("corrections", "json")],
)
def test_claims_prints_reports_that_rate_alike(folder: Path, name: str, form: str) -> None:
    given = arguments(name)
    (folder / f"r.{form}").write_bytes(run("claims", *given, "--format", form).stdout)
    assert run("rate", f"r.{form}", *given[1:]).stdout == rated(name).stdout


def test_a_grouping_joins_claims_and_turns_what_is_opposed(folder: Path) -> None:
    other = report(id="b", claim="open", text="The Velm bridge is open", provenance=[
        {"source": "Velm Police", "type": "law-enforcement"}, {"source": "The Quay", "type": "media"}])  # fmt: skip
    (folder / "r.jsonl").write_text(lines(report(id="a"), other), encoding="utf-8")
    (folder / "g.toml").write_text(
        '[[claim]]\nid = "closed"\ntext = "The bridge is closed"\nmembers = ["bridge"]\nopposed = ["open"]\n',
        encoding="utf-8",
    )
    (record,) = run("rate", "r.jsonl", "--grouping", "g.toml").records
    assert record["claim"]["id"] == "closed"
    assert record["rating"]["p"] == 0.5
    assert {(one["origin"], one["stance"]) for one in record["said_so"]} == {
        ("Velm Police", "denies"), ("Velmark Transport Ministry", "asserts"),
    }  # fmt: skip


def test_fail_under_is_exit_1_when_a_claim_rates_lower_and_prints_all_the_same() -> None:
    kept = rated("circular-reporting")
    for limit, code in ((0.7425, 0), (0.7426, 1), (0.0, 0), (1.0, 1)):
        result = run("rate", CIRCULAR, "--fail-under", limit)
        assert (result.code, result.stdout) == (code, kept.stdout)


def test_a_dry_run_says_what_would_be_read_and_writes_nothing(folder: Path) -> None:
    result = run("rate", CIRCULAR, "--dry-run", "-o", "out.jsonl", "--rejects", "rejects.jsonl")
    assert result.code == 0
    assert "would read" in result.out
    assert "out.jsonl" in result.out
    assert "rejects.jsonl" in result.out
    assert run("claims", CIRCULAR, "--dry-run", "-o", "out.jsonl").code == 0
    assert list(folder.iterdir()) == []


def test_as_of_sets_later_reports_apart_and_counts_them() -> None:
    result = run("rate", CORRECTIONS, "--as-of", "2026-03-02")
    assert result.err.splitlines() == ["3 reports published after 2026-03-02 were set apart"]
    assert {one["claim"]["id"]: one["rating"]["p"] for one in result.records}["fire-set"] == 0.7425


def test_progress_changes_nothing_on_stdout() -> None:
    kept = rated("circular-reporting")
    for how in ("plain", "json", "none", "bar"):
        assert run("rate", CIRCULAR, "--progress", how).stdout == kept.stdout
    assert run("rate", CIRCULAR, "--no-color").stdout == kept.stdout
