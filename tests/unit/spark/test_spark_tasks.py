"""What tasks do, one after the other, without Spark: however many buckets there are, what a local run gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from strategies import shipped

from reliability.batch import pieces
from reliability.batch.as_read import as_read
from reliability.batch.asked import Asked
from reliability.batch.merge import in_claim_order, with_stale
from reliability.batch.outputs import REPORTS, STANDING
from reliability.batch.run import run
from reliability.batch.schema import RATED, RATINGS
from reliability.io.kinds import find_inputs
from reliability.spark import chains as books
from reliability.spark import parcel as parcels
from reliability.spark import rating, sorting, tasks
from reliability.spark.chains import Chains
from reliability.spark.checking import check_buckets
from reliability.spark.parcel import Parcel
from reliability.spark.rating import Rater, edges_of, report_rows
from reliability.spark.tables import PACKS, unpacked

TYPES = ("media", "eyewitness", "government", "no-such-type")


def records(n: int) -> list[dict[str, Any]]:
    """One claim with a third, figures that share questions, answers, repeats, ids that stand twice, rejects."""
    found: list[dict[str, Any]] = []
    for at in range(n):
        claim = 0 if at % 3 == 0 else at * 7919 % (n // 2)
        chain = [{"source": f"Source {at * 31 % 97}", "type": TYPES[at % 101 % 4 if at % 101 < 4 else at % 3]},
                 {"source": f"Outlet {at % 11}", "type": "media"}]  # fmt: skip
        found.append({"id": f"r{at}", "claim": f"c-{claim}", "text": f"thing {claim} happened", "provenance": chain,
                      "kind": "prediction" if at % 89 == 0 else "statement", "published": f"20{10 + at % 15}-01",
                      "stance": "denies" if at % 5 == 0 else "asserts"})  # fmt: skip
    figures = [{"id": f"q{at}", "claim": f"killed-{at}", "question": f"how-many-{at % 2}", "provenance": chain[1:],
                "quantity": {"value": 100 * at + 100, "unit": "killed"}} for at in range(6)]  # fmt: skip
    answers = [{"id": f"a{at}", "question": "who", "alternative": name, "provenance": chain[1:]}
               for at, name in enumerate(("Ann", "Bob"))]  # fmt: skip
    return [*found, *figures, *answers, found[7], {**found[8], "claim": "elsewhere"}, {**found[9], "text": "else"}]


class Silent:
    def stage(self, name: str, total: int | None) -> None: ...

    def advance(self, steps: int) -> None: ...

    def remark(self, text: str) -> None: ...


def task(what: Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]], packs: pa.Table) -> pa.Table:
    """What a task makes of packs that come together, as Spark gives them."""
    in_order = packs.sort_by([("part", "ascending"), ("at", "ascending")])
    return pa.Table.from_batches(what(iter(in_order.to_batches(max_chunksize=3))), PACKS)


def only(packs: pa.Table, what: str) -> pa.Table:
    return packs.filter(pc.equal(packs["what"], what))


def rows(packs: pa.Table, schema: pa.Schema) -> pa.Table:
    in_order = packs.sort_by([("part", "ascending"), ("at", "ascending")])
    return pa.concat_tables([schema.empty_table(), *(unpacked(one.as_buffer()) for one in in_order["packed"])])


def notes(packs: pa.Table, what: str = "note") -> list[Any]:
    in_order = only(packs, what).sort_by([("part", "ascending"), ("at", "ascending")])
    return [json.loads(one) for one in in_order["packed"].to_pylist()]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    path = tmp_path_factory.mktemp("tasks") / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in records(2_000)) + "{broken\n", encoding="utf-8")
    files, _ = find_inputs([str(path)], None)
    return Asked(files=files, policy=shipped())


@pytest.fixture(scope="module")
def local(asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local") / "out"
    run(asked, out, Silent())
    return out


@pytest.mark.parametrize(
    ("a_bucket", "most", "held"), [(10**9, 1 << 16, 1 << 16), (60_000, 40, 500), (4_000, 0, 90)],
    ids=["one bucket", "some, chains beside the book", "many, no book"],
)  # fmt: skip
def test_tasks_give_what_a_local_run_gives(
    asked: Asked, local: Path, a_bucket: int, most: int, held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "A_BUCKET", a_bucket)
    monkeypatch.setattr(books, "MOST", most)
    monkeypatch.setattr(sorting, "HELD_ROWS", held)
    monkeypatch.setattr(pieces, "LEAST_BYTES", 100_000)
    monkeypatch.setattr(rating, "A_PIECE", 100)
    parcel = Parcel.of(asked)
    some = pieces.numbered(pieces.pieces_of(asked.files, 1), lambda those: list(map(pieces.n_lines, those)))
    numbers = pa.record_batch({"id": list(range(len(some)))})
    read = pa.Table.from_batches(tasks.read(some, parcel, iter([numbers])), PACKS)
    book = [unpacked(one.as_buffer())["chain"].combine_chunks() for one in only(read, "book")["packed"]]
    parcel = parcel.with_chains(Chains.of(book))
    lost = task(tasks.lost, only(read, "ids"))
    assert lost.num_rows == (parcel.bits > 0)
    staged = task(lambda batches: check_buckets(parcel, batches), pa.concat_tables([only(read, "rows"), lost]))
    checks = notes(staged)
    rater = Rater(parcel, {}, edges_of((one for note in checks for one in note["sample"]), 4))
    parts = [task(rater.buckets, only(staged, "checked")), task(rater.families, only(staged, "family"))]
    packs = pa.concat_tables(parts).sort_by("part")
    assert packs["part"].to_pylist()[-1] == 3
    rated = pa.concat_tables([in_claim_order([rows(packs.filter(pc.equal(packs["part"], part)), RATED)], RATED)
                              for part in range(4)])  # fmt: skip
    newest = max(note["newest"] for note in checks)
    assert with_stale(rated, newest, asked.policy).equals(pq.read_table(local / "ratings.parquet").cast(RATINGS))
    reports = rows(task(lambda batches: report_rows(parcel, batches), only(staged, "checked")),
                   pa.schema([*REPORTS, *STANDING]))  # fmt: skip
    assert reports.to_pylist() == pq.read_table(local / "reports.parquet").to_pylist()
    counts = json.loads((local / "manifest.json").read_text(encoding="utf-8"))["counts"]
    told = [(*one, late) for packs, late in ((read, False), (staged, True)) for one in notes(packs, "told")]
    assert len(told) == counts["rejected"] == sum(note["rejected"] for note in [*notes(read), *checks])
    assert sum(note["claims"] for note in checks) <= counts["claims"]
    rejects = [json.loads(line) for line in (local / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert list(as_read(sorted(told, key=lambda one: one[0]), asked)) == rejects


def test_claims_are_parted_by_samples_and_each_stands_in_the_part_of_its_edges() -> None:
    table = pa.table({"claim": sorted(f"é-{at % 37}" if at % 2 else f"c-{at % 53}" for at in range(500))})
    edges = edges_of(table["claim"].to_pylist()[::7], 5)
    made = pa.Table.from_batches(rating.in_parts("rated", table, edges, 0), PACKS)
    found = [(part, claim) for part, data in zip(made["part"].to_pylist(), made["packed"], strict=True)
             for claim in unpacked(data.as_buffer())["claim"].to_pylist()]  # fmt: skip
    assert [claim for _, claim in found] == table["claim"].to_pylist()
    assert found == [(sum(edge <= claim for edge in edges), claim) for _, claim in found]
    assert max(sum(1 for part, _ in found if part == one) for one in range(5)) < 200


def test_nothing_is_parted_where_nothing_is() -> None:
    assert edges_of([], 3) == []
    assert edges_of(["a"], 3) == ["a"]


def test_a_book_takes_no_more_chains_or_bytes_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array([f"chain {at}" for at in range(10)])
    monkeypatch.setattr(books, "MOST", 4)
    assert Chains.of([texts[:2], texts]).book.to_pylist() == texts[:4].to_pylist()
    monkeypatch.setattr(books, "MOST_BYTES", 15)
    assert Chains.of([texts]).book.to_pylist() == texts[:2].to_pylist()
