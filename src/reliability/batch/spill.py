"""Rows on disk in buckets by the hash of what is rated together: reports far apart in the input meet in one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.hashing import Hashes, hashes
from reliability.batch.memory import give_back

BITS = 64


def bucket_of(found: Hashes, bits: int) -> NDArray[np.int64]:
    """The bucket of each hash, of 2 to the power of `bits`: buckets in order are hashes in order."""
    if bits == 0:
        return np.zeros(len(found), dtype=np.int64)
    return (found >> np.uint64(BITS - bits)).astype(np.int64)


class Spill:
    """Tables appended to a file a bucket, batch by batch, in memory that does not grow with them."""

    def __init__(self, folder: Path, bits: int, schema: pa.Schema) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.bits, self.schema = folder, bits, schema
        self._files: dict[int, pa.OSFile] = {}
        self._writers: dict[int, pa.RecordBatchStreamWriter] = {}

    def add(self, rows: pa.Table, by: str = "unit") -> NDArray[np.int64]:
        """Write rows to the buckets of the hashes of a column; returns each row's bucket."""
        bucket = bucket_of(hashes(one_array(rows[by])), self.bits)
        self.put(rows, bucket)
        return bucket

    def put_by(self, rows: pa.Table, texts: pa.ChunkedArray) -> None:
        """Write rows to the buckets of the hashes of texts beside them."""
        self.put(rows, bucket_of(hashes(one_array(texts)), self.bits))

    def put(self, rows: pa.Table, bucket: NDArray[np.int64]) -> None:
        """Write rows to given buckets, in their order."""
        if not rows.num_rows:
            return
        order = np.argsort(bucket, kind="stable")
        in_order = rows.take(pa.array(order)).combine_chunks()
        found, starts = np.unique(bucket[order], return_index=True)
        ends = np.append(starts[1:], len(order))
        for one, start, end in zip(found.tolist(), starts.tolist(), ends.tolist(), strict=True):
            self._writer(one).write_table(in_order.slice(start, end - start))

    def _writer(self, bucket: int) -> pa.RecordBatchStreamWriter:
        if bucket not in self._writers:
            self._files[bucket] = pa.OSFile(str(bucket_file(self.folder, bucket)), "wb")
            self._writers[bucket] = pa.ipc.new_stream(self._files[bucket], self.schema)
        return self._writers[bucket]

    def close(self) -> None:
        """Finish all files, to disk."""
        for bucket, writer in self._writers.items():
            writer.close()
            self._files[bucket].close()
            to_disk(bucket_file(self.folder, bucket))
        self._writers.clear()


def bucket_file(folder: Path, bucket: int) -> Path:
    """Where a bucket's rows stand; there is no file where it has none."""
    return folder / f"{bucket:04d}.arrow"


def read_bucket(folder: Path, bucket: int, schema: pa.Schema) -> pa.Table:
    """A bucket's rows, in the order in which they were written, each column in one piece."""
    return read_buckets([(folder, None)], bucket, schema)


def read_buckets(
    folders: Sequence[tuple[Path, Callable[[pa.Table], pa.Table] | None]], bucket: int, schema: pa.Schema
) -> pa.Table:
    """A bucket's rows out of several folders, one after the other, with what is to be done to those of each.

    Parts of the files are put together first, then column by column: never are there two copies of all.
    """
    parts = [part for folder, change in folders for part in read_parts(bucket_file(folder, bucket), change)]
    return in_one_piece(parts) if parts else schema.empty_table()


def in_one_piece(parts: list[pa.Table]) -> pa.Table:
    """Tables one after the other, each column in one piece; the list is emptied.

    They go column by column, so there are never two copies of all.
    """
    names = parts[0].column_names
    columns = [part.columns for part in parts]
    parts.clear()
    found = []
    for at in range(len(names)):
        pieces = [column[at] for column in columns]
        found.append(pa.chunked_array([chunk for one in pieces for chunk in one.chunks], type=pieces[0].type))
        for column in columns:
            column[at] = None
        del pieces
        found[at] = one_array(found[at])
    give_back()
    return pa.table(found, names=names)


def read_parts(path: Path, change: Callable[[pa.Table], pa.Table] | None = None) -> Iterator[pa.Table]:
    """The rows of a file, some at a time, with what is to be done to them; none where there is no file.

    Raises ArrowInvalid for a file that was damaged, one that breaks off between two batches too.
    """
    if path.exists():
        with pa.OSFile(str(path), "rb") as file:
            file.seek(max(0, file.size() - len(_END)))
            if file.read() != _END:
                raise pa.ArrowInvalid(f"{path.name} breaks off")
            file.seek(0)
            with pa.ipc.open_stream(file) as stream:
                yield from _parts(stream) if change is None else map(change, _parts(stream))


