"""Words for probabilities: the published scales, as bands [low, high)."""

from __future__ import annotations

from dataclasses import dataclass

from reliability.model.rounding import rounded
from reliability.rules.fit import REQUIRED_SCALES
from reliability.rules.policy import Policy
from reliability.rules.schema import Scale


@dataclass(frozen=True)
class Wording:
    """A verbal scale: band edges and words, lowest first; gaps go to the nearer band, ties to the one nearer ½."""

    words: tuple[str, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]

    @classmethod
    def of(cls, scale: Scale) -> Wording:
        """Read a scale rule; a band without `high` ends where the next begins."""
        bands = sorted(scale.band, key=lambda band: band.low)
        lows = tuple(band.low for band in bands)
        nexts = (*lows[1:], 1.0)
        highs = tuple(b.high if b.high is not None else following for b, following in zip(bands, nexts, strict=True))
        return cls(tuple(band.word for band in bands), lows, highs)

    def place(self, p: float) -> int:
        """The band of a probability (already rounded), counted from the lowest; the outermost reach 0 and 1."""
        for i in range(len(self.words)):
            if p < self.highs[i]:
                if p >= self.lows[i] or i == 0:
                    return i
                return self._nearer(p, i - 1, i)
        return len(self.words) - 1

    def _nearer(self, p: float, below: int, above: int) -> int:
        to_below, to_above = rounded(p - self.highs[below], 12), rounded(self.lows[above] - p, 12)
        if to_below == to_above:
            middles = [abs((self.lows[i] + self.highs[i]) / 2 - 0.5) for i in (below, above)]
            return below if middles[0] < middles[1] else above
        return below if to_below < to_above else above

    def word(self, p: float) -> str:
        """The band's words."""
        return self.words[self.place(p)]

    def beyond(self, p: float) -> bool:
        """Whether a probability lies outside all published bands."""
        return p < self.lows[0] or p > self.highs[-1]


@dataclass(frozen=True)
class Scales:
    """The scales of a policy that ratings use; `others` are those that it adds to the published ones, by id."""

    icd203: Wording
    phia: Wording
    letters: Wording
    digits: Wording
    others: dict[str, Wording]

    @classmethod
    def of(cls, policy: Policy) -> Scales:
        """Read ICD 203, PHIA, both Admiralty scales, and the policy's own."""
        every = {name: Wording.of(scale) for name, scale in policy.scales.items()}
        icd203, phia, letters, digits = (every.pop(name) for name in REQUIRED_SCALES)
        return cls(icd203, phia, letters, digits, every)
