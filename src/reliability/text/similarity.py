"""How alike claims are: cosines of TF-IDF over 4-letter pieces of their words, and the pairs worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reliability.text.signature import signature

if TYPE_CHECKING:
    from scipy import sparse

RELATED_FROM = 0.3
"""Pairs below this cosine are not proposed. On Emergent's headlines 93 % of the pairs above it are on one story."""

MAX_RELATED = 5
"""At most so many pairs are proposed a claim."""

_MAX_SHARED_BY = 100
_ROWS = 512
_KEPT_A_ROW = 50


@dataclass(frozen=True, slots=True)
class Related:
    """Two claims that may be one, or each other's denial: `claim_a` < `claim_b`; cosine in [0, 1], two decimals."""

    claim_a: str
    claim_b: str
    similarity: float


def related(
    texts: Mapping[str, str], *, at_least: float = RELATED_FROM, n_per_claim: int = MAX_RELATED
) -> list[Related]:
    """The pairs of claims whose texts are alike, most alike first, ties by id; `texts` goes by claim id.

    A claim stands in at most `n_per_claim` pairs, the most alike first. Pieces that more than 100 texts share find no
    pairs, so that time and memory grow with the number of texts, not with its square. The result does not depend on
    the order of `texts`, but similarities do on which texts there are.
    """
    claims = sorted(texts)
    if len(claims) < 2:
        return []
    weights = _tf_idf([texts[claim] for claim in claims])
    pairs = sorted((-round(cosine, 6), claims[a], claims[b]) for a, b, cosine in _pairs(weights, at_least))
    used = dict.fromkeys(claims, 0)
    found = []
    for minus_cosine, a, b in pairs:
        if used[a] < n_per_claim and used[b] < n_per_claim:
            used[a] += 1
            used[b] += 1
            found.append(Related(a, b, min(1.0, round(-minus_cosine, 2))))
    return found


def _pieces(text: str) -> Iterator[str]:
    for word in signature(text):
        padded = f" {word} "
        if word.startswith("#") or len(padded) <= 4:
            yield padded
        else:
            yield from (padded[at : at + 4] for at in range(len(padded) - 3))


def _tf_idf(texts: Iterable[str]) -> sparse.csr_array:
    """Unit rows of (1 + ln n)·ln(1 + N/df); columns of pieces that too many texts share are emptied after scaling."""
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared

    pieces = [list(_pieces(text)) for text in texts]
    column = {piece: at for at, piece in enumerate(sorted({piece for one in pieces for piece in one}))}
    starts = np.cumsum([0, *map(len, pieces)])
    columns = np.array([column[piece] for one in pieces for piece in one], dtype=np.int64)
    counts = sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(pieces), max(1, len(column))))
    counts.sum_duplicates()
    n_sharing = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log1p(len(pieces) / np.maximum(n_sharing, 1))
    weights = (1 + np.log(counts.data)) * idf[counts.indices]
    norms = np.sqrt(np.add.reduceat(np.append(weights**2, 0.0), counts.indptr[:-1]))
    norms[np.diff(counts.indptr) == 0] = 1.0
    weights /= np.repeat(norms, np.diff(counts.indptr))
    weights[n_sharing[counts.indices] > _MAX_SHARED_BY] = 0.0
    result = sparse.csr_array((weights, counts.indices, counts.indptr), shape=counts.shape)
    result.eliminate_zeros()
    return result


def _pairs(weights: sparse.csr_array, at_least: float) -> Iterator[tuple[int, int, float]]:
    """Rows a < b with a cosine of `at_least`: of a row's, at most the 50 highest (ties: the lower b)."""
    turned = weights.T.tocsr()
    for first in range(0, weights.shape[0], _ROWS):
        product = (weights[first : first + _ROWS] @ turned).tocoo()
        keep = (product.row + first < product.col) & (product.data >= at_least)
        a, b, cosine = product.row[keep] + first, product.col[keep], product.data[keep]
        order = np.lexsort((b, -cosine, a))
        a, b, cosine = a[order], b[order], cosine[order]
        keep = _place_in_run(a) < _KEPT_A_ROW
        yield from zip(a[keep].tolist(), b[keep].tolist(), cosine[keep].tolist(), strict=True)


def _place_in_run(sorted_values: NDArray[np.int64]) -> NDArray[np.int64]:
    """For sorted values, how many equal ones stand before each."""
    places = np.arange(len(sorted_values))
    return places - np.searchsorted(sorted_values, sorted_values)
