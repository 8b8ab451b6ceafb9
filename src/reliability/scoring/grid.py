"""The cells of a figure: 0, the integers to 20, then equal steps in ln x up to the unit's range."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reliability.errors import ScoringError
from reliability.scoring.channel import Floats

LAST_INTEGER = 20
STEP = 0.05


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells in order: cell 0 is zero; cell i ≥ 1 lies between edges[i − 1] and edges[i] about middle[i − 1], in ln x.

    Every cell has the same prior. `middle` (K − 1,), `edges` (K,).
    """

    edges: Floats
    middle: Floats

    @property
    def k(self) -> int:
        """How many cells there are, zero's included."""
        return len(self.middle) + 1

    def overlap(self, low: float, high: float) -> Floats:
        """The share of each cell that lies between two values, by its length in ln x: (K,). [0, 0] is the zero cell."""
        share = np.zeros(self.k)
        if low > high:
            return share
        if high <= 0.0:
            share[0] = 1.0
            return share
        if low <= 0.0:
            share[0] = 1.0
            low = np.exp(self.edges[0])
        a, b = np.log(low), np.log(high) if np.isfinite(high) else np.inf
        covered = np.minimum(self.edges[1:], b) - np.maximum(self.edges[:-1], a)
        share[1:] = np.clip(covered / np.diff(self.edges), 0.0, 1.0)
        return share

    def point(self, p: Floats, share: float) -> float:
        """The value below which `share` of the probability lies, interpolated in ln x within the cell."""
        reached = np.cumsum(p)
        cell = int(np.searchsorted(reached, share * reached[-1]))
        if cell == 0:
            return 0.0
        part = (share * reached[-1] - reached[cell - 1]) / p[cell]
        return float(np.exp(self.edges[cell - 1] + part * (self.edges[cell] - self.edges[cell - 1])))


@lru_cache(maxsize=64)
def grid_to(range_: float, step: float = STEP) -> Grid:
    """The grid up to a range. Raises ScoringError for a range that ends within the integers."""
    if range_ <= LAST_INTEGER + 0.5:
        raise ScoringError(problem=f"a range of {range_:g} is too small", remedy="give the unit a range of 21 or more")
    first = np.log(LAST_INTEGER + 0.5)
    n = int(np.ceil((np.log(range_) - first) / step - 1e-12))
    steps = np.linspace(first, np.log(range_), n + 1)
    integers = np.arange(1, LAST_INTEGER + 1)
    edges = np.concatenate([np.log(integers - 0.5), steps])
    middle = np.concatenate([np.log(integers), (steps[1:] + steps[:-1]) / 2.0])
    return Grid(edges, middle)
