"""The first stage: tables are read by tasks, articles too; what was noticed comes to the driver."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from reliability.batch.arrays import one_array
from reliability.batch.asked import Asked, Teller
from reliability.batch.documents import Documents
from reliability.batch.kept_articles import ARTICLES
from reliability.batch.pieces import Piece, numbered, pieces_of
from reliability.batch.prepare import FILE_BITS, Preparer
from reliability.batch.reading import DOCUMENT_REJECTS, READ_REJECTS
from reliability.batch.reject_files import write_placed
from reliability.batch.workplace import Workplace
from reliability.io.rows import Reject
from reliability.spark import tasks
from reliability.spark.articles import reader
from reliability.spark.chains import Chains
from reliability.spark.cluster import Cluster
from reliability.spark.parcel import Parcel
from reliability.spark.sorting import Sorting
from reliability.spark.tables import PACKS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Read:
    """Packs of all good rows ("rows") and given ids ("ids"), and what was noticed, as a local run marks it."""

    packs: DataFrame
    chains: Chains
    """Those that the first pieces have."""
    mark: dict[str, Any]


def read_all(asked: Asked, place: Workplace, tell: Teller, cluster: Cluster, parcel: Parcel) -> Read:
    """Read a run's inputs; rejects go to the workplace."""
    pieces = numbered(pieces_of(asked.files, len(asked.files)), lambda some: _count_lines(some, cluster))
    for name in (READ_REJECTS, DOCUMENT_REJECTS):
        (place.work / name).write_bytes(b"")
    tell.stage("reading", None)
    preparer = Preparer(asked.policy)
    documents = Documents(asked, place, tell, reader(cluster.spark, parcel, cluster.kept))
    sorting = Sorting(parcel.bits, preparer)
    found, rejected = _documents(documents, sorting, asked, place)
    documents.keep(place.work / ARTICLES)
    packs, notes, refused = _tables(pieces, cluster, parcel, place)
    chains = [one_array(table["chain"]) for table in cluster.fetched(packs.where("what = 'book'"), 0)]
    if found.num_rows:
        packs = packs.unionByName(cluster.given(found))
    return Read(packs, Chains.of(chains), _mark(notes, documents, sorting, rejected + refused))


def _documents(documents: Documents, sorting: Sorting, asked: Asked, place: Workplace) -> tuple[pa.Table, int]:
    """What articles and other documents say, as PACKS, and how many rejects there were."""
    preparer, first = sorting.preparer, len(asked.files)
    packs: list[pa.RecordBatch] = []
    for number, _, reports in documents.reports():
        places = [(number << FILE_BITS) + at for at in range(1, len(reports) + 1)]
        packs += sorting.add(preparer.reports(reports, places))
    n = write_placed(place.work / READ_REJECTS, sorted(documents.rejects, key=lambda one: one[0]))
    for number, _, some in documents.located():
        rows, refused = preparer.located(some, first + number)
        packs += sorting.add(rows)
        n += write_placed(place.work / DOCUMENT_REJECTS, refused)
    return pa.Table.from_batches([*packs, *sorting.rest()], PACKS), n


def _count_lines(pieces: list[Piece], cluster: Cluster) -> list[int]:
    counted = cluster.over(len(pieces), lambda batches: tasks.count_lines(pieces, batches), tasks.COUNTED)
    lines = {row["piece"]: row["lines"] for row in counted.toLocalIterator()}
    return [lines[at] for at in range(len(pieces))]


def _tables(
    pieces: list[Piece], cluster: Cluster, parcel: Parcel, place: Workplace
) -> tuple[DataFrame, list[dict[str, Any]], int]:
    """Packs of the rows of tables, a note of each piece, and how many rejects there were."""
    read = cluster.kept(cluster.over(len(pieces), lambda batches: tasks.read(pieces, parcel, batches)))
    notes = list(cluster.told(read, "note", len(pieces)))
    rejected = sum(note["rejected"] for note in notes)
    rejects = ((at, Reject(**one)) for at, one in cluster.told(read, "told", rejected))
    return read, notes, write_placed(place.work / READ_REJECTS, rejects)


def _mark(notes: list[dict[str, Any]], documents: Documents, sorting: Sorting, rejected: int) -> dict[str, Any]:
    columns = Counter(documents.unknown_columns)
    strange = {name: Counter(counts) for name, counts in sorting.preparer.strange.items()}
    for note in notes:
        columns.update(note["unknown_columns"])
        for name, counts in note["strange"].items():
            strange[name].update(counts)
    return {
        "read": sum(note["read"] for note in notes) + documents.n_reports + documents.n_rows, "rejected": rejected,
        "repeats": documents.n_repeats, "loose": sum(note["loose"] for note in notes) + sorting.loose,
        "unknown_columns": dict(columns), "strange_facts": dict(strange["provenance"]),
        "strange_units": dict(strange["quantity"]), "untyped": documents.untyped,
    }  # fmt: skip
