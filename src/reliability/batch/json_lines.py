"""Lines of JSON decoded to records of a report's fields, by a decoder of no more fields than there were so far."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from reliability.batch.raw import FLAT
from reliability.batch.rows import NESTED
from reliability.io.jsonl import row_of_line
from reliability.io.rows import RawRow
from reliability.io.streams import MAX_LINE, Line, Stretch

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What a decoder raises."""

_COLON, _QUOTE, _SPACE = b':" '
_NAMES = (*FLAT, *NESTED)


@lru_cache(maxsize=64)
def _decoder(names: tuple[str, ...], strict: bool) -> Callable[[bytes], Any]:
    """What decodes a line: texts as such, nested fields as they stand. Where `strict`, it raises for other fields."""
    fields = [(name, str | None, None) if name in FLAT else (name, msgspec.Raw, msgspec.Raw()) for name in names]
    return msgspec.json.Decoder(
        msgspec.defstruct("Fields", fields, gc=False, forbid_unknown_fields=strict)).decode  # fmt: skip


_all_raw = msgspec.json.Decoder(msgspec.defstruct("Told", [(n, msgspec.Raw, msgspec.Raw()) for n in _NAMES])).decode


def n_null(data: bytes) -> int:
    """How many of a line's fields are null."""
    return sum(bytes(raw) == b"null" for raw in msgspec.structs.astuple(_all_raw(data)))


@dataclass(frozen=True)
class Rows:
    """Lines that are not blank, (n,): `data` and `numbers`, and their records, which have fields of some `names`.

    `unread` (n,): lines that are none of these records. `whole` are the bytes of all, with blank ones between.
    """

    whole: bytes
    numbers: NDArray[np.int64]
    data: list[bytes]
    names: tuple[str, ...]
    records: list[Any]
    unread: NDArray[np.bool_]

    def column(self, name: str) -> list[Any] | None:
        """A field of all records, None where none has it."""
        return list(map(attrgetter(name), self.records)) if name in self.names else None

    def row(self, at: int) -> RawRow:
        """One as readers of single rows have it."""
        return row_of_line(Line.of(int(self.numbers[at]), self.data[at], MAX_LINE))

    def n_keys(self) -> int | None:
        """How many keys stand in all lines, None where blanks before colons make that hard to say.

        Texts with a quotation mark before a colon count too.
        """
        data = np.frombuffer(self.whole, dtype=np.uint8)
        before = data[np.flatnonzero(data == _COLON) - 1]
        return None if (before <= _SPACE).any() else int(np.count_nonzero(before == _QUOTE))


class LineDecoder:
    """Decodes the lines of a stream."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()

    def rows(self, stretch: Stretch, at_once: int) -> Iterator[Rows]:
        """The lines of a stretch, some at a time."""
        lines = list(io.BytesIO(stretch.data))
        for at in range(0, len(lines), at_once):
            some = lines[at : at + at_once]
            whole = stretch.data if len(some) == len(lines) else b"".join(some)
            if (rows := self._rows(stretch.first + at, some, whole)).data:
                yield rows

    def _rows(self, first: int, data: list[bytes], whole: bytes) -> Rows:
        numbers = first + np.arange(len(data), dtype=np.int64)
        unread = np.zeros(len(data), dtype=bool)
        if max(map(len, data)) > MAX_LINE:
            unread[[at for at, line in enumerate(data) if len(line) > MAX_LINE]] = True
        try:
            return Rows(whole, numbers, data, self._names, list(map(_decoder(self._names, True), data)), unread)
        except UNREADABLE:
            pass
        nothing, records = _decoder(_NAMES, False)(b"{}"), _records(data)
        odd = [at for at, record in enumerate(records) if record is None]
        unread[odd] = True
        filled = np.ones(len(data), dtype=bool)
        filled[[at for at in odd if not data[at].strip()]] = False
        data, records = list(compress(data, filled)), list(compress(records, filled))
        whole_records = [nothing if record is None else record for record in records]
        found = Rows(whole, numbers[filled], data, _NAMES, whole_records, unread[filled])
        self._names = tuple(name for name in _NAMES if name in self._names or _is_given(found.column(name)))
        return found


def _is_given(column: list[Any] | None) -> bool:
    return any(value is not None and value != msgspec.Raw() for value in column or [])


def _records(data: list[bytes]) -> list[Any]:
    """Lines as records of all fields, None for those that are none."""
    decode = _decoder(_NAMES, False)
    try:
        return list(map(decode, data))
    except UNREADABLE:
        return [_record(decode, one) for one in data]


def _record(decode: Callable[[bytes], Any], data: bytes) -> Any:
    try:
        return decode(data)
    except UNREADABLE:
        return None
