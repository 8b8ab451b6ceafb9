"""Calibration: scores, intervals, bands of luck and recalibration maps against brute force and known cases."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import binom, mannwhitneyu

from reliability.lab.calibration import Case, area, bands, calibrated
from reliability.lab.recalibration import KEPT_OFF, PULL, by_beta, by_steps, fit_beta, fit_steps, recalibration

ROWS = st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.8, 1.0]), st.sampled_from([0.0, 0.5, 1.0])),
                min_size=1, max_size=14)  # fmt: skip


def cases(p: np.ndarray, truth: np.ndarray, size: int = 1) -> list[Case]:
    return [Case(f"c{n:05}", x, t, f"g{n // size}", "plain claim", ("media",) if n % 2 else ("media", "expert"))
            for n, (x, t) in enumerate(zip(p.tolist(), truth.tolist(), strict=True))]  # fmt: skip


def drawn(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are right, to four places, and what turned out."""
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(n), 4)
    return p, (rng.random(n) < p).astype(float)


@given(ROWS)
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[float, float]]) -> None:
    p, truth = (np.array(column) for column in zip(*rows, strict=True))
    pairs = [(t * (1 - u), 1.0 if x > y else 0.5 if x == y else 0.0)
             for (x, t), (y, u) in itertools.product(rows, rows)]  # fmt: skip
    total = sum(weight for weight, _ in pairs)
    found = area(p, truth)
    if total == 0:
        assert found is None
    else:
        assert found == pytest.approx(sum(weight * right for weight, right in pairs) / total)


def test_the_area_is_that_of_the_rank_sum_test() -> None:
    p, truth = drawn(300)
    rank_sum = mannwhitneyu(p[truth == 1], p[truth == 0]).statistic
    assert area(p, truth) == pytest.approx(rank_sum / (truth.sum() * (1 - truth).sum()))


def test_the_band_of_luck_of_equal_probabilities_is_binomial() -> None:
    (one,) = bands(np.full(40, 0.35), np.zeros(40))
    assert (one.luck_low * 40, one.luck_high * 40) == pytest.approx(tuple(binom(40, 0.35).ppf([0.05, 0.95])))


def test_beyond_the_exact_ones_bands_go_on_as_they_were() -> None:
    low, high = ([getattr(bands(np.full(n, 0.35), np.zeros(n))[0], end) for n in (2_000, 2_001)]
                 for end in ("luck_low", "luck_high"))  # fmt: skip
    assert low[0] == pytest.approx(low[1], abs=6e-4)
    assert high[0] == pytest.approx(high[1], abs=6e-4)


def test_nine_of_ten_bins_of_right_ratings_lie_in_their_bands() -> None:
    inside = [band.luck_low <= band.share_true <= band.luck_high
              for seed in range(40) for band in bands(*drawn(200, seed))]  # fmt: skip
    assert 0.9 <= np.mean(inside) < 0.99  # counts are whole: a band holds at least nine of ten


def test_intervals_hold_the_scores_and_are_the_same_on_every_run() -> None:
    found = calibrated(cases(*drawn(400)))
    for one in found.measures:
        assert one.low is not None
        assert one.value is not None
        assert one.high is not None
        assert one.low <= one.high
    by_name = {one.name: one for one in found.measures}
    assert by_name["brier"].value == pytest.approx(found.scores.brier)
    assert by_name["log_bits"].value == pytest.approx(found.scores.log_bits)
    assert by_name["ece"].value == pytest.approx(found.scores.ece)
    assert by_name["brier"].low < found.scores.brier < by_name["brier"].high  # type: ignore[operator]
    assert calibrated(cases(*drawn(400))[::-1]) == found


def test_answers_to_one_question_stand_or_fall_together() -> None:
    p, truth = drawn(60)
    alone, fives = (calibrated(cases(np.repeat(p, 5), np.repeat(truth, 5), size)).measures[0] for size in (1, 5))
    assert fives.high - fives.low > 1.6 * (alone.high - alone.low)  # type: ignore[operator]


