"""`reliability batch --since`: a finished set and more, as if all had been rated from scratch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from reliability.batch import plain

from .batch_runs import batch, in_buckets, ratings, some_reports, written
from .command import assert_refused, report


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
    assert_refused(batch(path, "--since", "nowhere", out="grown"), 2, "--since nowhere", "no finished run")
    assert batch(path, out="old").code == 0
    assert_refused(batch(path, "--since", "old", "--intervals", out="grown"), 2, "other intervals", "anew")


WIRE = (
    "{who} said on Monday that the port of Velm had been closed after the storm. "
    "The harbour master told reporters that two ships were lost in the night and that divers were looking for them. "
    "Officials said that forty sailors had been brought ashore and that nobody was missing at the end of the day.\n"
)


def article(name: str, text: str, **more: str) -> None:
    Path(name).write_text(json.dumps({"id": Path(name).stem, "text": text, **more}), encoding="utf-8")


@pytest.mark.parametrize("first", ["2025-01-01", "2025-03-01"])
def test_new_articles_are_compared_with_those_before_for_copies(first: str) -> None:
    """Whether the new one is the copy or the old one turns out to be: what comes of it is what a whole run gives."""
    for folder in ("old", "new"):
        Path(folder).mkdir()
    said = WIRE.format(who="The Norwegian foreign ministry")
    article("old/a.json", said, publisher="The Daily Bugle", published="2025-02-01")
    article("old/b.json", "The mayor of Velm said on Tuesday that the road was open.", publisher="The Daily Bugle",
            published="2025-02-02")  # fmt: skip
    article("new/c.json", said, publisher="Velm Gazette", published=first)
    assert batch("old", out="one").code == 0
    grown = batch("new", "--since", "one", out="grown")
    assert grown.code == 0, grown.err
    assert batch("old", "new", out="scratch").code == 0
    for name in ("ratings.parquet", "reports.parquet", "articles.parquet"):
        assert Path("grown", name).read_bytes() == Path("scratch", name).read_bytes()
    chains = {one["file"]: [link["source"] for link in one["provenance"]]
              for one in pq.read_table("grown/reports.parquet").to_pylist() if "port" in one["text"]}  # fmt: skip
    earlier, later = ("c", "a") if first < "2025-02" else ("a", "c")
    outlet = {"a": "The Daily Bugle", "c": "Velm Gazette"}
    assert [chains[f"{'old' if name == 'a' else 'new'}/{name}.json"] for name in (earlier, later)] == [
        ["Norwegian foreign ministry", outlet[earlier]],
        ["Norwegian foreign ministry", outlet[earlier], outlet[later]],
    ]


def test_an_article_that_the_set_has_is_a_repeat() -> None:
    Path("old").mkdir()
    article("old/a.json", WIRE.format(who="The Norwegian foreign ministry"), publisher="The Daily Bugle")
    assert batch("old", out="one").code == 0
    assert batch("old", "--since", "one", out="grown").code == 0
    assert Path("grown/ratings.parquet").read_bytes() == Path("one/ratings.parquet").read_bytes()
    assert Path("grown/articles.parquet").read_bytes() == Path("one/articles.parquet").read_bytes()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut": lambda table: table.write_bytes(table.read_bytes()[:100]), "gone": lambda table: table.unlink(),
    "other": lambda table: table.write_bytes(Path("other", table.name).read_bytes()),
}  # fmt: skip


@pytest.mark.parametrize("name", ["reports.parquet", "ratings.parquet"])
@pytest.mark.parametrize("how", DAMAGE)
def test_a_set_that_was_changed_since_is_refused(how: str, name: str) -> None:
    path = written(Path("old.jsonl"), *some_reports(10))
    assert batch(path, out="before").code == 0
    assert batch(written(Path("new.jsonl"), *some_reports(20)), out="other").code == 0
    DAMAGE[how](Path("before", name))
    assert_refused(batch(path, "--since", "before"), 3, f"before/{name}", "not as its run left it", "anew")
