"""How models' evidence becomes probabilities, and how much it is trusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_sets import knows_or_guesses, probabilities, table

from reliability.learning.estimate import estimate
from reliability.learning.mixing import VOTES, mixed, mixed_in_all, sharpness

ROWS = [("p", "s", "a"), ("p", "t", "a"), ("p", "u", "b"), ("q", "s", "b"), ("q", "t", "c")]


def test_a_mixture_worked_by_hand() -> None:
    laid = table(ROWS)
    models = [(0.25, np.array([2.0, 0.0, 0.0, 0.0])), (0.75, np.array([0.0, 4.0, 0.0, 3.0]))]
    found = mixed(laid, models, sharp=1.0)
    # p has three reports, so evidence counts a quarter: odds are e^½ and e^-1; of q it counts a third: 1 and e^-1
    first, second, third = 1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(1.0)), 1 / (1 + np.exp(1.0))
    of_a = 0.85 * (0.25 * first + 0.75 * second) + 0.15 * 2 / 3
    of_b = 0.85 * (0.25 * 0.5 + 0.75 * third) + 0.15 / 2
    assert found == pytest.approx([of_a, 1 - of_a, of_b, 1 - of_b])


def test_answers_that_nobody_gave_take_their_part() -> None:
    laid = table(ROWS)
    weights = np.log(np.array([[0.5, 0.25], [0.25, 0.25], [0.25, 0.5]]))
    found = mixed_in_all(laid, [(1.0, weights)], sharp=4.0)
    unclaimed = 0.85 * 0.25 * (6 / 7) + (1 / 7) / 3
    assert found[2, 0] == pytest.approx(unclaimed), "p's c: three reports make four quarters, so the model's own weight"
    assert found.sum(axis=0) == pytest.approx(1.0)


@given(weights=st.lists(st.floats(-50.0, 50.0), min_size=4, max_size=4), sharp=st.floats(0.5, 2.8))
def test_no_answer_is_likelier_by_votes_than_the_votes_part_allows(weights: list[float], sharp: float) -> None:
    laid = table(ROWS)
    found = mixed(laid, [(1.0, np.array(weights))], sharp)
    assert (found >= VOTES * laid.shares * (1 - 1e-12)).all(), "log loss is at most ln(1/.15) above vote shares'"
    assert np.bincount(laid.cell_question, found) == pytest.approx(1.0)


def test_evidence_is_worth_more_where_sources_differ_and_less_where_models_outrun_the_votes() -> None:
    laid = table(knows_or_guesses(40, (0.9, 0.6, 0.3), 3, seed=1).rows)
    alike, unlike = np.array([0.6, 0.6, 0.6]), np.array([0.9, 0.6, 0.3])
    level, sure = np.zeros(len(laid.cell_n)), 20.0 * laid.shares
    worths = [
        sharpness(laid, f, [(1.0, m)]) for f, m in ((alike, level), (unlike, level), (alike, sure), (unlike, sure))
    ]
    assert worths[0] == pytest.approx(1.65), (
        "models that say nothing gain nothing, and sources all alike have no spread"
    )
    assert worths[1] > worths[0] > worths[2]
    assert worths[1] > worths[3] > worths[2]


def test_who_errs_together_does_not_make_ratings_far_worse_than_votes() -> None:
    rng = np.random.default_rng(8)
    made = knows_or_guesses(300, (0.8,) * 9, 2, seed=8)
    fooled = {q for q in made.truth if rng.random() < 0.3}
    flip = {"a0": "a1", "a1": "a0"}
    rows = [(q, s, flip[a] if q in fooled and rng.random() < 0.7 else a) for q, s, a in made.rows]
    laid = table(rows)
    p = probabilities(laid, estimate(laid))
    shares = dict(zip(p, laid.shares.tolist(), strict=True))
    cells = [cell for cell in made.truth.items() if cell in p]
    assert np.mean([np.log(shares[cell]) - np.log(p[cell]) for cell in cells]) < 0.1
