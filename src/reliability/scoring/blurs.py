"""How an origin states figures: what it knows, how it leans, and what it would then say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.describe import Described, outcomes, settings
from reliability.scoring.grid import Grid
from reliability.scoring.score import Scored

N_BIAS = 41
Z = np.linspace(-4.0, 4.0, N_BIAS)
Z_WEIGHT = np.exp(-0.5 * Z**2) / np.exp(-0.5 * Z**2).sum()
NINETIETH = 1.645
"""Standard deviations from the median to the 95 % point of a normal distribution."""


@dataclass(frozen=True)
class Blur:
    """How an origin states figures: φ_q, the spread σ, the bias's 5–95 % range, whether it guesses truth's magnitude.

    `knows_magnitude` is true of types that carry others: what they don't have they still know to a factor; the figure
    of any other type is, where it is not known, a mere guess, so that φ = 0 changes nothing. `rule` sets the bias.
    """

    fidelity: float
    low: float
    high: float
    party: int
    knows_magnitude: bool
    rule: str | None = None


def statements(grid: Grid, blur: Blur, spread: float, gross: float) -> Floats:
    """The chance that an origin states a figure in each cell, given each cell as the truth: (K, K), rows the truth.

    Rows sum to 1: what would be stated beyond the grid is stated within it. Zero and other figures come from each other
    by guess only, as in `FigureTree`.
    """
    k, knows = grid.k, blur.fidelity
    meant = _meant(grid, *lean_and_width(blur), spread)
    if blur.knows_magnitude:
        from scipy.special import ndtr

        wild = np.diff(ndtr((grid.edges[None, :] - grid.middle[:, None]) / gross), axis=1)
        guess = wild / wild.sum(axis=1, keepdims=True) * (k - 1) / k
    else:
        guess = np.broadcast_to(meant.mean(axis=0) * (k - 1) / k, meant.shape)
    table = np.empty((k, k))
    table[1:, 0] = (1.0 - knows) / k
    table[1:, 1:] = knows * meant + (1.0 - knows) * guess
    table[0, 0] = knows + (1.0 - knows) / k
    table[0, 1:] = (1.0 - knows) * guess.mean(axis=0)
    found: Floats = table / table.sum(axis=1, keepdims=True)
    return found


@lru_cache(maxsize=32)
def _meant(grid: Grid, lean: float, width: float, spread: float) -> Floats:
    """The chance that what is meant lies in each cell above zero, given each such cell as the truth: (K − 1, K − 1)."""
    from scipy.special import ndtr  # takes a quarter of a second, which plain claims are spared

    mu = grid.middle[:, None] + lean + width * Z[None, :]
    below = ndtr((grid.edges[None, None, :] - mu[:, :, None]) / spread)
    meant: Floats = np.einsum("xzc,z->xc", np.diff(below, axis=2), Z_WEIGHT)
    meant /= meant.sum(axis=1, keepdims=True)
    return meant


def lean_and_width(blur: Blur) -> tuple[float, float]:
    """Mean and standard deviation, in ln x, of a bias with the 5–95 % range of the blur."""
    return 0.5 * np.log(blur.low * blur.high), 0.5 * np.log(blur.high / blur.low) / NINETIETH


def bias_ranges(policy: Policy, described: Described) -> tuple[Floats, Floats, list[str | None]]:
    """The 5 and 95 % points of what is reported over what is true, (n,) each, and the rules that set them.

    Where no rule says, a third party's.
    """
    found = outcomes(policy.biases, described, policy)
    low, by = settings(policy.biases, found, "low", described.n)
    high, _ = settings(policy.biases, found, "high", described.n)
    rules = [policy.biases[at].id if at >= 0 else None for at in by.tolist()]
    return np.where(np.isnan(low), 0.5, low), np.where(np.isnan(high), 2.0, high), rules


def blurs_of(scored: Scored, policy: Policy) -> dict[int, Blur]:
    """How every origin node of a call states figures."""
    links = scored.links
    low, high, rules = bias_ranges(policy, links.described)
    party = links.described.columns["party"].codes
    knows = policy.constants["figure-knows"]
    fidelity = scored.parameters.channels.fidelity
    blurs: dict[int, Blur] = {}
    for node in np.flatnonzero(scored.parameters.origin_row >= 0).tolist():
        row = int(scored.parameters.origin_row[node])
        carries = policy.types[scored.coded.type_ids[int(links.type[row])]].carries
        own = float(fidelity[node]) if links.crowd[row] else float(links.fidelity[row])
        blurs[node] = Blur(
            knows if carries else own, float(low[row]), float(high[row]), int(party[row]), carries, rules[row]
        )
    return blurs
