"""p alone is p of the record; what doesn't act on a set can't move it."""

from __future__ import annotations

from typing import Any

import pytest
from lab_sets import outcome, policy, rerating

from reliability import Policy
from reliability.lab.acting import acting
from reliability.lab.backtest import REMOVABLE
from reliability.lab.judgement import INERT, judgement_numbers
from reliability.lab.moved import meaning, moved
from reliability.lab.rerating import Rerating
from reliability.model.rounding import rounded
from reliability.rules.changing import changed, without
from reliability.rules.load import place_key
from reliability.rules.schema import Modifier, SourceType

SET = rerating()
ACTING = {place_key(rule) for rule in acting(SET.statements, policy())}


def shaken(one: Policy, rule: Any, key: str, way: str) -> Policy:
    """The policy with one number of a rule moved; other numbers of the rule stay as they are in the policy."""
    now = next(other for other in one.rules() if place_key(other) == place_key(rule))
    value = moved(meaning(now, key), getattr(now.effect[0], key)).get(way, getattr(now.effect[0], key))  # type: ignore[attr-defined]
    effect = now.effect[0].model_copy(update={key: value})  # type: ignore[attr-defined]
    return changed(one, now, now.model_copy(update={"effect": (effect,)}))


def test_p_alone_is_the_p_of_every_record() -> None:
    assert {claim: rounded(p, 4) for claim, p in SET.p(policy()).items()} == {
        one.claim.id: one.p for one in outcome().ratings}  # fmt: skip
    assert len(outcome().ratings) > 90


def test_some_claims_rated_alone_rate_as_among_all() -> None:
    some = outcome().ratings[::3]
    alone = Rerating.of(outcome(), some).p(policy())
    assert len(alone) < len(outcome().ratings)
    assert {one.claim.id: rounded(alone[one.claim.id], 4) for one in some} == {one.claim.id: one.p for one in some}


@pytest.mark.parametrize("way", ["+", "−"])
def test_numbers_of_rules_that_do_not_act_and_inert_ones_move_nothing(way: str) -> None:
    other, n = policy(), 0
    for one in judgement_numbers(policy()):
        if place_key(one.rule) not in ACTING or INERT & {one.key, one.rule.id}:
            other, n = shaken(other, one.rule, one.key, way), n + 1
    assert n > 250
    assert SET.p(other) == pytest.approx(SET.p(policy()), abs=1e-12)


def test_rules_that_do_not_act_can_go_all_at_once() -> None:
    other = policy()
    for rule in policy().rules():
        if isinstance(rule, REMOVABLE) and place_key(rule) not in ACTING:
            other = without(other, rule)
    assert len(other.rules()) < len(policy().rules()) - 150
    assert SET.p(other) == pytest.approx(SET.p(policy()), abs=1e-12)


def test_rules_that_act_are_those_whose_condition_holds_somewhere() -> None:
    links = [link for one in outcome().ratings for link in one.links if link.kind == "origin"]
    fired = {shift.rule for link in links for shift in link.shifts}
    found = {rule.id for rule in acting(SET.statements, policy()) if isinstance(rule, Modifier)}
    assert fired <= found
    types = {rule.id for rule in acting(SET.statements, policy()) if isinstance(rule, SourceType)}
    assert types == {link.type for link in links}
    assert acting((), policy()) == []
