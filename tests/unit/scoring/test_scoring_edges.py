"""Corners of the scorer: questions of one alternative, blocs by a fact, numbers that no rule sets, factors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from strategies import bloc, link, numbered, only, p_of, p_true, rated, report, score, small_policy

from reliability.errors import RuleError
from reliability.rules.schema import Relay, SourceEntry

POLICY = small_policy({"official": 0.85, "witness": 0.75})


def test_a_question_of_one_alternative_is_that_or_none_of_these() -> None:
    records = rated([report(link("He", "official"), alternative="A")], POLICY)
    assert [record["claim"]["id"] for record in records] == ["q=A", "q=none of these"]
    assert [record["rating"]["p"] for record in records] == [0.85, 0.15]
    assert records[0]["alternatives"] == ["A", "none of these"]
    assert records[0]["prior"] == [0.5, 0.5]


def test_three_answers_by_hand() -> None:
    """He (.70/.98 = .7143 below the common error) says A: (.7143 + .2857/3, .0952, .0952) = (.8095, .0952, .0952);
    through the common error .98 · .8095 + .02/3 = .8; in all (.8, .1, .1). She denies A with .5/.98 = .5102: the
    excluded has .4898 · ⅔ = .3265, the others .5102 + .3265 = .8367: (.2643, .0797, .0797)/.4237 is
    (.6239, .1881, .1881), and so .98 · .6239 + .0067 = .6181.
    """
    says = report(link("He", "official"), key="1", alternative="A")
    denies = report(link("She", "witness"), key="2", alternative="A", stance="denies")
    named = report(link("Z", "partisan"), key="3", alternative="B")
    assert p_of([says, named], POLICY).tolist() == pytest.approx([0.8, 0.1, 0.1], abs=1e-9)
    assert p_of([says, denies, named], POLICY).tolist() == pytest.approx([0.6181, 0.19095, 0.19095], abs=1e-4)


def test_none_of_these_can_be_said_and_is_always_the_last() -> None:
    says = report(link("He", "official"), key="1", alternative="none of these")
    scored = only([says, report(link("Z", "partisan"), key="2", alternative="zebra")], POLICY)
    assert scored.coded.units[0].alternatives == ("zebra", "none of these")
    assert scored.p[:, 0].tolist() == pytest.approx([0.15, 0.85], abs=1e-9)


def test_claims_and_questions_of_different_size_are_rated_side_by_side() -> None:
    reports = numbered([
        report(link("He", "official")), report(link("He", "official"), alternative="A"),
        report(link("She", "witness"), alternative="B"),
        report(link("He", "official"), alternative="A").model_copy(update={"question": "q2"}),
    ])  # fmt: skip
    assert [(one.k, one.coded.n) for one in score(reports, POLICY)] == [(2, 1), (2, 1), (3, 2)]
    assert [r["claim"]["id"] for r in rated(reports, POLICY)] == sorted(
        r["claim"]["id"] for r in rated(reports, POLICY)
    )


def test_a_bloc_by_a_fact_is_one_for_each_of_its_values() -> None:
    """Two of a handler's defectors are one voice, held at the ceiling .6; two of two handlers are two."""
    by_group = bloc("group", 0.6, when={"group": {"not": ""}}, by="group")
    policy = small_policy({"witness": 0.78}, common_error=1.0, blocs=[by_group])
    together = numbered(report(link(name, "witness", group="g")) for name in ("A", "B"))
    apart = numbered(report(link(name, "witness", group=name)) for name in ("A", "B"))
    unknown = numbered(report(link(name, "witness")) for name in ("A", "B"))
    inside = 2 * (0.56 / 0.6) / (1 + (0.56 / 0.6) ** 2)
    assert p_true(together, policy) == pytest.approx((1 + 0.6 * inside) / 2, abs=1e-12)
    assert p_true(apart, policy) == pytest.approx((1 + 2 * 0.56 / (1 + 0.56**2)) / 2, abs=1e-12)
    assert p_true(unknown, policy) == pytest.approx(p_true(apart, policy), abs=1e-12)
    blocs = [node["label"] for node in rated(apart, policy)[0]["tree"] if node["kind"] == "bloc"]
    assert blocs == ["group: A", "group: B"]


def test_the_sources_files_bloc_goes_before_one_by_rule() -> None:
    by_group = bloc("group", 0.6, when={"group": {"not": ""}}, by="group")
    policy = small_policy(blocs=[by_group, bloc("state", 0.9)], entries=[SourceEntry(name="A", bloc="state")])
    (record,) = rated([report(link("A", "witness", group="g"))], policy)
    assert [node["label"] for node in record["tree"] if node["kind"] == "bloc"] == ["state"]


def test_an_origin_better_than_its_bloc_is_held_at_the_ceiling_and_says_so() -> None:
    policy = small_policy({"official": 0.95}, blocs=[bloc("b", 0.6)], entries=[SourceEntry(name="He", bloc="b")])
    (record,) = rated([report(link("He", "official"))], policy)
    assert record["rating"]["p"] == 0.8
    (account,) = record["links"]
    assert "ceiling of the bloc" in account["clamp"]
    assert account["weight_db"] == pytest.approx(10 * np.log10(1.6 / 0.4), abs=0.005)
    assert account["base_db"] + account["clamp_db"] == pytest.approx(account["weight_db"], abs=0.011)


def test_a_way_of_passing_on_that_no_rule_knows_is_an_error_of_the_policy() -> None:
    policy = replace(POLICY, relays=tuple(rule for rule in POLICY.relays if rule.when["via"] != "translation"))
    with pytest.raises(RuleError, match="translation"):
        only([report(link("He", "official", "translation"), link("A", "agency"))], policy)


def test_factors_lower_what_was_set_one_after_the_other() -> None:
    slow = [Relay(id=f"lower.{fact}", rationale="x", when={fact: True}, effect={"factor": factor})
            for fact, factor in (("from_memory", 0.9), ("headline_only", 0.8))]  # fmt: skip
    policy = replace(POLICY, relays=(*POLICY.relays, *slow))
    outlet = link("A", "agency", from_memory=True, headline_only=True)
    (record,) = rated([report(link("He", "official"), outlet)], policy)
    assert record["tree"][2]["fidelity"] == pytest.approx(0.97 * 0.9 * 0.8, abs=1e-6)
    account = record["links"][1]
    assert [shift["rule"] for shift in account["shifts"]] == ["lower.from_memory", "lower.headline_only"]
    parts = [account["base_db"], *(shift["db"] for shift in account["shifts"])]
    assert sum(parts) == pytest.approx(account["weight_db"], abs=0.02)


@pytest.mark.parametrize(("guess", "relays"), [("prior", 0.1), ("even", 0.5), (0.3, 0.3)])
def test_what_a_prior_rule_says_channels_guess_they_guess(guess: float | str, relays: float) -> None:
    policy = small_policy(prior=0.1, guess=guess, blocs=[bloc("b", 0.9)], entries=[SourceEntry(name="He", bloc="b")])
    scored = only([report(link("He", "official", said="likely"), link("A", "agency"))], policy)
    first = scored.parameters.channels.guess[0].tolist()
    # common error and hedge guess from the prior, bloc, origin and relay as the rule says
    assert first == pytest.approx([0.1, relays, relays, 0.1, relays], abs=1e-12)
    assert scored.priors.prior[:, 0].tolist() == pytest.approx([0.1, 0.9], abs=1e-12)
