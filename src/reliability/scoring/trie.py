"""Reports on one claim as a trie: what shares a beginning of its path shares the nodes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Codes = NDArray[np.integer[Any]]
ABSENT = -1


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
    """
    n = len(columns[0])
    if n < 2:
        return np.arange(n)
    bits_of_row = max(1, int(n - 1).bit_length())
    words: list[Ints] = []
    used = 64
    for column in columns:
        low = int(column.min())
        width = max(1, int(int(column.max()) - low).bit_length())
        if used + width > 63:
            words.append(np.zeros(n, dtype=np.int64))
            used = 0
        np.left_shift(words[-1], width, out=words[-1])
        words[-1] += column - low if low else column
        used += width
    if len(words) == 1 and used + bits_of_row <= 63:
        word = words[0]
        np.left_shift(word, bits_of_row, out=word)
        word |= np.arange(n)
        word.sort()
        word &= (1 << bits_of_row) - 1
        return word
    return np.lexsort(words[::-1]) if len(words) > 1 else np.argsort(words[0], kind="stable")


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
        key = path[level][order]
        fresh[1:] |= key[1:] != key[:-1]
        here = key >= 0
        begins = fresh & here
        ids = np.cumsum(begins, dtype=np.int32)
        ids += starts[-1] - 1
        ids[~here] = ABSENT
        first = np.flatnonzero(begins)
        parents.append(above[first])
        keys.append(key[first])
        units.append(sorted_unit[first].astype(np.int32))
        starts.append(starts[-1] + len(first))
        node_at[level, order] = ids
        above = np.where(here, ids, above)
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
