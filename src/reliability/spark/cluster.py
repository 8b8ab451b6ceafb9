"""The few ways in which a run has Spark work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from reliability.spark.tables import PACKS, in_words, unpacked
from reliability.spark.tasks import Task, sparing

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MOST_TASKS = 4096
AT_ONCE = 4 << 20
"""About so many bytes come to the driver at a time: Java holds them seven times or so."""


@dataclass(frozen=True)
class Cluster:
    """A session, and in how many parts packs are worked on."""

    spark: SparkSession
    parts: int

    def over(self, n: int, task: Task, schema: pa.Schema = PACKS) -> DataFrame:
        """What a task makes of the numbers from 0 to n, each alone as far as there are not too many."""
        return self.mapped(self.spark.range(0, n, 1, max(1, min(n, MOST_TASKS))), task, schema)

    def mapped(self, table: DataFrame, task: Task, schema: pa.Schema = PACKS) -> DataFrame:
        """What a task makes of a table."""
        return table.mapInArrow(sparing(task), in_words(schema))

    def given(self, packs: pa.Table) -> DataFrame:
        """Packs of the driver's."""
        return self.spark.createDataFrame(packs, in_words(PACKS))

    def kept(self, table: DataFrame) -> DataFrame:
        """A table worked out now, by all who can, and kept on the executors' disks; what is lost is made again."""
        from pyspark import StorageLevel

        held = table.persist(StorageLevel.DISK_ONLY)
        held.count()
        return held

    def together(self, packs: DataFrame) -> DataFrame:
        """Packs of a part together, in their order."""
        return packs.repartition(self.parts, "part").sortWithinPartitions("part", "at")

    def told(self, packs: DataFrame, what: str, n: int) -> Iterator[Any]:
        """Notes, of which there are about `n`, in order."""
        for row in self._rows(_in_order(packs.where(f"what = '{what}'"), -(-n // A_THOUSAND))):
            yield json.loads(row["packed"])

    def fetched(self, packs: DataFrame, n_bytes: int) -> Iterator[pa.Table]:
        """Packs' rows, in order; the packs have about so many bytes."""
        for row in self._rows(_in_order(packs, -(-n_bytes // AT_ONCE))):
            yield unpacked(row["packed"])

    def parted(self, packs: DataFrame, n_parts: int) -> Iterator[list[pa.Table]]:
        """The tables of each part, in order of parts."""
        rows = self._rows(_in_order(packs, n_parts))
        for _, mine in groupby(rows, key=lambda row: row["part"]):
            yield [unpacked(row["packed"]) for row in mine]

    def _rows(self, table: DataFrame) -> Iterator[Any]:
        """A table's rows, a partition at a time. Of `toLocalIterator` Java holds all that it has given till its end."""
        if not hasattr(self.spark, "sparkContext"):  # Spark Connect has none
            yield from table.toLocalIterator()
            return
        rdd = table.rdd
        for part in range(rdd.getNumPartitions()):
            yield from self.spark.sparkContext.runJob(rdd, iter, [part])


A_THOUSAND = 1000


def _in_order(packs: DataFrame, n: int) -> DataFrame:
    """Packs in order, over so many partitions: each comes to the driver as a whole."""
    if n <= 1:
        return packs.coalesce(1).sortWithinPartitions("part", "at")
    return packs.repartitionByRange(min(n, MOST_TASKS), "part", "at").sortWithinPartitions("part", "at")
