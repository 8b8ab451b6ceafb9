"""A source's record in one class of claims: the share of what it asserts there that is true."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

from reliability.learning.records_classes import Classes
from reliability.learning.records_pools import beta_ends
from reliability.rules.track_record import OfClass, TrackRecord
from reliability.scoring.recorded import ByClass, classes_in, of_class_in

ENOUGH = 5.0
"""Fewer settled claims of a class are not shown by themselves; they count all the same."""
PLACES = 6


Share = tuple[float, float]
"""Hits and misses of a Beta on a share."""


def with_classes(record: TrackRecord, before: Share, classes: Classes) -> TrackRecord:
    """A record with what was learned of classes, and its own share in each class that it has claims enough of.

    `before` is what its kind let expect.
    """
    worth = round(classes.worth, PLACES)
    named = record.model_copy(update={
        "class_worth": worth,
        "class_base_rates": {name: round(p, PLACES) for name, p in classes.base_rates.items() if name},
    })  # fmt: skip
    counts = ByClass(named).without(frozenset())
    shown = []
    for name in sorted(classes.base_rates.keys() & {*classes_in(counts)}):
        n = sum(of_class_in(counts, name))
        if name and n >= ENOUGH:
            hits, misses = share_in_class(named, before, classes, name)
            low, high = beta_ends(np.array([hits]), np.array([misses]))[0].tolist()
            told = {"p_true": hits / (hits + misses), "p_true_low": low, "p_true_high": high, "n_settled": n}
            shown.append(OfClass(claim_class=name, **{key: round(value, PLACES) for key, value in told.items()}))
    return named.model_copy(update={"by_class": tuple(shown)})


def share_in_class(record: TrackRecord, before: Share, classes: Classes, name: str) -> Share:
    """The share of a source's assertions of a class that are true.

    What it asserts elsewhere tells of it, as far as classes scatter and as often as claims there are true.
    """
    counts, own_worth = ByClass(record).without(frozenset()), classes.worth
    hits, misses = before
    mix, n = record.base_rate * (hits + misses), hits + misses
    for other in classes_in(counts):
        if other == name:
            continue
        true, false = of_class_in(counts, other)[:2]
        factor = (own_worth + 1.0) / (own_worth + max(true + false, 1.0))
        hits, misses, n = hits + factor * true, misses + factor * false, n + factor * (true + false)
        mix += factor * (true + false) * classes.rate(other)
    here = classes.rate(name)
    mean = elsewhere(hits / (hits + misses), mix / n, here)
    share = (hits + misses) / (hits + misses + 1.0) * own_worth / (own_worth + 1.0)
    worth = share / (1.0 - share)  # variances add: of m(1 − m), 1 less the share
    true, false = of_class_in(counts, name)[:2]
    return mean * worth + true, (1.0 - mean) * worth + false


def elsewhere(p: float, base_rate: float, other: float) -> float:
    """What a share among claims of one base rate is among those of another: the odds change as the base rates' do."""
    kept = min(max(p, 1e-9), 1.0 - 1e-9)
    return float(expit(logit(kept) + logit(other) - logit(base_rate)))
