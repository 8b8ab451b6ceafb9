"""The rating of a figure as a function of how often one origin knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reliability.scoring.channel import Floats


@dataclass(frozen=True)
class Lever:
    """The rating over cells as a function of one origin's φ_q, everything else fixed.

    What is heard of the origin is a sum of J parts with coefficients that depend on φ_q only: of all statements alike,
    of a truth of none, and of each statement as from one who knows and from one who does not. `joint` (J, K) is what
    the world hears of each part, likelihoods up to one constant, and `through` the same with φ = 1 and φ = 0 for the
    crowd right above it, (2, J, K); `means` (2, n) the two parts' prior predictive; `open_zero` (n,) as in
    `Sayings`; `heard` is what relays say of n + 1 statements with guesses (n + 1, m).
    """

    k: int
    common_error: float
    joint: Floats
    through: Floats | None
    means: Floats
    open_zero: Floats
    heard: Callable[[Floats], Floats]

    def p(self, fidelity: Floats) -> Floats:
        """The rating over cells, (m, K), for each φ_q of (m,)."""
        return self._rating(self._coefficients(fidelity) @ self.joint)

    def p_with_crowd(self, fidelity: Floats) -> Floats:
        """As `p`, with each φ_q in the place of the crowd's φ too."""
        if self.through is None:
            return self.p(fidelity)
        full, none = self._coefficients(fidelity) @ self.through
        return self._rating(fidelity[:, None] * full + (1.0 - fidelity[:, None]) * none)

    def _rating(self, linear: Floats) -> Floats:
        linear = np.maximum(linear, 0.0)
        linear /= linear.sum(axis=1, keepdims=True)
        found: Floats = self.common_error * linear + (1.0 - self.common_error) / self.k
        return found

    def _coefficients(self, fidelity: Floats) -> Floats:
        """The parts' coefficients, (m, J)."""
        wrong = 1.0 - fidelity[:, None]
        means = fidelity[:, None] * self.means[0] + wrong * self.means[1]
        at_zero = np.where(self.open_zero, wrong * means * self.k / (self.k - wrong), 0.0)
        heard = self.heard(guesses((means + at_zero / self.k).T)).T
        more = heard[:, :-1] - heard[:, -1:]
        parts = np.stack([more * fidelity[:, None], more * wrong], axis=2).reshape(len(fidelity), -1)
        return np.concatenate([heard[:, -1:], (more * at_zero).sum(axis=1, keepdims=True), parts], axis=1)


def guesses(means: Floats) -> Floats:
    """The prior predictive of n statements, (n, …), and of any other: (n + 1, …)."""
    guess = np.minimum(means, 1.0)
    guess = guess / np.maximum(1.0, guess.sum(axis=0))
    return np.concatenate([guess, np.maximum(0.0, 1.0 - guess.sum(axis=0, keepdims=True))])
