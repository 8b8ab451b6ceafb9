"""Conditions against a reading of them value by value, in Kleene's three-valued logic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import shipped

from reliability.rules import conditions
from reliability.rules.conditions import Column, evaluate, fields, holds, problem
from reliability.rules.conflicts import conflicts, disjoint
from reliability.text.deciding import decider

VALUES: dict[str, list[Any]] = {"flag": [True, False], "n": [0, 1, 2.5, 5], "word": ["a", "b", "Abc"]}


def plain(field: str) -> st.SearchStrategy[Any]:
    one = st.sampled_from(VALUES[field])
    compared = st.builds(lambda op, v: {op: v}, st.sampled_from(["at_least", "at_most", "more_than", "less_than"]),
                         st.sampled_from([0, 1, 2.5, 4]))  # fmt: skip
    many = st.lists(one, min_size=1, max_size=2)
    choices = [one, many, st.builds(lambda v: {"not": v}, one), st.builds(lambda v: {"not_in": v}, many),
               st.builds(lambda v: {"is": v}, one), st.builds(lambda v: {"in": v}, many)]  # fmt: skip
    if field == "n":
        choices.append(compared)
    if field == "word":
        choices.append(st.builds(lambda v: {"contains": v}, st.sampled_from(["a", "B", "bc"])))
    return st.one_of(choices)


SIMPLE = st.fixed_dictionaries({}, optional={field: plain(field) for field in VALUES}).filter(bool)
CONDITIONS = st.recursive(
    SIMPLE, lambda inner: st.builds(lambda base, word, parts: {**base, word: parts}, SIMPLE,
                                    st.sampled_from(["all", "any", "none"]), st.lists(inner, min_size=1, max_size=2)),
    max_leaves=4,
)  # fmt: skip
ROWS = st.lists(st.fixed_dictionaries({field: st.sampled_from([None, *values]) for field, values in VALUES.items()}),
                min_size=1, max_size=6)  # fmt: skip


def columns_of(rows: list[dict[str, Any]], leave_out: str | None = None) -> dict[str, Column]:
    found = {}
    for field, values in VALUES.items():
        if field != leave_out:
            codes = [-1 if row[field] is None else values.index(row[field]) for row in rows]
            found[field] = Column(np.array(codes, dtype=np.int64), tuple(values))
    return found


def one_test(operator: str, wanted: Any, value: Any) -> bool | None:
    """What one operator says of one value, None where nobody knows it. True is no 1."""
    if value is None:
        return None
    alike = [v for v in (wanted if isinstance(wanted, list) else [wanted])
             if v == value and isinstance(v, bool) == isinstance(value, bool)]  # fmt: skip
    match operator:
        case "is" | "in":
            return bool(alike)
        case "not" | "not_in":
            return not alike
        case "contains":
            return str(wanted).lower() in str(value).lower()
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "more_than":
            return bool(value > wanted)
    return bool(value < wanted)


def both(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def either(parts: list[bool | None]) -> bool | None:
    return True if True in parts else None if None in parts else False


def kleene(condition: dict[str, Any], row: dict[str, Any]) -> bool | None:
    parts: list[bool | None] = []
    for field, wanted in condition.items():
        if field in ("all", "any", "none"):
            inner = [kleene(part, row) for part in wanted]
            one = both(inner) if field == "all" else either(inner)
            parts.append(None if one is None else not one if field == "none" else one)
        elif isinstance(wanted, dict):
            parts.extend(one_test(op, value, row.get(field)) for op, value in wanted.items())
        else:
            parts.append(one_test("in" if isinstance(wanted, list) else "is", wanted, row.get(field)))
    return both(parts)


@given(CONDITIONS, ROWS, st.sampled_from([None, *VALUES]))
def test_conditions_are_kleenes(condition: dict[str, Any], rows: list[dict[str, Any]], gone: str | None) -> None:
    outcome = evaluate(condition, columns_of(rows, gone), len(rows))
    for i, row in enumerate(rows):
        known = {field: value for field, value in row.items() if field != gone}
        expected = kleene(condition, known)
        got = True if outcome.yes[i] else None if outcome.unknown[i] else False
        assert got is expected
        assert decider(condition)(known) is expected
        assert outcome.no[i] == (expected is False)
        blamed = {field for field, mask in outcome.missing.items() if mask[i]}
        if expected is None:
            assert blamed
            assert all(known.get(field) is None and field in fields(condition) for field in blamed)
        else:
            assert not blamed


@given(CONDITIONS)
def test_well_formed_conditions_have_no_problem_and_name_their_fields(condition: dict[str, Any]) -> None:
    assert problem(condition) is None
    assert fields(condition) <= set(VALUES)
    assert {field for field, _, _ in conditions.tests(condition)} <= fields(condition)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({}, "always fire"), ([], "a table"), ({"a": {"equals": 1}}, "operator `equals`"), ({"a": {"in": "x"}}, "list"),
        ({"a": []}, "at least one value"), ({"a": {"at_least": "3"}}, "a number"),
        ({"a": {"at_least": True}}, "a number"),
        ({"any": {"a": 1}}, "list of conditions"), ({"any": []}, "list of conditions"), ({"none": [{}]}, "always fire"),
        ({"a": None}, "a text, a number"), ({"a": {"is": [1]}}, "one value"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [{"a": 1}]}]}]}]}]}, "four deep"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_condition_is_said(condition: Any, said: str) -> None:
    assert said in str(problem(condition))


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("is", "media", "wire-agency", True), ("is", "wire-agency", "media", False),
        ("in", ["media"], "wire-agency", True),
        ("not", "media", "wire-agency", False), ("not_in", ["media"], "wire-agency", False),
        ("not_in", ["government"], "wire-agency", True), ("is", "government", "military", True),
    ],
)  # fmt: skip
def test_a_wire_agency_is_a_media_and_a_media_is_no_wire_agency(
    operator: str, wanted: Any, value: str, expected: bool
) -> None:
    assert holds(operator, wanted, value, shipped().kin, "source_type") is expected
    column = Column(np.array([0, -1, 0]), (value,))
    found = evaluate({"source_type": {operator: wanted}}, {"source_type": column}, 3, shipped().kin)
    assert found.yes.tolist() == [expected, False, expected]
    assert found.unknown.tolist() == [False, True, False]


def test_true_is_not_one_and_texts_are_not_compared_by_size() -> None:
    kin = shipped().kin
    assert not holds("is", 1, True, kin, "n")
    assert not holds("is", True, 1, kin, "n")
    assert not holds("at_least", 0, True, kin, "n")
    assert not holds("at_least", 0, "7", kin, "n")


@given(SIMPLE, SIMPLE)
def test_conditions_said_to_be_disjoint_never_hold_together(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Sound, by trying all values; it need not see every disjoint pair."""
    if disjoint(one, other, lambda field, value: (value,)):
        spelled = {**VALUES, "n": [0, 1, 1.5, 2.5, 3, 4, 5, 6, -1]}
        for flag in spelled["flag"]:
            for n in spelled["n"]:
                for word in [*spelled["word"], "zabc"]:
                    row = {"flag": flag, "n": n, "word": word}
                    assert not (kleene(one, row) is True and kleene(other, row) is True)


