"""JSON Lines by columns: a decoder of fixed fields does what it can vouch for, the rest is read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import attrgetter
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.batch.book import KEPT
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch, Unreadable
from reliability.batch.rows import NESTED
from reliability.errors import InputError
from reliability.io.jsonl import row_of_line
from reliability.io.rows import RawRow
from reliability.io.streams import Block, BrokenOff, Line, LineReader
from reliability.io.strict_json import BadJson, parse_json

_KEY = b'":'


class _Fields(msgspec.Struct, gc=False):
    """A report's fields: texts as such, nested ones as they stand."""

    id: str | None = None
    claim: str | None = None
    text: str | None = None
    kind: str | None = None
    stance: str | None = None
    question: str | None = None
    alternative: str | None = None
    article: str | None = None
    published: str | None = None
    event: str | None = None
    provenance: msgspec.Raw = msgspec.Raw()
    quantity: msgspec.Raw = msgspec.Raw()
    spans: msgspec.Raw = msgspec.Raw()


_Told = msgspec.defstruct("_Told", [(name, msgspec.Raw, msgspec.Raw()) for name in _Fields.__struct_fields__])
_told = msgspec.json.Decoder(_Told).decode


def _n_null(data: bytes) -> int:
    """How many of a row's fields are null."""
    return sum(bytes(raw) == b"null" for raw in msgspec.structs.astuple(_told(data)))


_decode = msgspec.json.Decoder(_Fields).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_NOTHING = _Fields()
_EMPTY = b""


def parsed(raw: Any) -> Any:
    """What raw JSON says, read strictly."""
    try:
        return parse_json(raw.decode("utf-8"))
    except (BadJson, UnicodeDecodeError):
        return Unreadable()


class _Codes(dict[bytes, int]):
    """Numbers of distinct raw values, from 1: one that was not there gets the next, and is spelled and counted."""

    def __init__(self) -> None:
        super().__init__({_EMPTY: 0, b"null": 0})
        self.spelled: list[bytes] = [_EMPTY]
        self.n_keys: list[int] = [0]

    def __missing__(self, raw: bytes) -> int:
        code = self[raw] = len(self.spelled)
        self.spelled.append(raw)
        self.n_keys.append(raw.count(_KEY))
        return code


class _Raws:
    """Distinct raw values of the nested fields, with how many keys they hold."""

    def __init__(self) -> None:
        self._codes = _Codes()

    def __len__(self) -> int:
        return len(self._codes.spelled)

    def codes(self, values: Sequence[msgspec.Raw]) -> NDArray[np.int64]:
        """The code of each value, (n,)."""
        spelled = list(map(bytes, values))
        if not any(spelled):
            return np.zeros(len(spelled), dtype=np.int64)
        return np.array(list(map(self._codes.__getitem__, spelled)), dtype=np.int64)

    def keys_of(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many keys each value holds, (n,)."""
        found: NDArray[np.int64] = np.array(self._codes.n_keys, dtype=np.int64)[codes]
        return found

    def value(self, name: str, code: int) -> Any:
        """What the value of a code says, as JSON has it."""
        return parsed(self._codes.spelled[code])

    def links(self, codes: Sequence[int]) -> list[Sequence[bytes] | None]:
        """The raw links of each chain, None for what is no list."""
        return [self._links(self._codes.spelled[code]) for code in codes]

    def _links(self, raw: bytes) -> Sequence[bytes] | None:
        try:
            return list(map(bytes, _split(raw)))
        except _UNREADABLE:
            return None


class JsonlTable:
    """A JSON Lines stream as batches."""

    def __init__(self, stream: BinaryIO, where: str, first: int = 1) -> None:
        self._reader = LineReader(stream, where, first=first)
        self._where = where
        self._raws = _Raws()

    def batches(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time. Raises InputError where there are none, and for a damaged archive at its place."""
        empty = True
        try:
            while (block := self._reader.block(at_once)).data:
                if (rows := _Rows.of(block)).data:
                    empty = False
                    yield self._batch(rows)
        except BrokenOff as broken:
            if (rows := _Rows.of(broken.before)).data:
                yield self._batch(rows)
            raise broken.error from None
        if empty:
            raise InputError(self._where, problem="is empty", remedy="give one JSON object a line")

    def _batch(self, rows: _Rows) -> RawBatch:
        if len(self._raws) > KEPT:
            self._raws = _Raws()
        raws, data, suspect = self._raws, rows.data, rows.unread.copy()
        texts = {name: pa.array(rows.column(name), type=pa.string()) for name in FLAT}
        nested = {name: raws.codes(rows.column(name)) for name in NESTED}
        keys = sum(column.is_valid().to_numpy(zero_copy_only=False).astype(np.int64) for column in texts.values())
        keys = keys + sum((codes > 0) + raws.keys_of(codes) for codes in nested.values())
        given = np.array([one.count(_KEY) for one in data], dtype=np.int64)
        for at in np.flatnonzero((given != keys) & ~suspect).tolist():
            if given[at] != keys[at] + _n_null(data[at]):
                suspect[at] = True  # another key, a key twice, or a text with such marks
        return RawBatch(
            lines=rows.numbers, texts=texts, nested=nested, value=raws.value, suspect=suspect, row=rows.row,
            renewed=raws, links=raws.links, link=parsed,
        )  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    """Lines that are not blank: numbers (n,), bytes, records, and which are no records of fixed fields (n,)."""

    numbers: NDArray[np.int64]
    data: list[bytes]
    records: list[_Fields]
    cut: frozenset[int]
    unread: NDArray[np.bool_]

    @classmethod
    def of(cls, block: Block) -> _Rows:
        data, records = block.data, _records(block.data)
        numbers = block.first + np.arange(len(data), dtype=np.int64)
        odd = [at for at, record in enumerate(records) if record is None]
        unread = np.zeros(len(data), dtype=bool)
        unread[odd] = True
        unread[sorted(block.cut)] = True
        filled = np.ones(len(data), dtype=bool)
        filled[[at for at in odd if not data[at].strip()]] = False
        if not filled.all():
            data, records = list(compress(data, filled)), list(compress(records, filled))
        cut = frozenset(int(filled[:at].sum()) for at in block.cut)
        whole = (
            [_NOTHING if record is None else record for record in records] if odd else cast("list[_Fields]", records)
        )
        return cls(numbers[filled], data, whole, cut, unread[filled])

    def column(self, name: str) -> list[Any]:
        """A field of all records."""
        return list(map(attrgetter(name), self.records))

    def row(self, at: int) -> RawRow:
        """One as readers of single rows have it."""
        return row_of_line(Line(int(self.numbers[at]), self.data[at], at not in self.cut))


def _records(data: list[bytes]) -> list[_Fields | None]:
    """Lines as records, None for those that are none of fixed fields."""
    try:
        return list(map(_decode, data))
    except _UNREADABLE:
        return [_record(one) for one in data]


def _record(data: bytes) -> _Fields | None:
    try:
        return _decode(data)
    except _UNREADABLE:
        return None
