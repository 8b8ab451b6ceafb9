"""Who claims to have done something, who accuses somebody of something, and whose words are set against them."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def said(text: str, policy: Policy) -> list[tuple[str, str, str]]:
    """Stance, origin and words of what is attributed."""
    reports = read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)
    return [(r.stance, r.provenance[0].source, r.text or "") for r in reports if len(r.provenance) > 1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The rebels claimed to have captured the weir.", "The rebels have captured the weir"),
        ("The rebels claimed not to have fired first.", "The rebels have not fired first"),
        ("The rebels claim to be farmers.", "The rebels are farmers"),
        ("The rebels claim not to hold the weir.", "The rebels do not hold the weir"),
        ("The rebels, who claim to hold the weir, left.", "The rebels hold the weir"),
    ],
)
def test_what_one_claims_to_do_is_said_of_oneself(text: str, words: str, policy: Policy) -> None:
    assert said(text, policy) == [("asserts", "rebels", words)]


def test_one_alone_claims_in_the_singular(policy: Policy) -> None:
    assert said("The mill claims to supply two towns.", policy) == [("asserts", "mill", "The mill supplies two towns")]


@pytest.mark.parametrize("denial", ["a claim the mayor rejected", "which the mayor denied"])
def test_who_turns_it_down_denies_the_same_words(denial: str, policy: Policy) -> None:
    assert said(f"The rebels claimed to have captured the weir, {denial}.", policy) == [
        ("asserts", "rebels", "The rebels have captured the weir"),
        ("denies", "mayor", "The rebels have captured the weir"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mayor accused the rebels of shelling the weir.", "the rebels are shelling the weir"),
        ("The mayor accused the mill of having poisoned the lake.", "the mill has poisoned the lake"),
        ("The mayor accused the mill of being behind the blast.", "the mill is behind the blast"),
        ("The mayor accused him of taking bribes.", "he is taking bribes"),
    ],
)
def test_who_accuses_asserts_what_the_accused_does(text: str, words: str, policy: Policy) -> None:
    assert said(text, policy) == [("asserts", "mayor", words)]


def test_an_accusation_without_a_deed_is_no_statement(policy: Policy) -> None:
    assert said("The mayor accused the mill of arrogance.", policy) == []


def test_whom_one_blames_is_to_blame(policy: Policy) -> None:
    text = "The mayor blamed the mill for the flood."
    assert said(text, policy) == [("asserts", "mayor", "the mill is to blame for the flood")]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The BBC has learned that the mill had closed.", ["BBC"]),
        ("The BBC understands that the mill had closed.", ["BBC"]),
        ("Anna has learned that the mill had closed.", []),
    ],
)
def test_what_an_outlet_has_learned_it_tells(text: str, who: list[str], policy: Policy) -> None:
    reports = read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)
    assert [r.provenance[0].source for r in reports if len(r.provenance) > 1] == who


def test_words_set_against_others_are_their_own_speakers(policy: Policy) -> None:
    text = "The mayor said the lake was poisoned, though the mill insists that the water is clean."
    assert said(text, policy) == [
        ("asserts", "mayor", "the lake was poisoned"), ("asserts", "mill", "the water is clean"),
    ]  # fmt: skip


def test_what_is_said_after_a_semicolon_is_no_part_of_it(policy: Policy) -> None:
    text = "The lake was poisoned, the mayor said; the mill called this false."
    assert said(text, policy)[0] == ("asserts", "mayor", "The lake was poisoned")


def test_what_stands_in_a_report_is_who_said_it_in_it(policy: Policy) -> None:
    text = "The think tank RUSI said in a report that the stockpile had shrunk."
    assert said(text, policy) == [("asserts", "Royal United Services Institute", "the stockpile had shrunk")]


def test_a_claim_beside_the_sentence_is_no_name(policy: Policy) -> None:
    text = "The rebels said they had captured the weir, a claim denied by the mayor."
    assert [who for _, who, _ in said(text, policy)] == ["rebels", "mayor"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("The UN refugee agency, UNHCR, said the camp was full.", "UN High Commissioner for Refugees"),
        ("The UN children's agency said the camp was full.", "UNICEF"),
        ("China's commerce ministry said the port was open.", "Chinese commerce ministry"),
        ("North Korea's KCNA news agency said the port was open.", "KCNA"),
    ],
)
def test_a_part_of_an_organisation_is_not_the_whole(text: str, who: str, policy: Policy) -> None:
    assert [name for _, name, _ in said(text, policy)] == [who]
