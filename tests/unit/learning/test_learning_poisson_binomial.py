"""The Poisson-binomial distribution against enumeration and the binomial."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from reliability.learning.poisson_binomial import chances_of_counts, quantiles


@given(st.lists(st.floats(0, 1), max_size=8))
def test_each_count_has_the_chance_that_enumeration_gives_it(p: list[float]) -> None:
    expected = np.zeros(len(p) + 1)
    for outcome in itertools.product((0, 1), repeat=len(p)):
        expected[sum(outcome)] += np.prod([x if happens else 1 - x for x, happens in zip(p, outcome, strict=True)])
    assert chances_of_counts(np.array(p)) == pytest.approx(expected, abs=1e-12)


def test_equal_chances_have_binomial_quantiles() -> None:
    assert quantiles(np.full(500, 0.3), (0.05, 0.5, 0.95)) == tuple(binom(500, 0.3).ppf([0.05, 0.5, 0.95]).astype(int))
