"""Ratings of plain claims from arrays of codes alone: for millions of reports whose tree is laid out already."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reliability.errors import ScoringError
from reliability.scoring.channel import DB, READ_DB, Floats, attenuate, check_channels, posterior
from reliability.scoring.passes import Channels, upward
from reliability.scoring.trie import ABSENT, Codes, InOrder, build_trie, last_of_each

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
    heard = _heard_from_leaves(fidelity, yes) if 8 * len(fidelity) <= len(claim) else None
    base = np.broadcast_to(base, n_claims)
    ranks = np.arange(len(claim)) if rank is None else np.asarray(rank)
    in_order = InOrder([claim, *path, ranks, (stance > 0).view(np.int8)])
    p = np.empty(n_claims)
    for claims, rows in _blocks(claim, n_claims):
        p[claims] = _score_block(
            in_order.take(0, rows) - claims.start, np.stack([in_order.take(1 + i, rows) for i in range(len(path))]),
            in_order.take(-1, rows) > 0, fidelity, yes, base[claims], common_error, heard,
        )  # fmt: skip
    return p


def _score_block(
    unit: Codes, path: Codes, says: NDArray[np.bool_], fidelity: Floats, yes: Floats, prior: Floats,
    common_error: float, heard: Floats | None,
) -> Floats:  # fmt: skip
    """Ratings of the claims of one block, whose reports come in total order; `heard` as from _heard_from_leaves."""
    in_order = np.arange(len(unit))
    m = len(prior)
    trie = build_trie(unit, path, m, in_order)
    leaf = last_of_each(trie.terminal, in_order)
    at, says = trie.terminal[leaf], says[leaf]
    evidence = np.zeros((2, trie.n_nodes))
    fidelities, guess = np.ones(trie.n_nodes), np.empty((2, trie.n_nodes))
    last = trie.level(trie.n_levels - 1)
    cut = trie.n_nodes if heard is None else last.start
    if heard is not None:
        deepest = at >= cut
        column = 2 * trie.key[last] + says[deepest]
        heard[0].take(column, out=evidence[0, last])
        heard[1].take(column, out=evidence[1, last])
        at, says = at[~deepest], says[~deepest]
    evidence[says.astype(np.intp), at] = -READ_DB / DB
    fidelities[:m], guess[0, :m] = common_error, prior
    fidelity.take(trie.key[m:cut], out=fidelities[m:cut])
    yes.take(trie.key[m:cut], out=guess[0, m:cut])
    np.subtract(1.0, guess[0, :cut], out=guess[1, :cut])
    up = upward(trie, Channels(fidelities, guess), evidence)
    with np.errstate(divide="ignore"):
        log_prior = np.log(np.stack([prior, 1.0 - prior]))
    p: Floats = posterior(log_prior + up.sent[:, :m])[0]
    return p


def _heard_from_leaves(fidelity: Floats, yes: Floats) -> Floats:
    """What a leaf's parent hears, (2, 2·n_keys): column 2·key of its no, 2·key + 1 of its yes.

    Nodes of the last level are all leaves, so what they send depends on key and stance only.
    """
    read = np.tile([[-READ_DB / DB, 0.0], [0.0, -READ_DB / DB]], len(fidelity))
    guess = np.repeat(yes, 2)
    return attenuate(read, np.repeat(fidelity, 2), np.stack([guess, 1.0 - guess]))


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
