"""The chance of a figure's words, given what is meant: bands for exact, about and between, tails for the one-sided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reliability.model.report import Quantity
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats

_POINTS = 6_001
_REACH = 30.0


@dataclass(frozen=True)
class Words:
    """A stated figure: its word and value, the numbers that its word is read by, and whether it is denied."""

    value: float
    op: str
    high: float | None
    about: float
    tail: float
    denied: bool = False

    @classmethod
    def of(cls, quantity: Quantity, policy: Policy, denied: bool = False) -> Words:
        """Read a quantity by the policy's numbers."""
        tails = {"at_least": "figure-at-least-tail", "at_most": "figure-at-least-tail",
                 "more_than": "figure-more-than-tail", "less_than": "figure-more-than-tail"}  # fmt: skip
        tail = policy.constants[tails[quantity.op]] if quantity.op in tails else 0.0
        return cls(quantity.value, quantity.op, quantity.high, policy.constants["figure-about"], tail, denied)

    @property
    def zero(self) -> bool:
        """Whether the words say that there were none."""
        none = self.op == "between" and self.high == 0.0
        return self.value == 0.0 and (none or self.op in ("exact", "about", "at_most"))

    @property
    def band(self) -> tuple[float, float]:
        """What the words cover: the values between which they are right as they stand."""
        value = self.value
        match self.op:
            case "exact":
                return max(value - 0.5, value / 2.0), value + 0.5
            case "about":
                return value * (1.0 - self.about), value * (1.0 + self.about)
            case "between":
                return value, float(self.high or value)
            case "at_least" | "more_than":
                return value, np.inf
        return 0.0, value

    def as_stated(self, within: float) -> tuple[float, float]:
        """Between which values the truth is called right: a factor about the figure, or about a between's ends."""
        if self.zero:
            return 0.0, 0.0
        if self.value == 0.0 and self.op == "between":
            return 0.0, (self.high or 0.0) * within
        if self.value == 0.0:
            return (0.0 if self.op == "at_least" else 0.5), np.inf
        high = self.high if self.op == "between" and self.high is not None else self.value
        return self.value / within, high * within

    def mass(self, mu: Floats, sigma: float) -> Floats:
        """The chance, up to a constant that the words share, that they are said when ln of what is meant is N(μ, σ).

        For a denial: one less the mass of what is denied. Shapes: as `mu`.
        """
        low, high = self.band
        if self.denied:
            above = _upper(np.log(low) if low > 0.0 else -np.inf, mu, sigma)
            beyond = _upper(np.log(high), mu, sigma) if np.isfinite(high) else 0.0
            return np.maximum(1.0 - (above - beyond), 0.0)
        if self.op in ("at_least", "more_than"):
            return _tail(mu - np.log(max(self.value, 0.5)), sigma, self.tail)
        if self.op in ("at_most", "less_than"):
            return _tail(np.log(max(self.value, 0.5)) - mu, sigma, self.tail)
        a, b = np.log(low) if low > 0.0 else -np.inf, np.log(high)
        if b - a < 1e-9:
            a, b = np.log(max(low - 0.5, low / 2.0)), np.log(high + 0.5)
        from scipy.special import ndtr  # takes a quarter of a second, which plain claims are spared

        found: Floats = ndtr((b - mu) / sigma) - ndtr((a - mu) / sigma)
        flipped = ndtr((mu - a) / sigma) - ndtr((mu - b) / sigma)
        return np.where(mu < a, flipped, found)


def _upper(cut: float, mu: Floats, sigma: float) -> Floats:
    from scipy.special import log_ndtr

    found: Floats = np.exp(log_ndtr((mu - cut) / sigma))
    return found


def _tail(distance: Floats, sigma: float, tail: float) -> Floats:
    """The density of "at least S" at meant = S·e^distance blurred by σ: meant/S − 1 is exponential with mean `tail`."""
    at, density = _tail_table(sigma, tail)
    found: Floats = np.interp(distance, at, density, left=0.0, right=0.0)
    return found


@lru_cache(maxsize=32)
def _tail_table(sigma: float, tail: float) -> tuple[Floats, Floats]:
    """∫ e^(−u) N(ln(1 + tail·u); d, σ) du over a fine grid of distances d, by Simpson's rule."""
    u = np.linspace(0.0, _REACH, _POINTS)
    weight = np.full(_POINTS, 2.0)
    weight[1::2] = 4.0
    weight[[0, -1]] = 1.0
    weight *= (u[1] - u[0]) / 3.0 * np.exp(-u)
    meant = np.log1p(tail * u)
    at = np.linspace(-9.0 * sigma, meant[-1] + 9.0 * sigma, 2_000)
    density = np.array([(weight * np.exp(-0.5 * ((meant - d) / sigma) ** 2)).sum() for d in at])
    return at, density / (sigma * np.sqrt(2.0 * np.pi))
