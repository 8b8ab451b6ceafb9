"""Reports on one claim as a trie: what shares a beginning of its path shares the nodes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Codes = NDArray[np.integer[Any]]
ABSENT = -1
WORD = 63
"""Bits of a word: an int64 without its sign."""


@dataclass(frozen=True)
class Trie:
    """Nodes of all claims of a call, by level; level 0 is one common-error node a claim.

    `starts` (levels + 1,): nodes of level l are starts[l] to starts[l + 1], siblings side by side in key order.
    `parent` (n_nodes,): ABSENT at level 0. `key` (n_nodes,): the path key. `unit` (n_nodes,): the claim.
    `node_at` (levels − 1, n_reports): the node that a report's path has at levels 1, 2, …, else ABSENT.
    `terminal` (n_reports,): the node where a report's path ends.
    """

    starts: Ints
    parent: Codes
    key: Codes
    unit: Codes
    node_at: Codes
    terminal: Codes

    @property
    def n_nodes(self) -> int:
        """How many nodes all levels have."""
        return int(self.starts[-1])

    @property
    def n_levels(self) -> int:
        """How many levels there are, the common-error nodes included."""
        return len(self.starts) - 1

    def level(self, level: int) -> slice:
        """The nodes of one level."""
        return slice(int(self.starts[level]), int(self.starts[level + 1]))


def total_order(columns: list[NDArray[np.integer]]) -> Ints:
    """The order of rows by several integer columns, the first most significant; rows alike in all stay as they stand.

    The first columns are packed into a 64-bit word with the row below them: sorting such values is many times faster
    than `np.lexsort`. Columns that find no room settle what these leave tied, which is mostly little; two columns that
    find none together are left to `np.lexsort`.
    """
    n = len(columns[0])
    if n < 2:
        return np.arange(n)
    bits_of_row = int(n - 1).bit_length()
    fields = _fields(columns, WORD - bits_of_row)
    if len(fields) < min(2, len(columns)):
        return np.lexsort(columns[::-1])
    word = _packed(columns, fields)
    np.left_shift(word, bits_of_row, out=word)
    word |= np.arange(n)
    word.sort()
    order = word & ((1 << bits_of_row) - 1)
    if len(fields) == len(columns):
        return order
    in_order = np.right_shift(word, bits_of_row, out=word)
    differs = in_order[1:] != in_order[:-1]
    tied = np.flatnonzero(~(np.append(True, differs) & np.append(differs, True)))
    if tied.size:
        rows = order[tied]
        run = np.cumsum(np.append(0, differs))[tied]
        within = total_order([run, *(column.take(rows) for column in columns[len(fields) :])])
        order[tied] = rows[within]
    return order


def numbered(columns: list[NDArray[np.integer]]) -> Codes:
    """Numbers from 0 on for rows' distinct values in several integer columns, in their order: (n,)."""
    order = total_order(columns)
    found = np.empty(len(order), dtype=np.int32)
    found[order] = np.cumsum(changes(columns, order), dtype=np.int32)
    return found


def changes(columns: list[NDArray[np.integer]], order: Ints) -> NDArray[np.bool_]:
    """Whether each row in an order differs in any column from the one before it, False for the first: (n,)."""
    found = np.zeros(len(order), dtype=bool)
    for column in columns:
        in_order = column[order]
        found[1:] |= in_order[1:] != in_order[:-1]
    return found


def distinct(values: NDArray[np.integer]) -> Codes:
    """Distinct numbers, in order. `np.unique` looks them up by hash since NumPy 2.3: ten times as slow as sorting."""
    in_order = np.sort(values, axis=None)
    fresh = np.ones(len(in_order), dtype=bool)
    fresh[1:] = in_order[1:] != in_order[:-1]
    return in_order[fresh]