class Setting:
    def __init__(self, name: str, when: dict[str, Any], *overrides: str) -> None:
        self.id, self.when, self.overrides = name, when, overrides


@pytest.mark.parametrize(
    ("a", "b", "clash"),
    [
        (Setting("a", {"x": 1}), Setting("b", {"y": 1}), True),
        (Setting("a", {"x": 1}), Setting("b", {"x": 2}), False),
        (Setting("a", {"x": 1}), Setting("b", {"x": [1, 2]}), True),
        (Setting("a", {"x": 1}), Setting("b", {"y": 1}, "a"), False),
        (Setting("a", {"x": 1}, "b"), Setting("b", {"y": 1}), False),
        (Setting("a", {"x": {"at_least": 3}}), Setting("b", {"x": {"less_than": 3}}), False),
        (Setting("a", {"x": {"at_least": 3}}), Setting("b", {"x": {"at_most": 3}}), True),
        (Setting("a", {"x": {"not": 1}}), Setting("b", {"x": 1}), False),
        (Setting("a", {"source_type": "media"}), Setting("b", {"source_type": "wire-agency"}), True),
        (Setting("a", {"source_type": "media"}), Setting("b", {"source_type": "government"}), False),
        (Setting("a", {"source_type": "media"}), Setting("b", {"source_type": {"not": "media"}}), False),
    ],
)  # fmt: skip
def test_two_rules_that_set_one_number_clash_unless_one_gives_way_or_they_exclude_each_other(
    a: Setting, b: Setting, clash: bool
) -> None:
    assert conflicts([b, a], shipped().kin) == ([("a", "b")] if clash else [])
