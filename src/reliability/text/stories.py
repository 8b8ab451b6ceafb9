"""Headlines of one claim in different words: average link over likenesses that their neighbours share in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reliability.text.blocks import blocks
from reliability.text.countries import countries
from reliability.text.likeness import weights
from reliability.text.signature import signature

AT_LEAST = 0.35
"""Groups of headlines are one claim from this mean likeness on. On news headlines under known claims (Emergent's
training part, split at random into halves) B³ is highest between .34 and .38 in each, precision and recall alike."""
_N_NEIGHBOURS = 5
_NEAR_COPY = 0.4
_HARDLY_ALIKE, _ALIKE = 0.15, 0.35
"""Texts less alike than the first must have third ones in common: what they lend each other is no evidence. It is from
the second on, and in between in proportion."""

_RIVALS = -3.0
"""Rivals are so unlike that third texts between them make them one claim only where these are many."""
_ELSEWHERE = 0.2
"""What is left of a likeness when each text names countries, and none in common."""


def same_story(texts: Sequence[str]) -> list[int]:
    """Which headlines make one claim, whichever side they take: each text's group, named by the lowest index in it.

    The order of the texts changes nothing but ties' last bits, so give them sorted. Texts that differ in a word or two
    of one place ("were killed", "were wounded"), or in nothing but the order of words, speak against one another;
    texts that name different countries are less alike.
    Time and memory grow with the number of texts.
    """
    groups = list(range(len(texts)))
    if len(texts) < 2:
        return groups
    rows = weights(texts)
    for block in blocks(rows):
        if len(block) > 1:
            here = rows[block]
            mine = [texts[at] for at in block]
            alike = (here @ here.T).toarray()
            likeness = np.where(_elsewhere(mine), _ELSEWHERE, 1.0) * _with_neighbours(alike)
            labels = _average_link(likeness, _rivals(mine, alike))
            first: dict[int, int] = {}
            for at, label in zip(block.tolist(), labels.tolist(), strict=True):
                groups[at] = first.setdefault(label, at)
    return groups


def _with_neighbours(alike: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosines of texts once each has its five nearest added, weighted by their likeness: (n, n) from (n, n).

    Two headlines of one claim may share no word, and yet both be like a third. Two that are hardly alike are not made
    more so by having each other as neighbours.
    """
    near = alike.copy()
    np.fill_diagonal(near, 0.0)
    if len(near) > _N_NEIGHBOURS:
        fifth = np.partition(near, -_N_NEIGHBOURS, axis=1)[:, -_N_NEIGHBOURS]
        near[near < fifth[:, None]] = 0.0
    np.fill_diagonal(near, 1.0)
    mixed = near @ alike @ near.T
    length = np.sqrt(np.maximum(mixed.diagonal(), 1e-12))
    np.fill_diagonal(near, 0.0)
    heard = alike.diagonal() + (near * alike).sum(axis=1)
    lent = near * heard + near.T * heard[:, None] - near * near.T * alike
    mixed -= lent * np.clip((_ALIKE - alike) / (_ALIKE - _HARDLY_ALIKE), 0.0, 1.0)
    return np.asarray(mixed / length[:, None] / length[None, :])


def _average_link(alike: NDArray[np.float64], rivals: NDArray[np.bool_]) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = np.round(1.0 - np.where(rivals, _RIVALS, (alike + alike.T) / 2), 9)
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(np.maximum(distance, 0.0), checks=False), method="average")
    return np.asarray(fcluster(tree, 1.0 - AT_LEAST, criterion="distance"))


def _elsewhere(texts: Sequence[str]) -> NDArray[np.bool_]:
    """The pairs that name different countries, (n, n)."""
    named = [countries(text) for text in texts]
    column = {name: at for at, name in enumerate(sorted({name for one in named for name in one}))}
    there = np.zeros((len(texts), len(column) + 1), dtype=np.float32)
    for row, names in enumerate(named):
        there[row, [column[name] for name in names]] = 1.0
    some = np.asarray(there.any(axis=1))
    return np.asarray(some[:, None] & some[None, :] & (there @ there.T == 0.0))


def _rivals(texts: Sequence[str], alike: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The pairs that differ only in one place, or in the order of their words, (n, n)."""
    words = [signature(text) for text in texts]
    found = np.zeros(alike.shape, dtype=bool)
    for a, b in np.argwhere(np.triu(alike, 1) > _NEAR_COPY).tolist():
        if differ_in_one_place(words[a], words[b]):
            found[a, b] = found[b, a] = True
    return found


def differ_in_one_place(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether one or two words of a stand for one or two others in b and all else is equal, or only the order differs.

    A word put in or left out is no such difference. Equal words are: such texts are held apart by more than words.
    """
    if a == b or sorted(a) == sorted(b):
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    shorter = min(len(a), len(b))
    start = next((at for at in range(shorter) if a[at] != b[at]), shorter)
    end = next((at for at in range(shorter - start) if a[-1 - at] != b[-1 - at]), shorter - start)
    return all(1 <= len(one) - start - end <= 2 for one in (a, b))
