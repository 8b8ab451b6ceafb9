"""What a source's own record makes of its φ: Beta(nφ, n(1 − φ)) as was expected, given what it got right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reliability.rules.policy import Policy
from reliability.rules.track_record import TrackRecord
from reliability.scoring.channel import Floats
from reliability.scoring.coding import Unit
from reliability.scoring.provenance import Mask
from reliability.scoring.trie import Codes

LEAST = 0.01
"""A kind without weight still lets its members earn some: the mean that is expected lies in [LEAST, 1 − LEAST]."""
POINTS, ROUNDS, FAR, REACH = 1_001, 4, 9.0, 45.0
Counts = tuple[float, float, float, float]


@dataclass(frozen=True)
class Recorded:
    """Links' records: `there` (n,) has one that counts; φ and worth with it; `right` of `total` settled reports.

    `lucky` (n,): how many would be right by chance, at the record's base rate.
    """

    there: Mask
    fidelity: Floats
    worth: Floats
    right: Floats
    total: Floats
    lucky: Floats
    grade: tuple[str, ...]


def log_chances(known: Floats, unknown: Floats, base_rate: float) -> Floats:
    """Natural logs of the chance of each outcome of a report: (4, n), in the order of `TrackRecord.counts`.

    known, unknown (n,) are ln φ and ln(1 − φ). Among claims of which a share p0 is true, what a source of φ asserts
    has the odds p0/(1 − p0)·(1 + φ)/(1 − φ) of being so, and what it denies those odds' mirror. At p0 = ½ the chance
    to be right is φ + (1 − φ)/2: it knew, or guessed luckily. φ = 0 is right as often as claims are.
    """
    more, true, false = np.logaddexp(0.0, known), np.log(base_rate), np.log1p(-base_rate)
    asserted, denied = np.logaddexp(true + more, false + unknown), np.logaddexp(false + more, true + unknown)
    return np.stack(
        [true + more - asserted, false + unknown - asserted, true + unknown - denied, false + more - denied]
    )


@lru_cache(maxsize=65_536)
def posterior_fidelity(expected: float, worth: float, counts: Counts, base_rate: float) -> tuple[float, float]:
    """φ's mean, and the worth of the Beta with the same mean and variance, given a record.

    The density is Beta(worth·expected, worth·(1 − expected)) times the chance of what was counted; a hit thereby adds
    its chance of having been known, φ/(φ + (1 − φ)g), and never 1. It is integrated over the log-odds of φ by the
    trapezoidal rule, on a grid that closes in on where the density is: exact to about 1e-9.
    """
    mean = min(max(expected, LEAST), 1.0 - LEAST)
    a, b = worth * mean, worth * (1.0 - mean)
    low, high = -FAR, FAR
    for _ in range(ROUNDS):
        s = np.linspace(low, high, POINTS)
        t = np.sinh(s)
        density = _log_density(t, a, b, counts, base_rate) + np.log(np.cosh(s))
        inside = np.flatnonzero(density > density.max() - REACH)
        low, high = s[max(inside[0] - 1, 0)], s[min(inside[-1] + 1, POINTS - 1)]
    weight = np.exp(density - density.max())
    weight /= weight.sum()
    fidelity = _logistic(t)
    found = float(weight @ fidelity)
    variance = float(weight @ (fidelity - found) ** 2)
    return found, max(found * (1.0 - found) / variance - 1.0, 1e-6) if variance > 0.0 else worth + sum(counts)


def _logistic(t: Floats) -> Floats:
    found: Floats = np.exp(-np.logaddexp(0.0, -t))
    return found


def _log_density(t: Floats, a: float, b: float, counts: Counts, base_rate: float) -> Floats:
    """The density of φ's log-odds t, in natural logs up to a constant."""
    known, unknown = -np.logaddexp(0.0, -t), -np.logaddexp(0.0, t)
    found: Floats = a * known + b * unknown + np.array(counts) @ log_chances(known, unknown, base_rate)
    return found


def right_of(counts: Counts) -> float:
    """How many of the counted reports were right."""
    return counts[0] + counts[3]


def lucky_of(counts: Counts, base_rate: float) -> float:
    """How many would be right of someone who knows nothing."""
    return (counts[0] + counts[1]) * base_rate + (counts[2] + counts[3]) * (1.0 - base_rate)


def recorded(
    policy: Policy, source: Codes, unit: Codes, keys: Sequence[str], units: Sequence[Unit],
    expected: Floats, worth: Floats,
) -> Recorded:  # fmt: skip
    """Each link's record, what was settled of the link's own claim left out.

    Shapes: source, unit (n,) codes into keys and units; expected, worth (n,) the φ and worth of each link's type.
    """
    n = len(source)
    there = np.zeros(n, dtype=bool)
    fidelity, new_worth = expected.copy(), worth.copy()
    right, total, lucky = np.zeros((3, n))
    grade = ["D"] * n
    known = {code: _Known(entry.record) for code, key in enumerate(keys)
             if (entry := policy.sources.entries.get(key)) is not None and entry.record is not None}  # fmt: skip
    for row in np.flatnonzero(np.isin(source, list(known))).tolist():
        record = known[int(source[row])].record
        counts = known[int(source[row])].without(units[int(unit[row])].claims)
        if not sum(counts) and record.fidelity is None:
            continue
        before = (float(expected[row]), float(worth[row])) if record.fidelity is None or record.worth is None else (
            record.fidelity, record.worth)  # fmt: skip
        there[row], grade[row] = True, record.grade
        fidelity[row], new_worth[row] = posterior_fidelity(*before, counts, record.base_rate)
        right[row], total[row] = right_of(counts), sum(counts)
        lucky[row] = lucky_of(counts, record.base_rate)
    return Recorded(there, fidelity, new_worth, right, total, lucky, tuple(grade))


class _Known:
    """A record whose counts without some claims are had without going through all of it again."""

    def __init__(self, record: TrackRecord) -> None:
        self.record = record
        self._all = record.counts()
        self._of = {one.claim: TrackRecord(settled=(one,)).counts() for one in record.settled}

    def without(self, claims: frozenset[str]) -> Counts:
        """The counts, what was settled of these claims left out; never below 0 by rounding."""
        out = [self._of[claim] for claim in claims if claim in self._of]
        first, second, third, last = (
            max(0.0, count - sum(one[at] for one in out)) for at, count in enumerate(self._all)
        )
        return first, second, third, last
