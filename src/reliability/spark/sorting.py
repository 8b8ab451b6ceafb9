"""Rows that a task has read, on their way to their buckets as packs; some are held, so that packs are not too small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.hashing import hashes
from reliability.batch.prepare import Preparer
from reliability.batch.schema import ROWS
from reliability.batch.spill import bucket_of, id_notes, part_of
from reliability.spark.tables import pack, packed, runs, slices

HELD, HELD_ROWS = 16 << 20, 1 << 16
"""So many bytes or rows (chains aside) are held at most."""


@dataclass
class Sorting:
    """One piece's rows. Their chains are codes of the preparer's book until they are packed."""

    bits: int
    preparer: Preparer
    loose: int = 0
    """How many rows had no unit, as their texts are to be grouped yet."""
    _held: list[pa.Table] = field(default_factory=list)

    def add(self, rows: pa.Table) -> Iterator[pa.RecordBatch]:
        """Take rows (PREPARED); packs of what is held, if that is enough."""
        if rows.num_rows:
            self._held.append(rows)
            self.loose += rows["unit"].null_count
        if sum(one.nbytes for one in self._held) >= HELD or sum(one.num_rows for one in self._held) >= HELD_ROWS:
            yield from self.rest()

    def rest(self) -> Iterator[pa.RecordBatch]:
        """Packs of all that is held: "rows" of each bucket (ROWS), and "ids" that were given (ID)."""
        if not self._held:
            return
        rows = pa.concat_tables(self._held)
        self._held.clear()
        bucket = bucket_of(hashes(one_array(pc.fill_null(rows["unit"], rows["key"]))), self.bits)
        if self.bits:
            yield from _ids(rows, bucket, self.bits)
        order = np.argsort(bucket, kind="stable")
        rows = rows.take(pa.array(order)).combine_chunks()
        for one, start, end in runs(bucket[order]):
            for some in slices(rows.slice(start, end - start)):
                yield pack("rows", one, some["place"][0].as_py(), packed(spelled_out(some, self.preparer)))


def _ids(rows: pa.Table, bucket: NDArray[np.int64], bits: int) -> Iterator[pa.RecordBatch]:
    mine = pc.and_(rows["given"], rows["unit"].is_valid()).to_numpy()
    keys = one_array(rows["key"]).filter(pa.array(mine))
    notes = id_notes(keys, rows["place"].to_numpy()[mine], bucket[mine])
    part = part_of(notes, bits)
    order = np.argsort(part, kind="stable")
    for one, start, end in runs(part[order]):
        yield pack("ids", one, 0, notes[order[start:end]].tobytes())


def spelled_out(rows: pa.Table, preparer: Preparer) -> pa.Table:
    """PREPARED rows as ROWS, each chain as a text."""
    codes, book = one_array(rows["chain"]), preparer.books["provenance"].texts
    used, at = np.unique(codes.to_numpy(), return_inverse=True)
    texts = pa.array([None if code < 0 else book[code] for code in used.tolist()], type=pa.string())
    chains = pc.coalesce(texts.take(pa.array(at.reshape(-1))), one_array(rows["provenance"]))
    at_column = rows.column_names.index("provenance")
    return rows.set_column(at_column, "provenance", chains).select(ROWS.names).cast(ROWS)