def test_one_rating_has_scores_and_no_intervals() -> None:
    found = calibrated(cases(np.array([0.7]), np.array([1.0])))
    assert found.scores.brier == pytest.approx(0.09)
    assert [(one.low, one.high) for one in found.measures] == [(None, None)] * 5
    assert found.measures[4].value is None
    assert found.recalibration.best == "none"


def test_no_rating_is_refused() -> None:
    with pytest.raises(ValueError, match="no rating"):
        calibrated([])


def test_parts_are_by_class_and_by_each_type_of_origin() -> None:
    parts = {(one.by, one.name): one.scores.n for one in calibrated(cases(*drawn(10))).parts}
    assert parts == {("class", "plain claim"): 10, ("source type", "media"): 10, ("source type", "expert"): 5}


def test_beta_calibration_finds_the_distortion_that_was_put_in() -> None:
    right, truth = drawn(60_000, 5)
    told = np.round(expit(logit(np.clip(right, 1e-3, 1 - 1e-3)) * 2.0 + 0.5), 4)  # twice too sure, and too high
    a, b, c = fit_beta(told, truth)
    assert (a, b, c) == pytest.approx((0.5, 0.5, -0.25), abs=0.04)
    assert by_beta(told, (a, b, c)) == pytest.approx(right, abs=0.02)


def test_beta_calibration_is_at_its_optimum() -> None:
    p, truth = drawn(80)

    def loss(x: np.ndarray) -> float:
        kept = np.clip(p, KEPT_OFF, 1 - KEPT_OFF)
        z = x[0] * np.log(kept) - x[1] * np.log(1 - kept) + x[2]
        return float(-(truth * np.log(expit(z)) + (1 - truth) * np.log(expit(-z))).sum()
                     + PULL * ((x - [1, 1, 0]) ** 2).sum())  # fmt: skip

    other = minimize(loss, [1.0, 1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    assert loss(np.array(fit_beta(p, truth))) == pytest.approx(other.fun, abs=1e-5)


def test_isotonic_steps_by_hand() -> None:
    level, risen = fit_steps(np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.0, 1.0, 0.0, 1.0]))
    assert level.tolist() == [0.1, 0.2, 0.3, 0.4]
    assert risen.tolist() == pytest.approx([0.1, 0.5, 0.5, 0.9])
    assert by_steps(np.array([0.0, 0.25, 0.9]), level, risen).tolist() == pytest.approx([0.1, 0.5, 0.9])


@given(ROWS)
def test_a_map_never_falls_and_stays_a_probability(rows: list[tuple[float, float]]) -> None:
    p, truth = (np.array(column) for column in zip(*rows, strict=True))
    line = np.linspace(0, 1, 101)
    for mapped in (by_beta(line, fit_beta(p, truth)), by_steps(line, *fit_steps(p, truth))):
        assert (np.diff(mapped) >= -1e-12).all()
        assert ((mapped >= 0) & (mapped <= 1)).all()


def test_a_map_is_judged_on_what_it_was_not_fitted_to() -> None:
    """Ratings that say nothing of the truth: what a map fitted to chance gains by luck is not taken for a gain."""
    rng = np.random.default_rng(11)
    p, truth = np.full(200, 0.5) + rng.normal(0, 1e-3, 200).round(4), (rng.random(200) < 0.5).astype(float)
    found = recalibration(p, truth, np.arange(200))
    by_name = {one.name: one for one in found.tried}
    assert found.best == "none"
    assert by_name["isotonic"].log_bits > by_name["none"].log_bits - 0.01


def test_ratings_that_are_twice_too_sure_are_recalibrated() -> None:
    right, truth = drawn(3_000, 9)
    told = np.round(expit(logit(np.clip(right, 1e-3, 1 - 1e-3)) * 2.0), 4)
    found = recalibration(told, truth, np.arange(3_000))
    by_name = {one.name: one.brier for one in found.tried}
    assert found.best in ("beta", "isotonic")
    assert by_name[found.best] < by_name["none"] - 0.005
