"""Scores of probabilities: by hand, by brute force, by scipy and, where it is installed, by scikit-learn."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reliability.lab.scores import (
    Difference,
    calibration,
    paired_differences,
    scores,
    share_interval,
    squared_errors,
    surprises,
)


def paired_difference(values: np.ndarray[tuple[int], np.dtype[np.float64]], groups: list[str]) -> Difference:
    return paired_differences([values], groups)[0]


P = np.array([0.9, 0.9, 0.3, 0.6])
TRUTH = np.array([1.0, 0.0, 0.0, 1.0])

settled = st.lists(
    st.tuples(st.floats(0.001, 0.999), st.sampled_from([0.0, 0.25, 0.5, 1.0])), min_size=1, max_size=40
)  # fmt: skip


def test_four_forecasts_worked_by_hand() -> None:
    """(.01 + .81 + .09 + .16)/4 = .2675. Bins .9, .3 and .6: 2/4·(.9 − .5)² + 1/4·.3² + 1/4·.4² = .1425 off; they tell
    claims apart by 1/4·(0 − .5)² + 1/4·(1 − .5)² = .125; .1425 − .125 + .25 = .2675."""
    found = scores(P, TRUTH)
    assert found is not None
    assert (found.n, found.share_true, found.accuracy) == (4, 0.5, 0.75)
    assert found.brier == pytest.approx(0.2675)
    assert found.reliability == pytest.approx(0.1425)
    assert found.resolution == pytest.approx(0.125)
    assert found.uncertainty == 0.25
    assert found.within_bins == pytest.approx(0.0, abs=1e-12)
    assert found.ece == pytest.approx(0.5 * 0.4 + 0.25 * 0.3 + 0.25 * 0.4)
    assert found.log_bits == pytest.approx(-(log2(0.9) + log2(0.1) + log2(0.7) + log2(0.6)) / 4)


@given(rows=settled)
def test_the_parts_of_the_brier_score_add_up_and_what_bins_hide_is_their_covariance(
    rows: list[tuple[float, float]],
) -> None:
    p, truth = (np.array(column) for column in zip(*rows, strict=True))
    found = scores(p, truth)
    assert found is not None
    within = 0.0
    for low in range(10):
        mine = [(a, b) for a, b in rows if min(int(a * 10 + 1e-9), 9) == low]
        if mine:
            a_bar, b_bar = (sum(column) / len(mine) for column in zip(*mine, strict=True))
            within += sum((a - a_bar) ** 2 - 2 * (a - a_bar) * (b - b_bar) for a, b in mine) / len(rows)
    assert found.within_bins == pytest.approx(within, abs=1e-9)
    assert found.brier == pytest.approx(sum((a - b) ** 2 for a, b in rows) / len(rows))
    assert found.reliability >= 0.0
    assert 0.0 <= found.resolution <= found.uncertainty + 1e-12


def test_who_always_says_the_share_that_is_true_has_the_uncertainty_for_a_score() -> None:
    found = scores(np.full(5, 0.4), np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    assert found is not None
    assert (found.reliability, found.resolution) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert found.brier == pytest.approx(found.uncertainty)


def test_who_is_certain_and_right_resolves_all_and_who_is_certain_and_wrong_is_not_infinitely_surprised() -> None:
    right, wrong = scores(TRUTH, TRUTH), scores(1.0 - TRUTH, TRUTH)
    assert right is not None
    assert wrong is not None
    assert (right.brier, right.resolution, right.accuracy) == (0.0, right.uncertainty, 1.0)
    assert right.log_bits == pytest.approx(0.0, abs=1e-9)
    assert (wrong.brier, wrong.accuracy) == (1.0, 0.0)
    assert wrong.log_bits == pytest.approx(50, abs=0.5)


def test_nothing_has_no_score_and_truths_of_a_half_have_no_side() -> None:
    assert scores(np.array([]), np.array([])) is None
    found = scores(np.array([0.9, 0.2]), np.array([0.5, 0.5]))
    assert found is not None
    assert found.accuracy is None


@given(rows=st.lists(st.tuples(st.floats(0.001, 0.999), st.sampled_from([0.0, 1.0])), min_size=2, max_size=40))
def test_brier_and_log_score_are_those_of_scikit_learn(rows: list[tuple[float, float]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    p, truth = (np.array(column) for column in zip(*rows, strict=True))
    assert squared_errors(p, truth).mean() == pytest.approx(metrics.brier_score_loss(truth, p, labels=[0, 1]))
    nats = metrics.log_loss(truth, p, labels=[0, 1])
    assert surprises(p, truth).mean() == pytest.approx(nats / np.log(2.0))


def test_the_calibration_table_has_a_row_a_bin_and_its_edges_belong_to_the_upper_one() -> None:
    p = np.array([0.3, 0.1 + 0.2, 0.29999, 1.0, 0.95])
    rows = calibration(p, np.array([1.0, 0.0, 1.0, 1.0, 1.0]))
    assert [(row.low, row.high, row.n, row.share_true) for row in rows] == [
        (0.2, 0.3, 1, 1.0), (0.3, 0.4, 2, 0.5), (0.9, 1.0, 2, 1.0)]  # fmt: skip
    assert sum(row.n * row.mean_p for row in rows) == pytest.approx(p.sum())


@pytest.mark.parametrize(("n_true", "n"), [(3.0, 10), (0.5, 4), (19.0, 20)])
def test_a_shares_interval_leaves_five_percent_of_its_beta_on_either_side(n_true: float, n: int) -> None:
    low, high = share_interval(n_true, n)
    beta = stats.beta(n_true + 0.5, n - n_true + 0.5)
    assert (beta.cdf(low), beta.sf(high)) == pytest.approx((0.05, 0.05))


def test_a_share_of_none_or_all_reaches_the_end() -> None:
    assert share_interval(0.0, 7)[0] == 0.0
    assert share_interval(7.0, 7)[1] == 1.0


def test_the_paired_interval_is_that_of_scipys_bootstrap() -> None:
    values = np.random.Generator(np.random.PCG64(1)).normal(0.1, 1.0, 60)
    found = paired_difference(values, [str(at) for at in range(60)])
    other = stats.bootstrap((values,), np.mean, n_resamples=10_000, confidence_level=0.9, method="percentile",
                            random_state=7).confidence_interval  # fmt: skip
    assert found.mean == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=0.01)
    assert paired_difference(values, [str(at) for at in range(60)]) == found


def test_what_stands_or_falls_together_makes_no_interval_narrower() -> None:
    values = np.random.Generator(np.random.PCG64(2)).normal(0.0, 1.0, 30)
    names = [f"{at:02d}" for at in range(30)]
    assert paired_difference(np.tile(values, 4), names * 4).low == pytest.approx(paired_difference(values, names).low)


def test_one_group_has_no_interval_and_no_difference_is_none() -> None:
    assert paired_difference(np.array([0.2, 0.4]), ["a", "a"]).model_dump() == {
        "mean": pytest.approx(0.3), "low": None, "high": None}  # fmt: skip
    assert paired_difference(np.zeros(3), ["a", "b", "c"]).model_dump() == {"mean": 0.0, "low": 0.0, "high": 0.0}
    assert paired_difference(np.array([]), []).low is None
    assert paired_differences([], ["a"]) == ()


def test_a_column_has_the_interval_that_it_has_alone() -> None:
    generator = np.random.Generator(np.random.PCG64(3))
    columns = [generator.normal(0.0, 1.0, 20) for _ in range(3)]
    names = [f"{at:02d}" for at in range(20)]
    for together, column in zip(paired_differences(columns, names), columns, strict=True):
        assert together.low == pytest.approx(paired_difference(column, names).low)
