"""What all explanations of a call read: the bars, the parts left out, the labels, taken from the scored arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reliability.model.rating import BarKind, Node, RatingMap
from reliability.reasoning.interval import Intervals, intervals
from reliability.reasoning.words import Scales
from reliability.rules.policy import Policy
from reliability.scoring.channel import DB, Floats, posterior
from reliability.scoring.origins import graded_db
from reliability.scoring.passes import replaced_each
from reliability.scoring.paths import BLOC, CROWD, HEDGE, ORIGIN, RELAY, SILENCE, Paths
from reliability.scoring.said_so import origin_above
from reliability.scoring.score import Scored
from reliability.scoring.trie import Ints

KINDS: dict[int, BarKind] = {
    0: "common-error",
    BLOC: "bloc",
    CROWD: "crowd",
    ORIGIN: "origin",
    HEDGE: "hedge",
    RELAY: "relay",
    SILENCE: "silence",
}
TOGETHER = "everyone may be wrong together"


@dataclass(frozen=True)
class Account:
    """A scored call with what its explanations share."""

    scored: Scored
    policy: Policy
    scales: Scales
    intervals: Intervals
    without_tree_p: Floats
    """(K, n_nodes): what the tree of a node's claim comes to without that node."""
    without_top: Floats
    """(K, n_nodes): what the child of the common error above a node then says."""
    nodes_of: tuple[Ints, ...]
    outlet: Ints
    """(n_nodes,) bool: the node is the last link of a counting report."""
    origin_of: Ints
    labels: tuple[str, ...]
    names: Mapping[tuple[int, int], str]
    """How a claim (unit) calls a source (code)."""

    @classmethod
    def of(cls, scored: Scored, policy: Policy, *, with_intervals: bool = True) -> Account:
        """Compute what is shared once for all claims; without intervals these are NaN."""
        drawn = intervals(scored) if with_intervals else Intervals.of_none(scored)
        trie = scored.paths.trie
        channels = scored.parameters.channels
        names = _names(scored)
        now, top = replaced_each(trie, channels, scored.up)
        log_prior = np.log(scored.priors.prior)
        order = np.argsort(trie.unit, kind="stable")
        cuts = np.searchsorted(trie.unit[order], np.arange(1, len(scored.coded.units)))
        return cls(
            scored=scored, policy=policy, scales=Scales.of(policy), intervals=drawn,
            without_tree_p=posterior(log_prior[:, trie.unit] + now), without_top=top,
            nodes_of=tuple(np.split(order, cuts)), outlet=outlets_of(scored.paths),
            origin_of=origin_above(scored.paths),
            labels=_labels(scored, names),
            names=names,
        )  # fmt: skip

    @cached_property
    def recalibration(self) -> RatingMap | None:
        """The map that ratings of plain claims went through, as records tell it; None where the policy has none."""
        rule = next(iter(self.policy.recalibrations), None)
        if rule is None:
            return None
        effect = rule.effect[0]
        by_beta = {name: None if effect.points else getattr(effect, name) for name in "abc"}
        return RatingMap(rule=rule.id, method=effect.method, n_claims=rule.n_claims, points=effect.points, **by_beta)

    @cached_property
    def without_p(self) -> Floats:
        """The rating of a node's claim without that node: (K, n_nodes)."""
        return self.scored.ratings.p(self.without_tree_p, self.scored.paths.trie.unit)

    @cached_property
    def graded(self) -> Floats:
        """The decibans on origins' links in all, of grades A and B, and of grade D: (3, n_origins)."""
        return graded_db(self.scored.links, self.policy, self.scored.coded.type_ids)

    @cached_property
    def children(self) -> tuple[Ints, ...]:
        """Each claim's children of the common-error node, in id order."""
        return tuple(nodes[self.scored.paths.trie.parent[nodes] == nodes[0]] for nodes in self.nodes_of)

    @cached_property
    def _below(self) -> tuple[Ints, Ints]:
        parent = self.scored.paths.trie.parent
        order = np.argsort(parent, kind="stable")
        return order, np.searchsorted(parent[order], np.arange(len(parent) + 1))

    def below(self, node: int) -> list[int]:
        """The nodes right below a node."""
        order, starts = self._below
        return [int(child) for child in order[starts[node] : starts[node + 1]]]

    @cached_property
    def reports_of(self) -> tuple[Ints, ...]:
        """Each claim's reports, as rows in the order of their ids."""
        coded = self.scored.coded
        order = np.lexsort((coded.rank, coded.unit))
        return tuple(np.split(order, np.searchsorted(coded.unit[order], np.arange(1, len(coded.units)))))

    @cached_property
    def is_leaf(self) -> Ints:
        """Whether each report is what was read at its node: (n_reports,) bool."""
        found = np.zeros(self.scored.coded.n, dtype=bool)
        found[self.leaf_of[self.leaf_of >= 0]] = True
        return found

    @cached_property
    def said_of(self) -> tuple[Ints, ...]:
        """Each claim's lines of "did they say so", in order."""
        unit = self.scored.paths.trie.unit[self.scored.said.node]
        order = np.argsort(unit, kind="stable")
        return tuple(np.split(order, np.searchsorted(unit[order], np.arange(1, len(self.scored.coded.units)))))

    @cached_property
    def trees(self) -> dict[int, tuple[Node, ...]]:
        """Claims' trees that were made already: a question's answers have one."""
        return {}

    @cached_property
    def bars_so_far(self) -> dict[int, list[float | tuple[float, ...]]]:
        """What p is after each bar, of claims for which it was worked out already."""
        return {}

    @cached_property
    def path_of(self) -> Ints:
        """Where each report stands among those that count, -1 for the others: (n_reports,)."""
        found = np.full(self.scored.coded.n, -1, dtype=np.int64)
        found[self.scored.paths.reports] = np.arange(len(self.scored.paths.reports))
        return found

    @cached_property
    def leaf_of(self) -> Ints:
        """The row of the report that each node's reading comes from, -1 where nothing was read: (n_nodes,)."""
        paths = self.scored.paths
        found = np.full(paths.trie.n_nodes, -1, dtype=np.int64)
        found[paths.trie.terminal[paths.leaf]] = paths.reports[paths.leaf]
        return found

    def source_name(self, node: int) -> str:
        """An origin's name, without whom it spoke to."""
        key = (int(self.scored.paths.trie.unit[node]), int(self.scored.paths.a[node]))
        return self.names.get(key, self.labels[node])

    def kind(self, node: int) -> BarKind:
        """A node's kind, as records name it."""
        return "outlet" if self.outlet[node] else KINDS[int(self.scored.paths.kind[node])]

    def bar_db(self, message: Floats, alternative: int, rival: int) -> Floats:
        """Decibans that messages (K, n) speak for an alternative against its rival."""
        found: Floats = (message[alternative] - message[rival]) * DB
        return found

    def rival(self, unit: int, alternative: int) -> int:
        """The strongest rival of an alternative: the greatest final p among the others, ties by place (id order)."""
        p = np.round(self.scored.tree_p[:, unit], 12)
        p[alternative] = -1.0
        return int(np.argmax(p))


