"""Laws of what to check next: bits are never negative, nothing is learned from noise, the list is in order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import Case, cases, link, rated, report, small_policy, source_type

from reliability.reasoning.next_checks import information

pytestmark = pytest.mark.usefixtures("few_draws")


def entropy(p: float) -> float:
    return -sum(x * math.log2(x) for x in (p, 1 - p) if x > 0)


@settings(max_examples=30)
@given(cases(max_reports=4))
def test_bits_are_positive_in_order_and_at_most_what_is_open(case: Case) -> None:
    """Asking tells at most the entropy of the claim; settled facts have a mean of their own and don't count."""
    for record in rated(case.reports, case.policy):
        rows = record["next_checks"]
        assert all(row["bits"] > 0 for row in rows)
        assert [(-row["bits"], row["check"]) for row in rows] == sorted((-row["bits"], row["check"]) for row in rows)
        assert len({row["check"] for row in rows}) == len(rows)
        open_bits = entropy(record["rating"]["p"])
        asked = [row["bits"] for row in rows if not row["check"].startswith("settle")]
        assert max(asked, default=0) <= open_bits + 2e-3


@settings(max_examples=30)
@given(cases(max_reports=3))
def test_a_type_no_better_than_chance_tells_nothing(case: Case) -> None:
    """`partisan` has φ = 0 in every world, and other kinds where they were drawn with p = ½."""
    accuracy = {"partisan": 0.5, **case.world.numbers["accuracy"]}
    worthless = [name for name, p in accuracy.items() if p == 0.5]
    for record in rated(case.reports, case.policy):
        asked = {row["check"] for row in record["next_checks"]}
        assert not asked & {f"an independent origin of type {name}" for name in worthless}


@pytest.mark.parametrize("common_error", [0.9, 0.98, 1.0])
def test_the_better_a_type_the_more_bits(common_error: float) -> None:
    types = [source_type(f"t{i}", 0.5 + i / 20) for i in range(1, 11)]
    policy = small_policy(common_error=common_error, extra_types=types)
    (record,) = rated([report(link("He", "official"), link("A", "agency"))], policy)
    bits = {row["check"].rsplit(" ", 1)[1]: row["bits"] for row in record["next_checks"]}
    by_quality = [bits[f"t{i}"] for i in range(1, 11)]
    assert by_quality == sorted(by_quality)
    assert by_quality[0] < 0.05 < by_quality[-1]


def test_what_can_no_longer_be_otherwise_needs_no_check() -> None:
    (sure,) = rated([report(link("He", "official"))], small_policy({"official": 1.0}, common_error=1.0))
    assert sure["next_checks"] == []


@given(cases(max_reports=3))
@settings(max_examples=10)
def test_the_order_of_reports_moves_no_check(case: Case) -> None:
    one, other = (rated(list(way(case.reports)), case.policy) for way in (iter, reversed))
    assert [record["next_checks"] for record in one] == [record["next_checks"] for record in other]


def test_outcomes_that_all_lead_to_one_rating_have_no_bits() -> None:
    for p in (0.0, 0.2, 0.5, 1.0):
        assert information(np.array([0.3, 0.7]), np.array([[p, 1 - p], [p, 1 - p]])) == pytest.approx(0.0, abs=1e-12)
