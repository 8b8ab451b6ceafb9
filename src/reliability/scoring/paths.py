"""Each counting report's path through the tree: blocs, crowd, origin, then relays, with hedges below their links."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.model.base import folded
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES, Coded
from reliability.scoring.origins import OriginLinks
from reliability.scoring.provenance import Mask, Origins
from reliability.scoring.trie import ABSENT, Codes, Ints, Trie, build_trie, last_of_each, total_order

BLOC, CROWD, ORIGIN, HEDGE, RELAY, SILENCE = 1, 2, 3, 4, 5, 6
_FIELD = 29
UNKNOWN_HEDGE = "unknown-hedge"


@dataclass(frozen=True)
class Slots:
    """Slots of paths before they are closed up: shape (n_slots, n_counting) each.

    `key` composite node keys, ABSENT where a path has no such slot; `link` the link of the chain that a relay or
    origin slot stands for; `eta` a hedge slot's fidelity.
    """

    key: Ints
    link: Codes
    eta: Floats
    flipped: Mask
    """(n_counting,): the chain's hedges turn its word into the opposite."""


@dataclass(frozen=True)
class Paths:
    """The trie of all counting reports and what its nodes stand for.

    `reports` (n_counting,): the counting reports; `trie` numbers its reports in that order. `kind`, `a`, `b`
    (n_nodes,): what a node's key says (level 0: kind 0). `slot_node`, `slot_link` (n_slots, n_counting): node and
    link of each slot. `eta` (n_nodes,): hedges' fidelity, NaN elsewhere. `leaf` (n_leaves,): of each terminal node
    the report, in `reports` order, whose word it holds. `flipped` (n_counting,) as in Slots.
    """

    reports: Ints
    trie: Trie
    kind: Ints
    a: Ints
    b: Ints
    slot_node: Codes
    slot_link: Codes
    eta: Floats
    leaf: Ints
    flipped: Mask


def _composite(kind: int, a: Ints, b: Ints | int) -> Ints:
    key: Ints = (np.int64(kind) << 2 * _FIELD) | (a.astype(np.int64) << _FIELD) | b
    return key


def hedge_probabilities(coded: Coded, policy: Policy) -> tuple[Floats, Mask]:
    """How likely each hedge's words make what they hedge, the midpoint of its range; and which are unknown.

    An unknown hedge is not read as none: it has the policy's number for unknown ones.
    """
    rules = [policy.hedge_of(words) for words in coded.hedges]
    middle = [policy.constants[UNKNOWN_HEDGE] if r is None else (r.effect[0].low + r.effect[0].high) / 2 for r in rules]
    return np.array(middle, dtype=float), np.array([r is None for r in rules], dtype=bool)


def slots_of(coded: Coded, origins: Origins, links: OriginLinks, policy: Policy, prior: Floats, rows: Ints) -> Slots:
    """Slots of the paths of reports `rows`; `prior` (K, n_units) is what hedges compare their words with."""
    n = len(rows)
    origin = links.row[rows]
    first, own = origins.first[rows], origins.own_voice[rows]
    keys: list[Ints] = []
    link_of: list[Ints] = []
    etas: list[Floats] = []
    nowhere, no_eta = np.full(n, ABSENT, dtype=np.int64), np.full(n, np.nan)

    def slot(key: Ints, link: Ints = nowhere, eta: Floats = no_eta) -> None:
        keys.append(key)
        link_of.append(link)
        etas.append(eta)

    for key in _bloc_slots(links, origin):
        slot(key)
    slot(np.where(links.crowd[origin], _composite(CROWD, links.type[origin], 0), ABSENT))
    silent = coded.stance[rows] == STANCES["silent"]
    who = (links.source[origin], (links.next[origin] + 1).astype(np.int64))
    slot(np.where(silent, _composite(SILENCE, *who), _composite(ORIGIN, *who)), np.where(own, ABSENT, first))
    likely, _ = hedge_probabilities(coded, policy)
    alternative = coded.alternative[rows].astype(np.int64)
    positive = coded.stance[rows] != STANCES["denies"]
    flipped = np.zeros(n, dtype=bool)

    def hedge(words: Ints, active: Mask) -> None:
        nonlocal flipped
        hedged = active & (words >= 0)
        if not hedged.any():
            return
        says = positive ^ flipped
        own_prior = prior[alternative, coded.unit[rows]]
        stated = np.where(says, own_prior, 1.0 - own_prior)
        h = likely[np.maximum(words, 0)]
        eta = np.where(h >= stated, (h - stated) / (1.0 - stated), 1.0 - h / stated)
        statement = alternative * 2 + says
        slot(np.where(hedged, _composite(HEDGE, np.maximum(words, 0), statement), ABSENT),
             eta=np.where(hedged, eta, np.nan))  # fmt: skip
        flipped = flipped ^ (hedged & (h < stated))

    at = np.arange(n)
    hedge(coded.hedge[first, rows].astype(np.int64), ~own & ~silent)
    for link in range(coded.source.shape[0]):
        active = ((link > first) | ((link == first) & own)) & (link < coded.length[rows]) & ~silent
        if not active.any():
            continue
        source = coded.source[link, rows].astype(np.int64)
        slot(np.where(active, _composite(RELAY, np.maximum(source, 0), 0), ABSENT),
             np.where(active, link, ABSENT) + 0 * at)  # fmt: skip
        hedge(coded.hedge[link, rows].astype(np.int64), active)
    return Slots(np.stack(keys), np.stack(link_of).astype(np.int32), np.stack(etas), flipped)


