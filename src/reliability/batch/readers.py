"""Readers of tables that go on from each other: what one has numbered the next one knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reliability.batch.raw import RawBatch
from reliability.batch.tables_csv import CsvTable
from reliability.batch.tables_jsonl import JsonlTable
from reliability.batch.tables_parquet import ParquetTable
from reliability.io.rows import Reject


class Readers:
    """One process's: chains repeat from file to file, and in the pieces of one."""

    def __init__(self) -> None:
        self._jsonl: JsonlTable | None = None
        self._parquet: ParquetTable | None = None

    def batches(
        self, kind: str, stream: BinaryIO, name: str, *, first: int = 1, groups: range | None = None
    ) -> Iterator[RawBatch | Reject]:
        """The rows of a table, some at a time; `first` numbers the first line of JSON Lines, `groups` are row groups.

        Raises InputError as the reader of its kind does.
        """
        if kind == "parquet":
            self._parquet = ParquetTable(stream, name, self._parquet)
            yield from self._parquet.batches(groups=groups)
        elif kind == "jsonl":
            self._jsonl = JsonlTable(stream, name, first, self._jsonl)
            yield from self._jsonl.batches()
        else:
            yield from CsvTable(stream, name).batches()
