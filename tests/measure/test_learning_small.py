from __future__ import annotations

import pytest
from measure.learning import scored


def test_scores_of_a_worked_example() -> None:
    ratings = {"q1": {"a": 0.8, "b": 0.2}, "q2": {"a": 0.5, "b": 0.5}, "q3": {"c": 1.0}, "unasked": {"a": 1.0}}
    accuracy, loss, ece = scored(ratings, {"q1": "a", "q2": "b", "q3": "a", "unreported": "a"})
    assert accuracy == pytest.approx(1 / 3), "of q2's equals the first by name is taken"
    assert loss == pytest.approx((0.2231 + 0.6931 + 13.8155) / 3, abs=1e-4)
    assert ece == pytest.approx((0.2 + 0.5 + 1.0) / 3), "each in a bin of its own: .8 right, .5 wrong, 1 wrong"
