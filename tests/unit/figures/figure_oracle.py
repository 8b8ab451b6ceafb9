"""Figures by brute force, written from REASONING.md alone: its own grid, words, bias and sums, nothing of the package.

A voice says one or more figures, each carried by chains of relays. Likelihoods are tables over (cell, bias), sums run
over what the voice may have said and over every relay's choice to pass on or to guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

COMMON_ERROR, KNOWS, SIGMA, NINETIETH = 0.98, 0.95, 0.1, 1.645
GROSS = math.log(7.0) / NINETIETH
TAILS = {"at_least": 0.30, "at_most": 0.30, "more_than": 0.15, "less_than": 0.15}
BIASES = {"third": (0.5, 2.0), "own": (0.2, 1.1), "enemy": (1.2, 5.0), "none": (1.0, 1.0)}
PASSES = {"direct-quote": 0.99, "paraphrase": 0.97, "translation": 0.95}
NODES, WEIGHTS = np.polynomial.legendre.leggauss(72)


@dataclass(frozen=True)
class Said:
    """A stated figure, or its denial."""

    value: float
    op: str = "exact"
    high: float | None = None
    denied: bool = False


@dataclass(frozen=True)
class Voice:
    """Who says figures: by name, with what fidelity; `carries` types know magnitudes.

    `chains`: each figure with the fidelities of the relays that it came through (none: we heard it ourselves).
    """

    name: str
    fidelity: float
    carries: bool
    chains: tuple[tuple[Said, tuple[float, ...]], ...]
    bias: str = "third"
    bloc: str | None = None
    crowd: float | None = None


def grid_of(range_: float, step: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """ln of every cell's middle and the edges between cells; the zero cell is not among them."""
    edges = [math.log(i - 0.5) for i in range(1, 22)]
    n = math.ceil((math.log(range_) - edges[-1]) / step - 1e-12)
    width = (math.log(range_) - edges[-1]) / n
    edges += [edges[20] + width * i for i in range(1, n + 1)]
    middle = [math.log(i) for i in range(1, 21)]
    middle += [(edges[i] + edges[i + 1]) / 2 for i in range(20, 20 + n)]
    return np.array(middle), np.array(edges)


def words(said: Said, mu: np.ndarray, sigma: float) -> np.ndarray:
    """The chance of a figure's words when ln of what is meant is N(μ, σ): a band's mass, a tail's density in ln."""
    s = said.value
    if said.denied:
        low, high = {
            "exact": (max(s - 0.5, s / 2), s + 0.5), "about": (0.9 * s, 1.1 * s), "between": (s, said.high),
            "at_least": (s, math.inf), "more_than": (s, math.inf), "at_most": (0, s), "less_than": (0, s),
        }[said.op]  # fmt: skip
        return 1.0 - _mass(low, high, mu, sigma)
    if said.op in TAILS:
        distance = mu - math.log(s) if said.op in ("at_least", "more_than") else math.log(s) - mu
        return _tail(distance, sigma, TAILS[said.op])
    bands = {"exact": (max(s - 0.5, s / 2), s + 0.5), "about": (0.9 * s, 1.1 * s), "between": (s, said.high)}
    return _mass(*bands[said.op], mu, sigma)


def _mass(low: float, high: float, mu: np.ndarray, sigma: float) -> np.ndarray:
    a = (math.log(low) - mu) / sigma if low > 0 else np.full_like(mu, -np.inf)
    b = (math.log(high) - mu) / sigma if high < math.inf else np.full_like(mu, np.inf)
    return np.where(a > 0, norm.sf(a) - norm.sf(b), norm.cdf(b) - norm.cdf(a))


