"""Nested Arrow columns as codes of their distinct values, exactly and over many batches.

Chains repeat: each distinct one is validated once, however many reports it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Codes = NDArray[np.int64]
NULL = 0
"""The code of what is null, in every interner."""


class Leaves:
    """Distinct plain values (texts, numbers, truth values), numbered from 1 in the order in which they come."""

    def __init__(self) -> None:
        self._code: dict[Any, int] = {}
        self._values: list[Any] = [None]

    def codes(self, column: pa.Array) -> Codes:
        """The code of each value, (n,)."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        values = column.dictionary.to_pylist()
        if pa.types.is_string(column.dictionary.type):
            get = self._code.get
            found = [get(value, NULL) for value in values]
            values = [value if code == NULL else None for value, code in zip(values, found, strict=True)]
            found = [code or self.code(value) for value, code in zip(values, found, strict=True)]
        else:
            found = [self.code(value) for value in values]
        at = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        codes: Codes = np.array([NULL, *found], dtype=np.int64)[at.astype(np.int64) + 1]
        return codes

    def code(self, value: Any) -> int:
        """The code of one value; 1, 1.0 and true are three."""
        if value is None:
            return NULL
        key = (type(value).__name__, value) if isinstance(value, bool | int | float) else value
        found = self._code.get(key)
        if found is None:
            found = self._code[key] = len(self._values)
            self._values.append(value)
        return found

    def value(self, code: int) -> Any:
        """The value that a code stands for."""
        return self._values[code]

    def __len__(self) -> int:
        return len(self._values)


class Pairs:
    """Distinct pairs of codes, numbered from 1: sequences and structs are folded into one code with them."""

    _HALF = 31

    def __init__(self) -> None:
        self._packed = np.zeros(0, dtype=np.int64)
        """Known pairs in order, and their codes."""
        self._codes = np.zeros(0, dtype=np.int64)
        self._in_turn = np.zeros(1, dtype=np.int64)
        """Pairs by code, with room to spare."""
        self._n = 0

    def codes(self, first: Codes, second: Codes) -> Codes:
        """The code of each pair, (n,): never NULL."""
        coded = pa.array((first << self._HALF) | second).dictionary_encode()
        given = coded.dictionary.to_numpy()
        at = np.searchsorted(self._packed, given)
        known = at < len(self._packed)
        known[known] = self._packed[at[known]] == given[known]
        new = given[~known]
        if new.size:
            self._take_in(new)
            at = np.searchsorted(self._packed, given)
        found: Codes = self._codes[at][coded.indices.to_numpy()]
        return found

    def _take_in(self, new: Codes) -> None:
        codes = np.arange(self._n + 1, self._n + 1 + len(new))
        self._n += len(new)
        if self._n >= len(self._in_turn):
            self._in_turn = np.concatenate([self._in_turn, np.zeros(self._n + 1, dtype=np.int64)])
        self._in_turn[codes] = new
        packed = np.concatenate([self._packed, new])
        order = np.argsort(packed, kind="stable")
        self._packed, self._codes = packed[order], np.concatenate([self._codes, codes])[order]

    def values(self, codes: Codes) -> tuple[Codes, Codes]:
        """The pairs that codes stand for, (n,) each."""
        packed = self._in_turn[codes]
        return packed >> self._HALF, packed & ((1 << self._HALF) - 1)

    def value(self, code: int) -> tuple[int, int]:
        """The pair that a code stands for."""
        packed = int(self._in_turn[code])
        return packed >> self._HALF, packed & ((1 << self._HALF) - 1)

    def __len__(self) -> int:
        return self._n


class Structs:
    """Distinct structs, by their fields."""

    def __init__(self, kind: pa.StructType) -> None:
        self._names = [kind.field(i).name for i in range(kind.num_fields)]
        self._fields = [interner(kind.field(i).type) for i in range(kind.num_fields)]
        self._pairs = Pairs()

    def codes(self, column: pa.Array) -> Codes:
        """The code of each struct, (n,)."""
        found = np.zeros(len(column), dtype=np.int64)
        for place, field in enumerate(self._fields):
            found = self._pairs.codes(found, field.codes(pc.struct_field(column, [place])))
        if column.null_count:
            found[column.is_null().to_numpy(zero_copy_only=False)] = NULL
        return found

    def value(self, code: int) -> Any:
        """The struct that a code stands for, as a dict."""
        if code == NULL:
            return None
        values = []
        for field in reversed(self._fields):
            code, last = self._pairs.value(code)
            values.append(field.value(last))
        return dict(zip(self._names, reversed(values), strict=True))

    def __len__(self) -> int:
        return len(self._pairs) + sum(map(len, self._fields))


class Lists:
    """Distinct lists, by their items; of maps too, whose items are key and value."""

    def __init__(self, kind: Any) -> None:
        self._is_map = pa.types.is_map(kind)
        if self._is_map:
            kind = pa.list_(pa.struct([("key", kind.key_type), ("value", kind.item_type)]))
        self._items: Any = interner(kind.value_type)
        self._pairs = Pairs()

    def codes(self, column: pa.Array) -> Codes:
        """The code of each list, (n,)."""
        items = self._items.codes(pa.StructArray.from_arrays([column.keys, column.items], ["key", "value"])
                                  if self._is_map else column.values)  # fmt: skip
        offsets = np.asarray(column.offsets, dtype=np.int64)
        start, length = offsets[:-1], np.diff(offsets)
        valid = column.is_valid().to_numpy(zero_copy_only=False)
        found = np.where(valid, self._pairs.codes(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64))[0], NULL)
        at, rows = 0, np.flatnonzero(valid & (length > 0))
        while rows.size:
            found[rows] = self._pairs.codes(found[rows], items[start[rows] + at] + 1)
            at += 1
            rows = rows[length[rows] > at]
        return found

    def items(self, codes: Codes) -> tuple[Codes, Codes]:
        """How many items each list has, (n,), none where it is null, and the codes of the items of all in turn."""
        length = np.zeros(len(codes), dtype=np.int64)
        rows, left = np.flatnonzero(codes != NULL), codes[codes != NULL]
        owners, found = [rows[:0]], [left[:0]]
        while rows.size:  # a list is told from its end
            left, last = self._pairs.values(left)
            rows, left, last = rows[last > 0], left[last > 0], last[last > 0]
            length[rows] += 1
            owners.insert(0, rows)
            found.insert(0, last - 1)
        order = np.argsort(np.concatenate(owners), kind="stable")
        return length, np.concatenate(found)[order]

    def item(self, code: int) -> Any:
        """The item that a code stands for."""
        return self._items.value(code)

    def value(self, code: int) -> Any:
        """The list that a code stands for; of a map, its pairs."""
        if code == NULL:
            return None
        values = [self.item(one) for one in self.items(np.array([code], dtype=np.int64))[1].tolist()]
        return [(one["key"], one["value"]) for one in values] if self._is_map else values

    def __len__(self) -> int:
        return len(self._pairs) + len(self._items)


def interner(kind: pa.DataType) -> Any:
    """What interns a column of a type. Raises TypeError for a type that no report field can have."""
    types = pa.types
    if types.is_struct(kind):
        return Structs(kind)
    if types.is_list(kind) or types.is_map(kind):
        return Lists(kind)
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind) or (
        types.is_null(kind)):  # fmt: skip
        return Leaves()
    raise TypeError(f"a column of type {kind}")


def distinct(codes: Codes) -> Sequence[int]:
    """The codes that occur, in no order that matters."""
    found: list[int] = pc.unique(pa.array(codes)).to_pylist()
    return found
