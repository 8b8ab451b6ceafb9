"""Articles read by Spark's Python workers, one spaCy each; the same reports, in the same order."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from reliability import api
from reliability.batch.asked import Asked
from reliability.model.article import Article
from reliability.spark.parcel import Parcel
from reliability.spark.tables import in_words
from reliability.text.many import Reading
from reliability.text.syndication import Passed, Syndicated

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TASK = pa.schema([("turn", pa.int64()), ("task", pa.binary())])
"""An article with its relays, or what was read of it, as Python pickles them, as between processes of one program."""
A_TASK, MOST_TASKS = 8, 4096


def reader(
    spark: SparkSession, parcel: Parcel, kept: Callable[[DataFrame], DataFrame]
) -> Callable[[Iterable[Article], Syndicated, Asked], Iterator[Reading]]:
    """Who reads articles on a cluster; `kept` has a table worked out once, by all who can."""

    def readings(articles: Iterable[Article], shared: Syndicated, asked: Asked) -> Iterator[Reading]:
        tasks = [pickle.dumps((article, shared.relays.get(article.id, ()))) for article in articles]
        if not tasks:
            return
        given = pa.table([list(range(len(tasks))), tasks], schema=TASK)
        parts = min(-(-len(tasks) // A_TASK), MOST_TASKS)
        spread = spark.createDataFrame(given).repartition(parts)
        found = kept(spread.mapInArrow(lambda batches: read_articles(parcel, batches), in_words(TASK)))
        for row in found.coalesce(1).sortWithinPartitions("turn").toLocalIterator():
            yield pickle.loads(row["task"])

    return readings


def read_articles(parcel: Parcel, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What articles say, in a task: TASK of readings for TASK of articles."""
    policy = parcel.policy()
    for batch in batches:
        for turn, task in zip(batch.column("turn"), batch.column("task"), strict=True):
            given: tuple[Article, tuple[Passed, ...]] = pickle.loads(task.as_py())
            article, passed = given
            shared = Syndicated(relays={article.id: passed} if passed else {})
            (found,) = api.reports_of_each([article], policy, shared=shared)
            yield pa.RecordBatch.from_pylist([{"turn": turn.as_py(), "task": pickle.dumps(found)}], schema=TASK)
