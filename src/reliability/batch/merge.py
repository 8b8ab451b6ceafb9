"""Buckets' ratings as one table in claim-id order, a block at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.schema import RATINGS
from reliability.rules.policy import Policy

STALE = "stale"
STALE_DAYS, USUAL_DAYS = "stale-days", 365.0
_MICROSECONDS_A_DAY = 86_400_000_000
_HELD, _MOST, _LEAST = 1 << 16, 1 << 13, 1 << 8
_ORDER = ("claim", "digest", "bar", "link")


def with_stale(rated: pa.Table, newest: int | None, policy: Policy) -> pa.Table:
    """RATED as RATINGS: with the flag `stale` on claims much older than the newest report of all (a microsecond)."""
    found = rated.drop_columns(["newest_report"])
    if newest is None:
        return found
    after = policy.constants.get(STALE_DAYS, USUAL_DAYS) * _MICROSECONDS_A_DAY
    mine = one_array(rated["newest_report"])
    old = np.flatnonzero(mine.is_valid().to_numpy(zero_copy_only=False)
                         & (newest - mine.fill_null(newest).to_numpy() > after))  # fmt: skip
    if not old.size:
        return found
    at = found.column_names.index("flags")
    flags = one_array(found["flags"])
    distinct, codes = _distinct_flags(flags)
    marked = [sorted({*one, STALE}) for one in distinct]
    codes[old] += len(distinct)
    every = pa.array([*distinct, *marked], type=RATINGS.field("flags").type)
    return found.set_column(at, RATINGS.field("flags"), every.take(pa.array(codes)))


def without_stale(rated: pa.Table) -> pa.Table:
    """Ratings without the flag `stale`."""
    distinct, codes = _distinct_flags(one_array(rated["flags"]))
    kind = RATINGS.field("flags").type
    flags = pa.array([[flag for flag in one if flag != STALE] for one in distinct], type=kind).take(pa.array(codes))
    return rated.set_column(rated.column_names.index("flags"), RATINGS.field("flags"), flags)


def _distinct_flags(flags: pa.ListArray) -> tuple[list[list[str]], np.ndarray]:
    joined = pc.binary_join(flags, "\n").dictionary_encode()
    distinct = [one.split("\n") if one else [] for one in joined.dictionary.to_pylist()]
    return distinct, joined.indices.to_numpy().astype(np.int64)


def in_claim_order(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Tables of a schema as one, in claim-id order."""
    found = pa.concat_tables([schema.empty_table(), *tables])
    by = [(name, "ascending") for name in _ORDER if name in schema.names]
    return found.take(pc.sort_indices(found, by)).combine_chunks().cast(schema)


def merged(paths: Sequence[Path], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of files that are each in claim-id order, in claim-id order, some at a time."""
    streams = [_Stream(path) for path in paths]
    while streams := [one for one in streams if one.held]:
        until = min(one.last for one in streams)
        parts = [part for one in streams for part in one.up_to(until)]
        yield in_claim_order([pa.Table.from_batches(parts)], schema)


class _Stream:
    """A file of rows in claim-id order, of which a block or so is held: as blocks of all files reach about as far, most
    of what is held can be given each time.
    """

    def __init__(self, path: Path) -> None:
        self._file = pa.ipc.open_file(pa.OSFile(str(path), "rb"))
        self._next, self._block = 0, 0
        self.held: deque[pa.RecordBatch] = deque()
        self._read()

    def _read(self) -> None:
        """Hold half a block at least, while there is more."""
        n = sum(batch.num_rows for batch in self.held)
        while n <= self._block // 2 and self._next < self._file.num_record_batches:
            batch = self._file.get_batch(self._next)
            self._next += 1
            self._block = max(self._block, batch.num_rows)
            if batch.num_rows:
                self.held.append(batch)
            n += batch.num_rows

    @property
    def last(self) -> bytes:
        """The greatest claim that is held."""
        return _claim(self.held[-1], -1)

    def up_to(self, claim: bytes) -> list[pa.RecordBatch]:
        """Take the held rows up to a claim, that one too."""
        found = []
        while self.held:
            batch = self.held.popleft()
            n = bisect_right(range(batch.num_rows), claim, key=partial(_claim, batch))
            found.append(batch.slice(0, n))
            if n < batch.num_rows:
                self.held.appendleft(batch.slice(n))
                break
        self._read()
        return found


def _claim(batch: pa.RecordBatch, at: int) -> bytes:
    claim: str = batch["claim"][at].as_py()
    return claim.encode("utf-8")


def write_sorted(rated: pa.Table, path: Path, bits: int) -> None:
    """Write a bucket's ratings (in claim-id order) as blocks that `merged` reads one by one.

    Of 2 to the power of `bits` buckets all blocks that are held at a time have about 65,000 rows.
    """
    block = min(_MOST, max(_LEAST, _HELD >> bits))
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rated.schema) as writer:
        writer.write_table(rated.combine_chunks(), max_chunksize=block)
