"""Krippendorff's alpha with a bootstrap interval: agreement beyond what pairing values at random would give.

α = 1 − D_o / D_e over pairable values (units that two raters or more have valued). With x the values (for ordinal
data their mid-ranks, for nominal ones an indicator a label), n their number and m_u those of a unit,

    α = 1 − (n − 1) · Σ_u Σ_{i≠j in u} (x_i − x_j)² / (m_u − 1)  /  Σ_{i≠j} (x_i − x_j)²

Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; its differences for ordinal data,
(Σ_{g=c..k} n_g − (n_c + n_k)/2)², are squared differences of mid-ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
CELLS = 4_000_000
"""So many units are drawn at a time: some 32 MB."""


@dataclass(frozen=True)
class Agreement:
    """α with its 2.5 and 97.5 % bootstrap points, and on what: units and values that can be paired.

    `varied` is False where all values are the same: α is then 1 by convention, and tells nothing of the raters.
    `draws` counts the resamples behind the interval, which has None ends where there are none.
    """

    alpha: float
    low: float | None
    high: float | None
    units: int
    values: int
    varied: bool
    draws: int


def agreement(values: Floats, level: Level, *, draws: int = 1_000, seed: int = 0) -> Agreement | None:
    """α of values (raters, units), NaN where one is missing; None where no unit has two values.

    Nominal values are codes, ordinal ones places in an order (both whole numbers), interval ones numbers. The interval
    resamples whole units, with replacement, by a generator of its own (PCG64 of the seed): the same call gives the
    same numbers. Resamples in which all values are the same are left out.
    """
    kept = values[:, (~np.isnan(values)).sum(axis=0) >= 2]
    if kept.shape[1] == 0:
        return None
    data = _Data.of(kept, level)
    n_units = kept.shape[1]
    point = float(data.alphas(np.ones((1, n_units)))[0])
    varied = not np.isnan(point)
    found = _resampled(data, n_units, draws, seed) if varied and n_units > 1 else np.empty(0)
    found = found[~np.isnan(found)]
    low, high = (float(end) for end in np.quantile(found, [0.025, 0.975])) if found.size else (None, None)
    n_values = int((~np.isnan(kept)).sum())
    return Agreement(point if varied else 1.0, low, high, n_units, n_values, varied, int(found.size))


def _resampled(data: _Data, n_units: int, draws: int, seed: int) -> Floats:
    generator = np.random.Generator(np.random.PCG64(seed))
    at_once = max(1, CELLS // n_units)
    parts = []
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        drawn = generator.multinomial(n_units, np.full(n_units, 1.0 / n_units), size=size)
        parts.append(data.alphas(drawn.astype(np.float64)))
    return np.concatenate(parts) if parts else np.empty(0)


@dataclass(frozen=True)
class _Data:
    """Units as what α sums: for ordinal data the codes, for others each unit's sums."""

    level: Level
    values: Floats
    """(raters, units)."""
    m: Floats
    """(units,): how many values a unit has."""
    counts: Floats | None
    """(units, labels): how many raters gave which label; None for interval data."""

    @classmethod
    def of(cls, values: Floats, level: Level) -> _Data:
        m = (~np.isnan(values)).sum(axis=0).astype(np.float64)
        if level == "interval":
            return cls(level, values - np.nanmean(values), m, None)
        labels, codes = np.unique(values, return_inverse=True)
        codes = codes.reshape(values.shape)
        n_labels = int((~np.isnan(labels)).sum())
        counts = np.stack([((codes == label) & ~np.isnan(values)).sum(axis=0) for label in range(n_labels)], axis=1)
        return cls(level, np.where(np.isnan(values), np.nan, codes), m, counts.astype(np.float64))

    def alphas(self, weights: Floats) -> Floats:
        """α where each unit counts as often as its weight says: (draws, units) to (draws,); NaN without variation."""
        n = weights @ self.m
        if self.level == "nominal" and self.counts is not None:
            observed = weights @ ((self.m**2 - (self.counts**2).sum(axis=1)) / (self.m - 1.0))
            return _alpha(observed, n**2 - ((weights @ self.counts) ** 2).sum(axis=1), n)
        if self.level == "interval":
            total, squares = np.nansum(self.values, axis=0), np.nansum(self.values**2, axis=0)
            expected = 2.0 * (n * (weights @ squares) - (weights @ total) ** 2)
            return _alpha(weights @ self._apart(self.values), expected, n, tiny=1e-12)
        return np.concatenate([self._ordinal(one) for one in weights])

    def _ordinal(self, weights: Floats) -> Floats:
        """The same for one weighting: mid-ranks depend on which units are drawn."""
        assert self.counts is not None
        of_label = weights @ self.counts
        n = np.array([of_label.sum()])
        ranks = np.cumsum(of_label) - of_label / 2.0 - n / 2.0
        known = ~np.isnan(self.values)
        ranked = np.where(known, ranks[np.where(known, self.values, 0).astype(np.int64)], np.nan)
        expected = 2.0 * (n * (of_label @ ranks**2) - (of_label @ ranks) ** 2)
        return _alpha(np.array([weights @ self._apart(ranked)]), expected, n, tiny=1e-12)

    def _apart(self, values: Floats) -> Floats:
        """How far apart each unit's values are, Σ_{i≠j} (x_i − x_j)² / (m − 1): exactly 0 where they are the same."""
        found = np.zeros(values.shape[1])
        for at in range(len(values)):
            found += np.nansum((values[at] - values[at + 1 :]) ** 2, axis=0)
        return 2.0 * found / (self.m - 1.0)


def _alpha(observed: Floats, expected: Floats, n: Floats, tiny: float = 0.0) -> Floats:
    """α from both sums; NaN where all values are the same (up to rounding, relative to n²)."""
    same = expected <= tiny * n**2
    return np.where(same, np.nan, 1.0 - (n - 1.0) * observed / np.where(same, 1.0, expected))
