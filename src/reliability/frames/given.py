"""Any table as batches that the reader of Arrow columns takes, by the Arrow PyCapsule interface alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from reliability.batch.raw import AT_ONCE, RawBatch
from reliability.batch.tables_parquet import ArrowColumns
from reliability.errors import InputError
from reliability.frames.plain import plain_type, plainly
from reliability.io.parquet import first_line, refuse_columns

WHERE = "table"
_INDEX = re.compile(r"__index_level_\d+__")
_REMEDY = "give a pandas or Polars data frame, an Arrow table or a DuckDB relation"


@dataclass(frozen=True)
class Given:
    """A table's rows, to be read once."""

    schema: pa.Schema
    stream: pa.RecordBatchReader

    def raw(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time, numbered from 1. Raises InputError for what Arrow can't hand over."""
        columns = ArrowColumns(self.schema)
        first = 1
        for batch in self._batches():
            for start in range(0, batch.num_rows, at_once):
                some = _valid(_plain(batch.slice(start, at_once), self.schema), first)
                yield columns.batch(some, first)
                first += some.num_rows

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self.stream
        except (pa.ArrowException, OSError) as error:
            raise InputError(WHERE, problem=f"breaks off ({first_line(error)})", remedy="see what makes it") from None


def batches_of(table: Any) -> Given:
    """A table's batches; pandas' index is no column. Raises InputError for what is no table, or not one of reports."""
    if not hasattr(table, "__arrow_c_stream__"):
        lazy = "; collect it first" if hasattr(table, "collect") else ""
        raise InputError(WHERE, problem=f"{type(table).__name__} gives no Arrow stream", remedy=_REMEDY + lazy)
    try:
        stream = pa.RecordBatchReader.from_stream(table)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        problem = f"{type(table).__name__} can't be taken as Arrow columns ({first_line(error)})"
        raise InputError(WHERE, problem=problem, remedy="give each column one type, or rate() the records") from None
    fields = [pa.field(one.name, plain_type(one.type)) for one in stream.schema if not _INDEX.fullmatch(one.name)]
    refuse_columns([one.name for one in fields], WHERE)
    return Given(pa.schema(fields), stream)


def _valid(batch: pa.RecordBatch, first: int) -> pa.RecordBatch:
    """The batch itself. Raises InputError where Arrow's own checks fail, as for a text that is not UTF-8."""
    try:
        batch.validate(full=True)
    except pa.ArrowException as error:
        raise InputError(WHERE, line=first, problem=f"here or in the next {batch.num_rows:,} rows {first_line(error)}",
                         remedy="mend the column") from None  # fmt: skip
    return batch


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Some rows with plain texts and lists."""
    return pa.RecordBatch.from_arrays([plainly(batch.column(one.name)) for one in schema], schema=schema)
