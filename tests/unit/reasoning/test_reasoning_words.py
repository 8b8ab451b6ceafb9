"""Words for probabilities, against the published tables: ICD 203 (2015), PHIA's yardstick (2018), NATO's Admiralty."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import link, rated, report, shipped, small_policy, source_type

from reliability.reasoning.words import Scales

SCALES = Scales.of(shipped())


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost no chance"), (0.0499, "almost no chance"), (0.05, "very unlikely"), (0.1999, "very unlikely"),
        (0.2, "unlikely"), (0.4499, "unlikely"), (0.45, "roughly even chance"), (0.5499, "roughly even chance"),
        (0.55, "likely"), (0.7999, "likely"), (0.8, "very likely"), (0.9499, "very likely"), (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)  # fmt: skip
def test_icd_203(p: float, word: str) -> None:
    assert SCALES.icd203.word(p) == word


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "remote chance"), (0.0499, "remote chance"), (0.1, "highly unlikely"), (0.25, "unlikely"),
        (0.4, "realistic possibility"), (0.4999, "realistic possibility"), (0.55, "likely"), (0.8, "highly likely"),
        (0.95, "almost certain"), (1.0, "almost certain"),
        # gaps go to the nearer band
        (0.07, "remote chance"), (0.08, "highly unlikely"), (0.2, "highly unlikely"), (0.23, "unlikely"),
        (0.36, "unlikely"), (0.5, "realistic possibility"), (0.53, "likely"), (0.76, "likely"), (0.79, "highly likely"),
        (0.91, "highly likely"), (0.94, "almost certain"),
        # ties to the one nearer one half
        (0.075, "highly unlikely"), (0.225, "unlikely"), (0.375, "realistic possibility"),
        (0.525, "realistic possibility"), (0.775, "likely"), (0.925, "highly likely"),
    ],
)  # fmt: skip
def test_phia_and_its_gaps(p: float, word: str) -> None:
    assert SCALES.phia.word(p) == word


@pytest.mark.parametrize(("p", "beyond"), [(0.0, True), (0.0099, True), (0.01, False), (0.98, False), (0.9901, True)])
def test_beyond_what_icd_203_has_words_for(p: float, beyond: bool) -> None:
    assert SCALES.icd203.beyond(p) == beyond
    assert not SCALES.phia.beyond(p)


@given(st.floats(0, 1), st.floats(0, 1))
def test_words_rise_with_the_probability(one: float, other: float) -> None:
    low, high = sorted((one, other))
    for scale in (SCALES.icd203, SCALES.phia, SCALES.letters, SCALES.digits):
        assert scale.place(low) <= scale.place(high)
        at = scale.place(low)
        assert at in (0, len(scale.words) - 1) or scale.highs[at - 1] <= low <= scale.lows[at + 1]


@pytest.mark.parametrize(
    ("phi", "letter"), [(1.0, "A"), (0.9, "A"), (0.8999999, "A"), (0.899, "B"), (0.7, "B"), (0.69, "C"), (0.4, "C"),
                        (0.39, "D"), (0.15, "D"), (0.14, "E"), (0.0, "E")],
)  # fmt: skip
def test_letters_come_from_fidelity_rounded_to_a_millionth(phi: float, letter: str) -> None:
    policy = small_policy(extra_types=[source_type("mine", (1 + phi) / 2)])
    (record,) = rated([report(link("He", "mine"), link("A", "agency"))], policy)
    assert record["admiralty"][0]["source"] == letter


def test_nobody_who_is_known_by_judgement_alone_has_a_letter() -> None:
    policy = small_policy(extra_types=[source_type("mine", 0.9, grade="D")])
    (record,) = rated([report(link("He", "mine"), link("A", "agency"))], policy)
    assert record["admiralty"][0]["source"] == "F"


@pytest.mark.parametrize(
    ("others", "digit"),
    [
        ([], "6"),  # nothing else speaks to it
        ([0.5], "6"),
        ([0.95], "1"),  # .95 by an independent origin
        ([0.85], "2"), ([0.75], "2"), ([0.6], "3"), ([-0.6], "4"), ([-0.75], "4"), ([-0.85], "5"),
        ([0.75, 0.75], "1"),  # odds 9: .9
        ([0.75, -0.75], "3"),  # bars on both sides: assessed, .5
    ],
)  # fmt: skip
def test_digits_come_from_what_is_said_rated_without_that_origin(others: list[float], digit: str) -> None:
    """Accuracies of the others, negative for a denial; no common error, so that p is what they say."""
    kinds = [source_type(f"k{i}", abs(p)) for i, p in enumerate(others)]
    policy = small_policy(common_error=1.0, extra_types=kinds)
    reports = [report(link(f"O{i}", f"k{i}"), key=f"o{i}", stance="asserts" if p > 0 else "denies")
               for i, p in enumerate(others)]  # fmt: skip
    (record,) = rated([report(link("He", "official"), key="a"), *reports], policy)
    (mine,) = (one for one in record["admiralty"] if one["report"] == "a")
    assert mine["information"] == digit
    denial = [report(link("He", "official"), key="a", stance="denies"),
              *(one.model_copy(update={"stance": {"asserts": "denies", "denies": "asserts"}[one.stance]})
                for one in reports)]  # fmt: skip
    (record,) = rated(denial, policy)
    assert next(one for one in record["admiralty"] if one["report"] == "a")["information"] == digit


@pytest.mark.parametrize(
    ("accuracies", "assessed"),
    [
        ([0.557], False),  # 10·log10(.557/.443) = .995 dB
        ([0.558], True),  # 1.012 dB
        ([-0.557], False), ([-0.558], True), ([], False),
        ([0.55, 0.55], True),  # .87 dB each, 1.74 together
        ([0.6, -0.6], True),  # nothing together, 1.76 on both sides
        ([0.54, -0.54], False),
    ],
)  # fmt: skip
def test_less_than_a_deciban_is_not_assessed(accuracies: list[float], assessed: bool) -> None:
    kinds = [source_type(f"k{i}", abs(p)) for i, p in enumerate(accuracies)]
    policy = small_policy(common_error=1.0, extra_types=kinds)
    reports = [report(link(f"O{i}", f"k{i}"), key=f"o{i}", stance="asserts" if p > 0 else "denies")
               for i, p in enumerate(accuracies)] or [report(link("Z", "partisan"), key="z")]  # fmt: skip
    (record,) = rated(reports, policy)
    assert record["rating"]["assessed"] == assessed
    assert (record["rating"]["icd203"] is not None) == assessed
    assert (record["rating"]["phia"] is not None) == assessed


def test_the_priors_own_weight_assesses_nothing() -> None:
    (record,) = rated([report(link("Z", "partisan"))], small_policy(prior=0.1, guess="even"))
    assert record["rating"]["p"] == 0.1
    assert not record["rating"]["assessed"]
