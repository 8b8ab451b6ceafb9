"""How good probabilities were, once the truth is known: scores, their parts, and calibration.

Everywhere p (n,) are the probabilities that were given and truth (n,) what turned out, 0 to 1: a truth between the two
is a chance that the claim is true. numpy and scipy.special do it: scikit-learn has Brier and log scores and a
calibration curve, but no decomposition, no intervals and no truths between 0 and 1, and is 40 MB more to install.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from reliability.model.base import Record
from reliability.scoring.channel import Floats

N_BINS = 10
TAILS = (0.05, 0.95)
SEED = 20261126
LEAST = 1e-15
"""Probabilities are kept so far off 0 and 1 in logarithms: one certain error costs 50 bits, not all."""


class Scores(Record):
    """Scores of n probabilities; brier = reliability − resolution + uncertainty + within_bins, exactly.

    `brier` mean squared error, 0 best; `log_bits` mean bits of surprise, 1 for who always says ½; `reliability` how
    far bins are off what turned out, `resolution` how far they tell claims apart, `uncertainty` what always saying the
    share that is true would score, `within_bins` what the bins hide; `ece` the expected calibration error, the mean
    |said − true| over bins; `accuracy` the share on the right side of ½ (p ≥ ½ against truth ≥ ½, truths of ½ left
    out), None where there is none.
    Source: Murphy (1973); the term within bins: Stephenson, Coelho & Jolliffe (2008).
    """

    n: int
    share_true: float
    brier: float
    log_bits: float
    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float
    ece: float
    accuracy: float | None


class Bin(Record):
    """Probabilities in [low, high), the last bin closed: how many, what they said, what turned out, 5–95 % of that."""

    low: float
    high: float
    n: int
    mean_p: float
    share_true: float
    true_low: float
    true_high: float


class Difference(Record):
    """A mean difference of paired numbers, and its 5–95 % interval; None with fewer than two groups."""

    mean: float
    low: float | None
    high: float | None


def squared_errors(p: Floats, truth: Floats) -> Floats:
    """Each claim's Brier score, (p − truth)². Source: Brier (1950)."""
    found: Floats = (p - truth) ** 2
    return found


def surprises(p: Floats, truth: Floats) -> Floats:
    """Each claim's log score in bits, −truth·log₂p − (1 − truth)·log₂(1 − p). Source: Good (1952)."""
    kept = np.clip(p, LEAST, 1.0 - LEAST)
    found: Floats = -(truth * np.log2(kept) + (1.0 - truth) * np.log2(1.0 - kept))
    return found


def scores(p: Floats, truth: Floats, n_bins: int = N_BINS) -> Scores | None:
    """All scores of some probabilities; None for none."""
    n = len(p)
    if not n:
        return None
    bins = bin_of(p, n_bins)
    count = np.bincount(bins, minlength=n_bins)
    there = count > 0
    weight = count[there] / n
    said, true = (np.bincount(bins, values, n_bins)[there] / count[there] for values in (p, truth))
    base, brier = float(truth.mean()), float(squared_errors(p, truth).mean())
    reliability = float(weight @ (said - true) ** 2)
    resolution, uncertainty = float(weight @ (true - base) ** 2), float(((truth - base) ** 2).mean())
    sided = truth != 0.5
    right = (p >= 0.5) == (truth >= 0.5)
    return Scores(
        n=n, share_true=base, brier=brier, log_bits=float(surprises(p, truth).mean()), reliability=reliability,
        resolution=resolution, uncertainty=uncertainty, within_bins=brier - (reliability - resolution + uncertainty),
        ece=float(weight @ np.abs(said - true)), accuracy=float(right[sided].mean()) if sided.any() else None,
    )  # fmt: skip


def bin_of(p: Floats, n_bins: int = N_BINS) -> NDArray[np.int64]:
    """The bin of each probability, of equal bins [k/n, (k + 1)/n); 1 is in the last. An edge is compared to 1e-9."""
    found: NDArray[np.int64] = np.minimum(np.floor(p * n_bins + 1e-9), n_bins - 1).astype(np.int64)
    return found


def calibration(p: Floats, truth: Floats, n_bins: int = N_BINS) -> tuple[Bin, ...]:
    """The calibration table: a row a bin that holds something, lowest first."""
    bins, found = bin_of(p, n_bins), []
    for place in np.unique(bins).tolist():
        mine = bins == place
        n, n_true = int(mine.sum()), float(truth[mine].sum())
        low, high = share_interval(n_true, n)
        found.append(Bin(low=place / n_bins, high=(place + 1) / n_bins, n=n, mean_p=float(p[mine].mean()),
                         share_true=n_true / n, true_low=low, true_high=high))  # fmt: skip
    return tuple(found)


def share_interval(n_true: float, n: int) -> tuple[float, float]:
    """Jeffreys' 5–95 % interval of a share, from Beta(n_true + ½, n − n_true + ½); at none and all it reaches 0 and 1.

    It takes counts that are not whole. Source: Brown, Cai & DasGupta (2001), section 3.2.
    """
    low, high = (float(betaincinv(n_true + 0.5, n - n_true + 0.5, tail)) for tail in TAILS)
    return 0.0 if n_true == 0 else low, 1.0 if n_true == n else high


def paired_differences(
    columns: Sequence[Floats], groups: Sequence[str], n_resamples: int = 10_000
) -> tuple[Difference, ...]:
    """The mean of each column (n,) of paired differences, with a bootstrap interval over whole groups.

    Groups (n,) are what stands or falls together, as the answers to one question do: they are drawn, not their members,
    the same for all columns and on every run. Source: Efron & Tibshirani (1993), percentile intervals.
    """
    if not columns:
        return ()
    means = [float(column.mean()) if len(column) else 0.0 for column in columns]
    _, group = np.unique(np.array(groups), return_inverse=True)
    size = np.bincount(group).astype(float)
    n = len(size)
    if n < 2:
        return tuple(Difference(mean=mean, low=None, high=None) for mean in means)
    total = np.stack([np.bincount(group, column) for column in columns], axis=1)
    generator = np.random.Generator(np.random.PCG64(SEED))
    drawn = []
    step = max(1, 2_000_000 // n)
    for start in range(0, n_resamples, step):
        times = generator.multinomial(n, np.full(n, 1.0 / n), size=min(step, n_resamples - start)).astype(float)
        drawn.append((times @ total) / (times @ size)[:, None])
    low, high = np.quantile(np.concatenate(drawn), TAILS, axis=0).tolist()
    return tuple(Difference(mean=mean, low=low[at], high=high[at]) for at, mean in enumerate(means))
