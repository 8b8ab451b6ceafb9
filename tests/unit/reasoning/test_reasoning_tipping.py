"""Tipping points against a scan over a source's accuracy, and by hand where it stands on several links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from strategies import Case, cases, link, modifier, numbered, p_true, rated, report, small_policy

from reliability.rules.policy import Policy

pytestmark = pytest.mark.usefixtures("few_draws")
CROWDS = ("crowd", "anonymous", "unattributed", "unknown")


def with_accuracy(policy: Policy, name: str, accuracy: float) -> Policy:
    """The policy in which a source's p from the world is this, whatever shifts it."""
    rules = [
        rule.model_copy(update={"when": {**rule.when, "source": {"not": name}}})
        if rule.effect[0].shift_db is not None else rule
        for rule in policy.modifiers
    ]  # fmt: skip
    return replace(policy, modifiers=(*rules, modifier("zz.scan", {"source": name}, p=accuracy)))


@given(cases(max_reports=4))
def test_tipping_points_are_where_a_scan_crosses_one_half(case: Case) -> None:
    (record,) = rated(case.reports, case.policy)
    kinds = {being.name: being.kind for being in case.world.beings}
    for point in record["tipping_points"]:
        name = point["source"]
        if kinds.get(name, "unattributed") in CROWDS:
            continue
        if point["r_at_50"] is None:
            ends = [p_true(case.reports, with_accuracy(case.policy, name, r)) - 0.5 for r in (0.5, 0.75, 1.0)]
            assert all(end > 0 for end in ends) or all(end < 0 for end in ends) or max(map(abs, ends)) < 1e-5
        else:  # from 50 % or one side of it to the other; p may jump there, where a guess is certain
            below, above = (p_true(case.reports, with_accuracy(case.policy, name, min(max(r, 0.5), 1.0))) - 0.5
                            for r in (point["r_at_50"] - 2e-4, point["r_at_50"] + 2e-4))  # fmt: skip
            assert below * above <= 1e-9


def tips(*reports: object, policy: Policy) -> dict[str, float | None]:
    (record,) = rated(numbered(reports), policy)
    return {point["source"]: point["r_at_50"] for point in record["tipping_points"]}


def test_a_lone_source_tips_where_it_knows_nothing() -> None:
    (record,) = rated([report(link("He", "official"))], small_policy({"official": 0.85}))
    (point,) = record["tipping_points"]
    assert (point["source"], point["r_now"], point["r_at_50"]) == ("He", 0.85, 0.5)


def test_a_lone_source_crosses_a_word_at_that_accuracy() -> None:
    """With no common error p is the source's accuracy: it crosses .55, .80 and .95 there, and is even at .5 only."""
    (record,) = rated([report(link("He", "official"))], small_policy({"official": 0.85}, common_error=1.0))
    (point,) = record["tipping_points"]
    assert [(one["p"], one["r"], one["icd203"]) for one in point["words"]] == [
        (0.55, 0.55, "roughly even chance"), (0.8, 0.8, "likely"), (0.95, 0.95, "almost certain"),
    ]  # fmt: skip


@given(cases(max_reports=4))
def test_at_each_words_edge_the_word_changes(case: Case) -> None:
    """Re-rated with the accuracy that the record names, the rating is the edge's p."""
    (record,) = rated(case.reports, case.policy)
    kinds = {being.name: being.kind for being in case.world.beings}
    for point in record["tipping_points"]:
        if kinds.get(point["source"], "unattributed") in CROWDS:
            continue
        for one in point["words"]:
            below, above = (
                p_true(case.reports, with_accuracy(case.policy, point["source"], min(max(one["r"] + d, 0.5), 1.0)))
                for d in (-2e-4, 2e-4)
            )
            assert min(below, above) - 1e-9 <= one["p"] <= max(below, above) + 1e-9


def test_against_one_who_denies_it_tips_at_his_accuracy() -> None:
    policy = small_policy({"official": 0.85, "witness": 0.75})
    reports = [report(link("He", "official")), report(link("She", "witness"), stance="denies")]
    assert tips(*reports, policy=policy) == {"He": 0.75, "She": 0.85}


def test_with_two_more_in_support_nothing_tips() -> None:
    policy = small_policy({"official": 0.85, "witness": 0.75})
    reports = [report(link("He", "official")), report(link("She", "witness")), report(link("They", "witness"))]
    assert set(tips(*reports, policy=policy).values()) == {None}


def test_all_links_of_an_official_in_two_outlets_tip_together() -> None:
    """Each alone would leave the other in support; together at φ = 0 the rating is even."""
    policy = small_policy({"anonymous": 0.7})
    reports = [report(link("a U.S. official", "anonymous"), link(outlet, "agency")) for outlet in "AB"]
    found = tips(*reports, policy=policy)
    assert set(found.values()) == {0.5}


def test_a_member_of_a_crowd_tips_as_its_type_has_it() -> None:
    """Alone in its crowd, its two links of √ each weigh φ: against a witness of .75 it tips at .75."""
    policy = small_policy({"crowd": 0.6, "witness": 0.75})
    reports = [report(link("@kim", "crowd")), report(link("She", "witness"), stance="denies")]
    assert tips(*reports, policy=policy)["@kim"] == 0.75


ALTERNATIVES = ("A", "B", "C")


def answers(policy: Policy, accuracy: float | None = None) -> dict[str, dict[str, Any]]:
    """A question's records by alternative: He says A, She B and They A; He and his echo with that accuracy."""
    of = with_accuracy(policy, "He", accuracy) if accuracy is not None else policy
    told = [("He", "official", "A"), ("She", "witness", "B"), ("They", "witness", "A"), ("It", "witness", "C")]
    reports = [report(link(name, kind), alternative=said) for name, kind, said in told]
    return {record["claim"]["text"]: record for record in rated(numbered(reports), of)}


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_an_alternative_of_a_question_tips_where_a_scan_crosses(alternative: str) -> None:
    policy = small_policy({"official": 0.9, "witness": 0.75})
    record = answers(policy)[alternative]
    (point,) = [one for one in record["tipping_points"] if one["source"] == "He"]
    reached = [(one["p"], one["r"]) for one in point["words"]]
    if point["r_at_50"] is not None:
        reached.append((0.5, point["r_at_50"]))
    assert reached
    for edge, r in reached:
        below, above = (answers(policy, r + d)[alternative]["rating"]["p"] for d in (-1e-3, 1e-3))
        assert min(below, above) <= edge <= max(below, above)
    ends = [answers(policy, r)[alternative]["rating"]["p"] for r in (0.5, 1.0)]
    edges = {0.05, 0.2, 0.45, 0.5, 0.55, 0.8, 0.95}
    assert {edge for edge, _ in reached} == {edge for edge in edges if min(ends) < edge < max(ends)}


def test_an_alternative_tips_on_all_links_of_a_source_together() -> None:
    """Anonymous officials in two outlets: at 50 % they tell nothing and all three answers are equal."""
    policy = small_policy({"anonymous": 0.9, "witness": 0.75})
    told = [report(link("a U.S. official", "anonymous"), link(outlet, "agency"), alternative="A") for outlet in "AB"]
    others = [report(link(name, "witness"), alternative=name) for name in "BC"]
    records = rated(numbered([*told, *others]), policy)
    for point in next(r for r in records if r["claim"]["text"] == "A")["tipping_points"]:
        if point["source"] == "a U.S. official":
            assert 0.5 < point["r_at_50"] < point["r_now"]
            break
    else:
        pytest.fail("the officials have no tipping point")
