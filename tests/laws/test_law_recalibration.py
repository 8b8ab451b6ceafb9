"""A recalibration maps each plain claim's rating, once, and every view shows what it became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, cases, link, p_true, rated, report, small_policy
from test_law_batch import by_kernel, by_records, sets

from reliability.batch.kernel import Options
from reliability.model.report import Quantity, Report
from reliability.model.rounding import rounded
from reliability.reasoning.rationale import probabilities
from reliability.reasoning.reading import Context
from reliability.reasoning.recompute import recompute
from reliability.rules.policy import Policy
from reliability.rules.schema import Recalibration, RecalibrationEffect
from reliability.scoring.recalibrated import NEVER, reached, recalibrated

pytestmark = pytest.mark.usefixtures("few_draws")

BETAS = st.builds(
    lambda a, b, c: RecalibrationEffect(method="beta", a=a, b=b, c=c),
    st.sampled_from((0.0, 0.3, 1.0, 1.5, 4.0)), st.sampled_from((0.0, 0.5, 1.0, 2.0)),
    st.sampled_from((-1.5, 0.0, 0.7)),
)  # fmt: skip
INNER = st.lists(st.sampled_from([n / 20 for n in range(1, 20)]), unique=True, max_size=6)


@st.composite
def steps(draw: st.DrawFn) -> RecalibrationEffect:
    x = [0.0, *sorted(draw(INNER)), 1.0]
    y = sorted(draw(st.lists(st.floats(0.0, 1.0), min_size=len(x), max_size=len(x))))
    return RecalibrationEffect(method="isotonic", points=tuple(zip(x, y, strict=True)))


MAPS = BETAS | steps()
SAME = (RecalibrationEffect(method="beta"),
        RecalibrationEffect(method="isotonic", points=((0.0, 0.0), (0.3, 0.3), (1.0, 1.0))))  # fmt: skip


def mapped(policy: Policy, effect: RecalibrationEffect) -> Policy:
    rule = Recalibration(id="past-record", rationale="It was so.", n_claims=100, effect=(effect,))
    return replace(policy, recalibrations=(rule,))


def of_bar(record: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (bar for bar in record["waterfall"] if bar["kind"] == kind)
    return dict(found)


def without_the_map(record: dict[str, Any]) -> dict[str, Any]:
    kept = {**record, "waterfall": [bar for bar in record["waterfall"] if bar["kind"] != "recalibration"]}
    return {key: value for key, value in kept.items() if key not in ("recalibration", "digest")}


@given(MAPS, st.lists(st.floats(0.0, 1.0), min_size=2, max_size=20))
def test_who_is_rated_higher_does_not_become_less_likely(effect: RecalibrationEffect, p: list[float]) -> None:
    found = recalibrated(np.sort(np.array(p)), effect)
    assert (np.diff(found) >= -1e-12).all()
    assert ((found >= 0.0) & (found <= 1.0)).all()


@pytest.mark.parametrize("effect", SAME)
@given(case=cases(max_reports=4))
def test_a_map_that_changes_no_p_changes_no_field(effect: RecalibrationEffect, case: Case) -> None:
    before = [without_the_map(one) for one in rated(case.reports, case.policy)]
    after = rated(case.reports, mapped(case.policy, effect))
    assert [without_the_map(one) for one in after] == before
    assert all(of_bar(one, "recalibration")["db"] == 0.0 for one in after)


@given(cases(max_reports=4), MAPS)
def test_the_bars_add_up_and_the_last_is_the_map_s(case: Case, effect: RecalibrationEffect) -> None:
    before, after = rated(case.reports, case.policy), rated(case.reports, mapped(case.policy, effect))
    for old, new in zip(before, after, strict=True):
        bars = new["waterfall"]
        assert bars[:-1] == old["waterfall"]
        assert (bars[-1]["kind"], bars[-1]["p_after"]) == ("recalibration", new["rating"]["p"])
        total = sum((Decimal(str(bar["db"])) for bar in bars), Decimal(0))
        assert total == Decimal(str(new["rating"]["weight_db"]))
        assert new["tree"] == old["tree"]
        assert new["rating"]["assessed"] == old["rating"]["assessed"]


@given(cases(max_reports=4), MAPS)
def test_p_interval_and_what_is_left_are_all_mapped(case: Case, effect: RecalibrationEffect) -> None:
    policy = mapped(case.policy, effect)
    exact = p_true(case.reports, case.policy)
    for old, new in zip(rated(case.reports, case.policy), rated(case.reports, policy), strict=True):
        assert new["rating"]["p"] == rounded(float(recalibrated(np.array(exact), effect)), 4)
        for end in ("low", "high"):
            if old["rating"][end] is not None:
                lower, upper = recalibrated(np.array([-0.005, 0.005]) + old["rating"][end], effect).tolist()
                assert lower - 0.0051 <= new["rating"][end] <= upper + 0.0051
        for one, other in zip(old["without"], new["without"], strict=True):
            lower, upper = recalibrated(np.array([-5e-5, 5e-5]) + one["p"], effect).tolist()
            assert lower - 6e-5 <= other["p"] <= upper + 6e-5


@given(cases(max_reports=5), MAPS)
def test_a_record_recomputes_through_its_map(case: Case, effect: RecalibrationEffect) -> None:
    for record in rated(case.reports, mapped(case.policy, effect)):
        assert recompute(record).p[0] == pytest.approx(record["rating"]["p"], abs=1.1e-4)


@given(cases(max_reports=4), MAPS)
def test_ratings_without_reasons_are_the_same(case: Case, effect: RecalibrationEffect) -> None:
    policy = mapped(case.policy, effect)
    shown = {one["claim"]["id"]: one["rating"]["p"] for one in rated(case.reports, policy)}
    assert {name: rounded(p, 4) for name, p in probabilities(case.reports, Context(policy, "t", {})).items()} == shown


@pytest.mark.parametrize("intervals", [False, True])
@given(made=sets(), effect=MAPS)
def test_batches_map_as_records_do(intervals: bool, made: Any, effect: RecalibrationEffect) -> None:
    world, reports = made
    policy, options = mapped(world.policy, effect), Options(intervals=intervals)
    assert by_kernel(reports, policy, options) == by_records(reports, policy, options)


@given(cases(k=3, max_reports=4), BETAS)
def test_answers_to_a_question_keep_what_the_tree_says(case: Case, effect: RecalibrationEffect) -> None:
    before = [without_the_map(one) for one in rated(case.reports, case.policy)]
    assert [without_the_map(one) for one in rated(case.reports, mapped(case.policy, effect))] == before


@pytest.mark.parametrize("about", [{"claim": "c"}, {"alternative": "A"}])
def test_a_figure_and_a_lone_answer_keep_what_the_tree_says(about: dict[str, str]) -> None:
    figure = {"quantity": Quantity(value=300, op="about", unit="killed")} if "claim" in about else {}
    reports: Sequence[Report] = [report(link("Ada", "agency"), key="1", **about, **figure)]
    low = RecalibrationEffect(method="beta", c=-3.0)
    assert [without_the_map(one) for one in rated(reports, mapped(small_policy(), low))] == [
        without_the_map(one) for one in rated(reports, small_policy())
    ]


@given(MAPS, st.lists(st.floats(0.01, 0.99), min_size=1, max_size=9))
def test_an_edge_is_reached_where_the_map_brings_it(effect: RecalibrationEffect, edges: list[float]) -> None:
    wanted = np.array(edges)
    found = reached(wanted, effect)
    there = found != NEVER
    assert recalibrated(found[there], effect) == pytest.approx(wanted[there], abs=1e-6)
    ends = recalibrated(np.array([0.0, 1.0]), effect)
    assert ((wanted[~there] <= ends[0]) | (wanted[~there] > ends[1])).all()


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("effect", [
    RecalibrationEffect(method="beta", c=-1.0), RecalibrationEffect(method="beta", a=0.5, b=1.5, c=-0.5),
    RecalibrationEffect(method="isotonic", points=((0.0, 0.1), (0.5, 0.3), (0.8, 0.7), (1.0, 0.9))),
])  # fmt: skip
def test_at_a_tipping_point_the_rating_is_at_the_edge(effect: RecalibrationEffect, several: bool) -> None:
    """The source's type gets the accuracy that is told, and the source is the only one of its type."""
    reports = [report(link("Ada", "agency"), key="1"), report(link("Bo", "media", via="saw-it-ourselves"), key="2")]
    if several:
        reports.append(report(link("Ada", "agency"), link("Cy", "media"), key="3", stance="denies", published="2024"))
    (record,) = rated(reports, mapped(small_policy({"agency": 0.85}), effect))
    (point,) = (one for one in record["tipping_points"] if one["source"].casefold() == "ada")
    edges = [(0.5, point["r_at_50"]), *((word["p"], word["r"]) for word in point["words"])]
    told = [(p, r) for p, r in edges if r is not None and r < 0.98]
    assert told
    for p, r in told:
        assert p_true(reports, mapped(small_policy({"agency": r}), effect)) == pytest.approx(p, abs=2e-3)
