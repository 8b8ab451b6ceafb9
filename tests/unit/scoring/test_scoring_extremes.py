"""Fidelities of 0 and 1, guesses of 0 and 1, contradictions of 300 dB: always a number, and the right one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import link, modifier, numbered, only, p_true, report, small_policy

from reliability.errors import ScoringError
from reliability.scoring.channel import DB, attenuate, check_channels, posterior

LOGS = st.one_of(st.floats(-700, 0), st.just(-math.inf))
SHARES = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))


@given(st.lists(st.tuples(LOGS, LOGS), min_size=1, max_size=5), SHARES, SHARES)
def test_attenuate_is_phi_m_plus_the_rest_times_the_guessed_mean(
    rows: list[tuple[float, float]], phi: float, gamma: float
) -> None:
    message = np.array(rows).T
    n = message.shape[1]
    before = message.copy()
    out = attenuate(message, np.full(n, phi), np.repeat([[gamma], [1 - gamma]], n, axis=1))
    for m, got in zip(np.exp(message).T, np.exp(out).T, strict=True):
        mean = gamma * m[0] + (1 - gamma) * m[1]
        assert got.tolist() == pytest.approx([phi * m[0] + (1 - phi) * mean, phi * m[1] + (1 - phi) * mean], rel=1e-9)
    assert (message == before).all()


@pytest.mark.parametrize("w", [-9.0, -2.0, 0.0, 1e-3, 0.7, 5.0])
@pytest.mark.parametrize("phi", [0.0, 0.2, 0.97, 1.0])
def test_for_two_answers_and_even_guesses_it_is_the_hyperbolic_formula(w: float, phi: float) -> None:
    """w becomes 2·artanh(φ·tanh(w/2))."""
    out = attenuate(np.array([[w], [0.0]]), np.array([phi]), np.array([[0.5], [0.5]]))
    assert out[0, 0] - out[1, 0] == pytest.approx(2 * math.atanh(phi * math.tanh(w / 2)), abs=1e-9)


def test_what_nothing_supports_and_nothing_rules_out_stays_flat() -> None:
    out = attenuate(np.full((3, 2), -800.0), np.array([0.0, 1.0]), np.full((3, 2), 1 / 3))
    assert np.allclose(out, -800.0, rtol=1e-12)


@given(st.lists(st.lists(st.floats(-1e4, 1e4), min_size=2, max_size=2), min_size=2, max_size=4))
def test_posteriors_sum_to_one_at_any_scale(rows: list[list[float]]) -> None:
    found = posterior(np.array(rows))
    assert found.sum(axis=0) == pytest.approx(1.0, abs=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize("bad", [-1e-9, 1.0000001, math.nan])
def test_a_fidelity_outside_0_and_1_is_refused(bad: float) -> None:
    with pytest.raises(ScoringError, match="outside"):
        check_channels(np.array([0.5, bad]), np.full((2, 2), 0.5))


@pytest.mark.parametrize("guess", [[[0.6], [0.6]], [[-0.1], [1.1]]])
def test_a_guess_that_is_no_distribution_is_refused(guess: list[list[float]]) -> None:
    with pytest.raises(ScoringError, match="distribution"):
        check_channels(np.array([0.5]), np.array(guess))


@pytest.mark.parametrize("outlets", [1, 10, 11, 40])
@pytest.mark.parametrize("guess", [0.0, 1.0])
@pytest.mark.parametrize("stance", ["asserts", "denies"])
def test_any_number_of_outlets_with_a_certain_guess_gives_a_number(outlets: int, guess: float, stance: str) -> None:
    """With γ = 1 a yes says LR = 1/(1 − φ) and a no excludes: 10·log10 as many times 300 dB are no reason to break."""
    policy = small_policy({"official": 0.75}, prior=0.5, guess=guess)
    reports = [report(link("He", "official"), link(f"O{i:02}", "agency"), stance=stance) for i in range(outlets)]
    scored = only(numbered(reports), policy)
    assert np.isfinite(scored.p).all()
    assert np.isfinite(scored.node_p).all()
    surprising = (stance == "denies") == (guess == 1.0)
    if surprising:
        assert scored.p[0, 0] == pytest.approx(0.01 if stance == "denies" else 0.99, abs=1e-12)


@pytest.mark.parametrize("outlets", [1, 12])
def test_certain_contradictions_stay_defined(outlets: int) -> None:
    """Two sources that would never guess what they say, each quoted by perfect relays, and they contradict: even."""
    policy = small_policy({"official": 0.75}, fidelities={"document": 1.0},
                          modifiers=[modifier("never", {"never": True}, guess=0.0)])  # fmt: skip
    words = [("He", "asserts"), ("She", "denies")]
    reports = [report(link(name, "official", "document", never=True), link(f"{name}{i:02}", "agency"), stance=stance)
               for name, stance in words for i in range(outlets)]  # fmt: skip
    assert p_true(numbered(reports), policy) == pytest.approx(0.5, abs=1e-9)


@pytest.mark.parametrize(("accuracy", "common", "p"), [(0.5, 0.98, 0.5), (1.0, 0.98, 0.99), (1.0, 1.0, 1.0)])
def test_a_source_without_fidelity_says_nothing_and_a_perfect_one_all_that_the_common_error_lets_through(
    accuracy: float, common: float, p: float
) -> None:
    policy = small_policy({"official": accuracy}, common_error=common)
    assert p_true([report(link("He", "official"))], policy) == pytest.approx(p, abs=1e-6)


def test_a_lone_chain_weighs_twice_the_artanh_of_its_product() -> None:
    """2·artanh(φ₁φ₂φ₃) in natural units."""
    policy = small_policy({"official": 0.85}, fidelities={"direct-quote": 0.8, "translation": 0.6})
    chain = [link("He", "official", "direct-quote"), link("A", "agency", "translation"), link("B", "agency")]
    scored = only([report(*chain)], policy)
    weight = DB * math.log(scored.p[0, 0] / scored.p[1, 0])
    assert weight == pytest.approx(DB * 2 * math.atanh(0.7 * 0.8 * 0.6), abs=1e-9)
