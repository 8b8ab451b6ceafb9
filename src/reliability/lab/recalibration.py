"""A map from what was rated to what it should have been, learned from what turned out, and whether it is worth having.

Two are tried: beta calibration (log-odds of the new p linear in ln p and ln(1 − p); three numbers), and isotonic
regression (steps that rise; scipy's). Each is judged on claims that it was not fitted to.
Sources: Kull, Silva Filho & Flach (2017); Zadrozny & Elkan (2002).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

from reliability.lab.scores import squared_errors, surprises
from reliability.model.base import Record
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

FOLDS = 10
KEPT_OFF = 1e-4
"""Ratings are rounded to 1e-4: nearer to 0 and 1 they say no more."""
GRID = np.round(np.linspace(0.0, 1.0, 51), 6)
"""Where an isotonic map is told: between points so far apart no rounding of p makes much of a difference."""
PULL = 1e-3
"""A slight pull of the three numbers towards no change, so that few claims can't send them off."""


class Tried(Record):
    """A map, and its mean scores on claims that it was not fitted to."""

    name: str
    brier: float
    log_bits: float


class Recalibration(Record):
    """The maps that were tried, `none` among them, and the best by log score, with what it makes of each p.

    A map is the best if it gains more than the gain's standard error.

    `beta`: a, b, c of log-odds = a·ln p − b·ln(1 − p) + c. `points`: pairs of p and what it becomes, in rising order;
    in between lie straight lines, beyond the first and last they are level.
    """

    folds: int
    tried: tuple[Tried, ...]
    best: str
    beta: tuple[float, float, float]
    points: tuple[tuple[float, float], ...]


def recalibration(p: Floats, truth: Floats, group: Ints) -> Recalibration:
    """Fit and judge the maps. Folds are whole groups, every tenth in id order; with one group nothing is held out."""
    fold = group % min(FOLDS, int(group.max()) + 1)
    n_folds = int(fold.max()) + 1
    held = {name: np.empty(len(p)) for name in ("none", "beta", "isotonic")}
    held["none"][:] = p
    for at in range(n_folds):
        mine, rest = fold == at, fold != at if n_folds > 1 else fold == at
        held["beta"][mine] = by_beta(p[mine], fit_beta(p[rest], truth[rest]))
        held["isotonic"][mine] = by_steps(p[mine], *fit_points(p[rest], truth[rest]))
    tried = tuple(Tried(name=name, brier=float(squared_errors(q, truth).mean()),
                        log_bits=float(surprises(q, truth).mean())) for name, q in held.items())  # fmt: skip
    best = min(tried, key=lambda one: one.log_bits).name if n_folds > 1 else "none"
    if not _surely(surprises(p, truth) - surprises(held[best], truth), group):
        best = "none"
    beta = fit_beta(p, truth)
    y = {"none": GRID, "beta": by_beta(GRID, beta), "isotonic": fit_points(p, truth)[1]}[best]
    points = tuple((round(float(a), 6), round(float(b), 6)) for a, b in zip(GRID, y, strict=True))
    return Recalibration(folds=n_folds, tried=tried, best=best, beta=beta, points=points)


def _surely(gain: Floats, group: Ints) -> bool:
    """Whether a gain in all is more than its standard error, groups being what varies.

    Source: Breiman, Friedman, Olshen & Stone (1984), the one-standard-error rule.
    """
    of_group = np.bincount(group, gain)
    return bool(of_group.sum() > np.sqrt(len(of_group)) * of_group.std())


def fit_beta(p: Floats, truth: Floats) -> tuple[float, float, float]:
    """a, b ≥ 0 and c that make the truths most likely. (1, 1, 0) changes nothing."""
    kept = np.clip(p, KEPT_OFF, 1.0 - KEPT_OFF)
    columns = np.stack([np.log(kept), -np.log1p(-kept), np.ones(len(p))], axis=1)
    start = np.array([1.0, 1.0, 0.0])

    def loss(x: Floats) -> tuple[float, Floats]:
        z = columns @ x
        value = np.logaddexp(0.0, z).sum() - truth @ z + PULL * ((x - start) ** 2).sum()
        slope: Floats = columns.T @ (expit(z) - truth) + 2.0 * PULL * (x - start)
        return float(value), slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 10.0), (0.0, 10.0), (-20.0, 20.0)])
    a, b, c = (round(float(value), 6) for value in found.x)
    return a, b, c


def by_beta(p: Floats, beta: tuple[float, float, float]) -> Floats:
    """What beta calibration makes of some p."""
    kept = np.clip(p, KEPT_OFF, 1.0 - KEPT_OFF)
    found: Floats = expit(beta[0] * np.log(kept) - beta[1] * np.log1p(-kept) + beta[2])
    return found


def fit_steps(p: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Isotonic regression: the distinct p in order and what each becomes, a little off 0 and 1."""
    level, place = np.unique(p, return_inverse=True)
    n = np.bincount(place).astype(float)
    share = np.bincount(place, truth) / n
    risen = isotonic_regression(share, weights=n).x
    off = 0.5 / (len(p) + 1.0)
    return level, np.clip(risen, off, 1.0 - off)


def fit_points(p: Floats, truth: Floats) -> tuple[Floats, Floats]:
    """Isotonic regression as a map has it, with straight lines between the points of a grid."""
    return GRID, by_steps(GRID, *fit_steps(p, truth))


def by_steps(p: Floats, level: Floats, risen: Floats) -> Floats:
    """What isotonic regression makes of some p."""
    found: Floats = np.interp(p, level, risen)
    return found
