"""Shares and fidelities on a grid over [0, 1]: Betas on it, and Betas around every point of it, as messages pass them.

A mean and what scatters around it are two levels of a tree; with both on the grid its sums and products are exact.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from reliability.scoring.channel import Floats

CELLS = 128
TINY = 1e-300


@lru_cache(maxsize=1)
def edges() -> Floats:
    """The grid's edges, sin²: finer towards 0 and 1."""
    found: Floats = np.sin(np.linspace(0.0, np.pi / 2.0, CELLS + 1)) ** 2
    return found


@lru_cache(maxsize=1)
def middles() -> Floats:
    """The grid's points: (CELLS,)."""
    return (edges()[1:] + edges()[:-1]) / 2.0


def around(mean: Floats, worth: Floats | float) -> Floats:
    """Betas of some means and worths as chances of the grid's cells: (n, CELLS), rows sum to 1.

    A cell's chance is its width times the density in its middle; the two at the ends, where the density may have no
    bound, are integrated: θ^a/a.
    """
    a, b = (mean * worth)[:, None], ((1.0 - mean) * worth)[:, None]
    middle, end = middles(), float(edges()[1])
    found = (a - 1.0) * np.log(middle) + (b - 1.0) * np.log1p(-middle) + np.log(np.diff(edges()))
    found[:, :1] = a * np.log(end) - np.log(a) + (b - 1.0) * np.log1p(-middle[0])
    found[:, -1:] = b * np.log(end) - np.log(b) + (a - 1.0) * np.log1p(-middle[0])
    return np.maximum(normal(found), TINY)


@lru_cache(maxsize=16)
def scatter(worth: float) -> Floats:
    """Betas of a worth around every point of the grid: (CELLS, CELLS)."""
    return around(middles(), worth)


def through(kernel: Floats | None, log_below: Floats) -> Floats:
    """What rows (n, CELLS) of logs say of the level above, through Betas around it; the level itself where none."""
    if kernel is None:
        return log_below
    top = log_below.max(axis=1, keepdims=True)
    found: Floats = np.log(np.maximum(np.exp(log_below - top) @ kernel.T, TINY)) + top
    return found


def normal(log_chance: Floats) -> Floats:
    """Rows (n, CELLS) of logs as chances that sum to 1."""
    found: Floats = np.exp(log_chance - log_chance.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


def moments(chance: Floats, worth: float | Floats | None) -> tuple[Floats, Floats]:
    """Mean and worth, (n,), of what scatters with a worth around means (n, CELLS); None: of the means themselves.

    The Beta has the mean and the variance of the mixture: what is not known of the mean, and the scatter around it.
    """
    middle = middles()
    mean: Floats = chance @ middle
    variance: Floats = chance @ middle**2 - mean**2
    if worth is not None:
        variance += chance @ (middle * (1.0 - middle)) / (worth + 1.0)
    return mean, np.maximum(mean * (1.0 - mean) / np.maximum(variance, 1e-12) - 1.0, 1e-3)
