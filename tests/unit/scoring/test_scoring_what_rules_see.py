"""What rules can ask of a link besides its facts, and what of a link may differ without being inconsistent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from strategies import link, modifier, numbered, only, rated, report, small_policy

from reliability.model.report import Report

QUANTITY = {"value": 3.0, "op": "exact", "unit": "things"}


def phi(reports: list[Report], when: dict[str, Any]) -> float:
    """The fidelity of the only origin, .7 for an official, under a rule that makes it worse."""
    policy = replace(small_policy(), modifiers=(modifier("worse", when, shift_db=-3.0),))
    return float(only(numbered(reports), policy).links.fidelity[0])


def he(said: str | None = None, **more: Any) -> Report:
    return report(link("He", "official", said=said), link("A", "agency"), **more)


@pytest.mark.parametrize(
    ("when", "fires", "does_not"),
    [
        ({"hedged": True}, he("likely"), he()), ({"hedged": False}, he(), he("likely")),
        ({"hedge": "likely"}, he("likely"), he("possibly")),
        ({"has_quantity": True}, he(quantity=QUANTITY), he()), ({"has_quantity": False}, he(), he(quantity=QUANTITY)),
        ({"unit": "things"}, he(quantity=QUANTITY), he(quantity={**QUANTITY, "unit": "others"})),
        ({"party": "own"}, he(quantity={**QUANTITY, "party": "own"}), he(quantity={**QUANTITY, "party": "enemy"})),
        ({"party": "third"}, he(quantity=QUANTITY), he()),
        ({"n_links": {"at_least": 2}}, he(), report(link("He", "official"))),
        ({"stance": "denies"}, he(stance="denies"), he()),
    ],
)  # fmt: skip
def test_a_rule_fires_on_what_a_link_says_and_on_nothing_else(
    when: dict[str, Any], fires: Report, does_not: Report
) -> None:
    assert phi([does_not], when) == pytest.approx(0.7, abs=1e-12)
    assert phi([fires], when) < 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (he("likely"), he("possibly")), (he(), report(link("He", "official"))),
        (he(quantity=QUANTITY), he()), (he(), he(stance="denies")),
        (he(quantity={**QUANTITY, "party": "own"}), he(quantity={**QUANTITY, "party": "enemy"})),
        (he(quantity=QUANTITY), he(quantity={**QUANTITY, "unit": "others"})),
    ],
)  # fmt: skip
def test_hedges_lengths_of_chains_figures_and_stances_may_differ(one: Report, other: Report) -> None:
    for record in rated(numbered([one, other]), small_policy()):
        assert "inconsistent-link" not in record["flags"]


def test_a_record_worse_than_chance_is_no_weight_to_start_from() -> None:
    """An official right in four of ten weighs 0 dB; three more by a rule are 3 dB: φ = (10^.3 − 1)/(10^.3 + 1)."""
    policy = replace(small_policy({"official": 0.4}), modifiers=(modifier("vetted", {"vetted": True}, shift_db=3.0),))
    links = only([report(link("He", "official", vetted=True))], policy).links
    assert links.base_db.tolist() == [0.0]
    assert links.fidelity[0] == pytest.approx((10**0.3 - 1) / (10**0.3 + 1), abs=1e-12)
    assert links.worse_than_chance.tolist() == [True]


@pytest.mark.parametrize(
    ("departed", "event", "known"),
    [
        ("2025-01-01T09:59:59Z", "2025-01-01T10:00:00Z", {True}),
        ("2025-01-01T10:00:00Z", "2025-01-01T10:00:00Z", set()),
        ("2025-01-01T10:00:01Z", "2025-01-01T10:00:00Z", {False}), ("nobody knows", "2025-01-01", set()),
    ],
)  # fmt: skip
def test_who_left_at_the_moment_of_the_event_neither_left_before_nor_was_there(
    departed: str, event: str, known: set[bool]
) -> None:
    one = report(link("Ryu", "witness", departed=departed), event=event)
    facts = only([one], small_policy()).coded.fact_values
    assert set(facts.get("departed_before_event", (None, ()))[1]) == known
