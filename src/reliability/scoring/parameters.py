"""The channel of every node: fidelity and guess, from origins, blocs, crowds, relays, hedges and the common error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reliability.errors import RuleError
from reliability.rules.conditions import Outcome
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES, Coded
from reliability.scoring.describe import Described, describe, outcomes, settings
from reliability.scoring.origins import OriginLinks
from reliability.scoring.passes import Channels
from reliability.scoring.paths import BLOC, CROWD, HEDGE, ORIGIN, RELAY, SILENCE, Paths
from reliability.scoring.priors import Priors, leaning
from reliability.scoring.provenance import Origins, SourceTable
from reliability.scoring.trie import ABSENT, Ints

COMMON_ERROR = "common-error"


@dataclass(frozen=True)
class RelayLinks:
    """One row a relay node. `node` (n,), `set_by` the relay rule that set the fidelity, `fidelity` the result."""

    node: Ints
    described: Described
    outcomes: Mapping[str, Outcome]
    set_by: Ints
    base: Floats
    fidelity: Floats


@dataclass(frozen=True)
class Parameters:
    """Every node's channel, and what it was made of.

    `origin_row` (n_nodes,): the row in OriginLinks, ABSENT for other nodes. `above` (n_nodes,): the product of all
    fidelities over a node. `over_bloc` (n_nodes,): the origin would pass its bloc's ceiling and was held at it.
    """

    channels: Channels
    origin_row: Ints
    above: Floats
    over_bloc: Floats
    relays: RelayLinks


def parameters_of(
    coded: Coded, origins: Origins, links: OriginLinks, paths: Paths, policy: Policy, table: SourceTable, priors: Priors
) -> Parameters:
    """Set fidelity and guess of all nodes, level by level from the root, dividing out what stands above."""
    trie, kind = paths.trie, paths.kind
    n = trie.n_nodes
    fidelity = np.ones(n)
    guess = priors.guess[:, trie.unit].copy()
    fidelity[trie.level(0)] = policy.constants[COMMON_ERROR]
    hedges = kind == HEDGE
    fidelity[hedges] = paths.eta[hedges]
    from_prior = hedges | (kind == 0)
    guess[:, from_prior] = priors.prior[:, trie.unit[from_prior]]
    origin_row = np.full(n, ABSENT, dtype=np.int64)
    slot, column = np.nonzero(paths.slot_node >= 0)
    nodes = paths.slot_node[slot, column]
    mine = (kind[nodes] == ORIGIN) | (kind[nodes] == SILENCE)
    origin_row[nodes[mine]] = links.row[paths.reports[column[mine]]]
    is_origin = origin_row >= 0
    guess[:, is_origin] = _interested(coded, links, paths, priors, origin_row[is_origin])
    silent = np.flatnonzero(kind == SILENCE)
    guess[:, silent] = _silent(coded, paths, priors, silent)
    relays = _relays(coded, paths, policy, table, origins, slot, column)
    fidelity[relays.node] = relays.fidelity
    above, over = _divide(trie.n_levels, paths, links, fidelity, origin_row)
    return Parameters(Channels(fidelity, guess), origin_row, above, over, relays)


def _divide(
    n_levels: int, paths: Paths, links: OriginLinks, fidelity: Floats, origin_row: Ints
) -> tuple[Floats, Floats]:
    """Fill in the fidelities of blocs, crowds and origins, each divided by the product of those above it.

    A source type's φ is measured from the world, so no ceiling is charged twice; a quotient over 1 is 1.
    """
    trie, kind = paths.trie, paths.kind
    above = np.ones(trie.n_nodes)
    over = np.zeros(trie.n_nodes)
    bloc_place = {block.key: i for i, block in enumerate(links.blocs)}
    for level in range(1, n_levels):
        here = np.arange(trie.starts[level], trie.starts[level + 1])
        parent = trie.parent[here]
        above[here] = above[parent] * fidelity[parent]
        from_world = np.full(len(here), np.nan)
        of_kind = kind[here]
        blocs = of_kind == BLOC
        if blocs.any():
            keys = zip(paths.a[here[blocs]].tolist(), (paths.b[here[blocs]] - 1).tolist(), strict=True)
            pairs, back = np.unique(np.array(list(keys)), axis=0, return_inverse=True)
            ceilings = np.array([links.blocs[bloc_place[int(c), int(v)]].ceiling for c, v in pairs])
            from_world[blocs] = ceilings[back.reshape(-1)]
        in_origin = (of_kind == ORIGIN) | (of_kind == SILENCE)
        from_world[in_origin] = links.fidelity[origin_row[here[in_origin]]]
        known = ~np.isnan(from_world)
        with np.errstate(divide="ignore", invalid="ignore"):
            quotient = np.where(from_world > 0.0, from_world / above[here], 0.0)
        over[here[known]] = np.maximum(quotient[known] - 1.0, 0.0)
        fidelity[here[known]] = np.minimum(quotient[known], 1.0)
        crowds = of_kind == CROWD
        if crowds.any():
            fidelity[here[crowds]] = _crowd_share(paths, links, here[crowds], above, origin_row)
    return above, over


def _crowd_share(paths: Paths, links: OriginLinks, crowds: Ints, above: Floats, origin_row: Ints) -> Floats:
    """A crowd and each member share the type's φ evenly: √(φ/φ above) each."""
    of_type = np.zeros(int(links.type.max(initial=0)) + 1)
    of_type[links.type] = links.type_fidelity
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(above[crowds] > 0.0, of_type[paths.a[crowds]] / above[crowds], 0.0)
    share: Floats = np.sqrt(np.minimum(left, 1.0))
    return share


