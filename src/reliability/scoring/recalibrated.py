"""From what trees say to ratings: plain claims through the policy's recalibration map, if it has one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.rules.policy import Policy
from reliability.rules.schema import RecalibrationEffect
from reliability.scoring.channel import Floats
from reliability.scoring.provenance import Mask
from reliability.scoring.trie import Ints

LEAST = 1e-12
STEPS = 60
NEVER = 2.0
"""No probability, so that nothing reaches it."""


@dataclass(frozen=True)
class Ratings:
    """What the policy makes of trees' probabilities. `plain` (n_units,): which claims are true or false, by themselves.

    `effect` is the map's, None where the policy has none. Answers to questions keep what the tree says, as they must
    sum to 1, and so do figures, which are read off one distribution.
    """

    effect: RecalibrationEffect | None
    plain: Mask

    @classmethod
    def of(cls, policy: Policy, plain: Mask) -> Ratings:
        """The policy's map for some claims."""
        rules = policy.recalibrations
        return cls(rules[0].effect[0] if rules else None, plain)

    def p(self, tree: Floats, unit: Ints) -> Floats:
        """Ratings of trees' probabilities, (K, n) or (K, n, S), of the claims `unit` (n,)."""
        mapped = self.plain[unit]
        if self.effect is None or len(tree) != 2 or not mapped.any():
            return tree
        true = recalibrated(tree[0], self.effect)
        found: Floats = np.where(mapped[(None, slice(None)) + (None,) * (tree.ndim - 2)],
                                 np.stack([true, 1.0 - true]), tree)  # fmt: skip
        return found

    def before(self, edges: Floats, unit: Ints) -> Floats:
        """Which probability of its tree brings each claim's rating to each edge (E,): (n, E), NEVER where none does."""
        found = np.repeat(edges[None, :], len(unit), axis=0)
        if self.effect is not None:
            found[self.plain[unit]] = reached(edges, self.effect)
        return found


def recalibrated(p: Floats, effect: RecalibrationEffect) -> Floats:
    """What the map makes of probabilities of any shape; it never falls.

    Source: Kull, Silva Filho & Flach (2017), beta calibration; Zadrozny & Elkan (2002), isotonic regression.
    """
    if effect.points:
        x, y = np.array(effect.points).T
        found: Floats = np.interp(p, x, y)
        return found
    if (effect.a, effect.b, effect.c) == (1.0, 1.0, 0.0):
        return p
    from scipy.special import expit  # takes a quarter of a second, which whoever has no map is spared

    kept = np.clip(p, LEAST, 1.0 - LEAST)
    mapped: Floats = expit(effect.a * np.log(kept) - effect.b * np.log1p(-kept) + effect.c)
    return mapped


def reached(edges: Floats, effect: RecalibrationEffect) -> Floats:
    """The least probability that the map brings to each edge, by bisection; NEVER where the map stays on one side."""
    low, high = np.zeros(len(edges)), np.ones(len(edges))
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        there = recalibrated(middle, effect) >= edges
        low, high = np.where(there, low, middle), np.where(there, middle, high)
    first, last = recalibrated(np.array([0.0, 1.0]), effect)
    return np.where((first >= edges) | (last < edges), NEVER, high)