def _tail(distance: np.ndarray, sigma: float, tail: float) -> np.ndarray:
    """∫ of the density of t = ln(meant/S), t ≥ 0, times N(distance; t, σ), by 72 Gauss points."""
    end = math.log1p(45.0 * tail)
    low = np.clip(distance - 9 * sigma, 0.0, end)[..., None]
    high = np.clip(distance + 9 * sigma, 0.0, end)[..., None]
    t = (low + high) / 2 + (high - low) / 2 * NODES
    density = np.exp(t - np.expm1(t) / tail) / tail
    blurred = np.exp(-0.5 * ((distance[..., None] - t) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    return (density * blurred * WEIGHTS).sum(axis=-1) * (high - low)[..., 0] / 2


def biases(n: int = 41, reach: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    z = np.linspace(-reach, reach, n)
    weight = np.exp(-(z**2) / 2)
    return z, weight / weight.sum()


class Oracle:
    """All voices' figures in one unit summed out over cells."""

    def __init__(self, range_: float, step: float = 0.05, n_bias: int = 41, reach: float = 4.0) -> None:
        self.middle, self.edges = grid_of(range_, step)
        self.k = len(self.middle) + 1
        self.z, self.weight = biases(n_bias, reach)

    def chance(self, said: Said, voice: Voice) -> np.ndarray:
        """P(words | cell, z), (K, n_bias)."""
        phi, k = (KNOWS if voice.carries else voice.fidelity), self.k
        found = np.empty((k, len(self.z)))
        if said.value == 0 and said.op == "exact":
            found[:] = (1 - phi) / k
            found[0] += phi
            return found
        a, c = BIASES[voice.bias]
        lean, spread = math.log(a * c) / 2, math.log(c / a) / 2 / NINETIETH
        knows = words(said, self.middle[:, None] + lean + spread * self.z[None, :], SIGMA)
        at_zero = 1.0 if said.denied else 0.0
        guessed = words(said, self.middle, GROSS)[:, None]
        if not voice.carries:
            guessed = (float((knows @ self.weight).sum()) + at_zero) / k
        found[1:] = phi * knows + (1 - phi) * guessed
        if said.denied:
            found[0] = 1.0 if voice.carries else phi + (1 - phi) * guessed
        else:
            found[0] = (1 - phi) * self._predicted(found[1:], phi) if voice.carries else (1 - phi) * guessed
        return found

    def _predicted(self, above: np.ndarray, phi: float) -> float:
        """g = (Σ P(words | x > 0) + (1 − φ)·g)/K, solved by iteration: the prior predictive of the words."""
        total, g = float((above @ self.weight).sum()), 0.0
        for _ in range(60):
            g = (total + (1 - phi) * g) / self.k
        return g

    def of_voice(self, voice: Voice) -> np.ndarray:
        """P(all that was read of a voice | cell, z): a sum over its words, and over what each relay did."""
        figures = list(dict.fromkeys(said for said, _ in voice.chains))
        chances = [self.chance(said, voice) for said in figures]
        guess = [min(float((table @ self.weight).mean()), 1.0) for table in chances]
        guess = [g / max(1.0, sum(guess)) for g in guess]
        other = max(0.0, 1.0 - sum(guess))
        g = np.array([*guess, other])
        n = len(g)
        told = np.ones(n)
        for said, relays in voice.chains:
            passed = np.eye(n)
            for fidelity in relays:
                passed = passed @ (fidelity * np.eye(n) + (1 - fidelity) * np.ones((n, 1)) * g)
            told = told * passed[:, figures.index(said)]
        found = told[-1] * (1.0 - sum(chances))
        for table, message in zip(chances, told[:-1], strict=True):
            found = found + table * message
        return found

    def of_group(self, voices: Sequence[Voice]) -> np.ndarray:
        """What a bloc, a crowd or a lone voice says of each cell: members of one leaning share one latent z."""
        found = np.ones(self.k)
        for leaning in {voice.bias for voice in voices}:
            mine = [voice for voice in voices if voice.bias == leaning]
            joint = np.prod([self.of_voice(voice) for voice in mine], axis=0)
            crowd = mine[0].crowd
            if crowd is not None:
                joint = crowd * joint + (1 - crowd) * joint.mean(axis=0)
            found = found * (joint @ self.weight)
        return found

    def posterior(self, voices: Sequence[Voice]) -> np.ndarray:
        """P(cell | all that was read), zero's first."""
        said = np.ones(self.k)
        groups: dict[str, list[Voice]] = {}
        for voice in voices:
            groups.setdefault(voice.bloc or voice.name, []).append(voice)
        for name in sorted(groups):
            said = said * self.of_group(groups[name])
            said = said / said.max()
        return COMMON_ERROR * said / said.sum() + (1 - COMMON_ERROR) / self.k

    def within(self, p: np.ndarray, low: float, high: float) -> float:
        """P(low ≤ x ≤ high), cells cut by their overlap in ln x."""
        a, b = self.edges[:-1], self.edges[1:]
        share = np.clip((np.minimum(b, math.log(high)) - np.maximum(a, math.log(low))) / (b - a), 0, 1)
        return float(share @ p[1:])

    def point(self, p: np.ndarray, share: float) -> float:
        """The share's point, interpolated in ln x within its cell."""
        below = p[0]
        if share <= below:
            return 0.0
        for i, chance in enumerate(p[1:].tolist()):
            if below + chance >= share:
                part = (share - below) / chance
                return math.exp(self.edges[i] + part * (self.edges[i + 1] - self.edges[i]))
            below += chance
        raise AssertionError(share)
