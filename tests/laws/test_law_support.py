"""What supports never lowers, what is mirrored is mirrored, and where with more than two answers that ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import (
    NAMES,
    Case,
    bloc,
    cases,
    link,
    modifier,
    only,
    p_of,
    p_true,
    report,
    reports_in,
    small_policy,
)

from reliability.model.report import Report
from reliability.rules.schema import SourceEntry
from reliability.scoring.paths import ORIGIN

WITHIN = 1e-9
MIRRORED = {"asserts": "denies", "denies": "asserts"}


@given(cases(max_reports=5), st.data(), st.sampled_from(["r", "s"]))
def test_one_more_supporting_report_never_lowers_a_claim(case: Case, data: st.DataObject, prefix: str) -> None:
    """Two answers, any tree, any guesses. Undated, so that it supersedes nothing."""
    extra = data.draw(reports_in(case.world, stances=["asserts"], words=[None, None, "certain"], dates=[None]))
    assume(only(case.reports, case.policy).origins.counts.any())
    before = p_true(case.reports, case.policy)
    assert p_true([*case.reports, extra.model_copy(update={"id": prefix})], case.policy) >= before - WITHIN


@given(cases(max_reports=5), st.data())
def test_a_likely_more_never_lowers_a_claim_that_is_less_likely(case: Case, data: st.DataObject) -> None:
    extra = data.draw(reports_in(case.world, stances=["asserts"], words=["likely", "almost certain"], dates=[None]))
    assume(case.world.prior <= 0.5 and only(case.reports, case.policy).origins.counts.any())
    added = [*case.reports, extra.model_copy(update={"id": "x"})]
    assert p_true(added, case.policy) >= p_true(case.reports, case.policy) - WITHIN


@given(st.sampled_from([3, 4]), st.data())
def test_a_new_voice_outside_blocs_never_lowers_the_answer_that_it_names(k: int, data: st.DataObject) -> None:
    case = data.draw(cases(k=k, max_reports=5))
    answer = data.draw(st.sampled_from("ABC"[: k - 1]))
    chain = [link("New", data.draw(st.sampled_from(["official", "witness", "agency"])), "direct-quote",
                  **data.draw(st.sampled_from([{}, {"lean": "a+"}, {"good": True}])))]  # fmt: skip
    chain += [link(f"O{i}", "agency") for i in range(data.draw(st.integers(0, 2)))]
    before = p_of(case.reports, case.policy)
    after = p_of([*case.reports, report(*chain, key="x", alternative=answer)], case.policy)
    assert after["ABC".index(answer)] >= before["ABC".index(answer)] - WITHIN


@given(cases(max_reports=6))
def test_flipping_stances_prior_and_guesses_mirrors_the_odds(case: Case) -> None:
    world = case.world
    guess = 1 - world.guess if isinstance(world.guess, float) else world.guess
    flipped = [one.model_copy(update={"stance": MIRRORED[one.stance]}) for one in case.reports]
    mirrored = world.with_prior(1 - world.prior, guess)
    assert p_true(flipped, mirrored) == pytest.approx(1 - p_true(case.reports, case.policy), abs=WITHIN)
    here, there = only(case.reports, case.policy).said, only(flipped, mirrored).said
    assert sorted(there.p.tolist()) == pytest.approx(sorted(here.p.tolist()), abs=WITHIN)


@given(cases(max_reports=6), st.sampled_from(NAMES), st.tuples(st.floats(0.5, 1), st.floats(0.5, 1)))
def test_a_better_source_whose_word_supports_never_lowers_a_claim(
    case: Case, name: str, accuracies: tuple[float, float]
) -> None:
    def with_accuracy(p: float):
        setter = modifier("zz.better", {"source": name}, p=p)
        return replace(case.policy, modifiers=(*case.policy.modifiers, setter))

    low, high = sorted(accuracies)
    scored = only(case.reports, with_accuracy(low))
    mine = [i for i, key in enumerate(scored.coded.source_keys) if key == name.casefold()]
    nodes = np.flatnonzero((scored.paths.kind == ORIGIN) & np.isin(scored.paths.a, mine))
    assume(nodes.size)
    says = scored.up.below[0, nodes] - scored.up.below[1, nodes]
    better = p_true(case.reports, with_accuracy(high))
    if (says >= 0).all():
        assert better >= scored.p[0, 0] - WITHIN
    if (says <= 0).all():
        assert better <= scored.p[0, 0] + WITHIN


def test_deeper_with_three_answers_a_supporting_report_can_lower_what_it_supports() -> None:
    """DESIGN's counterexample: three alternatives, two channels (O's and its bloc's) above what is added.

    By hand, (A, B, none), guesses ⅓, no common error. The bloc's link is .5, O's .2/.5 = .4, P's .5/.5 = 1, D's .7.
    Before: O denies B and says (.8, .4, .8); P denies A, so the bloc hears (0, .4, .8) and says (.2, .4, .6); D asserts
    B, (.1, .8, .1);
    together (.02, .32, .06): A has .05. Now X, by a relay of .9, has O assert A: O heard (28, 0, 1) and
    says (17, 5.8, 6.2); the bloc hears (0, 5.8, 6.2) and says (2, 4.9, 5.1); together (.2, 3.92, .51): A has .2/4.63.
    """
    policy = small_policy(
        {"official": 0.6, "agency": 0.75, "witness": 0.85}, common_error=1.0, fidelities={"document": 0.9},
        blocs=[bloc("b", 0.5)], entries=[SourceEntry(name="P", bloc="b"), SourceEntry(name="O", bloc="b")],
    )  # fmt: skip
    reports: list[Report] = [
        report(link("O", "official", "document"), key="1", stance="denies", alternative="B"),
        report(link("P", "agency"), key="2", stance="denies", alternative="A"),
        report(link("D", "witness"), key="3", alternative="B"),
    ]
    extra = report(link("O", "official", "document"), link("X", "agency"), key="4", alternative="A")
    assert p_of(reports, policy)[0] == pytest.approx(0.05, abs=1e-9)
    assert p_of([*reports, extra], policy)[0] == pytest.approx(0.2 / 4.63, abs=1e-9)
