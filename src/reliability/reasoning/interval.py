"""The interval: the rating over what is uncertain in the sources' reliabilities, given the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from reliability.reasoning.sobol import points
from reliability.scoring.channel import Floats
from reliability.scoring.passes import Channels, upward
from reliability.scoring.paths import CROWD, ORIGIN, SILENCE
from reliability.scoring.score import Weighed
from reliability.scoring.trie import Ints, Trie

FEW, MANY = 256, 4_096
ENOUGH = 64.0
MEAN_WITHIN = 1e-3
PARTS = 4
ENDS = (0.05, 0.95)
CUBIC = 3
LEAST, TINY, STILL = 1e-3, 1e-300, 1e-9
_NODES_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Intervals:
    """Per alternative and claim, (K, n_units): the 5 and 95 % points, NaN where unreliable.

    `mean` is that of the draws before any recalibration: what the tree comes to.

    `low_error`, `high_error` (K, n_units): the ends' standard errors, from four quarters of the points. `share`
    (K, n_nodes): of the rating's variance, how much is what is not known of the source at this node, by itself; NaN at
    nodes without uncertainty. Shares are the first-order indices of Sobol' (1993); they need not sum to 1.
    `points` (n_units,): how many points there were, 0 where nothing is uncertain.
    """

    low: Floats
    high: Floats
    mean: Floats
    low_error: Floats
    high_error: Floats
    share: Floats
    points: Ints

    @classmethod
    def of_none(cls, scored: Weighed) -> Intervals:
        """Nothing drawn: NaN throughout."""
        shape = (scored.k, len(scored.coded.units))
        low, high, mean, low_error, high_error = np.full((5, *shape), np.nan)
        share = np.full((scored.k, scored.paths.trie.n_nodes), np.nan)
        return cls(low, high, mean, low_error, high_error, share, np.zeros(shape[1], dtype=np.int64))


def intervals(scored: Weighed) -> Intervals:
    """The rating over φ ~ Beta(nφ, n(1 − φ)) of each origin and crowd, weighted by the likelihood of what was read.

    One dimension a source, in id order; 256 points for one or two uncertain sources, 4,096 from three on, where the
    effective size stays under 64, or where the mean is not yet the rating to 1e-3.
    """
    n_units = len(scored.coded.units)
    found = Intervals.of_none(scored)
    uncertain, dimension = dimensions(scored)
    n_sources = np.zeros(n_units, dtype=np.int64)
    np.maximum.at(n_sources, scored.paths.trie.unit[uncertain], dimension[uncertain] + 1)
    sure = n_sources == 0
    for kept in (found.low, found.high, found.mean):
        kept[:, sure] = (scored.tree_p if kept is found.mean else scored.p)[:, sure]
    few = np.flatnonzero((n_sources > 0) & (n_sources < 3))
    again = _draw(scored, few, dimension, FEW, found)
    many = np.sort(np.concatenate([np.flatnonzero(n_sources >= 3), again]))
    hopeless = _draw(scored, many, dimension, MANY, found, last=True)
    for kept in (found.low, found.high, found.low_error, found.high_error):
        kept[:, hopeless] = np.nan
    unit = scored.paths.trie.unit
    found.share[:, uncertain[n_sources[unit[uncertain]] == 1]] = 1.0
    found.share[:, np.isin(unit, hopeless)] = np.nan
    return found


def dimensions(scored: Weighed) -> tuple[Ints, Ints]:
    """The nodes whose fidelity is uncertain, and each node's dimension within its claim (-1 for points).

    A source has one dimension on whatever links it stands; so has each crowd.
    """
    paths, fidelity = scored.paths, scored.parameters.channels.fidelity
    among = np.isin(paths.kind, (ORIGIN, CROWD, SILENCE)) & (fidelity > 0.0) & (fidelity < 1.0)
    nodes = np.flatnonzero(among)
    dimension = np.full(paths.trie.n_nodes, -1, dtype=np.int64)
    if nodes.size:
        identity = np.stack([paths.trie.unit[nodes], paths.kind[nodes], paths.a[nodes]]).astype(np.int64)
        sources, place = np.unique(identity, axis=1, return_inverse=True)
        first = np.searchsorted(sources[0], sources[0])
        dimension[nodes] = (np.arange(sources.shape[1]) - first)[place.reshape(-1)]
    return nodes, dimension


def _draw(scored: Weighed, units: Ints, dimension: Ints, n_points: int, found: Intervals, last: bool = False) -> Ints:
    """Fill in the intervals of some claims; returns those whose draws are too few to trust."""
    poor: list[Ints] = []
    sizes = np.bincount(scored.paths.trie.unit, minlength=len(scored.coded.units))[units]
    batches = np.cumsum(sizes) * n_points * scored.k // _NODES_AT_ONCE
    for batch in np.unique(batches):
        mine = units[batches == batch]
        trie, nodes = sub_trie(scored.paths.trie, mine)
        draws = _Draws.of(scored, nodes, dimension[nodes], n_points)
        weight = np.log(scored.priors.prior[:, mine])[:, :, None] + _reaching(scored, trie, nodes, draws)
        in_all = np.logaddexp.reduce(weight, axis=0)
        p = np.exp(weight - in_all)
        likelihood = np.exp(in_all - in_all.max(axis=1, keepdims=True))
        total = likelihood.sum(axis=1)
        effective = total**2 / (likelihood**2).sum(axis=1)
        found.mean[:, mine] = (p * likelihood).sum(axis=2) / total
        off = np.abs(found.mean[:, mine] - scored.tree_p[:, mine]).max(axis=0) > MEAN_WITHIN
        p = scored.ratings.p(p, mine)
        found.low[:, mine], found.high[:, mine] = _quantiles(p, likelihood)
        in_parts = _quantiles(*(x.reshape(*x.shape[:-1], PARTS, -1) for x in (p, likelihood)))
        errors = in_parts.std(axis=-1, ddof=1) / np.sqrt(PARTS)
        found.low_error[:, mine], found.high_error[:, mine] = errors
        found.points[mine] = n_points
        place = np.searchsorted(mine, scored.paths.trie.unit[nodes[draws.varying]])
        found.share[:, nodes[draws.varying]] = _shares(p, likelihood, draws, place)
        poor.append(mine[(effective < ENOUGH) | (off & (not last))])
    return np.concatenate(poor) if poor else np.zeros(0, dtype=np.int64)


def _reaching(scored: Weighed, trie: Trie, nodes: Ints, draws: _Draws) -> Floats:
    """What reaches the world at every point, (K, m, S); some points at a time, so that memory stays bounded.

    What is kept of them is copied: a view would hold all nodes' messages.
    """
    n_points = len(draws.place)
    at_once = max(1, min(n_points, _NODES_AT_ONCE // max(1, scored.k * len(nodes))))
    guess, evidence = scored.parameters.channels.guess[:, nodes], scored.evidence[:, nodes]
    parts = [
        upward(trie, Channels(draws.fidelity(slice(first, first + at_once)), guess), evidence)
        .sent[:, trie.level(0)].copy()
        for first in range(0, n_points, at_once)
    ]  # fmt: skip
    return np.concatenate(parts, axis=2)


@dataclass(frozen=True)
class _Draws:
    """Fidelities of some nodes at every point.

    In each dimension the points are the middles of S equal steps in some order, so that a Beta's inverse CDF is
    computed once at the middles, however many sources share it. Shapes: base (n_nodes,); varying (v,) the nodes that
    vary, with their dimension and their row of `table` (distinct Betas, S); place (S, dimensions).
    """

    base: Floats
    varying: Ints
    dimension: Ints
    row: Ints
    table: Floats
    place: Ints

    @classmethod
    def of(cls, scored: Weighed, nodes: Ints, dimension: Ints, n_points: int) -> _Draws:
        base = scored.parameters.channels.fidelity[nodes]
        varying = np.flatnonzero(dimension >= 0)
        worth = worths(scored)[nodes[varying]]
        beta = np.stack([worth * base[varying], worth * (1.0 - base[varying])])
        distinct, row = np.unique(beta, axis=1, return_inverse=True)
        table = np.stack([_quantiles_of_beta(a, b, n_points) for a, b in distinct.T.tolist()])
        return cls(base, varying, dimension[varying], row.reshape(-1), table,
                   _places(n_points, int(dimension.max()) + 1))  # fmt: skip

    def fidelity(self, some: slice) -> Floats:
        """The fidelities at some of the points: (n_nodes, those points)."""
        place = self.place[some]
        drawn = np.repeat(self.base[:, None], len(place), axis=1)
        drawn[self.varying] = self.table[self.row[:, None], place[:, self.dimension].T]
        return drawn


@lru_cache(maxsize=8)
def _places(n: int, dimensions: int) -> Ints:
    """In which of n equal steps each Sobol' point lies: (n, dimensions)."""
    return (points(n, dimensions) * n).astype(np.int64)


