"""p again from a rating record's tree alone, node by node, as with a pencil. Nothing of the scorer is used."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from reliability.errors import InputError
from reliability.model.rounding import rounded

DB = 10.0 / math.log(10.0)
MAX_NODES = 100_000
NEAR = 1e-12


@dataclass(frozen=True)
class Step:
    """One node: what it heard and what its parent hears, as log-ratios to the last alternative, in decibans."""

    node: int
    label: str
    kind: str
    fidelity: float
    heard_db: tuple[float, ...]
    sent_db: tuple[float, ...]


@dataclass(frozen=True)
class Recomputed:
    """The steps, leaves first, and the probability of every alternative (of true and false for a plain claim).

    `tree_p` is what the tree comes to, before the record's recalibration map, if it has one.
    """

    steps: tuple[Step, ...]
    p: tuple[float, ...]
    tree_p: tuple[float, ...]


def recompute(record: Mapping[str, Any]) -> Recomputed:
    """Sum the tree of a rating record.

    Raises InputError where the record has no tree (--brief), or one that is none: a parent that comes after its
    child, numbers out of range.
    """
    tree = record.get("tree")
    if not isinstance(tree, Sequence) or isinstance(tree, str) or not tree:
        raise InputError(problem="the record has no tree", remedy="rate without --brief, as json or jsonl")
    if len(tree) > MAX_NODES:
        raise InputError(problem=f"a tree of {len(tree):,} nodes", remedy=f"at most {MAX_NODES:,} are recomputed")
    try:
        prior = _prior(record)
        steps, p = _sum(tree, prior)
        return Recomputed(steps, _mapped(p, record.get("recalibration")), p)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, StopIteration, ArithmeticError) as error:
        raise InputError(problem=f"the record's tree can't be summed ({type(error).__name__}: {error})",
                         remedy="give a rating record as `rate --format jsonl` prints it") from error  # fmt: skip


def _prior(record: Mapping[str, Any]) -> tuple[float, ...]:
    given = record.get("prior")
    if given is not None:
        return tuple(float(p) for p in given)
    first = float(record["waterfall"][0]["p_after"])
    return (first, 1.0 - first)


def _sum(tree: Sequence[Mapping[str, Any]], prior: tuple[float, ...]) -> tuple[tuple[Step, ...], tuple[float, ...]]:
    k = len(prior)
    heard = [[0.0] * k for _ in tree]
    steps: list[Step] = []
    world = [math.log(p) for p in prior]
    for at in range(len(tree) - 1, -1, -1):
        node = tree[at]
        guess = [float(g) for g in node["guess"]]
        fidelity, parent = float(node["fidelity"]), node["parent"]
        if node["node"] != at or len(guess) != k or not 0.0 <= fidelity <= 1.0 or min(guess) < 0.0:
            raise ValueError(f"node {at} is not as a tree's nodes are")
        if parent is not None and not 0 <= parent < at:
            raise ValueError(f"node {at} has the parent {parent}")
        leaf = node["evidence_db"]
        read = [0.0] * k if leaf is None else [float(x) for x in leaf] if isinstance(leaf, list) else [float(leaf), 0.0]
        here = [h + r / DB for h, r in zip(heard[at], read, strict=True)]
        sent = _through(here, fidelity, guess)
        above = world if parent is None else heard[parent]
        for x in range(k):
            above[x] += sent[x]
        steps.append(Step(at, str(node["label"]), str(node["kind"]), fidelity, _ratios(here), _ratios(sent)))
    top = max(world)
    weights = [math.exp(w - top) for w in world]
    return tuple(steps), tuple(w / math.fsum(weights) for w in weights)


def _mapped(p: tuple[float, ...], given: Any) -> tuple[float, ...]:
    """p through a record's map: log-odds a·ln p − b·ln(1 − p) + c, or the straight line between two points."""
    if given is None:
        return p
    if len(p) != 2:
        raise ValueError("a recalibration map is for claims that are true or false")
    if given["method"] == "beta":
        a, b, c = (float(given[name]) for name in "abc")
        kept = min(max(p[0], NEAR), 1.0 - NEAR)
        true = 1.0 / (1.0 + math.exp(-(a * math.log(kept) - b * math.log1p(-kept) + c)))
    else:
        points = [(float(x), float(y)) for x, y in given["points"]]
        (x0, y0), (x1, y1) = next(pair for pair in pairwise(points) if p[0] <= pair[1][0])
        true = y0 + (y1 - y0) * (p[0] - x0) / (x1 - x0)
    return true, 1.0 - true


def _through(message: list[float], fidelity: float, guess: list[float]) -> list[float]:
    """m(x) becomes φ·m(x) + (1 − φ)·Σ g(v)·m(v), in logs."""
    if fidelity == 1.0:
        return list(message)
    top = max(message)
    linear = [math.exp(m - top) for m in message]
    guessed = (1.0 - fidelity) * math.fsum(g * m for g, m in zip(guess, linear, strict=True))
    return [top + math.log(fidelity * m + guessed) for m in linear]


def _ratios(message: Sequence[float]) -> tuple[float, ...]:
    return tuple(rounded((m - message[-1]) * DB, 2) for m in message[:-1])
