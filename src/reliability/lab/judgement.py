"""The numbers of a policy that are somebody's judgement, and how much the ratings of a set depend on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reliability.lab.acting import acting
from reliability.lab.moved import meaning, moved
from reliability.lab.rerating import Rerating
from reliability.model.base import Record
from reliability.rules.changing import changed
from reliability.rules.load import place_key
from reliability.rules.policy import Policy
from reliability.rules.schema import Effect, Rule
from reliability.scoring.channel import Floats, log_odds_db

KEPT_OFF = 1e-12
"""p is kept so far off 0 and 1, where log-odds end."""

INERT = frozenset(
    ("n", "hours", "euros", "assessed-db", "support-db", "basis-low", "basis-high", "said-so-prior", "stale-days")
)
"""Numbers that touch words, intervals, confidence, flags or checks, and never p."""


class Dependence(Record):
    """How far the ratings of n claims move when a number moves by ±1 dB: mean and greatest |Δp|, and in decibans.

    Of each claim both directions count for the means. `most_moved` is the claim behind `max_p`, None where none moves.
    """

    n_claims: int
    n_moved: int
    mean_p: float
    max_p: float
    mean_db: float
    max_db: float
    most_moved: str | None


@dataclass(frozen=True)
class JudgementNumber:
    """A number with the basis "elicited" or grade D: its rule, its key, its value, and what depends on it if known.

    A source type's base rate p0 is none: only p against p0 counts, so its line would be that of p.
    """

    rule: Rule
    key: str
    value: float
    effect: Effect
    dependence: Dependence | None = None


def judgement_numbers(policy: Policy) -> list[JudgementNumber]:
    """All of them, in order of kind, id and key."""
    found = []
    for rule in policy.rules():
        for effect in getattr(rule, "effect", ()):
            if effect.basis == "measured" and effect.grade != "D":
                continue
            values = effect.model_dump().items()
            found += [JudgementNumber(rule, key, value, effect) for key, value in values
                      if isinstance(value, float) and key != "p0"]  # fmt: skip
    return found


def by_dependence(policy: Policy, set_: Rerating) -> list[JudgementNumber]:
    """The numbers with how far a set's ratings move with each, the greatest mean first, ties by kind, id and key.

    Only numbers of rules that act on the set are tried, and those that p rests on: no other can move a rating.
    Raises RuleError where the policy leaves a number unset.
    """
    now = set_.p(policy)
    claims = sorted(now)
    p = np.array([now[claim] for claim in claims])
    acts = {place_key(rule) for rule in acting(set_.statements, policy)}
    found = []
    for one in judgement_numbers(policy):
        tried = place_key(one.rule) in acts and not INERT & {one.key, one.rule.id}
        others = _moved(one, policy, set_, claims) if tried else []
        found.append(JudgementNumber(one.rule, one.key, one.value, one.effect, _dependence(p, others, claims)))
    return sorted(found, key=_order)


def _order(one: JudgementNumber) -> tuple[float, float, str, str, str]:
    told = one.dependence
    mean, most = (told.mean_p, told.max_p) if told is not None else (0.0, 0.0)
    return -round(mean, 9), -round(most, 9), one.rule.folder, one.rule.id, one.key


def _moved(one: JudgementNumber, policy: Policy, set_: Rerating, claims: Sequence[str]) -> list[Floats]:
    """The ratings (n,) with the number a deciban up, and a deciban down."""
    found = []
    for value in moved(meaning(one.rule, one.key), one.value).values():
        effect = one.effect.model_copy(update={one.key: value})
        p = set_.p(changed(policy, one.rule, one.rule.model_copy(update={"effect": (effect,)})))
        found.append(np.array([p[claim] for claim in claims]))
    return found


def _dependence(p: Floats, others: Sequence[Floats], claims: Sequence[str]) -> Dependence:
    if not others or not len(p):
        return Dependence(n_claims=len(p), n_moved=0, mean_p=0.0, max_p=0.0, mean_db=0.0, max_db=0.0, most_moved=None)
    by = np.abs(np.array(others) - p)
    by_db = np.abs(log_odds_db(_kept_off(np.array(others))) - log_odds_db(_kept_off(p)))
    most = by.max(axis=0)
    n_moved = int((most > KEPT_OFF).sum())
    return Dependence(
        n_claims=len(p), n_moved=n_moved, mean_p=float(by.mean()), max_p=float(most.max()), mean_db=float(by_db.mean()),
        max_db=float(by_db.max()), most_moved=claims[int(np.argmax(most))] if n_moved else None,
    )  # fmt: skip


def _kept_off(p: Floats) -> Floats:
    return np.clip(p, KEPT_OFF, 1.0 - KEPT_OFF)
