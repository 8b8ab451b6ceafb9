"""Tipping points of a claim with a figure: how often a source would have to know it for another word."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from reliability.model.rating import TippingPoint
from reliability.reasoning.account import Account
from reliability.reasoning.tipping import EXACTLY, WITHIN, edges_of, point_of
from reliability.scoring.channel import Floats
from reliability.scoring.figures import FigureTree
from reliability.scoring.paths import CROWD

STEPS = np.linspace(0.0, 1.0, 9)


def figure_tipping(account: Account, tree: FigureTree, event: Floats, p: float) -> tuple[TippingPoint, ...]:
    """Each source's φ_q at which the chance of the event (K,) would be ½ or a word's edge, in id order of sources.

    φ_q varies over [0, 1] on all the source's links of this unit, everything else fixed. Where there are several such
    points, the one nearest to what φ_q is; None: never reached. `p` is the rating.
    """
    edges = edges_of(account.scales)
    found = []
    for nodes in _sources(account, tree):
        rated, now = _rating_of(account, tree, nodes, event)
        found.append(point_of(account.source_name(nodes[0]), now, _crossings(rated, now, edges), edges, p,
                              account.scales))  # fmt: skip
    return tuple(found)


def _sources(account: Account, tree: FigureTree) -> Iterator[list[int]]:
    code, unit = account.scored.paths.a, account.scored.paths.trie.unit
    by_source: dict[int, list[int]] = {}
    for node in sorted(tree.blurs):
        if unit[node] == tree.unit:
            by_source.setdefault(int(code[node]), []).append(node)
    yield from (by_source[source] for source in sorted(by_source))


def _rating_of(
    account: Account, tree: FigureTree, nodes: list[int], event: Floats
) -> tuple[Callable[[Floats], Floats], float]:
    """The rating as a function of a source's φ_q (from the world, where it stands in a crowd), and what φ_q is."""
    scored = account.scored
    lever = tree.lever(nodes[0]) if len(nodes) == 1 else None

    def together(knows: Floats) -> Floats:
        return np.array([tree.p_knowing(nodes, phi) @ event for phi in knows.tolist()])

    crowd = int(scored.paths.trie.parent[nodes[0]])
    if scored.paths.kind[crowd] != CROWD:
        rated = together if lever is None else lambda knows: lever.p(knows) @ event
        return rated, tree.blurs[nodes[0]].fidelity
    above = float(scored.parameters.above[crowd])

    def in_crowd(knows: Floats) -> Floats:
        share = np.sqrt(np.minimum(knows / above, 1.0)) if above > 0.0 else np.zeros_like(knows)
        return together(share) if lever is None else lever.p_with_crowd(share) @ event

    return in_crowd, float(scored.links.fidelity[scored.parameters.origin_row[nodes[0]]])


def _crossings(rated: Callable[[Floats], Floats], now: float, edges: Floats) -> Floats:
    """φ_q at which the rating crosses each edge, nearest to `now`; NaN where it never does."""
    from scipy.optimize import brentq  # takes a fifth of a second, which whoever asks for no figure is spared

    over = rated(STEPS)[None, :] - edges[:, None]
    exactly = np.abs(over[:, 0]) < EXACTLY
    edge, step = np.nonzero(np.sign(over[:, 1:]) != np.sign(over[:, :-1]))

    def off(knows: float, boundary: float) -> float:
        return float(rated(np.array([knows]))[0]) - boundary

    at = [float(brentq(off, STEPS[i], STEPS[i + 1], args=(boundary,), xtol=WITHIN))
          for i, boundary in zip(step.tolist(), edges[edge].tolist(), strict=True)]  # fmt: skip
    found = np.full(len(edges), np.nan)
    for one in sorted(range(len(at)), key=lambda one: -abs(at[one] - now)):
        found[edge[one]] = at[one]
    found[exactly] = 0.0
    return found
