"""What must change nothing: order, repeats, sources without weight, editorial policy, company in a call."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    Case,
    cases,
    gate,
    link,
    modifier,
    numbered,
    only,
    p_of,
    rated,
    report,
    reports_in,
    shipped,
    with_numbers,
)

from reliability.model.report import Report
from reliability.rules.policy import Policy

pytestmark = pytest.mark.usefixtures("few_draws")
WITHIN = 1e-12


def as_bytes(records: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in records).encode()


@given(cases(k=None, max_reports=5), st.randoms(use_true_random=False))
def test_the_order_of_reports_does_not_change_a_byte(case: Case, random: Any) -> None:
    shuffled = list(case.reports)
    random.shuffle(shuffled)
    assert as_bytes(rated(shuffled, case.policy)) == as_bytes(rated(case.reports, case.policy))


@given(cases(k=None, max_reports=5), st.data())
def test_a_repeat_changes_no_number(case: Case, data: st.DataObject) -> None:
    """The same words by the same way, in another article, or the very record again."""
    one = data.draw(st.sampled_from(case.reports))
    again = one.model_copy(update=data.draw(st.sampled_from([{}, {"id": "y", "article": "another"}])))
    before, after = only(case.reports, case.policy), only([*case.reports, again], case.policy)
    assert after.p == pytest.approx(before.p, abs=WITHIN)
    assert after.paths.trie.n_nodes == before.paths.trie.n_nodes
    assert after.said.p.tolist() == pytest.approx(before.said.p.tolist(), abs=WITHIN)


@given(cases(k=None, max_reports=5), st.data())
def test_a_later_repeat_of_the_same_words_changes_no_number(case: Case, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(case.reports))
    again = one.model_copy(update={"id": "y", "published": "2026"})
    standing = case.reports if one.published is None else [r for r in case.reports if r.provenance == one.provenance]
    if all((r.stance, r.alternative) == (one.stance, one.alternative) for r in standing):
        before = only([one], case.policy) if standing is not case.reports else only(case.reports, case.policy)
        after = only([*([one] if standing is not case.reports else case.reports), again], case.policy)
        assert after.p == pytest.approx(before.p, abs=WITHIN)


@given(cases(k=None, max_reports=5), st.sampled_from(["asserts", "denies"]), st.integers(0, 2), st.data())
def test_a_source_without_fidelity_changes_no_probability_and_no_confidence(
    case: Case, stance: str, relays: int, data: st.DataObject
) -> None:
    about = {"alternative": "A"} if case.reports[-1].question else {}
    chain = [link("Nobody", "partisan", "direct-quote"), *(link(f"O{i}", "agency") for i in range(relays))]
    extra = report(*chain, key="x", stance=stance, published=data.draw(st.sampled_from([None, "2025"])), **about)
    before, after = rated(case.reports, case.policy), rated([*case.reports, extra], case.policy)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        for part in ("p", "weight_db", "assessed", "icd203", "phia", "elicited_share"):
            assert other["rating"][part] == one["rating"][part], part
        for part in ("level", "support", "robustness", "basis"):
            assert other["rating"]["analytic_confidence"][part] == one["rating"]["analytic_confidence"][part], part


def loud_gates(policy: Policy) -> Policy:
    """Gates that hold everything at low, and raise flags."""
    gates = [
        gate("all-low", {"reports": {"at_least": 0}}, confidence_at_most="low", flag="low"),
        gate("sure", {"p": {"at_least": 0.5}}, flag="sure"),
    ]
    return replace(policy, gates=tuple(gates))


@given(cases(k=None, max_reports=4))
def test_gates_touch_confidence_and_flags_and_nothing_else(case: Case) -> None:
    with_gates, without = (
        rated(case.reports, loud_gates(case.policy)),
        rated(case.reports, replace(case.policy, gates=())),
    )
    for one, other in zip(with_gates, without, strict=True):
        assert one["rating"]["analytic_confidence"]["level"] == "low"
        assert "low" in one["flags"]
        for record in (one, other):
            record.pop("flags")
            record["rating"].pop("analytic_confidence")
        assert one == other


@given(cases(max_reports=5), st.floats(0, 60), st.floats(0, 60), st.floats(0, 1))
def test_thresholds_of_confidence_never_change_p(case: Case, support: float, assessed: float, basis: float) -> None:
    values = {"support-db": support, "assessed-db": assessed, "basis-low": basis, "basis-high": basis}
    other = with_numbers(case.policy, values)
    assert (p_of(case.reports, other) == p_of(case.reports, case.policy)).all()


@st.composite
def several_claims(draw: st.DrawFn) -> tuple[Policy, list[list[Report]]]:
    """Two plain claims and a question of one world, each with its reports."""
    first = draw(cases(max_reports=3))
    sets = [list(first.reports)]
    more = numbered(draw(st.lists(reports_in(first.world), min_size=1, max_size=2)), "a")
    sets.append([one.model_copy(update={"claim": "a"}) for one in more])
    more = numbered(draw(st.lists(reports_in(first.world, k=3), min_size=1, max_size=2)), "q")
    sets.append(list(more))
    return first.policy, sets


@given(several_claims(), st.randoms(use_true_random=False))
def test_rating_claims_together_or_one_by_one_gives_the_same_records(
    claims: tuple[Policy, list[list[Report]]], random: Any
) -> None:
    policy, sets = claims
    alone = [record for reports in sets for record in rated(reports, policy)]
    together = [one for reports in sets for one in reports]
    random.shuffle(together)
    named = {record["claim"]["id"]: record for record in rated(together, policy)}
    assert sorted(named) == sorted(record["claim"]["id"] for record in alone)
    for record in alone:
        assert as_bytes([named[record["claim"]["id"]]]) == as_bytes([record])


def test_another_claims_spelling_of_a_name_changes_no_record() -> None:
    """Names are compared folded; how a record spells one is its own reports' matter."""
    mine = report(link("abc weather desk", "media", "document"), key="1", claim="c")
    other = report(link("ABC Weather Desk", "media", "document"), key="2", claim="d")
    (alone,) = rated([mine], shipped())
    together = {record["claim"]["id"]: record for record in rated([mine, other], shipped())}
    assert together["c"] == alone


