"""Ratings of plain claims from arrays of codes alone: for millions of reports whose tree is laid out already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reliability.errors import ScoringError
from reliability.scoring.channel import DB, READ_DB, Floats, check_channels, posterior
from reliability.scoring.passes import Channels, first_of_siblings, over_siblings, upward
from reliability.scoring.trie import ABSENT, Codes, InOrder, Ints, Trie, build_trie, last_of_each

READ = 10.0 ** (READ_DB / 10.0)
FAR = 250.0
"""Decades within which products of ratios are let be; a float holds 308."""
BLOCK = 1 << 15
"""Reports and claims that are worked on at a time: what their temporaries take stays within a core's cache."""


def score_coded(
    claim: Codes, path: Codes, stance: NDArray[np.integer[Any]], fidelity: Floats, *, guess: ArrayLike = 0.5,
    prior: ArrayLike = 0.5, common_error: float = 0.98, rank: Codes | None = None, n_claims: int | None = None,
) -> Floats:  # fmt: skip
    """The rating p of every claim, (n_claims,): the scorer's own trie and passes, without its policy and its records.

    All reports count; who may be heard, what is superseded and what a rule says of a link is settled before, in
    the codes. Of reports that share claim and path the one with the greatest rank is the leaf (ties: one that
    asserts).
    A claim without reports has its prior.

    Shapes: claim (n,) codes in [0, n_claims), whose number is taken from `prior` or the greatest code if not given;
    path (depth, n) keys of nodes from the common error down (bloc, origin, relay, outlet), ABSENT after a path's
    end; stance (n,) 1 asserts, -1 denies; fidelity (n_keys,) of the channel from a key's node to its parent, what
    stands above it divided out already; guess one number or (n_keys,), the chance that the channel says yes
    when it does not know; prior one number or (n_claims,), which the common error guesses from; rank (n,), by
    default the place in the arrays.
    Units: probabilities in [0, 1]. With ranks given, no bit depends on the order of
    reports, nor on what else is scored.
    Raises: ScoringError for shapes, codes, stances or numbers outside these.
    """
    claim, path, stance = np.asarray(claim), np.asarray(path), np.asarray(stance)
    fidelity, base = np.asarray(fidelity, dtype=float), np.asarray(prior, dtype=float)
    if n_claims is None:
        n_claims = base.size if base.ndim else int(claim.max(initial=ABSENT)) + 1
    yes = np.asarray(guess, dtype=float)
    _check(claim, path, stance, fidelity, n_claims, base, rank)
    if yes.ndim and yes.shape != fidelity.shape:
        raise ScoringError(problem="guess is not one number or (n_keys,)", remedy="give a number a key")
    yes = np.array(np.broadcast_to(yes, fidelity.shape))
    check_channels(np.append(fidelity, common_error), np.stack([yes, 1.0 - yes]))
    table = _sent_by_leaves(fidelity, yes) if 8 * len(fidelity) <= len(claim) else None
    base = np.broadcast_to(base, n_claims)
    ranks = np.arange(len(claim)) if rank is None else np.asarray(rank)
    in_order = InOrder([claim, *path, ranks, (stance > 0).view(np.int8)])
    p = np.empty(n_claims)
    for claims, rows in _blocks(claim, n_claims):
        block = _Block(
            in_order.take(0, rows) - claims.start, np.stack([in_order.take(1 + i, rows) for i in range(len(path))]),
            in_order.take(-1, rows) > 0, base[claims],
        )  # fmt: skip
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # of claims that went too far
            p[claims], far = _by_ratios(block, fidelity, yes, common_error, table)
        if far.size:
            p[claims.start + far] = _by_logs(block.of(far), fidelity, yes, common_error)
    return p


@dataclass(frozen=True)
class _Block:
    """Some claims' reports in total order: unit (n,) from 0 on, path (depth, n), says (n,); and the claims' priors."""

    unit: Codes
    path: Codes
    says: NDArray[np.bool_]
    prior: Floats

    def of(self, claims: Ints) -> _Block:
        """The reports of some of the claims."""
        mine = np.flatnonzero(np.isin(self.unit, claims))
        unit = np.searchsorted(claims, self.unit[mine])
        return _Block(unit, self.path[:, mine], self.says[mine], self.prior[claims])

    def leaves(self) -> tuple[Trie, Codes, NDArray[np.bool_]]:
        """The trie, the nodes at which something was read, and whether it was a yes."""
        in_order = np.arange(len(self.unit))
        trie = build_trie(self.unit, self.path, len(self.prior), in_order)
        leaf = last_of_each(trie.terminal, in_order)
        return trie, trie.terminal[leaf], self.says[leaf]


def _by_logs(block: _Block, fidelity: Floats, yes: Floats, common_error: float) -> Floats:
    """Ratings by the scorer's own pass, in logs: for claims whose likelihood ratios would leave a float's range."""
    trie, at, says = block.leaves()
    m = len(block.prior)
    evidence = np.zeros((2, trie.n_nodes))
    evidence[says.astype(np.intp), at] = -READ_DB / DB
    fidelities = np.append(np.full(m, common_error), fidelity[trie.key[m:]])
    true = np.append(block.prior, yes[trie.key[m:]])
    up = upward(trie, Channels(fidelities, np.stack([true, 1.0 - true])), evidence)
    with np.errstate(divide="ignore"):
        log_prior = np.log(np.stack([block.prior, 1.0 - block.prior]))
    p: Floats = posterior(log_prior + up.sent[:, :m])[0]
    return p


