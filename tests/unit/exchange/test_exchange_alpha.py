"""Krippendorff's alpha against his worked examples, the krippendorff package, and its definition by brute force."""

from __future__ import annotations

from itertools import permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.exchange.alpha import LEVELS, Floats, Level, agreement

_ = np.nan
FOUR_OBSERVERS = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
], dtype=np.float64)  # fmt: skip
"""Krippendorff (2011), section C and D: 12 units, 4 observers, missing values."""

TWO_OBSERVERS = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=np.float64)
"""Krippendorff (2011), section A: binary data, 10 units: α = .095."""


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_krippendorffs_four_observers_agree_as_he_printed(level: Level, published: float) -> None:
    found = agreement(FOUR_OBSERVERS, level, draws=0)
    assert found is not None
    assert round(found.alpha, 3) == published
    assert (found.units, found.values) == (11, 40)


def test_krippendorffs_two_observers_agree_as_he_printed() -> None:
    found = agreement(TWO_OBSERVERS, "nominal", draws=0)
    assert found is not None
    assert round(found.alpha, 3) == 0.095


def by_brute_force(values: Floats, level: Level) -> float:
    """Definition: 1 − D_o/D_e over ordered pairs, ordinal differences by counting."""
    units = [[x for x in column if not np.isnan(x)] for column in values.T]
    units = [unit for unit in units if len(unit) > 1]
    pool = [x for unit in units for x in unit]

    def apart(a: float, b: float) -> float:
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = sorted((a, b))
        between = sum(low <= x <= high for x in pool)
        return (between - (pool.count(a) + pool.count(b)) / 2) ** 2

    n = len(pool)
    observed = sum(apart(a, b) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2)) / n
    expected = sum(apart(a, b) for a, b in permutations(pool, 2)) / (n * (n - 1))
    return 1 - observed / expected


cells = st.one_of(st.integers(0, 4).map(float), st.just(float("nan")))
tables = st.tuples(st.integers(2, 4), st.integers(2, 7)).flatmap(
    lambda size: st.lists(st.lists(cells, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
)


@given(table=tables, level=st.sampled_from(LEVELS))
def test_alpha_is_its_definition_and_the_packages(table: list[list[float]], level: Level) -> None:
    values = np.array(table)
    found = agreement(values, level, draws=0)
    pairable = values[:, (~np.isnan(values)).sum(axis=0) >= 2]
    if found is None:
        assert pairable.size == 0
    elif len({*pairable[~np.isnan(pairable)]}) == 1:
        assert (found.alpha, found.varied) == (1.0, False)
    else:
        assert found.alpha == pytest.approx(by_brute_force(values, level), abs=1e-9)
        theirs = krippendorff.alpha(reliability_data=pairable, level_of_measurement=level)
        assert found.alpha == pytest.approx(theirs, abs=1e-9)


@given(row=st.lists(st.floats(0, 1), min_size=1, max_size=8), raters=st.integers(2, 5), level=st.sampled_from(LEVELS))
def test_whoever_agrees_with_himself_has_alpha_one(row: list[float], raters: int, level: Level) -> None:
    found = agreement(np.array([row] * raters), level, draws=20)
    assert found is not None
    assert found.alpha == 1.0
    assert found.low in (None, 1.0)
    assert found.high in (None, 1.0)


@given(table=tables, level=st.sampled_from(LEVELS), seed=st.integers(0, 3))
def test_raters_and_units_have_no_order_and_a_seed_gives_one_interval(
    table: list[list[float]], level: Level, seed: int
) -> None:
    values = np.array(table)
    found = agreement(values, level, draws=10, seed=seed)
    assert agreement(values, level, draws=10, seed=seed) == found
    turned = agreement(values[::-1, ::-1], level, draws=0)
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found.alpha == pytest.approx(turned.alpha, abs=1e-9)


@pytest.mark.parametrize("level", LEVELS)
def test_the_interval_is_that_of_resampled_units_by_the_package(level: Level) -> None:
    generator = np.random.default_rng(3)
    truth = generator.integers(0, 5, 40)
    values = np.stack([np.where(generator.random(40) < 0.7, truth, generator.integers(0, 5, 40)) for _ in range(3)])
    found = agreement(values.astype(np.float64), level, draws=2_000, seed=1)
    assert found is not None
    theirs = [krippendorff.alpha(values[:, generator.integers(0, 40, 40)].astype(float), level_of_measurement=level)
              for _ in range(2_000)]  # fmt: skip
    low, high = np.quantile(theirs, [0.025, 0.975])
    assert found.low == pytest.approx(low, abs=0.03)
    assert found.high == pytest.approx(high, abs=0.03)
    assert found.low < found.alpha < found.high
