"""Tipping points: how reliable a source would have to be for the rating to cross a boundary."""

from __future__ import annotations

import numpy as np

from reliability.model.rating import TippingPoint
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.passes import replaced_each
from reliability.scoring.trie import Ints

WITHIN = 1e-6
EVEN = 0.5


def tipping_points(account: Account) -> dict[int, list[TippingPoint]]:
    """For each plain claim (by unit), each origin's accuracy at even odds at which p would be 50 %.

    φ from the world varies over [0, 1] with everything else fixed, by bisection to 1e-6; φ = 0 counts where p is
    then exactly 50 %. None where it is never reached. Members of a crowd share their crowd's link, which stays.
    """
    scored = account.scored
    if scored.k != 2:
        return {}
    nodes = np.flatnonzero(scored.parameters.origin_row >= 0)
    if not nodes.size:
        return {}
    crossing = _crossings(account, nodes, EVEN)
    now = scored.links.fidelity[scored.parameters.origin_row[nodes]]
    found: dict[int, list[TippingPoint]] = {}
    for node, phi, at in zip(nodes.tolist(), now.tolist(), crossing.tolist(), strict=True):
        r_at = None if np.isnan(at) else rounded((1.0 + at) / 2.0, 4)
        point = TippingPoint(source=account.labels[node], r_now=rounded((1.0 + phi) / 2.0, 4), r_at_50=r_at)
        found.setdefault(int(scored.paths.trie.unit[node]), []).append(point)
    return found


def p_with(account: Account, nodes: Ints, phi: Floats) -> Floats:
    """The rating (of the first alternative) with each node's φ from the world set to `phi`, one at a time."""
    scored = account.scored
    channels = scored.parameters.channels
    above = scored.parameters.above[nodes]
    with np.errstate(divide="ignore", invalid="ignore"):
        link = np.where(above > 0.0, np.minimum(phi / above, 1.0), 0.0)
    sent = np.array(scored.up.sent)
    sent[:, nodes] = attenuate(scored.up.below[:, nodes], link, channels.guess[:, nodes])
    heard, _ = replaced_each(scored.paths.trie, channels, scored.up, sent)
    unit = scored.paths.trie.unit[nodes]
    found: Floats = posterior(np.log(scored.priors.prior[:, unit]) + heard[:, nodes])[0]
    return found


def _crossings(account: Account, nodes: Ints, boundary: float) -> Floats:
    """The φ at which each node's claim crosses the boundary, NaN where it never does."""
    low, high = np.zeros(len(nodes)), np.ones(len(nodes))
    at_low, at_high = p_with(account, nodes, low) - boundary, p_with(account, nodes, high) - boundary
    exactly = np.abs(at_low) < 1e-12
    reached = (np.sign(at_low) != np.sign(at_high)) & ~exactly
    sign = np.sign(at_low)
    while reached.any() and (high - low)[reached].max() > WITHIN:
        middle = (low + high) / 2.0
        same = np.sign(p_with(account, nodes, middle) - boundary) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(exactly, 0.0, np.where(reached, (low + high) / 2.0, np.nan))
