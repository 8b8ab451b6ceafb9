"""Tipping points: how reliable a source would have to be for the rating to cross a boundary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reliability.model.rating import TippingPoint
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.reasoning.interval import sub_trie
from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.passes import Channels, replaced_each, upward
from reliability.scoring.paths import CROWD
from reliability.scoring.provenance import Mask
from reliability.scoring.trie import Ints

WITHIN = 1e-6
EVEN = 0.5
_TOGETHER = 4


@dataclass(frozen=True)
class Sources:
    """One row a claim's source: its claim, its first node, whether it stands on one link outside any crowd.

    `of_node` (n_nodes,): the row of each origin node, -1 for other nodes.
    """

    unit: Ints
    node: Ints
    alone: Mask
    of_node: Ints


def tipping_points(account: Account, boundary: float = EVEN) -> dict[int, list[TippingPoint]]:
    """For each plain claim (by unit), each source's accuracy at even odds at which p would be the boundary.

    φ from the world varies over [0, 1] on all its links together (a crowd's member's on its crowd's link too), with
    everything else fixed, by bisection to 1e-6; φ = 0 counts where p is then exactly there. None: never reached.
    """
    scored = account.scored
    sources = _sources(account)
    if scored.k != 2 or not sources.node.size:
        return {}
    crossing = np.full(len(sources.node), np.nan)
    alone = np.flatnonzero(sources.alone)
    if alone.size:
        crossing[alone] = _bisect(lambda phi: p_with(account, sources.node[alone], phi), len(alone), boundary)
    many = np.bincount(sources.unit[~sources.alone], minlength=len(scored.coded.units))
    for units in _batches(many):
        rows = np.flatnonzero(~sources.alone & np.isin(sources.unit, units))
        together = _Together(account, sources, units, rows)
        crossing[rows] = _bisect(together.p, len(rows), boundary)
    now = scored.links.fidelity[scored.parameters.origin_row[sources.node]]
    found: dict[int, list[TippingPoint]] = {}
    for row, (node, unit) in enumerate(zip(sources.node.tolist(), sources.unit.tolist(), strict=True)):
        at = None if np.isnan(crossing[row]) else rounded((1.0 + float(crossing[row])) / 2.0, 4)
        r_now = rounded((1.0 + float(now[row])) / 2.0, 4)
        found.setdefault(unit, []).append(TippingPoint(source=account.source_name(node), r_now=r_now, r_at_50=at))
    return found


def _sources(account: Account) -> Sources:
    scored = account.scored
    trie, paths = scored.paths.trie, scored.paths
    nodes = np.flatnonzero(scored.parameters.origin_row >= 0)
    identity = np.stack([trie.unit[nodes], paths.a[nodes]]).astype(np.int64)
    _, first, row, count = np.unique(identity, axis=1, return_index=True, return_inverse=True, return_counts=True)
    of_node = np.full(trie.n_nodes, -1, dtype=np.int64)
    of_node[nodes] = row.reshape(-1)
    node = nodes[first]
    in_crowd = paths.kind[trie.parent[node]] == CROWD
    return Sources(trie.unit[node].astype(np.int64), node, (count == 1) & ~in_crowd, of_node)


def _batches(many: Ints) -> list[Ints]:
    """Claims to be computed at once: those with few sources of this kind together, the others one by one."""
    few = np.flatnonzero((many > 0) & (many <= _TOGETHER))
    return [*([few] if few.size else []), *(np.array([unit]) for unit in np.flatnonzero(many > _TOGETHER))]


def p_with(account: Account, nodes: Ints, phi: Floats) -> Floats:
    """The rating (of the first alternative) with each node's φ from the world set to `phi`, one at a time."""
    scored = account.scored
    channels = scored.parameters.channels
    above = scored.parameters.above[nodes]
    with np.errstate(divide="ignore", invalid="ignore"):
        link = np.where(above > 0.0, np.minimum(phi / above, 1.0), 0.0)
    sent = attenuate(scored.up.below[:, nodes], link, channels.guess[:, nodes])
    heard, _ = replaced_each(scored.paths.trie, channels, scored.up, sent, nodes)
    unit = scored.paths.trie.unit[nodes]
    found: Floats = posterior(np.log(scored.priors.prior[:, unit]) + heard)[0]
    return found


class _Together:
    """Some claims' sources that stand on several links or in crowds: a draw a source, all links of it moved at once."""

    def __init__(self, account: Account, sources: Sources, units: Ints, rows: Ints) -> None:
        scored = account.scored
        self.trie, nodes = sub_trie(scored.paths.trie, units)
        self.guess = scored.parameters.channels.guess[:, nodes]
        self.evidence = scored.evidence[:, nodes]
        self.log_prior = np.log(scored.priors.prior[:, units])
        self.fidelity = scored.parameters.channels.fidelity[nodes]
        self.unit = np.searchsorted(units, sources.unit[rows])
        first = np.searchsorted(self.unit, self.unit)
        self.draw = np.arange(len(rows)) - first
        place = {int(row): at for at, row in enumerate(rows)}
        mine = np.array([place.get(int(row), -1) for row in sources.of_node[nodes]])
        self.members = np.flatnonzero(mine >= 0)
        self.row_of_member = mine[self.members]
        parent = self.trie.parent[self.members]
        kind = scored.paths.kind[nodes]
        self.crowd = np.where(kind[parent] == CROWD, parent, -1)
        above = scored.parameters.above[nodes]
        self.above = np.where(self.crowd >= 0, above[np.maximum(self.crowd, 0)], above[self.members])

    def p(self, phi: Floats) -> Floats:
        """The rating of each source's claim with its φ from the world set to `phi` on all its links."""
        drawn = np.repeat(self.fidelity[:, None], int(self.draw.max()) + 1, axis=1)
        wanted, draw = phi[self.row_of_member], self.draw[self.row_of_member]
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(self.above > 0.0, np.minimum(wanted / self.above, 1.0), 0.0)
        in_crowd = self.crowd >= 0
        link = np.where(in_crowd, np.sqrt(left), left)
        drawn[self.members, draw] = link
        drawn[self.crowd[in_crowd], draw[in_crowd]] = link[in_crowd]
        sent = upward(self.trie, Channels(drawn, self.guess), self.evidence).sent[:, self.trie.level(0)]
        found: Floats = posterior(self.log_prior[:, :, None] + sent)[0][self.unit, self.draw]
        return found


def _bisect(p_at: Callable[[Floats], Floats], n: int, boundary: float) -> Floats:
    """The φ at which each of n ratings crosses the boundary, NaN where it never does."""
    low, high = np.zeros(n), np.ones(n)
    at_low, at_high = p_at(low) - boundary, p_at(high) - boundary
    exactly = np.abs(at_low) < 1e-12
    reached = (np.sign(at_low) != np.sign(at_high)) & ~exactly
    sign = np.sign(at_low)
    while reached.any() and (high - low)[reached].max() > WITHIN:
        middle = (low + high) / 2.0
        same = np.sign(p_at(middle) - boundary) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(exactly, 0.0, np.where(reached, (low + high) / 2.0, np.nan))
