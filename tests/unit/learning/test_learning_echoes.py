"""Sources that repeat others count for a part, however many they are; sources that only agree count in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_sets import Triple, knows_or_guesses, probabilities, table

from reliability.learning.echoes import AT_ONCE, _echoed, voices
from reliability.learning.estimate import estimate
from reliability.learning.table import Table

INDEPENDENT = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.9, 0.8)


def copied(times: int, kept: float, k: int, seed: int = 3) -> tuple[list[Triple], dict[str, str]]:
    """Eight independent sources, `times` copies of one more of fidelity .3, each keeping a share of its answers."""
    made = knows_or_guesses(300, (*INDEPENDENT, 0.3), k, seed=seed)
    rng = np.random.default_rng(seed)
    first = [(question, said) for question, source, said in made.rows if source == "s08"]
    rows = made.rows + [(question, f"copy{j}", said if rng.random() < kept else f"a{rng.integers(k)}")
                        for j in range(times) for question, said in first]  # fmt: skip
    return rows, made.truth


def by_source(of: Table) -> dict[str, float]:
    """Each source's mean voice."""
    mean = np.bincount(of.source, voices(of)) / of.n_of_source
    return dict(zip(of.names.sources, mean.tolist(), strict=True))


@pytest.mark.parametrize("k", [2, 5, 40])
def test_copies_together_are_little_more_than_one_voice_and_others_count_in_full(k: int) -> None:
    found = by_source(table(copied(6, 1.0, k)[0]))
    repeated = [voice for source, voice in found.items() if source == "s08" or source.startswith("copy")]
    assert 1.0 <= sum(repeated) < 2.0, "seven sources"
    assert min(found[f"s{j:02}"] for j in range(8)) > 0.9


@pytest.mark.parametrize("k", [2, 5, 40])
@pytest.mark.parametrize("seed", range(3))
def test_who_agrees_because_both_know_repeats_nobody(k: int, seed: int) -> None:
    found = by_source(table(knows_or_guesses(300, INDEPENDENT, k, seed=seed, each=0.8).rows))
    assert min(found.values()) > 0.9


@pytest.mark.parametrize("k", [3, 40])
def test_copies_that_outnumber_all_others_are_not_believed(k: int) -> None:
    rows, truth = copied(9, 0.97, k)
    laid = table(rows)
    p = probabilities(laid, estimate(laid))
    shares = dict(zip(p, laid.shares.tolist(), strict=True))
    of_truth = [(question, answer) for question, answer in truth.items() if (question, answer) in p]
    gain = np.mean([np.log(p[cell]) - np.log(shares[cell]) for cell in of_truth])
    best = {question: max((p[q, a], a) for q, a in p if q == question)[1] for question in truth}
    assert gain > 0.3
    assert np.mean([best[question] == answer for question, answer in truth.items()]) > 0.9


def test_little_in_common_says_nothing() -> None:
    rows = [(f"q{i}", f"s{j}", f"a{i}") for i in range(9) for j in range(5)] + [("other", "s0", "a0")]
    assert (voices(table(rows)) == 1.0).all()


def test_sources_with_several_answers_to_a_question_agree_no_more_than_always() -> None:
    rows = [(f"q{i}", f"s{j}", answer) for i in range(20) for j in range(4) for answer in ("a", "b")]
    found = voices(table([*rows, *((f"q{i}", "other", "c") for i in range(20))]))
    assert ((found > 0.0) & (found <= 1.0)).all()


@settings(max_examples=20)
@given(order=st.permutations(range(11)), seed=st.integers(0, 9))
def test_renaming_sources_moves_their_voices_with_them(order: list[int], seed: int) -> None:
    rows = copied(2, 0.95, 3, seed)[0]
    names = sorted({source for _, source, _ in rows})
    new = {name: f"n{j:02}" for name, j in zip(names, order, strict=True)}
    before = by_source(table(rows))
    after = by_source(table([(question, new[source], said) for question, source, said in rows]))
    assert after == pytest.approx({new[source]: voice for source, voice in before.items()}, abs=1e-9)


@given(seed=st.integers(0, 99))
def test_echoes_of_a_report_are_those_of_its_cell_over_all_blocks(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = np.array([0, 1, 2, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
    where, source = np.nonzero(rng.random((len(cells), 4)) < 0.6)
    echo = rng.random((4, 4)) * (1.0 - np.eye(4))
    found = _echoed(echo, source, cells[where], int(cells[-1]) + 1)
    for at, (cell, mine) in enumerate(zip(where, source, strict=True)):
        expected = sum(echo[other, mine] for other in source[where == cell])
        assert found[at] == pytest.approx(expected, abs=1e-12)
