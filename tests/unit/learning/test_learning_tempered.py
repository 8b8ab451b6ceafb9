from __future__ import annotations

from math import exp, isclose

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from learning_sets import table

from reliability.learning.known import Known
from reliability.learning.tempered import Evidence, claimed_only, posteriors, worth

ROWS = st.lists(
    st.tuples(st.sampled_from("pqr"), st.sampled_from("stuvw"), st.sampled_from("abcd")), min_size=1, max_size=15
)


@given(rows=ROWS, n0=st.sampled_from([0.5, 1.0, 7.0, np.inf]), closed=st.booleans(), seed=st.integers(0, 999))
def test_posteriors_are_those_of_a_plain_sum_over_answers(
    rows: list[tuple[str, str, str]], n0: float, closed: bool, seed: int
) -> None:
    laid, rng = table(rows, "abcd"), np.random.default_rng(seed)
    reports = rng.gamma(1.0, 2.0, len(laid.question))
    cells = np.bincount(laid.cell, reports, len(laid.cell_question))
    prior = np.log(rng.dirichlet(np.ones(laid.k))) if closed else None
    q, own = posteriors(laid, Evidence(cells, reports, prior), Known.nothing(laid), n0)

    def by_hand(question: int, answer: int, without: int | None) -> float:
        here = [r for r in range(len(laid.question)) if laid.question[r] == question and r != without]
        t = 1.0 / (1.0 + len(here) / n0)
        claimed = {int(laid.answer[r]) for r in np.flatnonzero(laid.question == question)}
        answers = range(laid.k) if closed else [*claimed, -1]
        weights = {}
        for x in answers:
            told = sum(reports[r] for r in here if laid.answer[r] == x)
            weights[x] = exp(t * (told + (prior[x] if prior is not None else 0.0)))
        return float(weights[answer] / sum(weights.values()))

    for cell in range(len(q)):
        assert isclose(q[cell], by_hand(int(laid.cell_question[cell]), int(laid.cell_answer[cell]), None), rel_tol=1e-9)
    for r in range(len(own)):
        assert isclose(own[r], by_hand(int(laid.question[r]), int(laid.answer[r]), r), rel_tol=1e-9)


def test_what_stands_beside_a_certainty_is_not_lost_to_rounding() -> None:
    laid = table([("q", "s", "a"), ("q", "t", "b")])
    _, own = posteriors(laid, Evidence(np.array([90.0, 1.0]), np.array([90.0, 1.0]), np.log([0.5, 0.5])),
                        Known.nothing(laid), np.inf)  # fmt: skip
    assert isclose(own[0], 1.0 / (1.0 + np.e), rel_tol=1e-12), "without its own report, a has nothing and b has 1 nat"
    assert isclose(own[1], exp(-90.0), rel_tol=1e-9)


@given(rows=ROWS, seed=st.integers(0, 999))
def test_claimed_answers_alone_sum_to_one(rows: list[tuple[str, str, str]], seed: int) -> None:
    laid = table(rows)
    p = claimed_only(laid, np.random.default_rng(seed).normal(0.0, 50.0, len(laid.cell_question)))
    assert np.allclose(laid.by_question(p), 1.0, atol=1e-12)


def test_ever_so_many_reports_are_worth_n0_of_their_mean() -> None:
    assert np.isclose(worth(np.array([1e9]), 2.5)[0] * 1e9, 2.5, rtol=1e-6)
    assert worth(np.array([7.0]), np.inf)[0] == 1.0
