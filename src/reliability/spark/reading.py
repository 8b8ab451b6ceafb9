"""The first stage: tables are read by tasks, articles too; what was noticed comes to the driver."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

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
from reliability.spark.cluster import Cluster
from reliability.spark.parcel import Parcel
from reliability.spark.tables import READ, as_batches, in_words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Read:
    """All good rows (READ), and what was noticed, as a local run marks it."""

    rows: DataFrame
    mark: dict[str, Any]


def read_all(asked: Asked, place: Workplace, tell: Teller, cluster: Cluster, parcel: Parcel) -> Read:
    """Read a run's inputs; rejects go to the workplace."""
    pieces = numbered(pieces_of(asked.files, len(asked.files)), lambda some: _count_lines(some, cluster))
    for name in (READ_REJECTS, DOCUMENT_REJECTS):
        (place.work / name).write_bytes(b"")
    tell.stage("reading", None)
    preparer = Preparer(asked.policy)
    documents = Documents(asked, place, tell, reader(cluster.spark, parcel, cluster.kept))
    found, rejected = _documents(documents, preparer, asked, place)
    documents.keep(place.work / ARTICLES)
    rows, notes, refused = _tables(pieces, cluster, parcel, place)
    if found.num_rows:
        rows = rows.unionByName(cluster.spark.createDataFrame(found.drop_columns(["aside"])))
    return Read(rows, _mark(notes, documents, preparer, found, rejected + refused))


def _documents(documents: Documents, preparer: Preparer, asked: Asked, place: Workplace) -> tuple[pa.Table, int]:
    """What articles and other documents say, as READ, and how many rejects there were."""
    parts, first = [READ.empty_table()], len(asked.files)

    def take(rows: pa.Table) -> None:
        parts.extend(pa.Table.from_batches(as_batches(tasks.with_turn(tasks.spelled_out(rows, preparer)), READ)
                                           ) for _ in range(rows.num_rows > 0))  # fmt: skip

    for number, _, reports in documents.reports():
        take(preparer.reports(reports, [(number << FILE_BITS) + at for at in range(1, len(reports) + 1)]))
    n = write_placed(place.work / READ_REJECTS, sorted(documents.rejects, key=lambda one: one[0]))
    for number, _, some in documents.located():
        rows, refused = preparer.located(some, first + number)
        take(rows)
        n += write_placed(place.work / DOCUMENT_REJECTS, refused)
    return pa.concat_tables(parts), n


def _count_lines(pieces: list[Piece], cluster: Cluster) -> list[int]:
    counted = cluster.over(len(pieces), lambda batches: tasks.count_lines(pieces, batches), in_words(tasks.COUNTED))
    lines = {row["piece"]: row["lines"] for row in counted.toLocalIterator()}
    return [lines[at] for at in range(len(pieces))]


def _tables(
    pieces: list[Piece], cluster: Cluster, parcel: Parcel, place: Workplace
) -> tuple[DataFrame, list[dict[str, Any]], int]:
    """The rows of tables, a note of each piece, and how many rejects there were."""
    read = cluster.kept(cluster.over(len(pieces), lambda batches: tasks.read(pieces, parcel, batches), in_words(READ)))
    notes: list[dict[str, Any]] = []
    n = 0
    told = read.where("aside IS NOT NULL").select("place", "at", "aside").coalesce(1).sortWithinPartitions("at")
    for row in told.toLocalIterator():
        one = json.loads(row["aside"])
        if row["place"] < 0:
            notes.append(one)
        else:
            n += write_placed(place.work / READ_REJECTS, [(row["place"], Reject(**one))])
    return read.where("aside IS NULL").drop("aside"), notes, n


def _mark(
    notes: list[dict[str, Any]], documents: Documents, preparer: Preparer, found: pa.Table, rejected: int
) -> dict[str, Any]:
    columns = Counter(documents.unknown_columns)
    strange = {name: Counter(counts) for name, counts in preparer.strange.items()}
    for note in notes:
        columns.update(note["unknown_columns"])
        for name, counts in note["strange"].items():
            strange[name].update(counts)
    return {
        "read": sum(note["read"] for note in notes) + documents.n_reports + documents.n_rows, "rejected": rejected,
        "repeats": documents.n_repeats, "loose": sum(note["loose"] for note in notes) + found["unit"].null_count,
        "unknown_columns": dict(columns), "strange_facts": dict(strange["provenance"]),
        "strange_units": dict(strange["quantity"]), "untyped": documents.untyped,
    }  # fmt: skip