def outlets_of(paths: Paths) -> Ints:
    """Which nodes are the last link of a counting report, (n_nodes,) bool."""
    relays = np.where(paths.slot_node >= 0, paths.kind[paths.slot_node] == RELAY, False)
    is_outlet = np.zeros(paths.trie.n_nodes, dtype=bool)
    if relays.size:
        last = len(relays) - 1 - np.argmax(relays[::-1], axis=0)
        column = np.flatnonzero(relays.any(axis=0))
        is_outlet[paths.slot_node[last[column], column]] = True
    return is_outlet


def _labels(scored: Scored, names: Mapping[tuple[int, int], str]) -> tuple[str, ...]:
    """A name for every node, for people."""
    coded, paths, links = scored.coded, scored.paths, scored.links
    bloc_label = {bloc.key: bloc.label for bloc in links.blocs}
    found: list[str] = []
    places = zip(paths.kind.tolist(), paths.a.tolist(), paths.b.tolist(), paths.trie.unit.tolist(), strict=True)
    for kind, a, b, unit in places:
        if kind == BLOC:
            found.append(bloc_label[(a, b - 1)])
        elif kind == CROWD:
            found.append(f"crowd: {coded.type_ids[a]}")
        elif kind == ORIGIN:
            name = names.get((unit, a), coded.source_labels[a])
            found.append(f"{name} (to {names[unit, b - 1]})" if b else name)
        elif kind == HEDGE:
            found.append(f"“{coded.hedges[a]}”")
        elif kind == SILENCE:
            found.append(f"silence of {names.get((unit, a), coded.source_labels[a])}")
        elif kind == RELAY:
            found.append(names[unit, a])
        else:
            found.append(TOGETHER)
    return tuple(found)


def _names(scored: Scored) -> dict[tuple[int, int], str]:
    """A name for each source of each claim: the sources file's, else the least of the claim's own spellings."""
    coded = scored.coded
    found: dict[tuple[int, int], str] = {}
    for row, report in enumerate(scored.reports):
        for place, link in enumerate(report.provenance):
            code = int(coded.source[place, row])
            known = coded.source_labels[code]
            key = (int(coded.unit[row]), code)
            name = link.source if known == coded.source_keys[code] else known
            found[key] = min(name, found.get(key, name))
    return found