def test_another_claims_spelling_of_a_name_fires_no_rule() -> None:
    rule = modifier("by-name", {"source": "the weather desk"}, shift_db=-6.0)
    policy = replace(shipped(), modifiers=(rule,))
    mine = report(link("the weather desk", "expert"), key="1", claim="c")
    other = report(link("The Weather Desk", "expert"), key="2", claim="d")
    assert p_of([mine, other], policy, 0)[0] == p_of([mine], policy)[0]


@given(cases(k=None, max_reports=5), st.data())
def test_said_so_does_not_move_with_what_others_say(case: Case, data: st.DataObject) -> None:
    about = {"alternative": "A"} if case.reports[-1].question else {}
    n = data.draw(st.integers(1, 3))
    stances = data.draw(st.lists(st.sampled_from(["asserts", "denies"]), min_size=n, max_size=n))
    others = [
        report(link(f"Russia {i}", "official"), link("Outlet", "agency"), key=f"x{i}", stance=stance, **about)
        for i, stance in enumerate(stances)
    ]
    before, after = rated(case.reports, case.policy), rated([*case.reports, *others], case.policy)
    for one, other in zip(before, after, strict=True):
        said = [line for line in other["said_so"] if not line["origin"].startswith("Russia")]
        assert said == one["said_so"]


@given(cases(max_reports=5))
def test_what_is_left_out_is_as_if_it_had_never_been_reported(case: Case) -> None:
    """Leave-one-out of each origin equals rating the reports without that origin's."""
    scored = only(case.reports, case.policy)
    (record,) = rated(case.reports, case.policy)
    keys = [r.key for r in case.reports]
    children = [i for i, node in enumerate(record["tree"]) if node["parent"] == 0 and node["kind"] == "origin"]
    for node in children:
        label = record["tree"][node]["label"]
        left = next(w for w in record["without"] if w["label"] == label and w["kind"] == "origin")
        mine = {keys[i] for i in np.flatnonzero(scored.links.row >= 0) if _label(scored, i) == label.casefold()}
        rest = [r for r in case.reports if r.key not in mine and scored.origins.counts[keys.index(r.key)]]
        if rest:
            assert left["p"] == pytest.approx(float(p_of(rest, case.policy)[0]), abs=1e-4)


def _label(scored: Any, report_row: int) -> str:
    row = scored.links.row[report_row]
    name = scored.coded.source_keys[scored.links.source[row]]
    after = int(scored.links.next[row])
    return f"{name} (to {scored.coded.source_keys[after]})" if after >= 0 else name
