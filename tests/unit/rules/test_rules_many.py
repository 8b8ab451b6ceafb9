"""Thousands of rules: what makes them quick gives what the slow way gives."""

from __future__ import annotations

import gc
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROOT, WHY, modifier, shipped

from reliability.errors import RuleError
from reliability.rules.conditions import Column, evaluate, holds
from reliability.rules.conflicts import conflicts, disjoint
from reliability.rules.policy import Policy
from reliability.rules.schema import Modifier
from reliability.rules.uncollected import uncollected
from reliability.scoring import describe
from reliability.scoring.describe import Described, outcomes, settings
from reliability.scoring.origins import shifts

TYPES = ("media", "wire-agency", "state-media", "government", "expert")
NAMES = ("Ada Quill", "ADA  quill", "Bo", "Straße", "STRASSE")
WHENS = st.fixed_dictionaries({}, optional={
    "source_type": st.one_of(st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=2)),
    "source": st.one_of(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), min_size=1, max_size=2)),
    "paid": st.booleans(), "years": st.builds(lambda op, n: {op: n}, st.sampled_from(["at_least", "less_than"]),
                                              st.integers(0, 3)),
}).filter(bool)  # fmt: skip


@given(st.lists(WHENS, max_size=8), st.data())
def test_conflicts_are_all_pairs_that_do_not_exclude_each_other(
    whens: list[dict[str, Any]], data: st.DataObject
) -> None:
    over = data.draw(st.lists(st.sampled_from([f"r{i}" for i in range(8)]), max_size=2))
    rules = [
        Modifier(id=f"r{i}", rationale=WHY, when=when, effect={"guess": 0.5}, overrides=() if i else tuple(over))
        for i, when in enumerate(whens)
    ]
    kin = shipped().kin
    expected = [
        (a.id, b.id) for a, b in combinations(rules, 2)
        if not disjoint(a.when, b.when, kin) and b.id not in a.overrides and a.id not in b.overrides
    ]  # fmt: skip
    assert conflicts(rules, kin) == expected


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5), st.sampled_from(["is", "in", "not", "not_in"]),
       st.lists(st.sampled_from([*NAMES, "nobody"]), min_size=1, max_size=3))  # fmt: skip
def test_a_source_is_found_by_name_as_if_every_name_were_compared(
    names: list[str], operator: str, wanted: list[str]
) -> None:
    value: Any = wanted if operator in ("in", "not_in") else wanted[0]
    column = Column(np.array([*range(len(names)), -1]), tuple(names))
    found = evaluate({"source": {operator: value}}, {"source": column}, len(names) + 1)
    assert found.yes.tolist()[:-1] == [holds(operator, value, name, lambda _, v: (v,), "source") for name in names]
    assert found.unknown.tolist() == [False] * len(names) + [True]


def test_rules_without_room_for_their_masks_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (modifier("a", {"x": True}, shift_db=1.0), modifier("b", {"y": True}, shift_db=0.1, p=0.6),
             modifier("c", {"x": False}, p=0.7))  # fmt: skip
    columns = {name: Column(np.random.default_rng(seed).integers(-1, 2, 99), (False, True))
               for seed, name in enumerate("xy")}  # fmt: skip
    described = Described(columns, 99, np.zeros(99, dtype=bool))
    policy = replace(shipped(), modifiers=rules)

    def numbers() -> list[list[float]]:
        found = outcomes(rules, described, policy)
        assert sorted(found) == ["a", "b", "c"]
        return [shifts(rules, found, 99).tolist(), np.nan_to_num(settings(rules, found, "p", 99)[0]).tolist()]

    kept = numbers()
    monkeypatch.setattr(describe, "KEPT_BYTES", 0)
    assert numbers() == kept


def test_the_collector_is_on_again_after_loading_and_after_a_failure() -> None:
    assert gc.isenabled()
    Policy.load(ROOT / "rules")
    assert gc.isenabled()
    with pytest.raises(RuleError):
        Policy.load(ROOT / "src")
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_rates_leaves_scenarios_unread_and_has_the_same_digest_and_rules() -> None:
    every, few = Policy.load(ROOT / "rules"), Policy.load(ROOT / "rules", scenarios=False)
    assert few.digest == every.digest
    assert (len(every.scenarios) > 9, few.scenarios) == (True, ())
    assert few.rules() == tuple(rule for rule in every.rules() if rule.folder != "scenarios")
