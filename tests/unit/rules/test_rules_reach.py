"""What conditions can do, against brute force over all values of small fields, with the evaluation that rates."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.rules.conditions import Column, evaluate
from reliability.rules.domains import Domain
from reliability.rules.reach import Reach

PARENTS = {"wire": "media", "local": "media"}
VALUES: dict[str, tuple[Any, ...]] = {
    "flag": (False, True),
    "kind": ("media", "wire", "local", "court"),
    "n": tuple(x / 2 for x in range(-2, 12)),
    "words": ("", "a", "b", "c", "a b", "b c", "a c", "a b c", "aa"),
}
DOMAINS = {"flag": Domain("boolean"), "kind": Domain(values=VALUES["kind"]), "n": Domain("number"), "words": Domain()}


def kin(field: str, value: Any) -> tuple[Any, ...]:
    return (value, PARENTS[value]) if field == "kind" and value in PARENTS else (value,)


def single() -> st.SearchStrategy[dict[str, Any]]:
    kinds = st.sampled_from(VALUES["kind"])
    numbers = st.integers(0, 4)
    ordering = st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is", "not"])
    letters = st.sampled_from(["a", "b", "c"])
    return st.one_of(
        st.fixed_dictionaries({"flag": st.one_of(st.booleans(), st.fixed_dictionaries({"not": st.booleans()}))}),
        st.fixed_dictionaries({"kind": st.one_of(
            kinds, st.lists(kinds, min_size=1), st.fixed_dictionaries({"not_in": st.lists(kinds, min_size=1)}))}),
        st.fixed_dictionaries({"n": st.dictionaries(ordering, numbers, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"words": st.fixed_dictionaries({"contains": letters})}),
    )  # fmt: skip


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    def around(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        word = st.sampled_from(["any", "none", "all"])
        several = st.lists(inner, min_size=1, max_size=3)
        return st.tuples(single(), word, several).map(lambda one: {**one[0], one[1]: one[2]})

    return st.recursive(single(), around, max_leaves=5)


GRID = list(product(*VALUES.values()))
COLUMNS = {name: Column(np.arange(len(GRID)), tuple(row[at] for row in GRID)) for at, name in enumerate(VALUES)}


def met(condition: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """On which of all combinations of values a condition holds."""
    return evaluate(condition, COLUMNS, len(GRID), kin).yes


@given(conditions())
def test_a_condition_can_hold_and_can_fail_as_trying_every_value_says(condition: dict[str, Any]) -> None:
    reach = Reach(DOMAINS, kin)
    assert reach.can_hold(condition) == bool(met(condition).any())
    assert reach.can_fail(condition) == bool((~met(condition)).any())


@given(conditions(), conditions())
def test_conditions_meet_and_imply_each_other_as_trying_every_value_says(a: dict[str, Any], b: dict[str, Any]) -> None:
    reach = Reach(DOMAINS, kin)
    assert reach.can_hold(a, b) == bool((met(a) & met(b)).any())
    assert reach.implies(a, b) == bool((~met(a) | met(b)).all())


def test_what_has_too_many_alternatives_counts_as_possible() -> None:
    either = {"any": [{"n": {"at_least": 1}}, {"n": {"at_most": 0}}]}
    never = {"flag": True, "all": [{"flag": False}, *({"any": [either, either]} for _ in range(12))]}
    assert Reach(DOMAINS, kin).can_hold(never)
    assert not Reach(DOMAINS, kin).can_hold({"flag": True, "all": [{"flag": False}]})


@pytest.mark.parametrize(
    ("domain", "value", "admitted"),
    [(Domain("boolean"), True, True), (Domain("boolean"), 1, False), (Domain("number"), True, False),
     (Domain("number", low=0, high=1), 1, True), (Domain("number", low=0, high=1), 1.01, False),
     (Domain(), "x", True), (Domain(), 1, False), (Domain(values=("a",)), "b", False)],
)  # fmt: skip
def test_a_field_admits_the_values_of_its_kind(domain: Domain, value: Any, admitted: bool) -> None:
    assert domain.admits(value) == admitted
