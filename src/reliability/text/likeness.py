"""How alike texts are: the cosine of TF-IDF over words and over pieces of 3 and 4 letters, half and half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reliability.text.lexicon import lexicon
from reliability.text.plain_words import plain, stem
from reliability.text.signature import signature

if TYPE_CHECKING:
    from scipy import sparse

_BACKGROUND = 1_000
"""So many texts more, which hold no word of these, are thought to be there: a word's weight then hardly depends on
how many texts come together, and one threshold serves ten texts and ten thousand."""
_POWER = 1.5
"""Rare words count for more than their logarithm: names and odd things tell claims apart, frequent verbs hardly do."""


def weights(texts: Sequence[str]) -> sparse.csr_array:
    """A row of length 1 a text, so that `rows @ rows.T` are cosines; texts of common words alone have an empty row.

    Synonyms are one word (`plain`), and words are counted by their stems. The columns of words and of letters each make
    up half of a row's square; within a half a weight is (1 + ln n) · ln((N + 1000) / df)^1.5.
    """
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared

    common = lexicon().claim_words("common")
    found = [[plain(word) for word in signature(text) if word not in common] for text in texts]
    vocabulary = sorted({word for words in found for word in words}) or [""]
    counts = _counts(found, vocabulary)
    stems = [[stem(word)] for word in vocabulary]
    words = counts @ _counts(stems, sorted({one for (one,) in stems}))
    pieces = [_pieces(word) for word in vocabulary]
    letters = counts @ _counts(pieces, sorted({piece for one in pieces for piece in one}))
    return sparse.csr_array(sparse.hstack([_half(words), _half(letters)], format="csr") * np.sqrt(0.5))


def _pieces(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[at : at + n] for n in (3, 4) for at in range(len(padded) - n + 1)]


def _counts(parts: list[list[str]], vocabulary: list[str]) -> sparse.csr_array:
    """How often each part is there, (n, vocabulary); one column at least."""
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared

    column = {part: at for at, part in enumerate(vocabulary)}
    starts = np.cumsum([0, *map(len, parts)], dtype=np.int32)
    columns = np.array([column[part] for one in parts for part in one], dtype=np.int32)
    counts = sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(parts), max(1, len(column))))
    counts.sum_duplicates()
    return counts


def _half(counts: sparse.csr_array) -> sparse.csr_array:
    from scipy import sparse  # takes a fifth of a second, which reports with claims are spared

    counts.sort_indices()
    n_sharing = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log((counts.shape[0] + _BACKGROUND) / np.maximum(n_sharing, 1)) ** _POWER
    values = (1 + np.log(counts.data)) * rarity[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row, values**2, minlength=counts.shape[0]))
    return sparse.csr_array((values / lengths[row], counts.indices, counts.indptr), shape=counts.shape)