class InOrder:
    """Columns with their rows in total order, taken out some rows at a time.

    The order is that of `total_order`. Where one word holds all columns, the words are sorted and taken apart again:
    reading on is many times faster than looking up every row of every column.
    """

    def __init__(self, columns: list[NDArray[np.integer]]) -> None:
        self.columns = columns
        self.fields = _fields(columns, WORD) if len(columns[0]) else []
        self.packed = len(self.fields) == len(columns)
        self.word = _packed(columns, self.fields) if self.packed else total_order(columns)
        if self.packed:
            self.word.sort()

    def take(self, column: int, rows: slice) -> Codes:
        """A column's values in the rows `rows` of the order."""
        if not self.packed:
            return self.columns[column].take(self.word[rows])
        field = self.fields[column]
        part = self.word[rows] >> (self.fields[-1].end - field.end)
        part &= (1 << (field.end - field.begin)) - 1
        part += field.low
        return part


@dataclass(frozen=True)
class _Field:
    """Where a column stands in a word, counted from the first bit in use; `low` is its least value."""

    begin: int
    end: int
    low: int


def _fields(columns: list[NDArray[np.integer]], bits: int) -> list[_Field]:
    """Places for as many of the first columns as `bits` hold."""
    fields: list[_Field] = []
    end = 0
    for column in columns:
        low = int(column.min())
        width = max(1, int(int(column.max()) - low).bit_length())
        if end + width > bits:
            break
        fields.append(_Field(end, end + width, low))
        end += width
    return fields


def _packed(columns: list[NDArray[np.integer]], fields: list[_Field]) -> Ints:
    word = np.zeros(len(columns[0]), dtype=np.int64)
    for column, field in zip(columns, fields, strict=False):
        np.left_shift(word, field.end - field.begin, out=word)
        word += column - field.low if field.low else column
    return word


def build_trie(unit: Codes, path: Codes, n_units: int, order: Ints) -> Trie:
    """The trie of paths.

    Shapes: unit (n,) claim of a report in [0, n_units); path (depth, n) keys from the common-error node down, ABSENT
    after a path's end; order (n,): rows sorted by unit, then path, then whatever settles ties.
    """
    depth, n = path.shape
    node_at = np.full((depth, n), ABSENT, dtype=np.int32)
    terminal = np.empty(n, dtype=np.int32)
    place = slice(None) if (order[1:] > order[:-1]).all() else order  # rows in order already need no looking up
    sorted_unit = unit[place]
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = sorted_unit[1:] != sorted_unit[:-1]
    starts = [0, n_units]
    parents = [np.full(n_units, ABSENT, dtype=np.int32)]
    keys = [np.full(n_units, ABSENT, dtype=np.int32)]
    units = [np.arange(n_units, dtype=np.int32)]
    above = sorted_unit.astype(np.int32)
    for level in range(depth):
        key = path[level][place]
        fresh[1:] |= key[1:] != key[:-1]
        here = key >= 0
        ends_nowhere = bool(here.all())
        begins = fresh if ends_nowhere else fresh & here
        ids = np.cumsum(begins, dtype=np.int32)
        ids += starts[-1] - 1
        if not ends_nowhere:
            ids[~here] = ABSENT
        first = np.flatnonzero(begins)
        parents.append(above[first])
        keys.append(key[first])
        units.append(sorted_unit[first].astype(np.int32))
        starts.append(starts[-1] + len(first))
        node_at[level, place] = ids
        above = ids if ends_nowhere else np.where(here, ids, above)
    terminal[place] = above
    return Trie(
        starts=np.array(starts), parent=np.concatenate(parents), key=np.concatenate(keys),
        unit=np.concatenate(units), node_at=node_at, terminal=terminal,
    )  # fmt: skip


def last_of_each(groups: NDArray[np.integer], order: Ints) -> Ints:
    """Of rows grouped by `groups`, the row of each group that comes last in `order`; ABSENT groups are left out.

    `order` must keep groups together. Shapes: groups (n,), order (n,); the result has a row a group, in order.
    """
    in_order = groups[order]
    last = np.ones(len(in_order), dtype=bool)
    last[:-1] = in_order[1:] != in_order[:-1]
    return order[last & (in_order >= 0)]
