"""Tipping points: how reliable a source would have to be for the rating to cross a boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.model.rating import Crossing, TippingPoint
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.reasoning.interval import sub_trie
from reliability.reasoning.words import Scales
from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.passes import Channels, replaced_each, upward
from reliability.scoring.paths import CROWD
from reliability.scoring.provenance import Mask
from reliability.scoring.trie import Ints

WITHIN = 1e-6
EVEN = 0.5
EXACTLY = 1e-12
_TOGETHER = 4
_VALUES_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Sources:
    """One row a claim's source: its claim, its first node, whether it stands on one link outside any crowd.

    `of_node` (n_nodes,): the row of each origin node, -1 for other nodes.
    """

    unit: Ints
    node: Ints
    alone: Mask
    of_node: Ints


def tipping_points(account: Account) -> dict[int, list[list[TippingPoint]]]:
    """For each claim (by unit) and alternative, each source's accuracy at even odds at which p is ½ or a word's edge.

    φ from the world varies over [0, 1] on all its links together (a crowd's member's on its crowd's link too), with
    everything else fixed; φ = 0 counts where p is then exactly there. A claim has its one alternative. None: never
    reached. Computed once for all claims of a call.
    """
    cached: dict[int, list[list[TippingPoint]]] | None = account.__dict__.get("_tipping")
    if cached is None:
        cached = account.__dict__["_tipping"] = _computed(account)
    return cached


def _computed(account: Account) -> dict[int, list[list[TippingPoint]]]:
    scored = account.scored
    sources = _sources(account)
    if not sources.node.size:
        return {}
    edges = edges_of(account.scales)
    asked = scored.k if any(one.alternatives is not None for one in scored.coded.units) else 1
    crossing = np.full((len(sources.node), asked, len(edges)), np.nan)
    alone = np.flatnonzero(sources.alone)
    at = scored.ratings.before(edges, sources.unit)
    crossing[alone] = _on_one_link(account, sources.node[alone], asked, at[alone])
    many = np.bincount(sources.unit[~sources.alone], minlength=len(scored.coded.units))
    for units in _batches(many):
        rows = np.flatnonzero(~sources.alone & np.isin(sources.unit, units))
        crossing[rows] = _on_several(_Together(account, sources, units, rows), len(rows), asked, at[rows])
    now = scored.links.fidelity[scored.parameters.origin_row[sources.node]]
    found: dict[int, list[list[TippingPoint]]] = {}
    for row, (node, unit) in enumerate(zip(sources.node.tolist(), sources.unit.tolist(), strict=True)):
        by_answer = found.setdefault(unit, [[] for _ in range(asked)])
        for answer in range(asked):
            name, p = account.source_name(node), float(scored.p[answer, unit])
            at = np.array([_accuracy(phi) for phi in crossing[row, answer].tolist()])
            by_answer[answer].append(point_of(name, _accuracy(float(now[row])), at, edges, p, account.scales))
    return found


def edges_of(scales: Scales) -> Floats:
    """The probabilities at which a rating tips: even, and each ICD 203 word's edge; rising."""
    return np.array(sorted({EVEN, *scales.icd203.lows[1:]}))


def point_of(source: str, r_now: float, r_at: Floats, edges: Floats, p: float, scales: Scales) -> TippingPoint:
    """A source's record: what it takes, `r_at` (edges,), to bring p to each edge; NaN where nothing does."""
    words, shown = scales.icd203, rounded(p, 4)
    reached = {edge: rounded(r, 4) for edge, r in zip(edges.tolist(), r_at.tolist(), strict=True) if not np.isnan(r)}
    place = {low: i for i, low in enumerate(words.lows)}
    over = tuple(Crossing(p=edge, r=r, icd203=words.words[place[edge] - (shown >= edge)])
                 for edge, r in reached.items() if edge in place)  # fmt: skip
    return TippingPoint(source=source, r_now=rounded(r_now, 4), r_at_50=reached.get(EVEN), words=over)


def _accuracy(phi: float) -> float:
    return (1.0 + phi) / 2.0


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


def _on_one_link(account: Account, nodes: Ints, asked: int, edges: Floats) -> Floats:
    """φ at which each source's claim crosses each edge, (n, asked, edges): joint probabilities are linear in φ.

    `edges` (n, edges) are the tree's probabilities that bring its rating to them.
    Between φ = 0 and all that is above the source's link, p = (A + φB)/(C + φD) rises or falls throughout.
    """
    scored = account.scored
    channels, unit = scored.parameters.channels, scored.paths.trie.unit[nodes]
    above = scored.parameters.above[nodes]
    joint = []
    for link in (np.zeros(len(nodes)), np.where(above > 0.0, 1.0, 0.0)):
        sent = attenuate(scored.up.below[:, nodes], link, channels.guess[:, nodes])
        heard, _ = replaced_each(scored.paths.trie, channels, scored.up, sent, nodes)
        joint.append(np.log(scored.priors.prior[:, unit]) + heard)
    none, full = np.exp(np.stack(joint) - np.maximum(*joint).max(axis=0))
    every, more = none.sum(axis=0), full.sum(axis=0) - none.sum(axis=0)
    off = none[:asked, :, None] - edges * every[:, None]
    steep = (full - none)[:asked, :, None] - edges * more[:, None]
    at_full = off + steep
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(np.sign(off) != np.sign(at_full), -off / steep * above[:, None], np.nan)
    found[np.abs(off) < EXACTLY * every[:, None]] = 0.0
    return found.transpose(1, 0, 2)


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
        """The rating of each source's claim, (K, n), with its φ from the world set to `phi`.

        Sources in order; one may come several times. So many draws at a time that memory stays bounded.
        """
        draw = _counted(self.unit[source])
        at_once = max(1, _VALUES_AT_ONCE // self.guess.size)
        found = np.empty((len(self.guess), len(source)))
        for first in range(0, int(draw.max(initial=-1)) + 1, at_once):
            some = (draw >= first) & (draw < first + at_once)
            found[:, some] = self._drawn(source[some], phi[some], draw[some] - first)
        return found

    def _drawn(self, source: Ints, phi: Floats, draw: Ints) -> Floats:
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
        found: Floats = posterior(self.log_prior[:, :, None] + sent)[:, self.unit[source], draw]
        return found


def _counted(groups: Ints) -> Ints:
    """0, 1, 2, … within each group of a column whose groups stand together."""
    return np.arange(len(groups)) - np.searchsorted(groups, groups)


def _on_several(sources: _Together, n: int, asked: int, edges: Floats) -> Floats:
    """As `_on_one_link`, by bisection to 1e-6: the joint probabilities have a power of φ for each link."""
    every = np.arange(n)
    at_none, at_full = (
        sources.p(every, np.full(n, end))[:asked].T[:, :, None] - edges[:, None, :] for end in (0.0, 1.0)
    )
    exactly = np.abs(at_none) < EXACTLY
    found = np.where(exactly, 0.0, np.nan)
    source, answer, edge = np.nonzero((np.sign(at_none) != np.sign(at_full)) & ~exactly)
    sign = np.sign(at_none)[source, answer, edge]

    low, high = np.zeros(len(source)), np.ones(len(source))
    while source.size and (high - low).max() > WITHIN:
        middle = (low + high) / 2.0
        same = np.sign(sources.p(source, middle)[answer, np.arange(len(source))] - edges[source, edge]) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    found[source, answer, edge] = (low + high) / 2.0
    return found
