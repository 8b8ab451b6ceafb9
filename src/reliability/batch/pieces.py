"""Parts of tables that tasks read on their own: row groups of Parquet, stretches of JSON Lines, else whole files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from pathlib import Path
from typing import BinaryIO

from reliability.batch.raw import RawBatch
from reliability.batch.readers import Readers
from reliability.errors import InputError
from reliability.io.kinds import TABLES, InputFile, PluggedFile
from reliability.io.parquet import parquet_file
from reliability.io.rows import Reject
from reliability.io.streams import MAX_LINE, Packing, opened

LEAST_BYTES, MOST_BYTES, A_RUN = 4_000_000, 64_000_000, 32
"""A piece's size: about so many to a run, within these bounds."""
_NOT_BLANK = re.compile(rb"\S")
_BOM = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


@dataclass(frozen=True)
class Piece:
    """What one task reads of a file: all of it, row groups `start` to `end`, or lines that begin from byte to byte.

    `number` is the file's among the run's names, `name` what messages call it, `path` where every task finds it;
    `first` is the number of the file's line at `start`, less one; `size` about how many of the file's bytes it has.
    """

    number: int
    name: str
    path: str
    kind: str
    packed: Packing | None = None
    start: int = 0
    end: int | None = None
    first: int = 0
    size: int = 0


def pieces_of(files: Sequence[InputFile | PluggedFile], first: int) -> list[Piece]:
    """The pieces of all tables, in the order of their places; `first` is the number of the first file."""
    tables = [(first + at, file) for at, file in enumerate(files) if file.kind in TABLES]
    size = sum(_size(file) for _, file in tables)
    a_piece = min(max(size // A_RUN, LEAST_BYTES), MOST_BYTES)
    return [piece for number, file in tables for piece in _of_file(number, file, a_piece)]


def _of_file(number: int, file: InputFile | PluggedFile, a_piece: int) -> Iterator[Piece]:
    assert file.path is not None, "standard input is for local runs"
    path = file.path.absolute()
    whole = Piece(number, file.name, str(path), str(file.kind), file.packed, size=_size(file))
    if file.packed or not path.is_file():
        yield whole
    elif file.kind == "parquet":
        yield from _groups(whole, a_piece)
    elif file.kind == "jsonl" and path.stat().st_size > a_piece and _has_lines(path):
        for start in range(0, whole.size, a_piece):
            end = min(start + a_piece, whole.size)
            yield replace(whole, start=start, end=end, size=end - start)
    else:
        yield whole


def _groups(whole: Piece, a_piece: int) -> Iterator[Piece]:
    try:
        with opened(Path(whole.path), packed=None) as stream:
            about = parquet_file(stream, whole.name).metadata
    except InputError:  # whoever reads it says why
        yield whole
        return
    start, held = 0, 0
    for group in range(about.num_row_groups):
        held += about.row_group(group).total_byte_size
        if held >= a_piece or group == about.num_row_groups - 1:
            share = whole.size * (group + 1 - start) // about.num_row_groups
            yield replace(whole, start=start, end=group + 1, size=share)
            start, held = group + 1, 0


def _has_lines(path: Path) -> bool:
    """Whether a file can be read in stretches: not where it is blank, or no UTF-8, which is said of the whole."""
    with path.open("rb") as file:
        data = file.read(1 << 20)
        if data.startswith(_OTHER_ENCODINGS):
            return False
        data = data.removeprefix(_BOM)
        while data and not _NOT_BLANK.search(data):
            data = file.read(1 << 20)
    return bool(data)


def _size(file: InputFile | PluggedFile) -> int:
    return 0 if file.path is None or not file.path.is_file() else file.path.stat().st_size


def numbered(pieces: Sequence[Piece], count: Callable[[list[Piece]], Sequence[int]]) -> list[Piece]:
    """Pieces of lines with the number of their first line, less one; `count` says how many lines each of some has."""
    found = list(pieces)
    parts = [at for at, one in enumerate(pieces) if one.kind == "jsonl" and one.end is not None]
    lines = dict(zip(parts, count([pieces[at] for at in parts]), strict=True)) if parts else {}
    for _, mine in groupby(parts, key=lambda at: pieces[at].number):
        of_file = list(mine)
        before = accumulate((lines[at] for at in of_file[:-1]), initial=0)
        for at, first in zip(of_file, before, strict=True):
            found[at] = replace(pieces[at], first=first)
    return found


def n_lines(piece: Piece) -> int:
    """How many line feeds stand in a piece of lines."""
    assert piece.end is not None
    found, left = 0, piece.end - piece.start
    with Path(piece.path).open("rb") as file:
        file.seek(piece.start)
        while left and (data := file.read(min(left, 1 << 22))):
            found += data.count(b"\n")
            left -= len(data)
    return found


def batches_of(piece: Piece, readers: Readers) -> Iterator[RawBatch | Reject]:
    """A piece's rows, as the reader of its kind gives them; lines have the numbers that they have in the file.

    Raises InputError as that reader does.
    """
    if piece.kind == "jsonl" and piece.end is not None:
        stretch, before = _stretch(piece)
        if _NOT_BLANK.search(stretch.getvalue().removeprefix(_BOM if piece.start == 0 else b"")):
            yield from readers.batches("jsonl", stretch, piece.name, first=1 + piece.first + before)
        return
    with opened(Path(piece.path), packed=piece.packed) as stream:
        groups = None if piece.end is None else range(piece.start, piece.end)
        yield from readers.batches(piece.kind, stream, piece.name, groups=groups)


def _stretch(piece: Piece) -> tuple[io.BytesIO, int]:
    """The lines that begin within a piece, and how many lines the bytes before them end."""
    assert piece.end is not None
    with opened(Path(piece.path), packed=None) as file:
        begin = max(piece.start - 1, 0)
        file.seek(begin)
        data = file.read(piece.end - begin)
        skipped = data.find(b"\n") + 1 if piece.start else 0
        if piece.start and not skipped:
            return io.BytesIO(), 0
        before = data.count(b"\n", 1, skipped) if piece.start else 0
        rest = b"" if data.endswith(b"\n") else _rest_of_line(file)
        if skipped == len(data):
            return io.BytesIO(), 0
        return io.BytesIO(data[skipped:] + rest), before


def _rest_of_line(file: BinaryIO) -> bytes:
    """What is left of the line in which a piece ends; of one that is too long only so much that this is seen."""
    return file.readline(MAX_LINE + 2)