_A_PART = 1 << 25
_END = b"\xff\xff\xff\xff\0\0\0\0"
"""How Arrow's streams end (Arrow columnar format, IPC streaming format)."""


def _parts(stream: pa.RecordBatchStreamReader) -> Iterator[pa.Table]:
    """The rows of a stream as tables of some size, each column of which stands alone in memory."""
    held: list[pa.RecordBatch] = []
    n_bytes = 0
    for batch in stream:
        held.append(batch)
        n_bytes += batch.nbytes
        if n_bytes >= _A_PART:
            batches, held, n_bytes = held, [], 0
            yield _together(batches, stream.schema)
    yield _together(held, stream.schema)


def _together(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    """Batches as one table; the list is emptied."""
    table = pa.Table.from_batches(batches, schema).combine_chunks()
    batches.clear()
    return table


def to_disk(path: Path) -> None:
    """Have what was written to a file (or the names in a folder) reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


ID = np.dtype([("high", "<u8"), ("low", "<u8"), ("place", "<i8"), ("bucket", "<u2")])
"""A given id: 128 bits of hash, where its row was read, and the bucket that it went to."""


class Ids:
    """Notes of given ids: those that stand in two buckets say two things, and only the first row has the id."""

    def __init__(self, folder: Path, bits: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._bits = folder, bits

    def add(self, keys: pa.StringArray, places: NDArray[np.int64], buckets: NDArray[np.int64]) -> None:
        """Take note of some rows' ids."""
        if not len(keys):
            return
        found = id_notes(keys, places, buckets)
        part = part_of(found, self._bits)
        order = np.argsort(part, kind="stable")
        numbers, starts = np.unique(part[order], return_index=True)
        for number, rows in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
            with (self._folder / f"{number:04d}.ids").open("ab") as file:
                file.write(found[rows].tobytes())


def id_notes(keys: pa.StringArray, places: NDArray[np.int64], buckets: NDArray[np.int64]) -> NDArray[np.void]:
    """Notes (ID) of some rows' ids."""
    found = np.empty(len(keys), dtype=ID)
    found["high"], found["low"] = hashes(keys), hashes(keys, seed=1)
    found["place"], found["bucket"] = places, buckets
    return found


def part_of(notes: NDArray[np.void], bits: int) -> NDArray[np.int64]:
    """In which of 2 to the power of `bits` parts each note (ID) is: equal ids are in one."""
    return bucket_of(notes["high"], bits)


def losers(folders: Sequence[Path]) -> dict[int, NDArray[np.int64]]:
    """By bucket the rows whose id an earlier row of another bucket has: (n, 2), their places and that one's.

    `folders` are those of the notes that several processes took.
    """
    found: dict[int, list[NDArray[np.int64]]] = {}
    for name in sorted({path.name for folder in folders for path in folder.glob("*.ids")}):
        parts = [np.fromfile(folder / name, dtype=ID) for folder in folders if (folder / name).is_file()]
        for bucket, pairs in lost_of(np.concatenate(parts)):
            found.setdefault(bucket, []).append(pairs)
    return {bucket: np.concatenate(parts) for bucket, parts in sorted(found.items())}


def lost_of(notes: NDArray[np.void]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """What `losers` gives for a part's notes (ID), bucket by bucket."""
    rows = _not_alone(notes)
    rows = rows[np.lexsort((rows["place"], rows["low"], rows["high"]))]
    fresh = np.ones(len(rows), dtype=bool)
    fresh[1:] = (rows["high"][1:] != rows["high"][:-1]) | (rows["low"][1:] != rows["low"][:-1])
    first = np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    lost = rows["bucket"] != rows["bucket"][first]
    for bucket in np.unique(rows["bucket"][lost]).tolist():
        mine = lost & (rows["bucket"] == bucket)
        yield bucket, np.stack([rows["place"][mine], rows["place"][first][mine]], axis=1)


def _not_alone(rows: NDArray[np.void]) -> NDArray[np.void]:
    """The rows (ID) whose hash another has too: mostly none, and sorting one number of each tells so."""
    in_order = np.sort(rows["high"])
    twice = in_order[1:][in_order[1:] == in_order[:-1]]
    if not twice.size:
        return rows[:0]
    at = np.searchsorted(twice, rows["high"])
    found: NDArray[np.void] = rows[twice[np.minimum(at, len(twice) - 1)] == rows["high"]]
    return found