@lru_cache(maxsize=256)
def _quantiles_of_beta(a: float, b: float, n: int) -> Floats:
    """A Beta's inverse CDF at the middles of n equal steps: (n,)."""
    from scipy.special import betaincinv  # takes a quarter of a second, which whoever asks for no interval is spared

    middles = (np.arange(n) + 0.5) / n
    found: Floats = np.clip(betaincinv(a, b, middles), 0.0, 1.0)
    return found


def _quantiles(p: Floats, likelihood: Floats) -> Floats:
    """Both ends (2, …) of p (…, S), weighted by likelihood (…, S): the inverse CDF, without interpolation."""
    order = np.argsort(p, axis=-1, kind="stable")
    reached = np.cumsum(np.take_along_axis(np.broadcast_to(likelihood, p.shape), order, axis=-1), axis=-1)
    ends = []
    for share in ENDS:
        at = np.argmax(reached >= share * reached[..., -1:], axis=-1)[..., None]
        ends.append(np.take_along_axis(p, np.take_along_axis(order, at, axis=-1), axis=-1)[..., 0])
    return np.stack(ends)


def _shares(p: Floats, likelihood: Floats, draws: _Draws, claim: Ints) -> Floats:
    """Of the variance of p (K, m, S), how much knowing one node's fidelity would take away on average: (K, v).

    `claim` (v,) in [0, m). A claim's joint probability with what was read is linear in the fidelity of each link, so
    its mean given one fidelity is a quotient of two lines; cubics leave room for sources on several links. In order of
    its fidelity a node's points are its Beta's quantiles, whose polynomials are orthonormalised once.
    """
    bases = np.stack([_cubics(quantiles) for quantiles in draws.table])
    in_order = np.argsort(draws.place, axis=0)
    total = likelihood.sum(axis=1)
    centred = (p - ((p * likelihood).sum(axis=2) / total)[:, :, None]) * likelihood
    variance = (centred**2 / np.maximum(likelihood, TINY)).sum(axis=2)
    still = variance <= STILL**2 * total  # what moves by rounding errors alone is nobody's spread
    found = np.zeros((len(p), len(draws.varying)))
    at_once = max(1, _NODES_AT_ONCE // likelihood.shape[1])
    for first in range(0, len(draws.varying), at_once):
        some = slice(first, first + at_once)
        basis, order = bases[draws.row[some]], in_order[:, draws.dimension[some]].T
        mine = claim[some]
        least = LEAST * likelihood.mean(axis=1)[mine][:, None]
        weight = np.maximum(_fitted(basis, likelihood[mine[:, None], order]), least)
        for k in range(len(p)):
            explained = (_fitted(basis, centred[k][mine[:, None], order]) ** 2 / weight).sum(axis=1)
            share = np.clip(explained / np.maximum(variance[k, mine], TINY), 0.0, 1.0)
            found[k, some] = np.where(still[k, mine], 0.0, share)
    return found


def _cubics(x: Floats) -> Floats:
    """Orthonormal polynomials up to the third degree at the points x: (S, 4)."""
    around = x - x.mean()
    basis, _ = np.linalg.qr(np.stack([around**power for power in range(CUBIC + 1)], axis=1))
    return basis


def _fitted(basis: Floats, y: Floats) -> Floats:
    """The least-squares fit of each row of y (n, S) on its orthonormal basis (n, S, powers)."""
    found: Floats = np.matmul(basis, np.matmul(y[:, None, :], basis).transpose(0, 2, 1))[:, :, 0]
    return found


def worths(scored: Weighed) -> Floats:
    """How many reports each node's record is worth: an origin's own, its type's n for a crowd, NaN elsewhere."""
    paths, links = scored.paths, scored.links
    worth = np.full(paths.trie.n_nodes, np.nan)
    rows = scored.parameters.origin_row
    worth[rows >= 0] = links.n_worth[rows[rows >= 0]]
    of_type = np.full(int(links.type.max(initial=0)) + 1, np.nan)
    of_type[links.type] = links.type_worth
    crowds = paths.kind == CROWD
    worth[crowds] = of_type[paths.a[crowds]]
    return worth


def sub_trie(trie: Trie, units: Ints) -> tuple[Trie, Ints]:
    """The trie of some claims (sorted), and the nodes of the whole trie that it consists of."""
    wanted = np.zeros(trie.level(0).stop, dtype=bool)
    wanted[units] = True
    nodes = np.flatnonzero(wanted[trie.unit])
    place = np.full(trie.n_nodes, -1, dtype=np.int32)
    place[nodes] = np.arange(len(nodes))
    parent = np.where(trie.parent[nodes] >= 0, place[np.maximum(trie.parent[nodes], 0)], -1).astype(np.int32)
    new_unit = np.searchsorted(units, trie.unit[nodes]).astype(np.int32)
    empty = np.zeros((0, 0), dtype=np.int32)
    starts = np.searchsorted(nodes, trie.starts)
    return Trie(starts, parent, trie.key[nodes], new_unit, empty, np.zeros(0, dtype=np.int32)), nodes
