"""`batch --ledger`: what a folder holds is recorded, and comes out the same when the run is done again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from reliability.ledger.batches import record_batch
from reliability.ledger.chain import Placed

from .batch_runs import as_table, batch, in_buckets, ratings, some_reports, written
from .command import FIXTURES, report, run


def recorded(*arguments: object, out: str = "out") -> None:
    found = batch(*arguments, "--ledger", "ledger", out=out)
    assert found.code == 0, found.err
    assert "recorded in ledger as entry" in found.err


def audit(*arguments: object, code: int = 0) -> list[dict[str, object]]:
    found = run("audit", *arguments, "--ledger", "ledger", "--format", "jsonl")
    assert found.code == code, found.err
    return list(found.records)


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_an_entry_has_the_folders_rows_and_files(form: str) -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()), "--format", form)
    assert run("audit", "show", "1", "--ledger", "ledger", "--extract", "kept").code == 0
    rows = [json.loads(line) for line in Path("kept/ratings.jsonl").read_bytes().splitlines()]
    table = ratings() if form == "parquet" else map(json.loads, Path("out/ratings.jsonl").read_bytes().splitlines())
    assert len(rows) > 20
    assert rows == list(table)
    assert Path("kept/manifest.json").read_bytes() == Path("out/manifest.json").read_bytes()
    assert Path("kept/reports.parquet").read_bytes() == Path("out/reports.parquet").read_bytes()
    (kept,) = Path("kept").rglob("reports.jsonl")
    assert kept.read_bytes() == Path("reports.jsonl").read_bytes()


@pytest.mark.parametrize("more", [(), ("--intervals",), ("--as-of", "2025-06-30"), ("--format", "jsonl")])
def test_it_comes_out_the_same_again(more: tuple[str, ...]) -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()), *more)
    (found,) = audit("replay", "last")
    assert (found["identical"], found["from_files"], found["claims"]) == (True, True, len(ratings_of_entry()))
    assert audit("verify", "--replay", "--contents")[0]["ok"] is True


def ratings_of_entry() -> list[object]:
    details = audit("show", "last")[0]["details"]
    assert isinstance(details, dict)
    return list(details["claims"])


def test_it_is_found_by_claim_and_source_and_its_rating_shown_and_proved() -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()))
    assert [one["entry"] for one in audit("list", "--claim", "c-3", "--source", "witness 3")] == [1]
    assert audit("list", "--claim", "c-99") == []
    (row,) = (one for one in ratings() if one["claim"] == "c-3")
    assert audit("list", "--claim", "c-3")[0]["p"] == row["p"]
    assert audit("show", "1", "--claim", "c-3") == [row]
    assert run("audit", "prove", "1", "c-3", "--ledger", "ledger", "-o", "proof.json").code == 0
    found = run("audit", "check-proof", "proof.json", "--format", "jsonl")
    assert (found.code, found.records[0]["rating"]["p"]) == (0, row["p"])
    Path("proof.json").write_text(Path("proof.json").read_text().replace("thing 3 happened", "thing 4 happened"))
    assert run("audit", "check-proof", "proof.json").code == 4


def test_the_rules_that_acted_are_those_that_rate_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 2)
    paths = sorted(FIXTURES.glob("*/reports.jsonl"))
    recorded(*paths)
    assert run("rate", *paths, "--ledger", "ledger").code == 0
    mine, theirs = (
        {name for name in audit("show", entry)[0]["details"]["rules"] if not name.startswith("shifted by its")}  # type: ignore[index]
        for entry in ("1", "2")
    )
    assert mine == theirs
    assert len(mine) > 20
    assert [one["entry"] for one in audit("list", "--rule", min(mine))] == [1, 2]


def test_batches_in_which_nobody_noted_the_rules_are_told_when_one_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()))
    assert "not listed" not in run("audit", "list", "--rule", "relay.paraphrase", "--ledger", "ledger").err
    monkeypatch.setattr("reliability.cli.batch_recording.record_batch", partial(_without_rules, record_batch))
    recorded("reports.jsonl", out="again")
    found = run("audit", "list", "--rule", "relay.paraphrase", "--ledger", "ledger")
    assert [one["entry"] for one in found.records] == [1]
    assert "not listed" in found.err


def _without_rules(record: Callable[..., Placed], *arguments: Any, **options: Any) -> Placed:
    return record(*arguments, **{**options, "rules": None})


def test_a_move_between_a_batch_and_what_rate_recorded_is_split_as_any_other() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    recorded(path)
    assert run("rate", path, "--ledger", "ledger").code == 0
    assert audit("diff", "1", "2")[0]["n_moved"] == 0
    more = report(id="new", claim="c-3", text="thing 3 happened", provenance=[{"source": "A Court", "type":
                  "court-record"}, {"source": "The Quay", "type": "media"}])  # fmt: skip
    recorded(written(Path("more.jsonl"), *some_reports(), more), out="again")
    (found,) = audit("diff", "2", "3", code=1)
    (moved,) = found["moved"]  # type: ignore[misc]
    shares = {one["cause"]: (one["db"], one["what"]) for one in moved["shares"]}
    assert shares["reports"] == (moved["move_db"], ["new new"])
    assert [cause for cause, (db, _) in shares.items() if db] == ["reports"]


def test_where_a_file_was_removed_the_reports_that_were_recorded_are_rated() -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()))
    content = next(one for one in audit("show", "1")[0]["blobs"] if one["role"] == "input")  # type: ignore[attr-defined]
    name = f"sha256:{content['content']}"
    assert run("audit", "redact", name, "--by", "A. Editor", "--why", "asked", "--ledger", "ledger").code == 0
    (found,) = audit("replay", "1")
    assert (found["identical"], found["from_files"]) == (True, False)


def test_without_the_extra_a_batch_is_not_computed_again_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(as_table(some_reports()[:9]), "reports.parquet")
    recorded("reports.parquet")
    for module in ("batches", "holding"):
        monkeypatch.setattr(f"reliability.ledger.{module}.find_spec", lambda name: None)
    install = "pip install"
    for asked in (["replay", "1"], ["redact", "--holding", "Witness 3", "--by", "A", "--why", "b"]):
        found = run("audit", *asked, "--ledger", "ledger")
        assert (found.code == 0, install in found.err) == (False, True), found.err
    found = run("audit", "verify", "--replay", "--ledger", "ledger")
    assert (found.code, install in found.err) == (0, True)


def test_what_is_left_of_an_entry_is_written_out() -> None:
    recorded(written(Path("reports.jsonl"), *some_reports()))
    blobs: Any = audit("show", "1")[0]["blobs"]
    details = next(f"sha256:{one['content']}" for one in blobs if one["role"] == "details")
    assert run("audit", "redact", details, "--by", "A. Editor", "--why", "asked", "--ledger", "ledger").code == 0
    assert run("audit", "show", "1", "--ledger", "ledger", "--extract", "kept").code == 0
    assert sorted(path.name for path in Path("kept").iterdir()) == [
        "manifest.json", "policy", "ratings.jsonl", "reports.parquet"]  # fmt: skip
    assert run("audit", "replay", "1", "--ledger", "ledger").code == 4


def test_a_name_in_a_table_of_reports_is_found_to_be_removed() -> None:
    """A Parquet file is packed inside: it is read as a table."""
    pq.write_table(as_table(some_reports()[:9]), "reports.parquet")
    recorded("reports.parquet")
    asked = ("audit", "redact", "--by", "A. Editor", "--why", "asked", "--ledger", "ledger", "--dry-run")
    found = run(*asked, "--holding", "Witness 3")
    assert {line.split()[2] for line in found.out.splitlines()} == {"input", "reports", "details"}
    assert run(*asked, "--holding", "Witness 9").code == 2


def test_what_a_ledger_could_not_hold_whole_is_refused_before_anything_is_written() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path, out="first").code == 0
    found = batch(path, "--since", "first", "--ledger", "ledger", out="second")
    assert (found.code, Path("second").exists(), Path("ledger").exists()) == (2, False, False)
    assert "--since" in found.err
    for place in ("second", "second/ledger", "."):
        assert batch(path, "--ledger", place, out="second").code == 2
    assert not Path("second").exists()


def test_a_batch_that_fails_leaves_no_ledger() -> None:
    assert batch(written(Path("bad.jsonl"), {"no": "report"}), "--ledger", "ledger").code == 3
    assert not Path("ledger").exists()
