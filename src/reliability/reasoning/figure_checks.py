"""What to check next about a figure: bits about "it is right as stated", by enumeration over the figure's cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability.reasoning.account import Account
from reliability.reasoning.next_checks import (
    base_fidelity,
    changes_word,
    confirmed,
    in_order,
    information,
    origin_of_type,
    row_of,
    settled,
    told_by_relays,
)
from reliability.reasoning.settling import origin_answers
from reliability.rules.conditions import Column
from reliability.rules.policy import Policy
from reliability.scoring.blurs import Blur, bias_ranges, statements
from reliability.scoring.channel import Floats
from reliability.scoring.describe import Described
from reliability.scoring.figures import Figures, FigureTree

THIRD = "third"


@dataclass(frozen=True)
class Possible:
    """One check: its outcomes' chances (V,), the chance after each that the figure is right (V,), its cost rule."""

    text: str
    chances: Floats
    ratings: Floats
    kind: str
    type: str | None = None


def figure_checks(account: Account, tree: FigureTree, figures: Figures, event: Floats) -> list[dict[str, Any]]:
    """The checks of one claim with a figure as records' rows, most bits first; `event` (K,) as `FigureTree.event`.

    One more independent origin of each type states a number of its own, as a third party, whatever it may be; a relay
    is confirmed with its origin, whose statement is then known; a fact about an origin is settled where its φ acts.
    """
    found = [
        *_new_origins(account, tree, figures, event),
        *_confirmed(account, tree, event),
        *_settled(account, tree, event),
    ]
    return in_order(_rows(account, found, float(figures.p @ event))) if found else []


def _rows(account: Account, found: list[Possible], p: float) -> Iterator[dict[str, Any]]:
    """The records' rows of checks, whose outcomes are filled up with some that have no chance."""
    shape = len(found), max(len(one.chances) for one in found)
    chances, ratings = np.zeros(shape), np.full(shape, p)
    for at, one in enumerate(found):
        chances[at, : len(one.chances)], ratings[at, : len(one.chances)] = one.chances, one.ratings
    both = np.stack([ratings, 1.0 - ratings], axis=-1)
    bits = information(chances, both).tolist()
    changes = changes_word(account, np.full((len(found), 2), [p, 1.0 - p]), chances, both)[:, 0].tolist()
    for one, so_many, changed in zip(found, bits, changes, strict=True):
        yield row_of(account, one.text, one.kind, one.type, so_many, changed)


def _of(cells: Floats, event: Floats) -> float:
    return float(np.clip(cells @ event, 0.0, 1.0))


def _new_origins(account: Account, tree: FigureTree, figures: Figures, event: Floats) -> Iterator[Possible]:
    policy = account.policy
    apparent = figures.apparent
    known: dict[Blur, tuple[Floats, Floats]] = {}
    for name in account.scored.coded.type_ids:
        blur = blur_of_type(policy, name)
        if blur.fidelity <= 0.0:
            continue
        if blur not in known:
            table = statements(tree.grid, blur, tree.sayings.spread, tree.sayings.gross)
            joint = apparent[:, None] * table
            chances = joint.sum(axis=0)
            after = figures.common_error * (event @ joint) / np.maximum(chances, 1e-300)
            p = np.clip(after + (1.0 - figures.common_error) * event.mean(), 0.0, 1.0)
            known[blur] = chances, p
        yield Possible(origin_of_type(name), *known[blur], "origin", name)


def blur_of_type(policy: Policy, name: str) -> Blur:
    """How one more origin of a type would state a figure about a third party, at the type's base numbers."""
    first = np.zeros(1, dtype=np.int64)
    columns = {"source_type": Column(first, (name,)), "party": Column(first, (THIRD,))}
    low, high, _ = bias_ranges(policy, Described(columns, 1, np.zeros(1, dtype=bool)))
    carries = policy.types[name].carries
    fidelity = policy.constants["figure-knows"] if carries else base_fidelity(policy, name)
    return Blur(fidelity, float(low[0]), float(high[0]), 0, carries)


def _confirmed(account: Account, tree: FigureTree, event: Floats) -> Iterator[Possible]:
    for node in told_by_relays(account).tolist():
        if node in tree.blurs and account.scored.paths.trie.unit[node] == tree.unit:
            known = tree.settled(node)
            ratings = np.array([_of(cells, event) for cells, _ in known])
            yield Possible(confirmed(account, node), np.array([chance for _, chance in known]), ratings, "relay")


def _settled(account: Account, tree: FigureTree, event: Floats) -> Iterator[Possible]:
    above, links = account.scored.parameters.above, account.scored.links
    asked: dict[int, list[tuple[str, float, float]]] = {}
    for one in origin_answers(account).get(tree.unit, ()):
        blur = tree.blurs.get(one.node)
        if blur is None or blur.knows_magnitude:
            continue
        fidelity = one.fidelity
        if links.crowd[account.scored.parameters.origin_row[one.node]]:
            fidelity = min(fidelity / float(above[one.node]), 1.0) if above[one.node] > 0.0 else 0.0
        asked.setdefault(one.node, []).append((one.fact, one.share, fidelity))
    for node, options in sorted(asked.items()):
        knows, place = np.unique([fidelity for *_, fidelity in options], return_inverse=True)
        ratings = np.clip(tree.lever(node).p(knows) @ event, 0.0, 1.0)[place]
        shares = np.array([share for _, share, _ in options])
        for fact in sorted({fact for fact, *_ in options}):
            mine = np.array([fact == other for other, *_ in options])
            yield Possible(settled(account, node, fact), shares[mine] / shares[mine].sum(), ratings[mine], "fact")
