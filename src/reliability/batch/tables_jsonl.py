"""JSON Lines by columns: a decoder of fixed fields does what it can vouch for, the rest is read row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa

from reliability.batch.book import KEPT
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch, Unreadable
from reliability.batch.rows import NESTED
from reliability.errors import InputError
from reliability.io.jsonl import row_of_line
from reliability.io.streams import Line, lines
from reliability.io.strict_json import BadJson, parse_json

_KEY = b'":'
_NULL = (b'":null', b'": null')
_N_FIELDS = len(FLAT) + len(NESTED)


class _Fields(msgspec.Struct):
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


_NOTHING = (None,) * len(FLAT)
_EMPTY = b""


class _Raws:
    """Distinct raw values of the nested fields, numbered from 1, with how many keys they hold."""

    def __init__(self) -> None:
        self.code: dict[bytes, int] = {_EMPTY: 0, b"null": 0}
        self.spelled: list[bytes] = [_EMPTY]
        self.keys: list[int] = [0]

    def take(self, raw: bytes) -> int:
        code = self.code.get(raw)
        if code is None:
            code = self.code[raw] = len(self.spelled)
            self.spelled.append(raw)
            self.keys.append(raw.count(_KEY))
        return code

    def value(self, name: str, code: int) -> Any:
        try:
            return parse_json(self.spelled[code].decode("utf-8"))
        except (BadJson, UnicodeDecodeError):
            return Unreadable()


class JsonlTable:
    """A JSON Lines stream as batches."""

    def __init__(self, stream: BinaryIO, where: str, first: int = 1) -> None:
        self._lines = (line for line in lines(stream, where, first=first) if line.data.strip())
        self._where = where
        self._raws = _Raws()
        self._decode = msgspec.json.Decoder(_Fields).decode

    def batches(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time. Raises InputError where there are none, and for a damaged archive at its place."""
        some: list[Line] = []
        empty = True
        try:
            while some := self._some(at_once):
                empty = False
                yield self._batch(some)
                some = []
        except _Broken as broken:
            if broken.before:
                yield self._batch(broken.before)
            raise broken.error from None
        if empty:
            raise InputError(self._where, problem="is empty", remedy="give one JSON object a line")

    def _some(self, at_once: int) -> list[Line]:
        found: list[Line] = []
        try:
            found.extend(islice(self._lines, at_once))
        except InputError as error:
            raise _Broken(found, error) from None
        return found

    def _batch(self, some: list[Line]) -> RawBatch:
        if len(self._raws.spelled) > KEPT:
            self._raws = _Raws()
        raws = self._raws
        suspect = np.zeros(len(some), dtype=bool)
        rows: list[tuple[Any, ...]] = []
        nested: list[tuple[int, int, int]] = []
        take, decode, as_tuple = raws.take, self._decode, msgspec.structs.astuple
        for at, line in enumerate(some):
            data = line.data
            try:
                *texts, chain, quantity, spans = as_tuple(decode(data))
                codes = (take(bytes(chain)), take(bytes(quantity)), take(bytes(spans)))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                suspect[at] = True
                rows.append(_NOTHING)
                nested.append((0, 0, 0))
                continue
            keys = _N_FIELDS - texts.count(None) - codes.count(0) + sum(raws.keys[code] for code in codes)
            if (data.count(_KEY) != keys and not self._has_nulls(data, keys)) or not line.whole:
                suspect[at] = True  # another key, a key twice, or a text with such marks
            rows.append(tuple(texts))
            nested.append(codes)
        columns = list(zip(*rows, strict=True))
        grid = np.array(nested, dtype=np.int64)
        return RawBatch(
            lines=np.array([line.number for line in some], dtype=np.int64),
            texts={name: pa.array(columns[i], type=pa.string()) for i, name in enumerate(FLAT)},
            nested={name: grid[:, i] for i, name in enumerate(NESTED)},
            value=raws.value, suspect=suspect, row=lambda at: row_of_line(some[at]), renewed=raws,
        )  # fmt: skip

    def _has_nulls(self, data: bytes, keys: int) -> bool:
        """Whether the keys that are too many are known ones, each standing once with null."""
        return data.count(_KEY) == keys + _n_null(data)


class _Broken(Exception):
    """A stream that broke off, with the lines before."""

    def __init__(self, before: list[Line], error: InputError) -> None:
        self.before, self.error = before, error
