"""Posterior cells against sums written from REASONING.md, on random cases and, once, by adaptive quadrature."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from .figure_cases import IN_BLOC, RANGE, all_reports, figures_of, policy, voice
from .figure_oracle import KNOWS, PASSES, Oracle, Said, Voice

WITHIN = 1e-4
OPS = ("exact", "about", "between", "at_least", "more_than", "at_most", "less_than")
VALUES = (1, 2, 7, 20, 33, 300, 450, 1_500)


@st.composite
def figures(draw: st.DrawFn) -> Said:
    op, value = draw(st.sampled_from(OPS)), draw(st.sampled_from(VALUES))
    if draw(st.integers(0, 9)) == 0:
        return Said(0)
    high = value * draw(st.sampled_from((1.2, 3.0))) if op == "between" else None
    return Said(value, op, high, draw(st.sampled_from((False, False, False, True))))


@st.composite
def voices(draw: st.DrawFn) -> list[tuple[Voice, str]]:
    """One to four voices, each with one or two figures by one to three chains of up to three relays."""
    names = draw(st.lists(st.sampled_from(("A1", "A2", *IN_BLOC)), min_size=1, max_size=4, unique=True))
    found = []
    for name in names:
        kind = draw(st.sampled_from(("official", "official", "witness", "poor", "idle", "official-document", "crowd")))
        if kind == "crowd" and name in IN_BLOC:
            kind = "witness"
        said = draw(st.lists(figures(), min_size=1, max_size=2, unique=True))
        n = draw(st.integers(len(said), 3))
        relays = [tuple(draw(st.lists(st.sampled_from(list(PASSES.values())), min_size=1, max_size=3)))
                  for _ in range(n)]  # fmt: skip
        chains = [(said[i % len(said)], relays[i]) for i in range(n)]
        if n == 1 and draw(st.booleans()):
            chains = [(said[0], ())]
        bias = "none" if kind == "official-document" else draw(st.sampled_from(("third", "third", "own", "enemy")))
        found.append(voice(name, kind, *chains, bias="third" if kind == "crowd" else bias))
    return found


@settings(max_examples=25)
@given(voices())
@example([voice("A1", "official", (Said(300, "about"), (0.97,)))])
@example([voice(name, "official", (Said(300 + i), (0.97,))) for i, name in enumerate(IN_BLOC)])
@example([voice("A1", "official", (Said(0), (0.97,))), voice("A2", "official", (Said(7), ()))])
@example([voice("A1", "official", (Said(300, denied=True), (0.95,)), (Said(7, denied=True), (0.95,)))])
def test_random_figures_have_the_posterior_of_the_sum_by_hand(case: list[tuple[Voice, str]]) -> None:
    _, found = figures_of(all_reports(case), policy())
    expected = Oracle(RANGE).posterior([one for one, _ in case])
    assert np.abs(found.p - expected).max() < WITHIN


def test_one_figure_by_adaptive_quadrature_over_the_bias() -> None:
    """∫ φ(z)·P(270 ≤ e^y ≤ 330 | y ~ N(ln x + b(z), σ)) dz by scipy.integrate.quad, for every fifth cell."""
    _, found = figures_of(all_reports([voice("A1", "official", (Said(300, "about"), ()))]), policy())
    oracle, s = Oracle(RANGE), math.log(2) / 1.645
    low, high, gross = math.log(270), math.log(330), math.log(7) / 1.645

    def band(mu: float, sigma: float) -> float:
        return float(norm.cdf((high - mu) / sigma) - norm.cdf((low - mu) / sigma))

    def likelihood(ln_x: float) -> float:
        peak = (math.log(300) - ln_x) / s
        knows = quad(lambda z: math.exp(-z * z / 2) * band(ln_x + s * z, 0.1), -8, 8, points=[np.clip(peak, -8, 8)])[0]
        return KNOWS * knows / math.sqrt(2 * math.pi) + (1 - KNOWS) * band(ln_x, gross)

    cells = np.arange(0, len(oracle.middle), 5)
    by_hand = np.array([likelihood(ln_x) for ln_x in oracle.middle[cells].tolist()])
    apparent = found.p[cells + 1] - 0.02 / oracle.k
    assert np.abs(apparent - by_hand * apparent.sum() / by_hand.sum()).max() < WITHIN


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("denied", [False, True])
def test_the_bias_integrated_on_41_points_is_that_on_a_dense_grid(op: str, denied: bool) -> None:
    """Up to two members that share a bias: 801 points on ±7 move no cell by 1e-4."""
    said = Said(300, op, 400 if op == "between" else None, denied)
    case = [voice(name, "official", (said, (0.97,))) for name in IN_BLOC[:2]]
    _, found = figures_of(all_reports(case), policy())
    dense = Oracle(RANGE, n_bias=801, reach=7.0).posterior([one for one, _ in case])
    assert np.abs(found.p - dense).max() < WITHIN


def test_a_denied_zero_is_one_less_the_chance_of_a_stated_zero() -> None:
    """Zero is a cell apart: who knows that there were none never denies it, and above zero "none" is only guessed."""
    for kind, phi in (("official", 0.95), ("witness", 0.4)):
        case = [voice("A1", kind, (Said(0, denied=True), ()))]
        _, found = figures_of(all_reports(case), policy())
        k = found.grid.k
        likelihood = np.full(k, 1 - (1 - phi) / k)
        likelihood[0] = 1 - phi - (1 - phi) / k
        expected = 0.98 * likelihood / likelihood.sum() + 0.02 / k
        assert np.abs(found.p - expected).max() < 2e-4, kind


def test_a_crowd_of_two_parties_is_one_channel() -> None:
    """Own and enemy counts by one crowd: φ·(a·b) + (1 − φ)·mean(a·b), not each side through the crowd by itself."""
    oracle = Oracle(RANGE)
    own, theirs = voice("A1", "crowd", (Said(300), ()), bias="own"), voice("A2", "crowd", (Said(40), ()), bias="enemy")
    _, found = figures_of(all_reports([own, theirs]), policy())
    share = own[0].crowd
    assert share is not None
    a, b = (oracle.of_voice(one) for one, _ in (own, theirs))
    joint = a[:, :, None] * b[:, None, :]
    through = share * joint + (1 - share) * joint.mean(axis=0)
    said = np.einsum("xyz,y,z->x", through, oracle.weight, oracle.weight)
    expected = 0.98 * said / said.sum() + 0.02 / oracle.k
    assert np.abs(found.p - expected).max() < WITHIN
