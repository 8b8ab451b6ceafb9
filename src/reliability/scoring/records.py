"""What a source's own record makes of its φ: Beta(nφ, n(1 − φ)) as was expected, given what it got right and wrong."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from reliability.scoring.channel import Floats
from reliability.scoring.scatter import around, middles, moments, normal, scatter, through

LEAST = 0.01
"""A kind without weight still lets its members earn some: the mean that is expected lies in [LEAST, 1 − LEAST]."""
POINTS, ROUNDS, FAR, REACH = 1_001, 4, 9.0, 45.0
Counts = tuple[float, float, float, float]


class Told(NamedTuple):
    """Counts, and what they are measured against: plain claims' base rate, or the chance to guess a question's answer.

    A `guess` of None is that of plain claims.
    """

    counts: Counts
    base_rate: float
    guess: float | None = None

    @property
    def lucky(self) -> float:
        """How many would be right of someone who knows nothing."""
        true_asserted, false_asserted, true_denied, false_denied = self.counts
        even = self.base_rate if self.guess is None else self.guess
        return (true_asserted + false_asserted) * even + (true_denied + false_denied) * (1.0 - even)


def answer_chances(known: Floats, unknown: Floats, guess: float) -> Floats:
    """As `log_chances`, of answers that who does not know names with a chance `guess`, and that are true as often.

    What is asserted is right with the chance φ + (1 − φ)·guess, what is denied with φ + (1 − φ)(1 − guess).
    """
    named, other = unknown + np.log(guess), unknown + np.log1p(-guess)
    return np.stack([np.logaddexp(known, named), other, named, np.logaddexp(known, other)])


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


def posterior_fidelity(expected: float, worth: float, counts: Counts, base_rate: float) -> tuple[float, float]:
    """`posterior_of` counts of plain claims at one base rate."""
    return posterior_of(expected, worth, (Told(counts, base_rate),))


@lru_cache(maxsize=65_536)
def posterior_of(expected: float, worth: float, told: tuple[Told, ...]) -> tuple[float, float]:
    """φ's mean, and the worth of the Beta with the same mean and variance, given counts.

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
        density = _log_density(t, a, b, told) + np.log(np.cosh(s))
        inside = np.flatnonzero(density > density.max() - REACH)
        low, high = s[max(inside[0] - 1, 0)], s[min(inside[-1] + 1, POINTS - 1)]
    weight = np.exp(density - density.max())
    weight /= weight.sum()
    fidelity = _logistic(t)
    found = min(float(weight @ fidelity), 1.0)
    variance = float(weight @ (fidelity - found) ** 2)
    spread = found * (1.0 - found)
    in_all = sum(sum(one.counts) for one in told)
    return found, max(spread / variance - 1.0, 1e-6) if variance > 0.0 and spread > 0.0 else worth + in_all


@lru_cache(maxsize=65_536)
def expected_in_class(
    expected: float, worth: float, elsewhere: tuple[tuple[Told, ...], ...], class_worth: float
) -> tuple[float, float]:
    """What to expect of φ on claims of one class: its mean and worth, given counts of each other class.

    The source's φ has a Beta(worth·expected, worth·(1 − expected)), each class's one of `class_worth` around it.
    """
    known, unknown = np.log(middles()), np.log1p(-middles())
    log_chance = np.log(around(np.clip(np.array([expected]), LEAST, 1.0 - LEAST), worth))
    for told in elsewhere:
        log_chance += through(scatter(class_worth), log_chance_of(known, unknown, told)[None, :])
    return tuple(float(one[0]) for one in moments(normal(log_chance), class_worth))  # type: ignore[return-value]


def _logistic(t: Floats) -> Floats:
    found: Floats = np.exp(-np.logaddexp(0.0, -t))
    return found


def _log_density(t: Floats, a: float, b: float, told: tuple[Told, ...]) -> Floats:
    """The density of φ's log-odds t, in natural logs up to a constant."""
    known, unknown = -np.logaddexp(0.0, -t), -np.logaddexp(0.0, t)
    found: Floats = a * known + b * unknown + log_chance_of(known, unknown, told)
    return found


def log_chance_of(known: Floats, unknown: Floats, told: tuple[Told, ...]) -> Floats:
    """Natural logs of the chance of all that was counted, at ln φ and ln(1 − φ), up to a constant: (n,)."""
    found = np.zeros_like(known)
    for counts, base_rate, guess in told:
        found += np.array(counts) @ outcomes_at(known, unknown, base_rate, guess)
    return found


def outcomes_at(known: Floats, unknown: Floats, base_rate: float, guess: float | None) -> Floats:
    """`answer_chances` where there is a guess, else `log_chances`: (4, n)."""
    return log_chances(known, unknown, base_rate) if guess is None else answer_chances(known, unknown, guess)


def right_of(counts: Counts) -> float:
    """How many of the counted reports were right."""
    return counts[0] + counts[3]
