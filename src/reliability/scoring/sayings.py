"""How likely words about a figure are from one who knows it, and from one who does not, for each true number."""

from __future__ import annotations

import numpy as np

from reliability.rules.policy import Policy
from reliability.scoring.blurs import N_BIAS, NINETIETH, Z_WEIGHT, Blur, Z, lean_and_width
from reliability.scoring.channel import Floats
from reliability.scoring.figure_words import Words
from reliability.scoring.grid import Grid

LEAST = 1e-30
"""The least chance of any words, as −300 dB: what nothing on the grid explains tells nothing."""


class Sayings:
    """The chances of words over one grid, under one policy's numbers; what was worked out is kept."""

    def __init__(self, policy: Policy, grid: Grid) -> None:
        self.grid = grid
        self.spread = policy.constants["figure-spread"]
        self.gross = np.log(policy.constants["figure-gross-factor"]) / NINETIETH
        self._masses: dict[tuple[Words, float, float], Floats] = {}
        self._chances: dict[tuple[Words, Blur], Floats] = {}

    def chance(self, words: Words, blur: Blur) -> Floats:
        """The chance of the words for each cell and bias, (K, 41); figures and zero come from each other by guess only.

        Source: φ_q·W(ln x + b(z), σ) + (1 − φ_q)·W(ln x, ln 7/1.645), which is the guess itself for those who don't
        know magnitudes.
        """
        if (words, blur) not in self._chances:
            self._chances[words, blur] = self._worked_out(words, blur)
        return self._chances[words, blur]

    def _worked_out(self, words: Words, blur: Blur) -> Floats:
        knows, wild = self.parts(words, blur)
        table = blur.fidelity * knows + (1.0 - blur.fidelity) * wild
        if self.open_zero(words, blur):
            table[0] = (1.0 - blur.fidelity) * float((table[1:] @ Z_WEIGHT).sum()) / (
                self.grid.k - (1.0 - blur.fidelity))  # fmt: skip
        return np.maximum(table, LEAST)

    def parts(self, words: Words, blur: Blur) -> tuple[Floats, Floats]:
        """The chance (K, 41) of the words from one who knows the figure, and from one who does not.

        Where `open_zero`, what the latter says of none is left at 0: it depends on how many know it.
        """
        middle, k = self.grid.middle, self.grid.k
        knows = np.zeros((k, N_BIAS))
        if words.zero:
            knows[0] = 1.0
            wild = np.full_like(knows, 1.0 / k)
            return (1.0 - knows, 1.0 - wild) if words.denied else (knows, wild)
        lean, width = lean_and_width(blur)
        key = words, blur.low, blur.high
        if key not in self._masses:
            self._masses[key] = words.mass(middle[:, None] + lean + width * Z[None, :], self.spread)
        knows[1:] = self._masses[key]
        knows[0] = 1.0 if words.denied else 0.0
        if not blur.knows_magnitude:
            return knows, np.full_like(knows, float((knows @ Z_WEIGHT).mean()))
        wild = np.empty_like(knows)
        wild[1:] = words.mass(middle, self.gross)[:, None]
        wild[0] = knows[0]
        return knows, wild

    def open_zero(self, words: Words, blur: Blur) -> bool:
        """Whether the words come from a truth of none by the guess of the prior predictive only."""
        return blur.knows_magnitude and not words.zero and not words.denied
