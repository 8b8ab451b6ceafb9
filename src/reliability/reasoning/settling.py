"""What each undecided condition would do, were it settled: rules evaluated again with each answer filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability.reasoning.account import Account
from reliability.rules.conditions import Column, Outcome
from reliability.scoring.channel import Floats, attenuate, posterior
from reliability.scoring.coding import STANCES
from reliability.scoring.describe import Described, outcomes, settings
from reliability.scoring.origins import earned_db, fidelity_of, fidelity_of_weight, own_weight_db
from reliability.scoring.parameters import latest_of_links
from reliability.scoring.passes import replaced_each
from reliability.scoring.priors import leaning
from reliability.scoring.trie import Ints


@dataclass(frozen=True)
class Answers:
    """Answers to what nobody knew about links, a row each: how likely, and the rating of every alternative it gives.

    Shapes: unit, node, fact, share (n,); ratings (n, K). `fact` is a place in `facts`.
    """

    unit: Ints
    node: Ints
    fact: Ints
    share: Floats
    ratings: Floats
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question's answers on some rows: the fact, one answer, its share, and the rows, one after the other."""

    fact: str
    value: Any
    share: float
    rows: Ints


def answers(account: Account) -> Answers:
    """The answers to what nobody knew about origins and relays, of all claims of a call."""
    asked, node, phi, guess = origins_settled(account)
    above = account.scored.parameters.above[node]
    with np.errstate(divide="ignore", invalid="ignore"):
        link = np.where(above > 0.0, np.minimum(phi / above, 1.0), 0.0)
    sent = attenuate(account.scored.up.below[:, node], link, _leaning(account, node, guess))
    of_relays, relay, relay_sent = _relays_settled(account)
    return _rated(account, [*asked, *of_relays], np.append(node, relay), np.concatenate([sent, relay_sent], axis=1))


def _questions(found: Mapping[str, Outcome], account: Account) -> list[Asked]:
    """Every fact that some rule missed on some rows, an entry an answer."""
    rows_of: dict[str, np.ndarray[Any, np.dtype[np.bool_]]] = {}
    for outcome in found.values():
        for fact, mask in outcome.missing.items():
            rows_of[fact] = rows_of[fact] | mask if fact in rows_of else mask
    asked: list[Asked] = []
    for fact in sorted(rows_of):
        rule = account.policy.facts.get(fact)
        rows = np.flatnonzero(rows_of[fact])
        if rule is None or not rows.size:
            continue
        if rule.kind == "boolean":
            share = 0.5 if rule.share is None else rule.share
            asked += [Asked(fact, True, share, rows), Asked(fact, False, 1.0 - share, rows)]
        else:
            asked += [Asked(fact, value, 1.0 / len(rule.values), rows) for value in rule.values]
    return asked


def _filled(described: Described, asked: Sequence[Asked]) -> tuple[Described, Ints]:
    """The rows of all questions, one below the other, each with its answer filled in; and their original rows."""
    rows = np.concatenate([one.rows for one in asked])
    columns = {name: Column(column.codes[rows], column.values) for name, column in described.columns.items()}
    at = 0
    for one in asked:
        column = columns.get(one.fact, Column(np.full(len(rows), -1, dtype=np.int64), ()))
        codes = column.codes.copy()
        codes[at : at + len(one.rows)] = len(column.values)
        columns[one.fact] = Column(codes, (*column.values, one.value))
        at += len(one.rows)
    return Described(columns, len(rows), np.zeros(len(rows), dtype=bool)), rows


