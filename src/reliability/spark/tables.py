"""Arrow tables on their way through Spark: schemas in its words, whole units together, tables as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.hashing import hashes
from reliability.batch.schema import CHECKED, ROWS
from reliability.batch.whole import whole

READ = pa.schema([*ROWS, ("given", pa.bool_()), ("at", pa.int64()), ("aside", pa.string())])
"""Rows as they are read. `at` is where the row's unit stands among all (its hash, as a signed number). Where `aside`
is set, the row is a note or a reject as JSON, and `at` is its turn."""

STAGED = pa.schema([*CHECKED, ("at", pa.int64()), ("family", pa.int64()), ("aside", pa.string())])
"""Checked rows; `family` is where what they are rated with stands."""

PACKED = pa.schema([("packed", pa.binary())])
"""Some rows of any table, as an Arrow stream."""

_WORDS = {
    pa.string(): "string", pa.int64(): "bigint", pa.int32(): "int", pa.float64(): "double", pa.bool_(): "boolean",
    pa.binary(): "binary", pa.list_(pa.string()): "array<string>", pa.list_(pa.float64()): "array<double>",
}  # fmt: skip
_TOP = np.uint64(1 << 63)
A_PACK = 1 << 13
"""Rows of one pack."""


def in_words(schema: pa.Schema) -> str:
    """A schema as Spark's DDL has it."""
    return ", ".join(f"`{one.name}` {_WORDS[one.type]}" for one in schema)


def turn(texts: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """The hashes of texts as signed numbers in the same order, (n,)."""
    column = one_array(texts)
    return (hashes(column) ^ _TOP).view(np.int64)


def as_batches(table: pa.Table, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """A table as batches of a schema; columns that it lacks are null."""
    columns = {name: table[name] if name in table.column_names else pa.nulls(table.num_rows, schema.field(name).type)
               for name in schema.names}  # fmt: skip
    yield from pa.table(columns).cast(schema).combine_chunks().to_batches()


def whole_units(batches: Iterable[pa.RecordBatch], by: str, schema: pa.Schema, least: int) -> Iterator[pa.Table]:
    """Batches in the order of `by` as tables of a schema, of at least so many rows, that cut no run of its values."""
    return whole((pa.Table.from_batches([batch]).select(schema.names).cast(schema) for batch in batches), by, least)


def packs(tables: Iterable[pa.Table]) -> Iterator[pa.RecordBatch]:
    """Tables as PACKED, a batch a table."""
    for table in tables:
        sinks = []
        for start in range(0, table.num_rows, A_PACK):
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table.slice(start, A_PACK))
            sinks.append(sink.getvalue().to_pybytes())
        yield pa.RecordBatch.from_arrays([pa.array(sinks, type=pa.binary())], schema=PACKED)


def unpacked(data: bytes) -> pa.Table:
    """The rows of a pack."""
    with pa.ipc.open_stream(pa.py_buffer(data)) as stream:
        return stream.read_all()
