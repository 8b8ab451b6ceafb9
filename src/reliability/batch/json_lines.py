"""Lines of JSON decoded to records of a report's fields, by a decoder of no more fields than there were so far."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from reliability.batch.json_keys import keys_between
from reliability.batch.raw import FLAT
from reliability.batch.raw_values import UNREADABLE
from reliability.batch.rows import NESTED
from reliability.io.jsonl import row_of_line
from reliability.io.rows import RawRow
from reliability.io.streams import MAX_LINE, Line

_FEED, _RETURN, _OPEN, _CLOSE = b"\n\r{}"
_NAMES = (*FLAT, *NESTED)
Places = NDArray[np.int64]


@lru_cache(maxsize=64)
def _decoder(names: tuple[str, ...], strict: bool) -> msgspec.json.Decoder[Any]:
    """What decodes lines: texts as such, nested fields as they stand. Where `strict`, it raises for other fields."""
    fields = [(name, str | None, None) if name in FLAT else (name, msgspec.Raw, msgspec.Raw()) for name in names]
    return msgspec.json.Decoder(
        msgspec.defstruct("Fields", fields, gc=False, forbid_unknown_fields=strict))  # fmt: skip


_all_raw = msgspec.json.Decoder(msgspec.defstruct("Told", [(n, msgspec.Raw, msgspec.Raw()) for n in _NAMES])).decode


def n_null(data: bytes) -> int:
    """How many of a line's fields are null."""
    return sum(bytes(raw) == b"null" for raw in msgspec.structs.astuple(_all_raw(data)))


@dataclass(frozen=True)
class Lines:
    """Some of the lines that stand one after the other in `whole`, (n,): their `numbers` in the file, from 1, and
    their places, from each's `start` to before its `end`.
    """

    whole: bytes
    numbers: Places
    start: Places
    end: Places

    def __len__(self) -> int:
        return len(self.numbers)

    def data(self, at: int) -> bytes:
        """The bytes of one, with its line feed."""
        return self.whole[self.start[at] : self.end[at]]

    def row(self, at: int) -> RawRow:
        """One as readers of single rows have it."""
        return row_of_line(Line.of(int(self.numbers[at]), self.data(at), MAX_LINE))

    def n_keys(self) -> Places:
        """How many keys stand in each, (n,), as `json_keys` counts them."""
        edges = np.append(self.start, self.end[-1:])
        return keys_between(self.whole, edges)

    def filtered(self, keep: NDArray[np.bool_]) -> Lines:
        """Those to keep."""
        return Lines(self.whole, self.numbers[keep], self.start[keep], self.end[keep])


@dataclass(frozen=True)
class Rows:
    """Lines that are not blank, (n,), and their records, which have fields of some `names`.

    `unread` (n,): lines that are none of these records.
    """

    lines: Lines
    names: tuple[str, ...]
    records: list[Any]
    unread: NDArray[np.bool_]

    def column(self, name: str) -> list[Any] | None:
        """A field of all records, None where none has it."""
        return list(map(attrgetter(name), self.records)) if name in self.names else None


class LineDecoder:
    """Decodes the lines of a stream, whose first one has the number `first`."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._names: tuple[str, ...] = ()

    def rows(self, data: bytes, at_once: int) -> Iterator[Rows]:
        """The lines that come next, some at a time."""
        for lines in _lines(data, self._next, at_once):
            self._next += len(lines)
            if (rows := self._rows(lines)).records:
                yield rows

    def _rows(self, lines: Lines) -> Rows:
        unread = lines.end - lines.start > MAX_LINE
        try:
            return Rows(lines, self._names, _together(lines, _decoder(self._names, True)), unread)
        except UNREADABLE:
            pass
        nothing, found = _decoder(_NAMES, False).decode(b"{}"), _records(lines)
        unread |= np.array([record is None for record in found], dtype=bool)
        filled = ~unread
        filled[unread] = [bool(lines.data(at).strip()) for at in np.flatnonzero(unread).tolist()]
        records = [nothing if record is None else record for record, kept in zip(found, filled, strict=True) if kept]
        rows = Rows(lines.filtered(filled), _NAMES, records, unread[filled])
        self._names = tuple(name for name in _NAMES if name in self._names or _is_given(rows.column(name)))
        return rows


def _lines(data: bytes, first: int, at_once: int) -> Iterator[Lines]:
    """Lines, so many at a time, each part with bytes of its own."""
    seen = np.frombuffer(data, dtype=np.uint8)
    edges = np.append(0, np.flatnonzero(seen == _FEED) + 1)
    if edges[-1] < len(seen):
        edges = np.append(edges, len(seen))
    for at in range(0, len(edges) - 1, at_once):
        mine = edges[at : at + at_once + 1]
        part = data if len(mine) == len(edges) else data[mine[0] : mine[-1]]
        places = mine - mine[0]
        yield Lines(part, np.arange(first + at, first + at + len(mine) - 1), places[:-1], places[1:])


def _together(lines: Lines, decoder: msgspec.json.Decoder[Any]) -> list[Any]:
    """The record of each line. Raises one of UNREADABLE where any is none."""
    if _is_an_object_a_line(lines):
        records = decoder.decode_lines(lines.whole)
        if len(records) == len(lines):
            return records
    return list(map(decoder.decode, io.BytesIO(lines.whole)))


def _is_an_object_a_line(lines: Lines) -> bool:
    """Whether all line feeds are between objects, if lines are JSON at all, and as many as there are objects.

    Within a value no line feed stands between } and {: texts have none, and elsewhere a comma or a colon is between.
    """
    seen = np.frombuffer(lines.whole, dtype=np.uint8)
    last = lines.end[:-1] - 2
    last = np.where(seen[last] == _RETURN, last - 1, last)
    return bool((seen[last] == _CLOSE).all() and (seen[lines.start] == _OPEN).all())


def _is_given(column: list[Any] | None) -> bool:
    return any(value is not None and value != msgspec.Raw() for value in column or [])


def _records(lines: Lines) -> list[Any]:
    """Lines as records of all fields, None for those that are none."""
    decode = _decoder(_NAMES, False).decode
    try:
        return list(map(decode, io.BytesIO(lines.whole)))
    except UNREADABLE:
        return [_record(decode, one) for one in io.BytesIO(lines.whole)]


def _record(decode: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return decode(data)
    except UNREADABLE:
        return None
