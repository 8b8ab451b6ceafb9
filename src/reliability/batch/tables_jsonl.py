"""JSON Lines by columns: a decoder of fixed fields does what it can vouch for, the rest is read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.batch.book import KEPT
from reliability.batch.interning import Codes
from reliability.batch.json_lines import UNREADABLE, LineDecoder, Rows, n_null
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch, Unreadable
from reliability.batch.rows import NESTED
from reliability.errors import InputError
from reliability.io.streams import stretches
from reliability.io.strict_json import BadJson, parse_json

_KEY = b'":'
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
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

    def codes(self, values: Sequence[msgspec.Raw]) -> Codes:
        """The code of each value, (n,)."""
        return np.array(list(map(self._codes.__getitem__, map(bytes, values))), dtype=np.int64)

    def keys_of(self, codes: Codes) -> Codes:
        """How many keys stand for and in each value, (n,)."""
        found: Codes = np.array(self._codes.n_keys, dtype=np.int64)[codes] + (codes > 0)
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
        except UNREADABLE:
            return None


class JsonlTable:
    """A JSON Lines stream as batches."""

    def __init__(self, stream: BinaryIO, where: str, first: int = 1) -> None:
        self._stretches = stretches(stream, where, first=first)
        self._where = where
        self._lines = LineDecoder()
        self._raws = _Raws()

    def batches(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time. Raises InputError where there are none, and for a damaged archive at its place."""
        empty = True
        for stretch in self._stretches:
            for rows in self._lines.rows(stretch, at_once):
                empty = False
                yield self._batch(rows)
        if empty:
            raise InputError(self._where, problem="is empty", remedy="give one JSON object a line")

    def _batch(self, rows: Rows) -> RawBatch:
        if len(self._raws) > KEPT:
            self._raws = _Raws()
        raws, n = self._raws, len(rows.data)
        texts = {name: pa.nulls(n, pa.string()) if column is None else pa.array(column, type=pa.string())
                 for name in FLAT for column in [rows.column(name)]}  # fmt: skip
        nested = {name: np.zeros(n, dtype=np.int64) if column is None else raws.codes(column)
                  for name in NESTED for column in [rows.column(name)]}  # fmt: skip
        suspect = _suspect(rows, raws, texts, nested)
        return RawBatch(
            lines=rows.numbers, texts=texts, nested=nested, value=raws.value, suspect=suspect, row=rows.row,
            renewed=raws, links=raws.links, link=parsed,
        )  # fmt: skip


def _suspect(rows: Rows, raws: _Raws, texts: dict[str, pa.StringArray], nested: dict[str, Codes]) -> NDArray[np.bool_]:
    """Lines whose keys are not those of their records, (n,): another key, a key twice, or a text that looks so.

    No line has fewer keys than its record where blanks stand before none; then the sums of both tell.
    """
    in_values = sum(raws.keys_of(codes) for codes in nested.values() if codes.any())
    n_known = sum(len(column) - column.null_count for column in texts.values()) + int(np.sum(in_values))
    suspect = rows.unread.copy()
    if rows.n_keys() == n_known:
        return suspect
    keys = sum(column.is_valid().to_numpy(zero_copy_only=False).astype(np.int64) for column in texts.values())
    keys = keys + in_values
    given = np.array([one.count(_KEY) for one in rows.data], dtype=np.int64)
    for at in np.flatnonzero((given != keys) & ~suspect).tolist():
        if given[at] != keys[at] + n_null(rows.data[at]):
            suspect[at] = True
    return suspect
