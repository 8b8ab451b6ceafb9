"""How many of several independent things happen, each with a chance of its own: the Poisson-binomial distribution.

scipy's `poisson_binom` takes at most 62 chances where its quantiles are asked for.
"""

from __future__ import annotations

import numpy as np

from reliability.scoring.channel import Floats


def chances_of_counts(p: Floats) -> Floats:
    """The chance of each count 0 … n for chances p (n,), by adding one at a time: (n + 1,), exact to rounding.

    Source: Barlow & Heidtmann (1984); n² steps.
    """
    found = np.zeros(len(p) + 1)
    found[0] = 1.0
    for at, chance in enumerate(p.tolist(), start=1):
        found[1 : at + 1] = found[1 : at + 1] * (1.0 - chance) + found[:at] * chance
        found[0] *= 1.0 - chance
    return found


def quantiles(p: Floats, shares: tuple[float, ...]) -> tuple[int, ...]:
    """The least counts whose cumulated chance is at least each share."""
    reached = np.cumsum(chances_of_counts(p))
    return tuple(int(np.searchsorted(reached, share * (1.0 - 1e-12))) for share in shares)
