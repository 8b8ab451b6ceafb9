"""Tables on their way through Spark: packs of rows, which it moves and sorts without looking into them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.io.rows import Reject

PACKS = pa.schema([("what", pa.string()), ("part", pa.int64()), ("at", pa.int64()), ("packed", pa.binary())])
"""A row is a pack: `packed` is some rows of a table as an Arrow stream, numbers as they are, or a note as JSON.

`what` tells which; packs of a `part` (a bucket, a range of claims) come together, in the order of `at`.
"""

_WORDS = {pa.string(): "string", pa.int64(): "bigint", pa.binary(): "binary"}
A_PACK, PACK_BYTES = 1 << 13, 4 << 20
"""A pack has so many rows at most, and about so many bytes before they are compressed."""
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Pack(NamedTuple):
    """One row of PACKS."""

    what: str
    part: int
    at: int
    packed: pa.Buffer


def in_words(schema: pa.Schema) -> str:
    """A schema as Spark's DDL has it."""
    return ", ".join(f"`{one.name}` {_WORDS[one.type]}" for one in schema)


def pack(what: str, part: int, at: int, data: pa.Buffer | bytes) -> pa.RecordBatch:
    """A pack as a batch; its bytes are not copied."""
    held = pa.py_buffer(data)
    ends = pa.array([0, held.size], type=pa.int32()).buffers()[1]
    columns = [pa.array([what]), pa.array([part]), pa.array([at]),
               pa.Array.from_buffers(pa.binary(), 1, [None, ends, held])]  # fmt: skip
    return pa.RecordBatch.from_arrays(columns, schema=PACKS)


def notes(what: str, told: Sequence[tuple[int, int, Any]]) -> pa.RecordBatch:
    """What is to be told, with its part and turn each, as a batch of packs of JSON."""
    rows = [{"what": what, "part": part, "at": at, "packed": json.dumps(one).encode()} for part, at, one in told]
    return pa.RecordBatch.from_pylist(rows, schema=PACKS)


def told(rejects: Iterable[tuple[int, int, Reject]]) -> pa.RecordBatch:
    """Rejects, each with its turn and its place."""
    return notes("told", [(0, turn, [place, asdict(one)]) for turn, place, one in rejects])


def rows_of_a_pack(table: pa.Table) -> int:
    """How many of a table's rows a pack may have."""
    n: int = PACK_BYTES * table.num_rows // max(1, table.nbytes)
    return max(1, min(A_PACK, n))


def slices(table: pa.Table) -> Iterator[pa.Table]:
    """A table's rows, a pack's worth at a time."""
    step = rows_of_a_pack(table)
    for start in range(0, table.num_rows, step):
        yield table.slice(start, step)


def packed(table: pa.Table) -> pa.Buffer:
    """A table's rows as they are packed."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=_LZ4) as writer:
        writer.write_table(table)
    return sink.getvalue()


def packs_of_parts(what: str, rows: pa.Table, part: NDArray[np.int64], first: int) -> Iterator[pa.RecordBatch]:
    """Rows as packs of each one's part, with turns from `first`; a part's rows stay in their order."""
    order = np.argsort(part, kind="stable")
    rows = rows.take(pa.array(order)).combine_chunks()
    for one, start, end in runs(part[order]):
        for turn, some in enumerate(slices(rows.slice(start, end - start))):
            yield pack(what, one, first + turn, packed(some))


def runs(numbers: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Each of some numbers, which are in order, with where it begins and ends."""
    found, starts = np.unique(numbers, return_index=True)
    ends = [*starts[1:].tolist(), len(numbers)]
    yield from zip(found.tolist(), starts.tolist(), ends[: len(found)], strict=True)


def unpacked(data: pa.Buffer | bytes) -> pa.Table:
    """The rows of a pack."""
    with pa.ipc.open_stream(data) as stream:
        return stream.read_all()


def each_pack(batches: Iterable[pa.RecordBatch]) -> Iterator[Pack]:
    """The packs of batches, one by one; bytes are not copied."""
    for batch in batches:
        for at in range(batch.num_rows):
            what, part, turn = (batch.column(i)[at].as_py() for i in range(3))
            yield Pack(what, part, turn, batch.column(3)[at].as_buffer())


def by_part(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, Iterator[Pack]]]:
    """The packs of each part, of batches in which they come together."""
    yield from groupby(each_pack(batches), key=lambda one: one.part)