def _bloc_slots(links: OriginLinks, origin: Ints) -> list[Ints]:
    """One slot a depth of the bloc forest, outermost first."""
    chains: list[list[int]] = []
    for start in range(len(links.blocs)):
        chain, at = [], start
        while at != ABSENT:
            chain.append(at)
            at = links.blocs[at].outer
        chains.append(chain[::-1])
    slots: list[Ints] = []
    of_origin = links.bloc[origin]
    for level in range(max((len(chain) for chain in chains), default=0)):
        key_of = [ABSENT] * (len(chains) + 1)
        for start, chain in enumerate(chains):
            if level < len(chain):
                code, value = links.blocs[chain[level]].key
                key_of[start] = int(_composite(BLOC, np.array([code]), value + 1)[0])
        slots.append(np.array(key_of, dtype=np.int64)[of_origin])
    return slots


def lay_paths(coded: Coded, origins: Origins, links: OriginLinks, policy: Policy, prior: Floats) -> Paths:
    """Build the trie of all counting reports."""
    rows = np.flatnonzero(origins.counts)
    slots = slots_of(coded, origins, links, policy, prior, rows)
    distinct, dense = np.unique(slots.key, return_inverse=True)
    dense = dense.reshape(slots.key.shape)
    offset = 1 if distinct.size and distinct[0] == ABSENT else 0
    present = slots.key >= 0
    position = np.cumsum(present, axis=0) - 1
    depth = int(position.max(initial=-1)) + 1
    path = np.full((depth, len(rows)), ABSENT, dtype=np.int32)
    slot, column = np.nonzero(present)
    path[position[slot, column], column] = dense[slot, column] - offset
    unit = coded.unit[rows]
    order = total_order([unit, *path, coded.turn[rows]])
    trie = build_trie(unit, path, len(coded.units), order)
    slot_node = np.full(slots.key.shape, ABSENT, dtype=np.int32)
    slot_node[slot, column] = trie.node_at[position[slot, column], column]
    composite = np.where(trie.key >= 0, distinct[trie.key + offset] if distinct.size else 0, 0)
    eta = np.full(trie.n_nodes, np.nan)
    hedged = present & ~np.isnan(slots.eta)
    eta[slot_node[hedged]] = slots.eta[hedged]
    mask = (1 << _FIELD) - 1
    return Paths(
        reports=rows, trie=trie, kind=composite >> 2 * _FIELD, a=(composite >> _FIELD) & mask, b=composite & mask,
        slot_node=slot_node, slot_link=np.where(present, slots.link, ABSENT).astype(np.int32), eta=eta,
        leaf=last_of_each(trie.terminal, order), flipped=slots.flipped,
    )  # fmt: skip


def unknown_hedges(coded: Coded, policy: Policy) -> tuple[str, ...]:
    """The hedging words among reports that no rule knows."""
    return tuple(words for words in coded.hedges if policy.hedge_of(folded(words)) is None)
