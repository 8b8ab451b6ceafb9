from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from learning_sets import table

from reliability.learning.learn import in_millionths
from reliability.learning.table import Names, lay_table

NAMES = st.sampled_from(["a", "b", "c", "d"])
ROWS = st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=30)


@given(rows=ROWS, seed=st.integers(0, 99))
def test_the_order_of_rows_and_repeats_change_nothing(rows: list[tuple[str, str, str]], seed: int) -> None:
    shuffled = [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))] + rows[:3]
    a, b = table(rows), table(shuffled)
    assert a.names == b.names
    for column in ("question", "source", "answer", "cell", "cell_question", "cell_answer", "cell_n", "starts"):
        assert np.array_equal(getattr(a, column), getattr(b, column)), column


@given(rows=ROWS)
def test_cells_count_what_a_loop_counts(rows: list[tuple[str, str, str]]) -> None:
    laid = table(rows)
    expected = sorted({(q, a) for q, _, a in rows})
    names = laid.names
    found = [(names.questions[q], names.answers[a])
             for q, a in zip(laid.cell_question.tolist(), laid.cell_answer.tolist(), strict=True)]  # fmt: skip
    assert found == expected
    assert laid.cell_n.tolist() == [len({s for q, s, a in rows if (q, a) == cell}) for cell in expected]
    assert laid.n.sum() == len(set(rows))


def test_of_two_chains_the_one_that_passes_better_counts() -> None:
    zeros = np.zeros(2, dtype=np.int64)
    laid = lay_table(zeros, zeros, zeros, Names(("q",), ("s",), ("a",)), np.array([0.5, 0.9]))
    assert laid.passed.tolist() == [0.9]


@given(weights=st.lists(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40).filter(lambda w: sum(w) > 0.01),
                        min_size=1, max_size=5))  # fmt: skip
def test_millionths_add_up_and_are_off_by_less_than_one(weights: list[list[float]]) -> None:
    p = np.concatenate([np.array(w) / sum(w) for w in weights])
    question = np.repeat(np.arange(len(weights)), [len(w) for w in weights])
    found = in_millionths(p, question)
    assert np.abs(found - p).max() < 1.1e-6
    for q in range(len(weights)):
        assert round(float(found[question == q].sum()) * 1e6) == 1_000_000
