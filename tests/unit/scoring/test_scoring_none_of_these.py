"""A question's "none of these": equal to the named answers, unless a rule gives it a prior of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from strategies import ALWAYS, WHY, link, numbered, p_of, rated, report, shipped, small_policy

from reliability.rules.schema import Prior

COMMON = 0.98


def answered(*answers: str, **facts: Any) -> tuple[Any, ...]:
    return numbered(report(link(f"S{i}", "official", **facts), alternative=answer) for i, answer in enumerate(answers))


def with_rule(prior: float, guess: Any, **policy: Any) -> Any:
    rule = Prior(id="none", rationale=WHY, when=ALWAYS,
                 effect={"of": "none-of-these", "prior": prior, "guess": guess})  # fmt: skip
    return replace(small_policy({"official": 0.8}, **policy), priors=(rule,))


def by_hand(prior: list[float], guess: list[float], said: list[int], phi: float = 0.6) -> list[float]:
    """Every origin says v with chance f·[v = x] + (1 − f)·guess(v); then the common error guesses from the prior."""
    f = phi / COMMON
    weight = list(prior)
    for v in said:
        weight = [w * (f * (x == v) + (1 - f) * guess[v]) for x, w in enumerate(weight)]
    below = [w / p for w, p in zip(weight, prior, strict=True)]
    mean = sum(p * m for p, m in zip(prior, below, strict=True))
    joint = [p * (COMMON * m + (1 - COMMON) * mean) for p, m in zip(prior, below, strict=True)]
    return [one / sum(joint) for one in joint]


@pytest.mark.parametrize("prior", [0.02, 1 / 3, 0.7])
def test_its_prior_is_the_rules_and_the_named_share_the_rest(prior: float) -> None:
    said = ("A", "A", "B")
    shares = [(1 - prior) / 2] * 2 + [prior]
    found = p_of(answered(*said), with_rule(prior, "prior"))
    assert found.tolist() == pytest.approx(by_hand(shares, shares, [0, 0, 1]), abs=1e-12)


@pytest.mark.parametrize(("guess", "chances"), [("even", [1 / 3] * 3), (0.5, [0.25, 0.25, 0.5])])
def test_channels_guess_as_the_rule_says(guess: float | str, chances: list[float]) -> None:
    found = p_of(answered("A", "B"), with_rule(0.1, guess))
    assert found.tolist() == pytest.approx(by_hand([0.45, 0.45, 0.1], chances, [0, 1]), abs=1e-12)


def test_without_a_rule_all_are_equal() -> None:
    found = p_of(answered("A", "B"), small_policy({"official": 0.8}))
    assert found.tolist() == pytest.approx(by_hand([1 / 3] * 3, [1 / 3] * 3, [0, 1]), abs=1e-12)


def test_with_one_named_answer_it_is_a_claim_and_its_denial() -> None:
    found = p_of(answered("A"), with_rule(0.1, "prior"))
    assert found.tolist() == pytest.approx(by_hand([0.9, 0.1], [0.9, 0.1], [0]), abs=1e-12)


def test_a_rule_of_claims_leaves_questions_alone_and_the_other_way_round() -> None:
    claims = small_policy({"official": 0.8}, prior=0.1, guess="even")
    assert p_of(answered("A", "B"), claims).tolist() == pytest.approx(
        p_of(answered("A", "B"), small_policy({"official": 0.8})).tolist(), abs=1e-15
    )
    plain = (report(link("He", "official")),)
    assert p_of(plain, with_rule(0.1, "even")).tolist() == p_of(plain, small_policy({"official": 0.8})).tolist()


def test_the_shipped_rule_fires_for_a_complete_list() -> None:
    listed = rated(answered("A", "B", claim_class="complete-list"), shipped_with_official())
    open_ = rated(answered("A", "B"), shipped_with_official())
    assert listed[0]["prior"] == [0.49, 0.49, 0.02]
    assert open_[0]["prior"] == [0.333333, 0.333333, 0.333333]
    p = {record["claim"]["text"]: record["rating"]["p"] for record in listed}
    assert p["none of these"] < 0.02
    assert sum(p.values()) == pytest.approx(1.0, abs=2e-4)


def shipped_with_official() -> Any:
    made = small_policy({"official": 0.8})
    policy = shipped()
    return replace(policy, types={**policy.types, "official": made.types["official"]})
