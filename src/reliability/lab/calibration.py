"""How well ratings were calibrated: scores with intervals, by class and source type, and what luck alone would do.

numpy and scipy do it, as for `scores`: scikit-learn has the area under the curve and isotonic regression, but takes
neither truths between 0 and 1 nor whole groups in a bootstrap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from reliability.lab.recalibration import Recalibration, recalibration
from reliability.lab.scores import (
    N_BINS,
    SEED,
    TAILS,
    Bin,
    Scores,
    bin_of,
    calibration,
    scores,
    squared_errors,
    surprises,
)
from reliability.learning.poisson_binomial import quantiles
from reliability.model.base import Record
from reliability.scoring.channel import Floats

RESAMPLES, WORK = 1_000, 60_000_000
EXACT = 2_000
MEASURES = ("brier", "log_bits", "ece", "sharpness", "auc")


@dataclass(frozen=True)
class Case:
    """A rating whose claim was settled: p and truth, what it stands or falls with, its class and origins' types.

    `plain`: it is true or false by itself, and its p what the tree comes to, so that a map may be fitted to it.
    """

    claim: str
    p: float
    truth: float
    group: str
    kind: str
    types: tuple[str, ...]
    plain: bool = True


class Measure(Record):
    """A score and its 5–95 % interval over resampled groups; None where it has no meaning."""

    name: str
    value: float | None
    low: float | None
    high: float | None


class Band(Bin):
    """A bin, and between which shares what turned out would lie in 90 % of cases, were every p right."""

    luck_low: float
    luck_high: float


class Part(Record):
    """The scores of some of the ratings: those of a class, or those with an origin of a source type."""

    by: str
    name: str
    scores: Scores
    auc: float | None


@dataclass(frozen=True)
class Calibration:
    """All that is known of how right some ratings were."""

    n_groups: int
    scores: Scores
    measures: tuple[Measure, ...]
    bands: tuple[Band, ...]
    parts: tuple[Part, ...]
    recalibration: Recalibration


def calibrated(cases: Sequence[Case], n_bins: int = N_BINS) -> Calibration:
    """Hold ratings to what turned out. The order of cases does not matter; raises ValueError for none."""
    cases = sorted(cases, key=lambda one: one.claim)
    p, truth = _columns(cases)
    whole = scores(p, truth, n_bins)
    if whole is None:
        raise ValueError("no rating was settled")
    _, group = np.unique([one.group for one in cases], return_inverse=True)
    return Calibration(
        n_groups=int(group.max()) + 1, scores=whole, measures=_measures(p, truth, group, n_bins),
        bands=bands(p, truth, n_bins), parts=tuple(_parts(cases, n_bins)), recalibration=recalibration(p, truth, group),
    )  # fmt: skip


def _columns(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    return np.array([one.p for one in cases], dtype=float), np.array([one.truth for one in cases], dtype=float)


def _parts(cases: Sequence[Case], n_bins: int) -> Iterable[Part]:
    named = sorted({("class", one.kind) for one in cases} | {("source type", t) for one in cases for t in one.types})
    for by, name in named:
        mine = [one for one in cases if (one.kind == name if by == "class" else name in one.types)]
        p, truth = _columns(mine)
        found = scores(p, truth, n_bins)
        if found is not None:
            yield Part(by=by, name=name, scores=found, auc=area(p, truth))


def bands(p: Floats, truth: Floats, n_bins: int = N_BINS) -> tuple[Band, ...]:
    """The calibration table with consistency bands: where a bin's share lies when its probabilities are right.

    A bin's number of true claims then is Poisson-binomial: exact for up to 2,000 claims, normal beyond.
    Source: Bröcker & Smith (2007), Increasing the reliability of reliability diagrams.
    """
    place = bin_of(p, n_bins)
    found = []
    for one in calibration(p, truth, n_bins):
        mine = p[place == round(one.low * n_bins)]
        low, high = _luck(mine)
        found.append(Band(**one.model_dump(), luck_low=low / one.n, luck_high=high / one.n))
    return tuple(found)


def _luck(p: Floats) -> tuple[float, float]:
    if len(p) <= EXACT:
        least, most = quantiles(p, TAILS)
        return float(least), float(most)
    mean, spread = float(p.sum()), float(np.sqrt((p * (1.0 - p)).sum()))
    low, high = (mean + spread * ndtri(np.array(TAILS))).tolist()
    return max(low, 0.0), min(high, float(len(p)))


def area(p: Floats, truth: Floats, times: Floats | None = None) -> float | None:
    """The chance that a true claim has the greater p of a true and a false one, ties counting half; None for one kind.

    Truths between count as so much true and so much false. `times` (n,) or (R, n) is how often each claim is there.
    Source: Hanley & McNeil (1982).
    """
    found = _areas(p, truth, np.ones((1, len(p))) if times is None else times)[0]
    return None if np.isnan(found) else float(found)


def _areas(p: Floats, truth: Floats, times: Floats) -> Floats:
    level, place = np.unique(p, return_inverse=True)
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(len(level)))
    true = np.add.reduceat((times * truth)[:, order], starts, axis=1)
    false = np.add.reduceat((times * (1.0 - truth))[:, order], starts, axis=1)
    below = np.cumsum(false, axis=1) - false / 2.0
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = (true * below).sum(axis=1) / (true.sum(axis=1) * false.sum(axis=1))
    return np.where(np.isfinite(found), found, np.nan)


def _all(p: Floats, truth: Floats, times: Floats, n_bins: int) -> dict[str, Floats]:
    """Every measure for each of R resamples: times (R, n)."""
    total = times.sum(axis=1)
    mean = (times @ p) / total
    place = np.eye(n_bins)[bin_of(p, n_bins)]
    found = {
        "brier": times @ squared_errors(p, truth) / total, "log_bits": times @ surprises(p, truth) / total,
        "ece": np.abs((times * (p - truth)) @ place).sum(axis=1) / total,
        "sharpness": times @ p**2 / total - mean**2, "auc": _areas(p, truth, times),
    }  # fmt: skip
    return {name: np.asarray(values) for name, values in found.items()}


def _measures(p: Floats, truth: Floats, group: Any, n_bins: int) -> tuple[Measure, ...]:
    """Every measure with a bootstrap interval over groups, the same on every run.

    Source: Efron & Tibshirani (1993), percentile intervals.
    """
    now = _all(p, truth, np.ones((1, len(p))), n_bins)
    n_groups = int(group.max()) + 1
    drawn: dict[str, list[Floats]] = {name: [] for name in MEASURES}
    if n_groups > 1:
        generator = np.random.Generator(np.random.PCG64(SEED))
        left = max(100, min(RESAMPLES, WORK // len(p)))
        while left > 0:
            size = min(left, max(1, 2_000_000 // len(p)))
            times = generator.multinomial(n_groups, np.full(n_groups, 1.0 / n_groups), size=size).astype(float)
            for name, values in _all(p, truth, times[:, group], n_bins).items():
                drawn[name].append(values)
            left -= size
    return tuple(_measure(name, now[name], drawn[name]) for name in MEASURES)


def _measure(name: str, now: Floats, drawn: Sequence[Floats]) -> Measure:
    value = None if np.isnan(now[0]) else float(now[0])
    values = np.concatenate(drawn) if drawn else np.zeros(0)
    values = values[np.isfinite(values)]
    low, high = np.quantile(values, TAILS).tolist() if len(values) and value is not None else (None, None)
    return Measure(name=name, value=value, low=low, high=high)
