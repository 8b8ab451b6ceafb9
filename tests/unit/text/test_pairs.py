"""Pairs of texts: denial by cue parity, figures as ranges, and the score for the same claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.text.denial import is_denial
from reliability.text.excluding import by_figures
from reliability.text.figures import agreement
from reliability.text.pairs import in_conflict, same_claim

A_SENTENCE = "Revenue of the Velm ferry company fell 15 percent to 38 million crowns in the first quarter"


@pytest.mark.parametrize(
    "text",
    [
        "The whale of Velm is a hoax",
        "Ministry denies that the town hall was sold",
        "Town hall was not sold",
        "The mayor didn't sell it",
        "No, the mayor has never sold a town hall",
        "Debunked: the pink whale",
        "He made it all up",
        "Police dismiss reports of a pink whale",
    ],
)
def test_denials(text: str) -> None:
    assert is_denial(text)


@pytest.mark.parametrize(
    "text",
    [
        "Pink whale found",
        "The whale is no hoax",
        "Mayor denies that the sale is a hoax",
        "Fishermen had no idea what they had found",
        "Minister dismissed after vote",
        "Not only whales strand in Velm",
    ],
)
def test_no_denials(text: str) -> None:
    assert not is_denial(text)


@given(number=st.integers(10, 80), times=st.floats(1.7, 50))
def test_a_changed_figure_lowers_the_score(number: int, times: float) -> None:
    said = A_SENTENCE.replace("15", str(number))
    other = f"The ferry company's revenue fell {number} percent to 38 million crowns"
    changed = f"The ferry company's revenue fell {round(number * times)} percent to 38 million crowns"
    assert same_claim(said, changed) < 0.7 * same_claim(said, other)


@given(a=st.text(max_size=60), b=st.text(max_size=60))
def test_the_score_is_a_share_and_the_same_both_ways(a: str, b: str) -> None:
    assert 0.0 <= same_claim(a, b) <= 1.0 + 1e-9
    assert agreement(a, b) == pytest.approx(agreement(b, a))
    assert in_conflict(a, b) == in_conflict(b, a)
    assert not in_conflict(a, a)


def test_agreement_by_hand() -> None:
    assert agreement("no figures", "none here") == 1.0
    assert agreement("40 dead", "40 killed") == 1.0
    # one equal pair, one wholly different whose next word is shared: 1 − 1 / (1 + 1 + ½)
    assert agreement("40 dead, 10 hurt", "40 dead, 90 hurt") == pytest.approx(0.6)
    # no word beside them is shared: half of it, 1 − .5 / (1 + .5 + .5)
    assert agreement("40 dead, 10 hurt", "40 dead, all 90 injured") == pytest.approx(0.75)
    # a figure left over costs .02
    assert agreement("40 dead, 10 hurt", "40 dead") == pytest.approx(0.98)
    # another year is as wrong as can be
    assert agreement("since 2014", "since 2015") == pytest.approx(1 - 1 / 1.5)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["40 dead", "90 dead"], [[1], [0]]),
        (["40 dead", "90 dead", "over 80 dead"], [[1, 2], [0]]),
        (["40 dead", "about 42 dead", "many dead"], [[0, 1, 2]]),
        (["40 dead", "90 hurt"], [[0, 1]]),
        (["1.5m refugees", "1.5 million refugees", "15 million refugees"], [[0, 1], [2]]),
        (["in 2014", "in 2015"], [[0, 1]]),
        (["kills 12 in Velm", "14 people dead", "toll rises to 14"], [[1, 2], [0]]),
        (["hits $40", "at $90 a barrel"], [[1], [0]]),
        (["Boy, 16, killed", "2 killed in Velm"], [[0, 1]]),
        (["no more than 10 men died", "12 died"], [[1], [0]]),
        (["no fewer than 10 died", "12 died"], [[0, 1]]),
        (["kills 3 days after", "kills 4"], [[0, 1]]),
        (["40 dead and 10 hurt", "40 dead and 20 hurt", "nobody knows"], [[0, 2], [1]]),
    ],
)
def test_parts_by_figures(texts: list[str], expected: list[list[int]]) -> None:
    found = by_figures(list(range(len(texts))), texts)
    assert sorted(found) == sorted(expected)


def test_conflicts() -> None:
    assert in_conflict("Pink whale found", "Pink whale is a hoax")
    assert in_conflict("40 whales found", "90 whales found")
    assert not in_conflict("40 whales found", "Dozens of whales found")
    assert not in_conflict("Whale is a hoax", "The whale was never there")
