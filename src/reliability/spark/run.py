"""A whole run on Spark: read, bring units together, check, rate; the driver writes what a local run writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from reliability.batch.asked import TABLES, Asked, Teller
from reliability.batch.buckets import RATED_DIR
from reliability.batch.grouping import grouped_rows, refuse_too_many
from reliability.batch.merge import with_stale
from reliability.batch.outputs import REPORTS, STANDING, write_table
from reliability.batch.reject_files import write_placed
from reliability.batch.run import GROUPED_REJECTS, LONG_TABLES, Done, Run
from reliability.batch.schema import RATED, RATINGS, ROWS
from reliability.batch.workers import Workers
from reliability.batch.workplace import Workplace, written
from reliability.errors import UsageError
from reliability.io.rows import Reject
from reliability.spark import tasks
from reliability.spark.cluster import Cluster
from reliability.spark.parcel import Parcel
from reliability.spark.reading import read_all
from reliability.spark.session import refuse_unready, session
from reliability.spark.tables import READ, STAGED, as_batches, in_words

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CHECK_REJECTS, SCRATCH = "checks.rejects", "spark"
_ORDER = ("claim", "digest", "bar", "link")
_CLASHES_BROADCAST = 100_000


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
        written(out), place.opened(record, resume=asked.resume),
        session(master, remote, asked.memory, scratch) as spark,
    ):  # fmt: skip
        return SparkRun(asked, place, tell, record, Cluster(spark, asked.memory)).done()


class SparkRun(Run):
    """A run whose stages are Spark's."""

    def __init__(
        self, asked: Asked, place: Workplace, tell: Teller, record: dict[str, Any], cluster: Cluster
    ) -> None:  # fmt: skip
        super().__init__(asked, place, tell, record, Workers(1))
        self.cluster, self.parcel = cluster, Parcel.of(asked)
        self.texts: dict[str, str] = {}

    def done(self) -> Done:
        """Read, check, rate and write."""
        read = read_all(self.asked, self.place, self.tell, self.cluster, self.parcel)
        self._strictly(read.mark["rejected"])
        self.parts = parts = self.cluster.parts(read.mark["read"])
        grouped: dict[str, Any] = {}
        if read.mark["loose"] or self.asked.grouping is not None:
            together, grouped = self._grouped_on_driver(read.rows, read.mark)
            task = tasks.stage_checked
        else:
            together, task = with_lost(read.rows), tasks.check_units
        parcel = self.parcel
        self.tell.stage("checking", None)
        self.staged = self.cluster.kept(
            together.repartitionByRange(parts, "at").sortWithinPartitions("at")
            .mapInArrow(lambda batches: task(parcel, batches), in_words(STAGED))
        )  # fmt: skip
        checks = self._checks()
        counts = self._counts(read.mark, grouped, checks)
        self._strictly(counts["rejected"])
        if not counts["read"] or counts["read"] == counts["rejected"]:
            self._nothing(counts)
        self.tell.stage("rating", None)
        self.rated_rows = self.staged.where("aside IS NULL AND standing = 'rated'")
        if any(one["families"] for one in checks.values()):
            self.rated_rows = self.rated_rows.repartition(parts, "family").sortWithinPartitions("family")
        texts = self.texts
        self.rated = self.cluster.kept(
            self.rated_rows.mapInArrow(lambda batches: tasks.rate_units(parcel, texts, batches), in_words(RATED))
        )
        counts["claims"] = self.rated.count()
        self._publish(counts, self._written(self._newest(checks)))
        return Done(counts, read.mark)

    def _grouped_on_driver(self, rows: DataFrame, read: dict[str, Any]) -> tuple[DataFrame, dict[str, Any]]:
        """Texts grouped over the whole set, here, in memory: rows as STAGED, and the mark of it."""
        refuse_too_many(read["read"] - read["rejected"], self.asked.memory)
        self.tell.stage("grouping", None)
        schema = pa.schema([one for one in READ if one.name != "aside"])
        packed = self.cluster.fetched(
            rows.coalesce(1).sortWithinPartitions("place"), lambda batches: tasks.packed(schema, batches)
        )
        every = pa.concat_tables([ROWS.empty_table(), *(table.select(ROWS.names) for table in packed)])
        found, rejects, mark = grouped_rows(every, self.asked, self.asked.names)
        self.texts = mark["texts"]
        self._refuse(GROUPED_REJECTS, rejects)
        mark["rejected"] = len(rejects)
        staged = pa.Table.from_batches(as_batches(tasks.with_turn(found), STAGED), schema=STAGED)
        return self.cluster.spark.createDataFrame(staged), mark

    def _refuse(self, name: str, rejects: list[tuple[int, Reject]]) -> None:
        path = self.place.work / name
        path.write_bytes(b"")
        write_placed(path, rejects)
        self.refused.append(path)

    def _checks(self) -> dict[int, Any]:
        """The notes of the checks; their rejects go to the workplace."""
        notes = []
        self._refuse(CHECK_REJECTS, [])
        told = self.staged.where("aside IS NOT NULL").select("place", "aside").coalesce(1)
        for row in told.sortWithinPartitions("place", "aside").toLocalIterator():
            one = json.loads(row["aside"])
            if row["place"] < 0:
                notes.append(one)
            else:
                write_placed(self.place.work / CHECK_REJECTS, [(row["place"], Reject(**one))])
        return dict(enumerate(notes))

    def _written(self, newest: int | None) -> list[str]:
        """Write all tables; the files' names."""
        work, form = self.place.work, self.asked.form
        self.tell.stage("writing", None)
        rated = (with_stale(table, newest, self.asked.policy) for table in self._merged(RATED_DIR, RATED))
        long = {name: (self._merged(name, schema), schema) for name, schema in LONG_TABLES if name in self._long}
        for name, (tables, schema) in {"ratings": (rated, RATINGS), **long}.items():
            write_table(tables, schema, work / f"{name}.{form}", form)
        write_table(self._reports(), pa.schema([*REPORTS, *STANDING]), work / "reports.parquet", "parquet")
        return [f"ratings.{form}", *(f"{name}.{form}" for name in long), "reports.parquet"]

    def _reports(self) -> Iterator[pa.Table]:
        parcel = self.parcel
        rows = self.staged.where("aside IS NULL")
        yield from self.cluster.fetched(rows, lambda batches: tasks.report_rows(parcel, batches))

    def _merged(self, folder: str, schema: pa.Schema) -> Iterator[pa.Table]:
        table = self.rated if folder == RATED_DIR else self._long_table(folder)
        order = [name for name in _ORDER if name in schema.names]
        in_order = table.repartitionByRange(self.parts, *order).sortWithinPartitions(*order)
        yield from self.cluster.fetched(in_order, lambda batches: tasks.packed(schema, batches))

    def _long_table(self, name: str) -> DataFrame:
        parcel, texts = self.parcel, self.texts
        return self.rated_rows.mapInArrow(
            lambda batches: tasks.long_rows(parcel, texts, name, batches), in_words(dict(LONG_TABLES)[name])
        )


def with_lost(rows: DataFrame) -> DataFrame:
    """READ rows with `lost_to`: the place of the first row with their id, where it stands with another unit."""
    from pyspark.sql import functions as f

    clashes = (
        rows.where("given").groupBy("key")
        .agg(f.min("at").alias("least"), f.max("at").alias("most"), f.min(f.struct("place", "at")).alias("first"))
        .where("least <> most").select("key", f.col("first.place").alias("first_place"),
                                       f.col("first.at").alias("first_at"))
    )  # fmt: skip
    n = clashes.count()
    if not n:
        return rows.withColumn("lost_to", f.lit(None).cast("bigint"))
    joined = rows.join(f.broadcast(clashes) if n <= _CLASHES_BROADCAST else clashes, "key", "left")
    lost = f.when(f.col("given") & (f.col("at") != f.col("first_at")), f.col("first_place"))
    return joined.withColumn("lost_to", lost).drop("first_place", "first_at")
