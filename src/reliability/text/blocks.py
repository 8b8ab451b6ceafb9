"""Blocks of texts that may be one claim, found by the rarer words that they share: nothing compares all with all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

MAX_BLOCK = 3_000
"""So many texts are compared all with all: 72 MB a table of likenesses."""
_FLOORS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_MAX_SHARED_BY = 100
_ROWS = 512
_KEPT_A_ROW = 20


def blocks(rows: sparse.csr_array) -> Iterator[NDArray[np.int64]]:
    """The rows' indices in blocks of at most 3,000, ascending; rows of two blocks are never one claim.

    `rows` have length 1 (`weights`). A few texts are one block. Of many, those are in a block between which a chain of
    cosines of .1 leads, counting only columns that at most 100 rows share; a block that is too large is cut at the
    next higher cosine, and at last in the order of the rows. Time and memory grow with the number of rows.
    """
    everything = np.arange(rows.shape[0])
    if len(everything) <= MAX_BLOCK:
        yield everything
        return
    yield from _cut(everything, _edges(rows), 0)


def _cut(members: NDArray[np.int64], edges: sparse.coo_array, level: int) -> Iterator[NDArray[np.int64]]:
    """`members` by connected parts of the edges (in members' own numbering) at a level's floor and those above it."""
    if len(members) <= MAX_BLOCK or level == len(_FLOORS):
        yield from (members[at : at + MAX_BLOCK] for at in range(0, len(members), MAX_BLOCK))
        return
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared
    from scipy.sparse.csgraph import connected_components

    keep = edges.data >= _FLOORS[level]
    kept = sparse.coo_array((edges.data[keep], (edges.row[keep], edges.col[keep])), shape=edges.shape)
    _, part = connected_components(kept, directed=False)
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(np.diff(part[order], prepend=-1))
    by_part = kept.tocsr()
    for mine in np.split(order, starts[1:]):
        if len(mine) <= MAX_BLOCK:
            yield members[mine]
        else:
            yield from _cut(members[mine], by_part[mine][:, mine].tocoo(), level + 1)


def _edges(rows: sparse.csr_array) -> sparse.coo_array:
    """Cosines of .1 and more between rows a < b by rarer columns: of each a the 20 highest (ties: the lower b)."""
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared

    rarer = rows.copy()
    n_sharing = np.bincount(rows.indices, minlength=rows.shape[1])
    rarer.data[n_sharing[rows.indices] > _MAX_SHARED_BY] = 0.0
    rarer.eliminate_zeros()
    turned = rarer.T.tocsr()
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for first in range(0, rows.shape[0], _ROWS):
        product = (rarer[first : first + _ROWS] @ turned).tocoo()
        keep = (product.row + first < product.col) & (product.data >= _FLOORS[0])
        a, b, cosine = product.row[keep] + first, product.col[keep], product.data[keep]
        order = np.lexsort((b, -cosine, a))
        a, b, cosine = a[order], b[order], cosine[order]
        keep = np.arange(len(a)) - np.searchsorted(a, a) < _KEPT_A_ROW
        found.append((a[keep], b[keep], cosine[keep]))
    a, b, cosine = (np.concatenate(column) for column in zip(*found, strict=True))
    return sparse.coo_array((cosine, (a, b)), shape=(rows.shape[0], rows.shape[0]))
