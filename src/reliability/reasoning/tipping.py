"""Tipping points: how reliable a source would have to be for the rating to cross a boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.model.rating import Crossing, TippingPoint
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
EXACTLY = 1e-12
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


def tipping_points(account: Account) -> dict[int, list[TippingPoint]]:
    """For each plain claim (by unit), each source's accuracy at even odds at which p would be ½ or a word's edge.

    φ from the world varies over [0, 1] on all its links together (a crowd's member's on its crowd's link too), with
    everything else fixed, by bisection to 1e-6; φ = 0 counts where p is then exactly there. None: never reached.
    """
    scored = account.scored
    sources = _sources(account)
    if scored.k != 2 or not sources.node.size:
        return {}
    words = account.scales.icd203
    edges = np.array(sorted({EVEN, *words.lows[1:]}))
    crossing = np.full((len(sources.node), len(edges)), np.nan)
    alone = np.flatnonzero(sources.alone)
    crossing[alone] = _crossings(_Alone(account, sources.node[alone]), len(alone), edges)
    many = np.bincount(sources.unit[~sources.alone], minlength=len(scored.coded.units))
    for units in _batches(many):
        rows = np.flatnonzero(~sources.alone & np.isin(sources.unit, units))
        crossing[rows] = _crossings(_Together(account, sources, units, rows), len(rows), edges)
    now = scored.links.fidelity[scored.parameters.origin_row[sources.node]]
    found: dict[int, list[TippingPoint]] = {}
    for row, (node, unit) in enumerate(zip(sources.node.tolist(), sources.unit.tolist(), strict=True)):
        at = {edge: _accuracy(phi) for edge, phi in zip(edges.tolist(), crossing[row].tolist(), strict=True)
              if not np.isnan(phi)}  # fmt: skip
        p = rounded(float(scored.p[0, unit]), 4)
        place = {low: i for i, low in enumerate(words.lows)}
        over = tuple(Crossing(p=edge, r=r, icd203=words.words[place[edge] - (p >= edge)])
                     for edge, r in at.items() if edge in place)  # fmt: skip
        found.setdefault(unit, []).append(
            TippingPoint(
                source=account.source_name(node), r_now=_accuracy(float(now[row])), r_at_50=at.get(EVEN), words=over
            )
        )
    return found


def _accuracy(phi: float) -> float:
    return rounded((1.0 + phi) / 2.0, 4)


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


class _Alone:
    """Sources that stand on one link outside any crowd, each by its node."""

    def __init__(self, account: Account, nodes: Ints) -> None:
        self.account, self.nodes = account, nodes

    def p(self, source: Ints, phi: Floats) -> Floats:
        """The rating of each source's claim with its φ from the world set to `phi`; a source may come several times."""
        return p_with(self.account, self.nodes[source], phi)


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
        place = np.full(len(sources.node) + 1, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        of_member = place[sources.of_node[nodes]]
        members = np.flatnonzero(of_member >= 0)
        self.members = members[np.argsort(of_member[members], kind="stable")]
        self.n_members = np.bincount(of_member[members], minlength=len(rows))
        self.first_member = np.cumsum(self.n_members) - self.n_members
        kind = scored.paths.kind[nodes]
        above = scored.parameters.above[nodes]
        parent = self.trie.parent
        self.crowd = np.where((parent >= 0) & (kind[parent] == CROWD), parent, -1)
        self.above = np.where(self.crowd >= 0, above[np.maximum(self.crowd, 0)], above)

    def p(self, source: Ints, phi: Floats) -> Floats:
        """As `_Alone.p`: each source's φ on all its links."""
        draw = _counted(self.unit[source])
        drawn = np.repeat(self.fidelity[:, None], int(draw.max(initial=0)) + 1, axis=1)
        n = self.n_members[source]
        member = self.members[np.repeat(self.first_member[source], n) + _counted(np.repeat(np.arange(len(source)), n))]
        wanted, draws, above = np.repeat(phi, n), np.repeat(draw, n), self.above[member]
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(above > 0.0, np.minimum(wanted / above, 1.0), 0.0)
        crowd = self.crowd[member]
        in_crowd = crowd >= 0
        link = np.where(in_crowd, np.sqrt(left), left)
        drawn[member, draws] = link
        drawn[crowd[in_crowd], draws[in_crowd]] = link[in_crowd]
        sent = upward(self.trie, Channels(drawn, self.guess), self.evidence).sent[:, self.trie.level(0)]
        found: Floats = posterior(self.log_prior[:, :, None] + sent)[0][self.unit[source], draw]
        return found


def _counted(groups: Ints) -> Ints:
    """0, 1, 2, … within each group of a column whose groups stand together."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)


def _crossings(sources: _Alone | _Together, n: int, edges: Floats) -> Floats:
    """The φ at which each of n ratings crosses each edge, (n, edges), NaN where it never does."""
    found = np.full((n, len(edges)), np.nan)
    if not n:
        return found
    every = np.arange(n)
    at_none, at_full = sources.p(every, np.zeros(n)), sources.p(every, np.ones(n))
    none, full = at_none[:, None] - edges, at_full[:, None] - edges
    exactly = np.abs(none) < EXACTLY
    found[exactly] = 0.0
    source, edge = np.nonzero((np.sign(none) != np.sign(full)) & ~exactly)
    low, high = np.zeros(len(source)), np.ones(len(source))
    sign = np.sign(none)[source, edge]
    while source.size and (high - low).max() > WITHIN:
        middle = (low + high) / 2.0
        same = np.sign(sources.p(source, middle) - edges[edge]) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    found[source, edge] = (low + high) / 2.0
    return found
