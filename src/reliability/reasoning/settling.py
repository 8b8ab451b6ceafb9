"""What each undecided condition would do, were it settled: rules evaluated again with each answer filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability.reasoning.account import Account
from reliability.rules.conditions import Column, Outcome
from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.describe import Described, outcomes, settings
from reliability.scoring.origins import fidelity_of, fidelity_of_weight, own_weight_db
from reliability.scoring.passes import replaced_each
from reliability.scoring.trie import Ints


@dataclass(frozen=True)
class Answer:
    """One answer to one question about a node: how likely the answer is, and the rating that it would give."""

    node: int
    fact: str
    value: Any
    share: float
    p: float


def answers(account: Account) -> dict[int, list[Answer]]:
    """For each claim (by unit), the answers to what nobody knew about its origins and relays. Computed once."""
    cached: dict[int, list[Answer]] | None = account.__dict__.get("_answers")
    if cached is None:
        cached = {}
        for answer_unit, answer in (*_about_origins(account), *_about_relays(account)):
            cached.setdefault(answer_unit, []).append(answer)
        account.__dict__["_answers"] = cached
    return cached


def _questions(found: Mapping[str, Outcome], account: Account) -> list[tuple[str, Any, float, Ints]]:
    """(fact, answer, share, rows) of every fact that some rule missed on some rows."""
    rows_of: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = {}
    for outcome in found.values():
        for fact, mask in outcome.missing.items():
            rows_of[fact] = rows_of[fact] | mask if fact in rows_of else mask
    asked: list[tuple[str, Any, float, Ints]] = []
    for fact in sorted(rows_of):
        rule = account.policy.facts.get(fact)
        rows = np.flatnonzero(rows_of[fact])
        if rule is None or not rows.size:
            continue
        if rule.kind == "boolean":
            share = 0.5 if rule.share is None else rule.share
            asked += [(fact, True, share, rows), (fact, False, 1.0 - share, rows)]
        else:
            asked += [(fact, value, 1.0 / len(rule.values), rows) for value in rule.values]
    return asked


def _filled(described: Described, asked: Sequence[tuple[str, Any, float, Ints]]) -> tuple[Described, Ints]:
    """The rows of all questions, one below the other, each with its answer filled in; and their original rows."""
    rows = np.concatenate([rows for _, _, _, rows in asked])
    columns = {name: Column(column.codes[rows], column.values) for name, column in described.columns.items()}
    at = 0
    for fact, value, _, mine in asked:
        column = columns.get(fact, Column(np.full(len(rows), -1, dtype=np.int64), ()))
        codes = column.codes.copy()
        codes[at : at + len(mine)] = len(column.values)
        columns[fact] = Column(codes, (*column.values, value))
        at += len(mine)
    return Described(columns, len(rows), np.zeros(len(rows), dtype=bool)), rows


def _about_origins(account: Account) -> list[tuple[int, Answer]]:
    scored, policy = account.scored, account.policy
    links = scored.links
    asked = _questions(links.outcomes, account)
    if not asked or scored.k != 2:
        return []
    described, rows = _filled(links.described, asked)
    found = outcomes(policy.modifiers, described, policy)
    effects = [policy.types[name].effect[0] for name in scored.coded.type_ids]
    p0, p, cap = (np.array([getattr(e, n) for e in effects])[links.type[rows]] for n in ("p0", "p", "cap_db"))
    set_p, _ = settings(policy.modifiers, found, "p", len(rows))
    weight = own_weight_db(fidelity_of(np.where(np.isnan(set_p), p, set_p), p0))
    for rule in policy.modifiers:
        if rule.effect[0].shift_db is not None:
            weight = weight + rule.effect[0].shift_db * found[rule.id].yes
    phi = fidelity_of_weight(np.clip(weight, 0.0, cap))
    guess, _ = settings(policy.modifiers, found, "guess", len(rows))
    node_of = np.full(len(links.unit), -1, dtype=np.int64)
    nodes = np.flatnonzero(scored.parameters.origin_row >= 0)
    node_of[scored.parameters.origin_row[nodes]] = nodes
    node = node_of[rows]
    above = scored.parameters.above[node]
    with np.errstate(divide="ignore", invalid="ignore"):
        link = np.where(above > 0.0, np.minimum(phi / above, 1.0), 0.0)
    chance = _leaning(account, rows, guess)
    sent = attenuate(scored.up.below[:, node], link, chance)
    return _rated(account, asked, node, sent)


def _leaning(account: Account, rows: Ints, guess: Floats) -> Floats:
    """Origins' guesses (2, n) once a rule's chance of saying so has gone to what they say."""
    links, scored = account.scored.links, account.scored
    stance = links.described.columns["stance"]
    denies = np.array([value == "denies" for value in stance.values])[stance.codes[rows]]
    even = scored.priors.guess[0, links.unit[rows]]
    true = np.where(np.isnan(guess), even, np.where(denies, 1.0 - guess, guess))
    silent = np.array([value == "silent" for value in stance.values])[stance.codes[rows]]
    true = np.where(silent, 0.0, true)
    return np.stack([true, 1.0 - true])


def _about_relays(account: Account) -> list[tuple[int, Answer]]:
    scored, policy = account.scored, account.policy
    relays = scored.parameters.relays
    asked = _questions(relays.outcomes, account)
    if not asked or scored.k != 2:
        return []
    described, rows = _filled(relays.described, asked)
    found = outcomes(policy.relays, described, policy)
    fidelity, _ = settings(policy.relays, found, "fidelity", len(rows))
    for rule in policy.relays:
        if rule.effect[0].factor is not None:
            fidelity = fidelity * np.where(found[rule.id].yes, rule.effect[0].factor, 1.0)
    node = relays.node[rows].astype(np.int64)
    sent = attenuate(scored.up.below[:, node], fidelity, scored.parameters.channels.guess[:, node])
    return _rated(account, asked, node, sent)


def _rated(
    account: Account, asked: Sequence[tuple[str, Any, float, Ints]], node: Ints, sent: Floats
) -> list[tuple[int, Answer]]:
    scored = account.scored
    unit = scored.paths.trie.unit[node]
    world, _ = replaced_each(scored.paths.trie, scored.parameters.channels, scored.up, sent, node)
    p = posterior(np.log(scored.priors.prior[:, unit]) + world)[0]
    found: list[tuple[int, Answer]] = []
    at = 0
    for fact, value, share, rows in asked:
        found += [
            (int(unit[place]), Answer(int(node[place]), fact, value, share, float(p[place])))
            for place in range(at, at + len(rows))
        ]
        at += len(rows)
    return found
