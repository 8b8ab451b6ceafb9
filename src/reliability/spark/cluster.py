"""The few ways in which a run has Spark work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from reliability.spark.tables import PACKED, in_words, unpacked

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Task = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
MOST_TASKS = 4096
_BYTES_A_ROW, LEAST_PARTS = 400, 4


@dataclass(frozen=True)
class Cluster:
    """A session, and how much memory (bytes) a task's share of rows is made for."""

    spark: SparkSession
    memory: int

    def over(self, n: int, task: Task, ddl: str) -> DataFrame:
        """What a task makes of the numbers from 0 to n, each alone as far as there are not too many."""
        return self.spark.range(0, n, 1, max(1, min(n, MOST_TASKS))).mapInArrow(task, ddl)

    def kept(self, table: DataFrame) -> DataFrame:
        """A table worked out now, by all who can, and kept on the executors' disks; what is lost is made again."""
        from pyspark import StorageLevel

        held = table.persist(StorageLevel.DISK_ONLY)
        held.count()
        return held

    def parts(self, n_rows: int) -> int:
        """In how many parts so many rows are worked on, each within the memory."""
        return min(max(-(-n_rows * _BYTES_A_ROW * 16 // self.memory), LEAST_PARTS), MOST_TASKS)

    def fetched(self, table: DataFrame, task: Task) -> Iterator[pa.Table]:
        """The tables that a packing task makes, in order; it is done by all who can before the first comes."""
        for row in self.kept(table.mapInArrow(task, in_words(PACKED))).toLocalIterator():
            yield unpacked(row["packed"])
