"""Bytes from files, packed or not, in bounded memory; what goes wrong is an InputError."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from reliability.errors import InputError
from reliability.io.zst import DamagedZst, zst_stream

Packing = Literal["gz", "zst"]

MAX_LINE = 1_000_000
"""A line longer than this, in bytes, is rejected."""

_A_STRETCH, _A_CHUNK = 1 << 19, 1 << 16
"""A stretch of lines ends after about so many bytes, of which so many are read at a time."""

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

    @classmethod
    def of(cls, number: int, data: bytes, max_line: int) -> Line:
        """A line as it is read where it may have `max_line` bytes."""
        return cls(number, data[: max_line + 1], len(data) <= max_line)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes of some physical lines, one after the other; `first` is the first one's 1-based number.

    Of a line that is longer than the limit the middle may be missing.
    """

    first: int
    data: bytes

    def lines(self, max_line: int = MAX_LINE) -> list[Line]:
        """The lines, split at line feeds alone; a longer one is cut."""
        return [Line.of(number, data, max_line) for number, data in enumerate(io.BytesIO(self.data), start=self.first)]


def stretches(stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> Iterator[Stretch]:
    """The lines of a stream, many at a time, numbered. Raises as `whole_lines`."""
    number = 1
    for data in whole_lines(stream, where, max_line):
        yield Stretch(number, data)
        number += data.count(b"\n")


def whole_lines(stream: BinaryIO, where: str, max_line: int = MAX_LINE, *, begins: bool = True) -> Iterator[bytes]:
    """The bytes of the lines of a stream, many lines at a time; as `Stretch.data`.

    Where the stream `begins` a file, its UTF-8 byte-order mark is dropped. Raises InputError for UTF-16, and, after
    the whole lines before, for a damaged archive.
    """
    for data in _whole_lines(stream, where, max_line):
        if begins:
            refuse_other_encodings(data, where)
            data = data.removeprefix(_BOM)
        begins = False
        yield data


def _whole_lines(stream: BinaryIO, where: str, max_line: int) -> Iterator[bytes]:
    read1 = cast(io.BufferedIOBase, stream).read1  # unlike `read` it gives what stands before a damage
    begun = b""
    while True:
        pieces, n_bytes = [begun], 0
        try:
            with reading(where):
                while n_bytes < _A_STRETCH and (piece := read1(_A_CHUNK)):
                    pieces.append(piece)
                    n_bytes += len(piece)
        except InputError:
            if whole := _cut(pieces)[0]:
                yield whole
            raise
        if n_bytes < _A_STRETCH:  # the end: it is not asked for again, a terminal would have to say so twice
            if data := b"".join(pieces):
                yield data
            return
        whole, begun = _cut(pieces)
        if whole:
            yield whole
        begun = begun[: max_line + 1]  # so much shows that a line is too long


def _cut(pieces: list[bytes]) -> tuple[bytes, bytes]:
    """The bytes up to the last line feed, and those after it."""
    for at in reversed(range(len(pieces))):
        if end := pieces[at].rfind(b"\n") + 1:
            return b"".join([*pieces[:at], pieces[at][:end]]), b"".join([pieces[at][end:], *pieces[at + 1 :]])
    return b"", b"".join(pieces)


def lines(stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> Iterator[Line]:
    """The lines of a stream, one by one. Raises as `stretches`."""
    for stretch in stretches(stream, where, max_line):
        yield from stretch.lines(max_line)
