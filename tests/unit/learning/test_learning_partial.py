from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_sets import probabilities, table

from reliability.learning.estimate import estimate
from reliability.learning.partial import partial_pairs, spread_of

WORDS = st.lists(st.sampled_from(["ada", "bo", "cy", "di"]), min_size=1, max_size=3).map(" ".join)


@given(rows=st.lists(st.tuples(st.sampled_from("qr"), st.sampled_from("stuv"), WORDS), min_size=1, max_size=12))
def test_parts_are_what_comparing_all_pairs_finds(rows: list[tuple[str, str, str]]) -> None:
    laid = table(rows)
    less, more = partial_pairs(laid)
    cells = list(enumerate(zip(laid.cell_question.tolist(), laid.cell_answer.tolist(), strict=True)))
    expected = {(a, b) for (a, (q, x)), (b, (r, y)) in permutations(cells, 2)
                if q == r and set(laid.names.answers[x].split()) < set(laid.names.answers[y].split())}  # fmt: skip
    assert set(zip(less.tolist(), more.tolist(), strict=True)) == expected


@pytest.mark.parametrize("part", ["10", "10 am", "4th"])
def test_numbers_have_no_parts(part: str) -> None:
    assert spread_of(table([("q", "s", part), ("q", "t", f"{part} 30 am")])) is None


def test_who_names_one_author_speaks_for_the_list_that_has_him_too() -> None:
    rows = [(f"book{i}", f"shop{j}", f"author {'abcdefghijklmnopqrstuvwxyz'[i]}") for i in range(26) for j in range(4)]
    rows += [("both", "shop0", "knuth"), ("both", "shop1", "knuth, patashnik"), ("both", "shop2", "tolstoy")]
    laid = table(rows)
    found = probabilities(laid, estimate(laid))
    assert found["both", "knuth, patashnik"] > found["both", "knuth"] > found["both", "tolstoy"] - 1e-9
    assert np.isclose(sum(p for (q, _), p in found.items() if q == "both"), 1.0)
