"""Bytes from files, packed or not, in bounded memory; what goes wrong is an InputError."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, cast

from reliability.errors import InputError
from reliability.io.zst import DamagedZst, zst_stream

Packing = Literal["gz", "zst"]

MAX_LINE = 1_000_000
"""A line longer than this, in bytes, is rejected."""

_A_BLOCK, _PIECES = 1 << 25, 1 << 8
"""A block of lines ends after so many bytes; it is looked at after so many pieces."""

_BOM = b"\xef\xbb\xbf"
_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAVE_AS_UTF8 = "save it as UTF-8"


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Whatever the file system or a damaged archive raises inside is an InputError that names the file."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(where, problem="no such file", remedy="check the path") from None
    except IsADirectoryError:
        raise InputError(where, problem="is a folder, not a file", remedy="name a file in it") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(where, problem=f"is a damaged .gz file ({error})", remedy="unpack or fetch it again") from None
    except DamagedZst as error:
        problem = f"is a damaged .zst file ({error})"
        raise InputError(where, problem=problem, remedy="unpack or fetch it again") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(where, problem=f"can't be read ({reason})", remedy="check the path and its rights") from None


@contextmanager
def opened(path: Path, *, packed: Packing | None) -> Iterator[BinaryIO]:
    """A file's bytes, unpacked where `packed` says how. Raises InputError when it can't be opened."""
    where = str(path)
    with reading(where):
        file = path.open("rb")
    with file:
        yield unpacked(file, packed) if packed else file


def unpacked(stream: BinaryIO, packing: Packing) -> BinaryIO:
    """A stream's bytes, unpacked. Raises MissingExtra for .zst without its package."""
    if packing == "zst":
        return zst_stream(stream)
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))


def read_bounded(stream: BinaryIO, limit: int, where: str) -> bytes | None:
    """All bytes of a stream, or None when there are more than `limit`: no more are ever held."""
    parts: list[bytes] = []
    left = limit + 1
    with reading(where):
        while left > 0 and (part := stream.read(min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    return None if left <= 0 else b"".join(parts)


def decoded(data: bytes, where: str) -> str:
    """UTF-8 bytes as text: a byte-order mark is dropped, line breaks stay as they are.

    Raises InputError for binary data (NUL bytes), UTF-16 or UTF-32, and bytes that are not UTF-8 (with the offset).
    """
    refuse_other_encodings(data, where)
    if (at := data.find(b"\0")) >= 0:
        raise InputError(where, problem=f"is binary: a NUL byte at offset {at:,}", remedy="give a text file")
    start = len(_BOM) if data.startswith(_BOM) else 0
    try:
        return data[start:].decode("utf-8")
    except UnicodeDecodeError as error:
        offset = start + error.start
        raise InputError(where, problem=f"is not UTF-8 at byte offset {offset:,}", remedy=_SAVE_AS_UTF8) from None


def refuse_other_encodings(data: bytes, where: str) -> None:
    """Raises InputError when data starts with the byte-order mark of UTF-16 or UTF-32."""
    if data.startswith(_UTF_16_OR_32):
        raise InputError(where, problem="is UTF-16 or UTF-32, not UTF-8", remedy=_SAVE_AS_UTF8)


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line with its 1-based number and its line break; `whole` is False when it was cut at the limit."""

    number: int
    data: bytes
    whole: bool = True


@dataclass(frozen=True)
class Block:
    """Some physical lines, one after the other, with their line breaks: the first one's 1-based number, their bytes,
    and the places among them of those that were cut at the limit.
    """

    first: int
    data: list[bytes]
    cut: frozenset[int]

    def lines(self) -> list[Line]:
        """The same, line by line."""
        return [Line(self.first + at, data, at not in self.cut) for at, data in enumerate(self.data)]


class BrokenOff(Exception):
    """A stream that broke off: the lines before, and why."""

    def __init__(self, before: Block, error: InputError) -> None:
        self.before, self.error = before, error


class LineReader:
    """The lines of a stream, split at line feeds alone; a longer one is cut, and its rest skipped.

    `first` is the number of the stream's first line, where it is a part of a file. A UTF-8 byte-order mark at the
    file's start is dropped.
    """

    def __init__(self, stream: BinaryIO, where: str, max_line: int = MAX_LINE, first: int = 1) -> None:
        self._stream, self._where, self._max = stream, where, max_line
        self._next, self._over = first, False

    def block(self, at_most: int) -> Block:
        """The next lines, none at the end; fewer than asked for where they are long.

        Raises BrokenOff for UTF-16, and for a damaged archive.
        """
        first, pieces = self._next, list[bytes]()
        next_piece = iter(partial(self._stream.readline, self._max + 1), b"")
        try:
            with reading(self._where):
                n_bytes = 0
                while not self._over and n_bytes < _A_BLOCK and (some := min(_PIECES, at_most - len(pieces))):
                    begun = len(pieces)
                    pieces.extend(islice(next_piece, some))
                    n_bytes += sum(map(len, pieces[begun:]))
                    self._over = len(pieces) - begun < some  # a terminal would have to say so twice
                block, goes_on = self._joined(pieces)
                while goes_on and (rest := self._stream.readline(1 << 20)):
                    goes_on = not rest.endswith(b"\n")
        except InputError as error:
            raise BrokenOff(self._joined(pieces)[0], error) from None
        if first == 1 and block.data:
            try:
                refuse_other_encodings(block.data[0], self._where)
            except InputError as error:
                raise BrokenOff(Block(first, [], frozenset()), error) from None
            block.data[0] = block.data[0].removeprefix(_BOM)
        self._next += len(block.data)
        return block

    def _joined(self, pieces: list[bytes]) -> tuple[Block, bool]:
        """The lines that pieces make, and whether the last one goes on.

        A piece of the greatest length is all that is kept of its line: those after it, up to a line feed, are dropped.
        """
        limit = self._max + 1
        if max(map(len, pieces), default=0) < limit:
            return Block(self._next, pieces, frozenset()), False
        found, cut, goes_on = list[bytes](), set[int](), False
        for piece in pieces:
            if not goes_on:
                if len(piece) == limit:
                    cut.add(len(found))
                found.append(piece)
                goes_on = len(piece) == limit
            goes_on = goes_on and not piece.endswith(b"\n")
        return Block(self._next, found, frozenset(cut)), goes_on


def lines(stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> Iterator[Line]:
    """The lines of a stream, one by one, as LineReader has them.

    Raises InputError for UTF-16, and for a damaged archive.
    """
    reader = LineReader(stream, where, max_line)
    try:
        while some := reader.block(_PIECES).lines():
            yield from some
    except BrokenOff as broken:
        yield from broken.before.lines()
        raise broken.error from None
