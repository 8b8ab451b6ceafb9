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
"""Bits that a word gives to columns: an int64 without its sign."""


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

    def levels_of_nodes(self) -> Ints:
        """Each node's level, shape (n_nodes,)."""
        return np.repeat(np.arange(self.n_levels), np.diff(self.starts))


def total_order(columns: list[NDArray[np.integer]]) -> Ints:
    """The order of rows by several integer columns, the first most significant; the last must settle every tie.

    Columns are packed into as few 64-bit words as hold them: one word sorts many times faster than `np.lexsort`.
    The row goes into the word too, so that values are sorted, not places; a last column that numbers the rows
    without gaps stands for it.
    """
    n = len(columns[0])
    if n < 2:
        return np.arange(n)
    row_of = _rows_of_numbers(columns[-1])
    bits_of_row = int(n - 1).bit_length()
    fields = _fields(columns)
    words = _packed(columns, fields)
    used = fields[-1].end + (bits_of_row if row_of is None else 0)
    if len(words) > 1 or used > WORD:
        return np.lexsort(words[::-1]) if len(words) > 1 else np.argsort(words[0], kind="stable")
    word = words[0]
    if row_of is None:
        np.left_shift(word, bits_of_row, out=word)
        word |= np.arange(n)
    word.sort()
    word &= (1 << bits_of_row) - 1
    return word if row_of is None else row_of.take(word)


class InOrder:
    """Columns with their rows in total order, taken out some rows at a time.

    The order is that of `total_order`. Where one word holds all columns, the words are sorted and taken apart again:
    reading on is many times faster than looking up every row of every column.
    """

    def __init__(self, columns: list[NDArray[np.integer]]) -> None:
        self.columns = columns
        self.fields = _fields(columns) if len(columns[0]) else []
        self.word = self.order = np.zeros(0, dtype=np.int64)
        self.packed = bool(self.fields) and self.fields[-1].word == 0
        if self.packed:
            (self.word,) = _packed(columns, self.fields)
            self.word.sort()
        else:
            self.order = total_order(columns)

    def take(self, column: int, rows: slice) -> Codes:
        """A column's values in the rows `rows` of the order."""
        if not self.packed:
            return self.columns[column].take(self.order[rows])
        field = self.fields[column]
        part = self.word[rows] >> (self.fields[-1].end - field.end)
        part &= (1 << (field.end - field.begin)) - 1
        if field.low:
            part += field.low
        return part


@dataclass(frozen=True)
class _Field:
    """Where a column stands in its word, counted from the word's first bit in use; `low` is its least value."""

    word: int
    begin: int
    end: int
    low: int


def _fields(columns: list[NDArray[np.integer]]) -> list[_Field]:
    fields: list[_Field] = []
    word, end = 0, 0
    for column in columns:
        low = int(column.min())
        width = max(1, int(int(column.max()) - low).bit_length())
        if end + width > WORD and end:
            word, end = word + 1, 0
        fields.append(_Field(word, end, end + width, low))
        end += width
    return fields


def _packed(columns: list[NDArray[np.integer]], fields: list[_Field]) -> list[Ints]:
    words: list[Ints] = []
    for column, field in zip(columns, fields, strict=True):
        if not field.begin:
            words.append(np.zeros(len(column), dtype=np.int64))
        np.left_shift(words[-1], field.end - field.begin, out=words[-1])
        words[-1] += column - field.low if field.low else column
    return words


def _rows_of_numbers(column: Codes) -> Ints | None:
    """The row of each number, if a column holds the numbers 0 to n − 1, each once; else None."""
    n = len(column)
    if column.min() != 0 or column.max() != n - 1:
        return None
    row_of = np.full(n, ABSENT, dtype=np.int64)
    row_of[column] = np.arange(n)
    return row_of if row_of.min() >= 0 else None


def build_trie(unit: Codes, path: Codes, n_units: int, order: Ints) -> Trie:
    """The trie of paths.

    Shapes: unit (n,) claim of a report in [0, n_units); path (depth, n) keys from the common-error node down, ABSENT
    after a path's end; order (n,): rows sorted by unit, then path, then whatever settles ties.
    """
    depth, n = path.shape
    node_at = np.full((depth, n), ABSENT, dtype=np.int32)
    terminal = unit.astype(np.int32)
    sorted_unit = unit[order]
    fresh = np.ones(n, dtype=bool)
    fresh[1:] = sorted_unit[1:] != sorted_unit[:-1]
    starts = [0, n_units]
    parents = [np.full(n_units, ABSENT, dtype=np.int32)]
    keys = [np.full(n_units, ABSENT, dtype=np.int32)]
    units = [np.arange(n_units, dtype=np.int32)]
    above = sorted_unit.astype(np.int32)
    for level in range(depth):
        key = path[level].take(order)
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
        node_at[level, order] = ids
        above = ids if ends_nowhere else np.where(here, ids, above)
    terminal[order] = above
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
