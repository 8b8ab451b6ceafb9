"""Sobol' points are scipy's to the bit, as many as a claim may have sources."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import qmc

from reliability.reasoning.sobol import points


@pytest.mark.parametrize("dimensions", [*range(1, 34), 70])
@pytest.mark.parametrize("n", [1, 2, 256, 4096, 8192])
def test_points_are_scipys_to_the_bit(n: int, dimensions: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = qmc.Sobol(dimensions, scramble=False).random(n) + 0.5 / n
    found = points(n, dimensions)
    assert found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()


def test_points_are_unscrambled_and_half_a_step_on() -> None:
    assert points(256, 1)[:4, 0].tolist() == [1 / 512, 0.5 + 1 / 512, 0.75 + 1 / 512, 0.25 + 1 / 512]
    found = points(4096, 3)
    assert found.shape == (4096, 3)
    for column in found.T:
        assert np.sort(column).tolist() == [(2 * i + 1) / 8192 for i in range(4096)]
