"""A whole run on Spark: read, bring units together, check, rate; the driver writes what a local run writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.asked import Asked, Teller
from reliability.batch.grouping import grouped_rows, refuse_too_many
from reliability.batch.hashing import hashes
from reliability.batch.merge import in_claim_order, with_stale
from reliability.batch.outputs import REPORTS, STANDING, write_table
from reliability.batch.reject_files import write_placed
from reliability.batch.run import GROUPED_REJECTS, LONG_TABLES, Done, Run
from reliability.batch.schema import RATED, RATINGS, ROWS
from reliability.batch.spill import bucket_of
from reliability.batch.workers import Workers
from reliability.batch.workplace import Workplace, written
from reliability.errors import UsageError
from reliability.io.kinds import TABLES
from reliability.io.rows import Reject
from reliability.spark import checking, tasks
from reliability.spark.cluster import Cluster
from reliability.spark.parcel import Parcel
from reliability.spark.rating import RATINGS as RATED_TABLE
from reliability.spark.rating import Rater, edges_of, report_rows
from reliability.spark.reading import read_all
from reliability.spark.session import refuse_unready, session
from reliability.spark.tables import PACKS, packs_of_parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CHECK_REJECTS, SCRATCH = "checks.rejects", "spark"
CLAIMS_AT_ONCE = 50_000
"""About so many claims come to the driver at a time, to be put in order."""


def run_on_spark(
    asked: Asked, out: Path, tell: Teller, *, master: str | None = None, remote: str | None = None
) -> Done:
    """Rate what is asked for into a folder, on a cluster or on this machine's Spark: the same bytes as `run` gives.

    What an interrupted run read of articles is kept; all else begins anew. Raises as `run` and `session` do, and
    UsageError for what only a local run does.
    """
    if asked.before is not None:
        raise UsageError("--engine spark", problem="does not go with --since", remedy="use --engine local for that")
    if any(file.path is None and file.kind in TABLES for file in asked.files):
        raise UsageError("--engine spark", problem="reads files, not standard input", remedy="name files and folders")
    refuse_unready(master, remote, asked.memory)
    place = Workplace(out)
    record = asked.record()
    scratch = place.work.absolute() / SCRATCH
    with (
        written(out, resume=asked.resume), place.opened(record, resume=asked.resume),
        session(master, remote, asked.memory, scratch) as spark,
    ):  # fmt: skip
        return SparkRun(asked, place, tell, record, spark).done()


class SparkRun(Run):
    """A run whose stages are Spark's."""

    def __init__(
        self, asked: Asked, place: Workplace, tell: Teller, record: dict[str, Any], spark: SparkSession
    ) -> None:  # fmt: skip
        super().__init__(asked, place, tell, record, Workers(1))
        self.parcel = Parcel.of(asked)
        self.cluster = Cluster(spark, 1 << self.parcel.bits)
        self.texts: dict[str, str] = {}

    def done(self) -> Done:
        """Read, check, rate and write."""
        cluster = self.cluster
        read = read_all(self.asked, self.place, self.tell, cluster, self.parcel)
        self._strictly(read.mark["rejected"])
        self.parcel = parcel = self.parcel.with_chains(read.chains)
        rows = read.packs.where("what = 'rows'")
        grouped: dict[str, Any] = {}
        if read.mark["loose"] or self.asked.grouping is not None:
            rows, grouped = self._grouped_on_driver(rows, read.mark)
            task = checking.stage_checked
        else:
            rows = rows.unionByName(self._lost(read.packs)) if parcel.bits else rows
            task = checking.check_buckets
        self.tell.stage("checking", None)
        self.staged = cluster.kept(cluster.mapped(cluster.together(rows), lambda batches: task(parcel, batches)))
        checks = self._checks()
        counts = self._counts(read.mark, grouped, checks)
        self._strictly(counts["rejected"])
        if not counts["read"] or counts["read"] == counts["rejected"]:
            self._nothing(counts)
        self.tell.stage("rating", None)
        counts["claims"], written = self._written(checks)
        self._publish(counts, written)
        return Done(counts, read.mark)

    def _lost(self, packs: DataFrame) -> DataFrame:
        """Which rows' ids stand elsewhere too, as "lost" packs."""
        ids = self.cluster.together(packs.where("what = 'ids'"))
        return self.cluster.mapped(ids, tasks.lost)

    def _grouped_on_driver(self, packs: DataFrame, read: dict[str, Any]) -> tuple[DataFrame, dict[str, Any]]:
        """Texts grouped over the whole set, here, in memory: "rows" packs of CHECKED, and the mark of it."""
        refuse_too_many(read["read"] - read["rejected"], self.asked.memory)
        self.tell.stage("grouping", None)
        every = pa.concat_tables([ROWS.empty_table(), *self.cluster.fetched(packs, self.asked.size)])
        every = every.take(pc.sort_indices(every["place"]))
        found, rejects, mark = grouped_rows(every, self.asked, self.asked.names)
        self.texts = mark["texts"]
        self._refuse(GROUPED_REJECTS, rejects)
        mark["rejected"] = len(rejects)
        bucket = bucket_of(hashes(one_array(pc.fill_null(found["unit"], found["key"]))), self.parcel.bits)
        staged = pa.Table.from_batches(packs_of_parts("rows", found, bucket, 0), PACKS)
        return self.cluster.given(staged), mark

    def _refuse(self, name: str, rejects: Iterable[tuple[int, Reject]]) -> None:
        path = self.place.work / name
        path.write_bytes(b"")
        write_placed(path, rejects)
        self.refused.append(path)

    def _checks(self) -> dict[int, Any]:
        """The notes of the checks; their rejects go to the workplace."""
        notes = list(self.cluster.told(self.staged, "note", self.cluster.parts))
        n = sum(note["rejected"] for note in notes)
        told = self.cluster.told(self.staged, "told", n) if n else ()
        self._refuse(CHECK_REJECTS, ((place, Reject(**one)) for place, one in told))
        return dict(enumerate(notes))

    def _written(self, checks: dict[int, Any]) -> tuple[int, list[str]]:
        """Write all tables; how many claims there are, and the files' names."""
        newest, policy = self._newest(checks), self.asked.policy
        rated = (with_stale(table, newest, policy) for table in self._table(RATED_TABLE, RATED, checks))
        n = self._write_as("ratings", rated, RATINGS)
        self.tell.stage("writing", None)
        for name, schema in LONG_TABLES:
            if name in self._long:
                self._write_as(name, self._table(name, schema, checks), schema)
        work, form = self.place.work, self.asked.form
        write_table(self._reports(checks), pa.schema([*REPORTS, *STANDING]), work / "reports.parquet", "parquet")
        return n, [f"{name}.{form}" for name in ("ratings", *self._long)] + ["reports.parquet"]

    def _write_as(self, name: str, tables: Iterable[pa.Table], schema: pa.Schema) -> int:
        return write_table(tables, schema, self.place.work / f"{name}.{self.asked.form}", self.asked.form)

    def _table(self, name: str, schema: pa.Schema, checks: dict[int, Any]) -> Iterator[pa.Table]:
        """A table of claims (RATED or a long one), in their order, some at a time."""
        n = -(-sum(note["claims"] for note in checks.values()) // CLAIMS_AT_ONCE)
        edges = edges_of((one for note in checks.values() for one in note["sample"]), n)
        rater, cluster = Rater(self.parcel, self.texts, edges, name), self.cluster
        packs = cluster.mapped(self.staged.where("what = 'checked'"), rater.buckets)
        if any(note["families"] for note in checks.values()):
            families = cluster.together(self.staged.where("what = 'family'"))
            packs = packs.unionByName(cluster.mapped(families, rater.families))
        for parts in cluster.parted(cluster.kept(packs), n):
            yield in_claim_order(parts, schema)

    def _reports(self, checks: dict[int, Any]) -> Iterator[pa.Table]:
        parcel = self.parcel
        rows = self.staged.where("what = 'checked'")
        packs = self.cluster.mapped(rows, lambda batches: report_rows(parcel, batches))
        yield from self.cluster.fetched(self.cluster.kept(packs), sum(note["bytes"] for note in checks.values()))
