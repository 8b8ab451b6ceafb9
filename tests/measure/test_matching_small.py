"""The measures of matching, worked by hand."""

from __future__ import annotations

import pytest
from measure.matching import area, b_cubed, f1


def test_b_cubed_by_hand() -> None:
    # items 1-3 of class x in clusters {1, 2} and {3, 4}, 4 of y: precision 1, 1, 1/2, 1/2; recall 2/3, 2/3, 1/3, 1
    score, precision, recall = b_cubed(["a", "a", "b", "b"], ["x", "x", "x", "y"])
    assert (precision, recall) == pytest.approx((0.75, 2 / 3))
    assert score == pytest.approx(2 * 0.75 * (2 / 3) / (0.75 + 2 / 3))


def test_area_and_f1_by_hand() -> None:
    assert area([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)
    assert f1([True, True, False], [True, False, True]) == 0.5