def _by_ratios(
    block: _Block, fidelity: Floats, yes: Floats, common_error: float, table: Floats | None
) -> tuple[Floats, Ints]:
    """Ratings on likelihood ratios, true over false, which need no logarithm; and the claims that went too far.

    A claim goes too far where a node's children might together leave a float's range, which is told from them alone.
    """
    trie, at, says = block.leaves()
    ratio = np.ones(trie.n_nodes)
    last = trie.level(trie.n_levels - 1)
    sent: Floats | None = None
    if table is not None:
        deepest = at >= last.start
        sent = table.take(2 * trie.key[last] + says[deepest])
        at, says = at[~deepest], says[~deepest]
    ratio[at] = np.where(says, READ, 1.0 / READ)
    far: list[Ints] = []
    for level in range(trie.n_levels - 1, 0, -1):
        here = trie.level(level)
        if here.start == here.stop:
            sent = None
            continue
        if sent is None:
            key = trie.key[here]
            sent = _attenuated(ratio[here], fidelity.take(key), yes.take(key))
        parent = trie.parent[here]
        first = first_of_siblings(parent)
        if len(first) < len(sent):
            far.append(trie.unit[parent[first[_too_far(sent, first)]]])
        product = over_siblings(np.multiply, sent[None], first)[0]
        above = trie.level(level - 1)
        if len(first) == above.stop - above.start:
            ratio[above] *= product
        else:
            ratio[parent[first]] *= product
        sent = None
    m = len(block.prior)
    in_all = _attenuated(ratio[:m], np.full(m, common_error), block.prior)
    true = block.prior * in_all
    return true / (true + (1.0 - block.prior)), np.unique(np.concatenate(far)) if far else np.zeros(0, dtype=np.int64)


def _attenuated(ratio: Floats, fidelity: Floats, yes: Floats) -> Floats:
    """`attenuate` on ratios: (φ·r + c)/(φ + c), where c = (1 − φ)(γ·r + 1 − γ) is what guesses make of both."""
    guessed = yes * ratio
    guessed += 1.0 - yes
    guessed *= 1.0 - fidelity
    found: Floats = fidelity * ratio
    found += guessed
    guessed += fidelity
    found /= guessed
    return found


def _too_far(sent: Floats, first: Ints) -> Ints:
    """The places in `first` of families whose product, or a part of it, might leave a float's range."""
    sizes = np.diff(first, append=len(sent))
    worst = max(float(sent.max()), 1.0 / float(sent.min()))
    if np.log10(worst) * float(sizes.max()) < FAR:
        return np.zeros(0, dtype=np.int64)
    size = np.maximum.reduceat(np.abs(np.log10(sent)), first)
    return np.flatnonzero(size * sizes >= FAR)


def _sent_by_leaves(fidelity: Floats, yes: Floats) -> Floats:
    """What a leaf's parent hears as a ratio, (2·n_keys,): place 2·key of its no, 2·key + 1 of its yes.

    Nodes of the last level are all leaves, so what they send depends on key and stance only.
    """
    read = np.tile([1.0 / READ, READ], len(fidelity))
    return _attenuated(read, np.repeat(fidelity, 2), np.repeat(yes, 2))


def _blocks(claim: Codes, m: int) -> Iterator[tuple[slice, slice]]:
    """Runs of claims, and where their reports are in claim order; about BLOCK of both, at least one claim."""
    ends = np.cumsum(np.bincount(claim, minlength=m))
    size = ends + np.arange(1, m + 1)
    first, begin = 0, 0
    while first < m:
        last = max(int(np.searchsorted(size, begin + first + BLOCK, side="right")), first + 1)
        end = int(ends[last - 1])
        yield slice(first, last), slice(begin, end)
        first, begin = last, end


def _check(
    claim: Codes, path: Codes, stance: Codes, fidelity: Floats, m: int, prior: Floats, rank: Codes | None
) -> None:
    n = len(claim)
    if path.ndim != 2 or path.shape[1] != n or stance.shape != (n,) or (rank is not None and rank.shape != (n,)):
        raise ScoringError(problem="columns differ in length", remedy="give one entry a report; path is (depth, n)")
    if fidelity.ndim != 1 or (prior.ndim and prior.shape != (m,)):
        raise ScoringError(problem="fidelity is not (n_keys,), or prior not one number or (n_claims,)",
                           remedy="give a number a key and one a claim")  # fmt: skip
    if not ((prior >= 0.0) & (prior <= 1.0)).all():
        raise ScoringError(problem="a prior is outside [0, 1]", remedy="mend the number")
    if not n:
        return
    if claim.min() < 0 or claim.max() >= m:
        raise ScoringError(problem=f"a claim's code is outside 0 to {m - 1}", remedy="mend it, or set n_claims")
    if not path.shape[0] or path[0].min() < 0 or path.min() < ABSENT or path.max() >= len(fidelity):
        raise ScoringError(
            problem=f"a path is empty, or a key outside 0 to {len(fidelity) - 1}", remedy="mend the path"
        )
    if any(((after >= 0) & (before < 0)).any() for before, after in pairwise(path)):
        raise ScoringError(problem="a path has a gap", remedy="close paths up: ABSENT only after the end")
    if not ((stance == 1) | (stance == -1)).all():
        raise ScoringError(problem="a stance is neither 1 nor -1", remedy="leave reports out that say neither")