def origins_settled(account: Account) -> tuple[list[Asked], Ints, Floats, Floats]:
    """What settling facts about origins' links would make of them: the questions, and for each of their rows, one
    below the other, the origin's node, its φ from the world, and the chance of saying so that a rule sets, NaN if none.
    """  # fmt: skip
    scored, policy = account.scored, account.policy
    links = scored.links
    asked = _questions(links.outcomes, account)
    if not asked:
        return [], np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0)
    described, rows = _filled(links.described, asked)
    found = outcomes(policy.modifiers, described, policy)
    effects = [policy.types[name].effect[0] for name in scored.coded.type_ids]
    p0, p, cap = (np.array([getattr(e, n) for e in effects])[links.type[rows]] for n in ("p0", "p", "cap_db"))
    set_p, _ = settings(policy.modifiers, found, "p", len(rows))
    weight = own_weight_db(fidelity_of(np.where(np.isnan(set_p), p, set_p), p0))
    weight = weight + np.where(np.isnan(set_p), earned_db(links.recorded, links.type_fidelity)[rows], 0.0)
    for rule in policy.modifiers:
        if rule.effect[0].shift_db is not None:
            weight = weight + rule.effect[0].shift_db * found[rule.id].yes
    guess, _ = settings(policy.modifiers, found, "guess", len(rows))
    node_of = np.full(len(links.unit), -1, dtype=np.int64)
    nodes = np.flatnonzero(scored.parameters.origin_row >= 0)
    node_of[scored.parameters.origin_row[nodes]] = nodes
    return asked, node_of[rows], fidelity_of_weight(np.clip(weight, 0.0, cap)), guess


@dataclass(frozen=True)
class OriginAnswer:
    """One answer to one question about an origin's link: how likely it is, and the φ from the world that it gives."""

    node: int
    fact: str
    share: float
    fidelity: float


def origin_answers(account: Account) -> dict[int, list[OriginAnswer]]:
    """For each claim (by unit), the answers to what nobody knew about its origins. Computed once."""
    cached: dict[int, list[OriginAnswer]] | None = account.__dict__.get("_origin_answers")
    if cached is None:
        cached = {}
        asked, nodes, fidelity, _ = origins_settled(account)
        at = 0
        for one in asked:
            for place in range(at, at + len(one.rows)):
                unit, node = int(account.scored.paths.trie.unit[nodes[place]]), int(nodes[place])
                answer = OriginAnswer(node, one.fact, one.share, float(fidelity[place]))
                cached.setdefault(unit, []).append(answer)
            at += len(one.rows)
        account.__dict__["_origin_answers"] = cached
    return cached


def _leaning(account: Account, node: Ints, guess: Floats) -> Floats:
    """Origins' guesses (K, n) once a rule's chance of saying so has gone to what they say."""
    scored = account.scored
    row = scored.parameters.origin_row[node]
    report = latest_of_links(scored.coded, scored.links, scored.paths)[row]
    stance = scored.coded.stance[report]
    chance = np.where(stance == STANCES["denies"], 1.0 - guess, guess)
    chance = np.where(stance == STANCES["silent"], 0.0, chance)
    return leaning(scored.priors.guess[:, scored.links.unit[row]], scored.coded.alternative[report], chance)


def _relays_settled(account: Account) -> tuple[list[Asked], Ints, Floats]:
    """What settling facts about relays would make of them: the questions, the nodes, and what each then sends."""
    scored, policy = account.scored, account.policy
    relays = scored.parameters.relays
    asked = _questions(relays.outcomes, account)
    if not asked:
        return [], np.zeros(0, dtype=np.int64), np.zeros((scored.k, 0))
    described, rows = _filled(relays.described, asked)
    found = outcomes(policy.relays, described, policy)
    fidelity, _ = settings(policy.relays, found, "fidelity", len(rows))
    for rule in policy.relays:
        if rule.effect[0].factor is not None:
            fidelity = fidelity * np.where(found[rule.id].yes, rule.effect[0].factor, 1.0)
    node = relays.node[rows].astype(np.int64)
    return asked, node, attenuate(scored.up.below[:, node], fidelity, scored.parameters.channels.guess[:, node])


def _rated(account: Account, asked: Sequence[Asked], node: Ints, sent: Floats) -> Answers:
    scored = account.scored
    unit = scored.paths.trie.unit[node]
    world, _ = replaced_each(scored.paths.trie, scored.parameters.channels, scored.up, sent, node)
    ratings = posterior(np.log(scored.priors.prior[:, unit]) + world).T
    facts = tuple(sorted({one.fact for one in asked}))
    sizes = [len(one.rows) for one in asked]
    return Answers(
        unit, node, np.repeat([facts.index(one.fact) for one in asked], sizes).astype(np.int64),
        np.repeat([one.share for one in asked], sizes), ratings, facts,
    )  # fmt: skip
