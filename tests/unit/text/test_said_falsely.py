"""Who said it, said it falsely, took it back, or did not (yet) say it; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def stances(text: str, policy: Policy) -> list[tuple[str, str]]:
    """The stance on "the dam was empty" of each origin that has one; the outlet is the Velm Post."""
    reports = read_reports_of(Article(id="a", text=text, publisher="Velm Post", publisher_type="media"), policy)
    return [(r.stance, r.provenance[0].source) for r in reports if r.text == "the dam was empty"]


@pytest.mark.parametrize(
    "text",
    [
        "The mill falsely claimed that the dam was empty.",
        "The mill claimed, wrongly, that the dam was empty.",
        "It was mistakenly reported by the mill that the dam was empty.",
        "The mill was wrong to say that the dam was empty.",
        "The mill repeated the baseless claim that the dam was empty.",
        "Contrary to the mill's claim that the dam was empty, it held.",
        "The claim by the mill that the dam was empty turned out to be false.",
    ],
)
def test_who_says_it_falsely_is_denied_by_whoever_tells_so(text: str, policy: Policy) -> None:
    assert sorted(stances(text, policy)) == [("asserts", "mill"), ("denies", "Velm Post")]


def test_another_who_says_that_it_was_said_falsely_denies_it(policy: Policy) -> None:
    text = "The farm said the mill had falsely claimed that the dam was empty."
    assert ("denies", "farm") in stances(text, policy)


def test_who_is_falsely_accused_is_no_liar(policy: Policy) -> None:
    text = "The mill said that Bo Rehn was falsely accused of theft. The mill said that the dam was empty."
    assert stances(text, policy) == [("asserts", "mill")]


@pytest.mark.parametrize("ending", ["proved false", "turned out to be wrong", "were found to be untrue", "are a hoax"])
def test_reports_that_prove_false_are_denied_by_the_outlet(ending: str, policy: Policy) -> None:
    assert stances(f"Reports that the dam was empty {ending}.", policy) == [("denies", "Velm Post")]


def test_a_headlines_claims_are_denied_by_who_calls_them_untrue(policy: Policy) -> None:
    assert ("denies", "farm") in stances("Mill claims that the dam was empty are untrue, the farm said.", policy)


@pytest.mark.parametrize(
    "text",
    [
        "The mill apologised for saying that the dam was empty.",
        "The mill regretted having claimed that the dam was empty.",
        "The mill no longer says that the dam was empty.",
    ],
)
def test_who_regrets_to_have_said_it_retracts_it(text: str, policy: Policy) -> None:
    assert stances(text, policy) == [("retracts", "mill")]


@pytest.mark.parametrize(
    "text",
    [
        "The mill neither confirmed nor denied that the dam was empty.",
        "The mill would neither confirm nor deny that the dam was empty.",
        "Until the mill admits that the dam was empty, the farm will wait.",
        "The mill used to say that the dam was empty.",
        "The film imagines a miller who says that the dam was empty.",
        "The miller was about to say that the dam was empty.",
        "The miller denied having told the farm that the dam was empty.",
    ],
)
def test_who_did_not_say_so_has_no_report(text: str, policy: Policy) -> None:
    assert stances(text, policy) == []


def test_who_denied_it_until_something_happened_has_spoken(policy: Policy) -> None:
    text = "Nobody moved until the mill admitted that the dam was empty."
    assert stances(text, policy) == [("asserts", "mill")]


def test_what_is_ruled_out_is_denied(policy: Policy) -> None:
    assert stances("The mill ruled out that the dam was empty.", policy) == [("denies", "mill")]


def test_who_admits_one_thing_and_denies_another_has_two_reports(policy: Policy) -> None:
    text = "Orr admitted selling the mill but denied burning it."
    reports = read_reports_of(Article(id="a", text=text, publisher="Velm Post", publisher_type="media"), policy)
    assert [(r.stance, r.text) for r in reports] == [("asserts", "selling the mill"), ("denies", "burning it")]
