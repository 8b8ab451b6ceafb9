"""Two texts: how likely they are to make the same claim, and whether one denies it."""

from __future__ import annotations

from reliability.text.denial import is_denial
from reliability.text.excluding import by_figures
from reliability.text.figures import agreement
from reliability.text.likeness import weights

_ALIKE = 0.3
"""From this cosine on words no longer tell paraphrases from near misses: figures do."""


def same_claim(a: str, b: str) -> float:
    """A score in [0, 1] for two texts making the same claim, low when a figure differs.

    It is the figures' `agreement`, times the texts' cosine over .3 where that is less than 1. Denial is left aside:
    who denies a claim speaks of the same one. No probability, but an order.
    """
    rows = weights([a, b])
    cosine = float((rows[[0]] @ rows[[1]].T).sum())
    return agreement(a, b) * min(1.0, cosine / _ALIKE)


def in_conflict(a: str, b: str) -> bool:
    """Whether two texts about one claim can't both be so: just one denies, or figures exclude each other."""
    return is_denial(a) != is_denial(b) or len(by_figures([0, 1], [a, b])) > 1
