"""What tasks that read do: count lines, read pieces, find ids that stand twice; each a generator of packs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from reliability.batch.desk import judged
from reliability.batch.memory import give_back, keep_little
from reliability.batch.pieces import Piece, batches_of, n_lines
from reliability.batch.prepare import Preparer
from reliability.batch.readers import Readers
from reliability.batch.spill import ID, lost_of
from reliability.spark.parcel import Parcel
from reliability.spark.sorting import Sorting
from reliability.spark.tables import by_part, notes, pack, packed, told

Batches = Iterator[pa.RecordBatch]
Task = Callable[[Batches], Batches]
COUNTED = pa.schema([("piece", pa.int64()), ("lines", pa.int64())])
TURNS, BOOKS = 1 << 32, 4
CHAINS = 1 << 16
"""How many chains are remembered of a piece; rows with others carry them themselves."""


def sparing(task: Task) -> Task:
    """A task that has its process keep little memory that is free: Arrow with the system's allocator, one thread."""

    def spared(batches: Batches) -> Batches:
        pa.set_memory_pool(pa.system_memory_pool())
        pa.set_cpu_count(1)
        keep_little()
        yield from task(batches)
        give_back()

    return spared


def count_lines(pieces: Sequence[Piece], batches: Batches) -> Batches:
    """COUNTED of the pieces with the numbers that come in `id`."""
    for number in _numbers(batches):
        yield pa.RecordBatch.from_pylist([{"piece": number, "lines": n_lines(pieces[number])}], schema=COUNTED)


def read(pieces: Sequence[Piece], parcel: Parcel, batches: Batches) -> Batches:
    """Packs of the pieces with the numbers that come in `id`: "rows" and "ids" of good rows, by bucket, each piece's
    rejects, "told", and a "note" of it; of the first pieces the chains too, a "book".
    """
    policy = parcel.policy()
    for number in _numbers(batches):
        preparer = Preparer(policy, most=CHAINS)
        sorting = Sorting(parcel.bits, preparer)
        failed, refused, piece = 0, 0, pieces[number]
        for rows, rejects, broken in judged(batches_of(piece, Readers()), piece.number, piece.name, preparer):
            yield from sorting.add(rows)
            yield told((number * TURNS + refused + turn, *one) for turn, one in enumerate(rejects))
            refused += len(rejects)
            failed += broken
        yield from sorting.rest()
        if number < BOOKS:
            chains = pa.table({"chain": pa.array(preparer.books["provenance"].texts, type=pa.string())})
            yield pack("book", number, 0, packed(chains))
        note = {"read": preparer.notes.n_rows + failed, "rejected": refused, "loose": sorting.loose,
                "unknown_columns": dict(preparer.notes.unknown_columns),
                "strange": {name: dict(found) for name, found in preparer.strange.items()}}  # fmt: skip
        yield notes("note", [(number, 0, note)])


def _numbers(batches: Batches) -> Iterator[int]:
    for batch in batches:
        yield from batch.column("id").to_pylist()


def lost(batches: Batches) -> Batches:
    """Of packs of "ids": for each bucket "lost" packs of the rows whose id an earlier row elsewhere has, (n, 2)."""
    for _, packs in by_part(batches):
        found = np.concatenate([np.frombuffer(one.packed, dtype=ID) for one in packs])
        for bucket, pairs in lost_of(found):
            yield pack("lost", bucket, -1, pairs.tobytes())