def latest_of_links(coded: Coded, links: OriginLinks, paths: Paths) -> Ints:
    """Each origin link's latest counting report, as a row of `coded`: (n_links,), ABSENT where none counts."""
    of_row = np.full(len(links.unit), ABSENT, dtype=np.int64)
    counting = paths.reports
    order = np.lexsort((coded.rank[counting], coded.start[counting]))
    of_row[links.row[counting[order]]] = counting[order]
    return of_row


def _interested(coded: Coded, links: OriginLinks, paths: Paths, priors: Priors, rows: Ints) -> Floats:
    """Origins' guesses, (K, len(rows)): a rule's chance of saying so goes to what the origin says.

    What an origin says is its latest counting report's alternative and stance.
    """
    report = latest_of_links(coded, links, paths)[rows]
    says = coded.stance[report] != STANCES["denies"]
    chance = links.guess[rows]
    return leaning(priors.guess[:, links.unit[rows]], coded.alternative[report], np.where(says, chance, 1.0 - chance))


def _silent(coded: Coded, paths: Paths, priors: Priors, nodes: Ints) -> Floats:
    """The guess of silent sources, (K, len(nodes)): who does not know says nothing, as if it were not so."""
    guess = priors.prior[:, paths.trie.unit[nodes]].copy()
    report = np.full(paths.trie.n_nodes, ABSENT, dtype=np.int64)
    report[paths.trie.terminal[paths.leaf]] = paths.reports[paths.leaf]
    guess[coded.alternative[report[nodes]], np.arange(len(nodes))] = 0.0
    found: Floats = guess / guess.sum(axis=0)
    return found


def _relays(
    coded: Coded, paths: Paths, policy: Policy, table: SourceTable, origins: Origins, slot: Ints, column: Ints
) -> RelayLinks:
    """The fidelity of every relay: set by how it passed on what it got, lowered by rule."""
    nodes = paths.slot_node[slot, column]
    is_relay = paths.kind[nodes] == RELAY
    slot, column, nodes = slot[is_relay], column[is_relay], nodes[is_relay]
    report = paths.reports[column]
    link = paths.slot_link[slot, column].astype(np.int64)
    distinct, first_at, groups = np.unique(nodes, return_index=True, return_inverse=True)
    before = link - 1
    behind_the_crowd = origins.own_voice[report] & (link == origins.first[report])
    passed_by = np.where(behind_the_crowd, ABSENT, before)
    source = coded.source[link[first_at], report[first_at]]
    kind = origins.type[link[first_at], report[first_at]]
    described = describe(coded, policy, table, groups=groups, report=report, link=link, passed_by=passed_by,
                         source=source, type_code=kind)  # fmt: skip
    found = outcomes(policy.relays, described, policy)
    n = len(distinct)
    base, set_by = settings(policy.relays, found, "fidelity", n)
    unset = np.isnan(base)
    if unset.any():
        via = described.columns["via"]
        name = via.values[int(via.codes[np.flatnonzero(unset)[0]])]
        raise RuleError(policy.folder / "relays", problem=f"no relay rule sets a fidelity for via = {name!r}",
                        remedy="add one, with its rationale")  # fmt: skip
    fidelity = base.copy()
    for rule in policy.relays:
        if rule.effect[0].factor is not None:
            fidelity[found[rule.id].yes] *= rule.effect[0].factor
    return RelayLinks(distinct, described, found, set_by, base, fidelity)
