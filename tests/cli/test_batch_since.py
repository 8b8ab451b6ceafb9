"""`reliability batch --since`: a finished set and more, as if all had been rated from scratch."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reliability.batch import plain

from .batch_runs import batch, in_buckets, ratings, some_reports, written
from .command import refused, report


@pytest.mark.parametrize("bits", [0, 2])
def test_a_set_added_to_is_rated_as_if_from_scratch(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    in_buckets(monkeypatch, bits)
    records = some_reports()
    more = [*records[50:], report(id="n1", claim="c-1", published="2026-05"), report(id="n2", claim="new"),
            report(id="n3", claim=None, question="who", alternative="Eve"),
            report(id="n4", claim="killed-300", question="how-many",
                   quantity={"value": 310, "unit": "killed"})]  # fmt: skip
    more = [{name: value for name, value in one.items() if value is not None} for one in more]
    written(Path("old.jsonl"), *records[:50])
    written(Path("new.jsonl"), *more)
    assert batch("old.jsonl", out="old").code == 0
    found = batch("new.jsonl", "--since", "old", out="grown")
    assert found.code == 0, found.err
    assert batch("old.jsonl", "new.jsonl", out="scratch").code == 0
    assert Path("grown/ratings.parquet").read_bytes() == Path("scratch/ratings.parquet").read_bytes()
    assert Path("grown/reports.parquet").read_bytes() == Path("scratch/reports.parquet").read_bytes()


def test_only_touched_claims_are_rated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    written(Path("old.jsonl"), *(report(id=f"r{at}", claim=f"c{at}") for at in range(20)))
    chain = [{"source": "Ann", "type": "eyewitness"}]
    written(Path("new.jsonl"), report(id="n", claim="c7", stance="denies", provenance=chain))
    assert batch("old.jsonl", out="old").code == 0
    weighed: list[int] = []
    weigh = plain.weigh
    monkeypatch.setattr(plain, "weigh", lambda coded, *rest: weighed.append(len(coded.units)) or weigh(coded, *rest))
    assert batch("new.jsonl", "--since", "old", out="grown").code == 0
    assert weighed == [1]
    moved = pq.read_table("grown/moved.parquet").to_pylist()
    assert [(one["claim"], one["new_reports"], one["reports_before"], one["reports_after"]) for one in moved] == [
        ("c7", ["n"], 1, 2)
    ]
    assert moved[0]["p_before"] > moved[0]["p_after"]
    assert moved[0]["why"].startswith("1 report more")


def test_what_grows_old_by_newer_reports_is_stale_as_from_scratch() -> None:
    written(Path("old.jsonl"), *(report(id=f"r{at}", claim=f"c{at}", published="2020-01-01") for at in range(3)))
    written(Path("new.jsonl"), report(id="n", claim="late", published="2025-01-01"))
    assert batch("old.jsonl", out="old").code == 0
    assert batch("new.jsonl", "--since", "old", out="grown").code == 0
    assert batch("old.jsonl", "new.jsonl", out="scratch").code == 0
    assert ratings("grown") == ratings("scratch")
    assert [one["claim"] for one in ratings("grown") if "stale" in one["flags"]] == ["c0", "c1", "c2"]
    moved = pq.read_table("grown/moved.parquet").to_pylist()
    assert {one["claim"]: one["why"] for one in moved} == {
        "c0": "now stale", "c1": "now stale", "c2": "now stale", "late": "a new claim",
    }  # fmt: skip


def test_texts_are_grouped_with_those_of_the_set_before() -> None:
    old = [report(id=f"t{at}", text=f"The {name} bridge is closed") for at, name in enumerate(("Velm", "Orla"))]
    new = [report(id="t9", text="The Velm bridge is closed", published="2020")]
    for name, records in (("old", old), ("new", new)):
        written(Path(f"{name}.jsonl"), *({k: v for k, v in one.items() if k != "claim"} for one in records))
    assert batch("old.jsonl", out="old").code == 0
    assert batch("new.jsonl", "--since", "old", out="grown").code == 0
    assert batch("old.jsonl", "new.jsonl", out="scratch").code == 0
    assert ratings("grown") == ratings("scratch")
    assert sorted(one["reports"] for one in ratings("grown")) == [1, 2]


def test_a_set_rated_otherwise_is_refused() -> None:
    path = written(Path("old.jsonl"), *some_reports(5))
    refused(batch(path, "--since", "nowhere", out="grown"), 2, "--since nowhere", "no finished run")
    assert batch(path, out="old").code == 0
    refused(batch(path, "--since", "old", "--intervals", out="grown"), 2, "other intervals", "anew")
