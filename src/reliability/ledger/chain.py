"""The entries: one append-only file, each line sealed and naming the one before.

A line stands in `pending.jsonl` before it is appended, so that what a killed writer left half written is completed by
the next one, and told from a file that somebody cut off.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import LedgerError
from reliability.ledger.entry import FIRST, MAX_LINE, Entry, NoEntry, entry_of, opened, sealed

NAME, PENDING = "entries.jsonl", "pending.jsonl"
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: where it starts, its bytes, and (once it was opened) its body and hash."""

    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """Where the next line starts."""
        return self.offset + len(self.data)


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its hash, and where its line stands."""

    entry: Entry
    hash: str
    line: Line


class Chain:
    """The file of entries in a ledger's folder. Writing is for one at a time: the caller holds the lock on `path`."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.pending = folder / PENDING

    def last(self) -> Placed | None:
        """The last entry; None in an empty file. Raises LedgerError where the last line is none."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = _line_start(file.fileno(), size)
            return None if size == 0 else self._placed(Line(start, os.pread(file.fileno(), size - start, start)))

    def at(self, offset: int, length: int) -> Placed:
        """The entry whose line stands at a place. Raises LedgerError where none does."""
        with self.path.open("rb") as file:
            data = os.pread(file.fileno(), min(length, MAX_LINE), offset) if min(offset, length) >= 0 else b""
            return self._placed(Line(offset, data))

    def lines(self, start: int = 0) -> Iterator[Line]:
        """The lines from a place on, up to what is the end as reading begins."""
        with self.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(start)
            while start < size and (data := file.readline(MAX_LINE)):
                yield Line(start, data)
                start += len(data)

    def entries(self, start: int = 0) -> Iterator[Placed]:
        """The entries from a place on. Raises LedgerError at a line that is none."""
        return map(self._placed, self.lines(start))

    def whole(self, start: int = 0) -> Iterator[Placed]:
        """The same without a piece of a line at the end, which another process may be writing."""
        return (self._placed(line) for line in self.lines(start) if line.data.endswith(b"\n"))

    def append(self, make: Callable[[int, str], Entry], last: Placed | None) -> Placed:
        """Appends the entry that `make` makes of its number and the hash before it; it is on disk when this returns.

        The caller holds the lock, has called `recover`, and gives the last entry.
        """
        entry = make(1 if last is None else last.entry.seq + 1, FIRST if last is None else last.hash)
        data = sealed(entry)
        if len(data) > MAX_LINE:
            raise LedgerError(
                self.path, problem=f"an entry of {len(data):,} bytes", remedy="record fewer files at once"
            )
        end = 0 if last is None else last.line.end
        _write(self.pending, os.O_CREAT | os.O_TRUNC, data)
        _write(self.path, os.O_APPEND, data)
        self.pending.unlink()
        return Placed(entry, opened(data)[1], Line(end, data))

    def recover(self) -> None:
        """Completes what a killed writer began to append, and forgets what it did not. The caller holds the lock.

        Raises LedgerError for an end that no writer left.
        """
        torn, rest = self.unfinished()
        if torn and rest is None:
            raise LedgerError(self.path, problem="ends in the middle of an entry that no writer left unfinished",
                              remedy="`audit verify` says where")  # fmt: skip
        if torn and rest:
            _write(self.path, os.O_APPEND, rest)
        self.pending.unlink(missing_ok=True)

    def unfinished(self) -> tuple[bytes, bytes | None]:
        """The piece of a line at the end of the file, and what its writer had still to append (None: nobody knows)."""
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = _line_start(file.fileno(), size, whole=False)
            torn = os.pread(file.fileno(), size - start, start)
        try:
            data = self.pending.read_bytes() if self.pending.is_file() else b""  # a pipe would never end
            opened(data)
        except (OSError, NoEntry):
            return torn, None
        return torn, data[len(torn) :] if data.startswith(torn) else None

    def _placed(self, line: Line) -> Placed:
        try:
            body, digest = opened(line.data)
            return Placed(entry_of(body), digest, line)
        except NoEntry as error:
            raise LedgerError(f"{self.path}: the line at byte {line.offset:,}", problem=str(error),
                              remedy="`audit verify` says what was altered") from None  # fmt: skip


def _line_start(descriptor: int, size: int, *, whole: bool = True) -> int:
    """Where the last line starts: the last whole one, or (`whole` False) what stands after the last line feed."""
    end = size - 1 if whole else size
    while end > 0:
        begin = max(0, end - _PIECE)
        at = os.pread(descriptor, end - begin, begin).rfind(b"\n")
        if at >= 0:
            return begin + at + 1
        end = begin
    return 0


def _write(path: Path, flags: int, data: bytes) -> None:
    """Writes all of the data, to disk; never through a link, which could lead to any file at all."""
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | flags, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
