"""How alike texts are: the cosine of TF-IDF over words and over pieces of 3 and 4 letters, half and half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

from reliability.text.lexicon import lexicon
from reliability.text.signature import signature

_BACKGROUND = 1_000
"""So many texts more, which hold no word of these, are thought to be there: a word's weight then hardly depends on
how many texts come together, and one threshold serves ten texts and ten thousand."""
_POWER = 1.5
"""Rare words count for more than their logarithm: names and odd things tell claims apart, frequent verbs hardly do."""


def weights(texts: Sequence[str]) -> sparse.csr_array:
    """A row of length 1 a text, so that `rows @ rows.T` are cosines; texts of common words alone have an empty row.

    The columns of words and of letters each make up half of a row's square; within a half a weight is
    (1 + ln n) · ln((N + 1000) / df)^1.5.
    """
    halves = [_half([list(part(text)) for text in texts]) for part in (_words, _letters)]
    return sparse.csr_array(sparse.hstack(halves, format="csr") * np.sqrt(0.5))


def _words(text: str) -> Iterator[str]:
    common = lexicon().claim_words("common")
    return (word for word in signature(text) if word not in common)


def _letters(text: str) -> Iterator[str]:
    for word in _words(text):
        padded = f" {word} "
        for n in (3, 4):
            yield from (padded[at : at + n] for at in range(len(padded) - n + 1))


def _half(parts: list[list[str]]) -> sparse.csr_array:
    column = {part: at for at, part in enumerate(sorted({part for one in parts for part in one}))}
    counted = [sorted((column[part], n) for part, n in Counter(one).items()) for one in parts]
    starts = np.cumsum([0, *map(len, counted)])
    columns = np.array([at for one in counted for at, _ in one], dtype=np.int64)
    counts = np.array([n for one in counted for _, n in one], dtype=float)
    n_sharing = np.bincount(columns, minlength=len(column))
    values = (1 + np.log(counts)) * np.log((len(parts) + _BACKGROUND) / np.maximum(n_sharing, 1))[columns] ** _POWER
    rows = np.repeat(np.arange(len(parts)), np.diff(starts))
    lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(parts)))
    return sparse.csr_array((values / lengths[rows], columns, starts), shape=(len(parts), max(1, len(column))))
