"""Quotations: whose they are is told by their place, in small invented articles that an editor would mark so."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

GOOD = "We have won more votes than anybody before us"


def said(text: str, policy: Policy) -> list[tuple[str, str]]:
    """Origin and words of each report that has a cue."""
    found: list[Report] = read_reports_of(Article(id="q", text=text, publisher="The Example"), policy, every_kind=True)
    return [(one.provenance[0].source, one.text) for one in found if one.spans is not None and one.spans.cue]


@pytest.mark.parametrize(
    "text",
    [
        f"“{GOOD},” Nora Lind thundered.",
        f"“{GOOD},” Nora Lind glowered.",
        f"“{GOOD},” Nora Lind shot back.",
        f"“{GOOD},” said Nora Lind.",
        f"Nora Lind told reporters, “{GOOD}.”",
        f"Nora Lind went even further: “{GOOD}.”",
        f"Nora Lind: “{GOOD}.”",
        f"The talks are over. Turnout was high - More from Nora Lind: “{GOOD}.”",
        f"Nora Lind went to the balcony on Monday.\n\n“{GOOD}.”",
        f"Nora Lind turned to the crowd. “{GOOD}!”",
        f"Voting ended.\n\n“{GOOD}.”\n\n“The count was fair and it was open,” Nora Lind noted.",
        f"Nora Lind spoke at noon.\n\nContinued Nora Lind: “{GOOD}.”",
    ],
)
def test_the_speaker_of_a_quotation_is_found_wherever_the_tag_stands(text: str, policy: Policy) -> None:
    assert ("Nora Lind", GOOD) in said(text, policy)


def test_a_quotation_that_a_paragraph_break_cuts_is_one_speakers(policy: Policy) -> None:
    text = "The vote is over.\n\n“We knew it would be close.\n\nNobody slept that night,” Nora Lind said."
    assert said(text, policy) == [
        ("Nora Lind", "We knew it would be close"),
        ("Nora Lind", "Nobody slept that night"),
    ]


def test_a_tag_between_two_halves_owns_both(policy: Policy) -> None:
    found = said("“It was a fair count,” Nora Lind said. But “nobody expected such a result at all.”", policy)
    assert [source for source, _ in found] == ["Nora Lind", "Nora Lind"]


def test_marks_inside_straight_marks_do_not_end_them(policy: Policy) -> None:
    text = '"He told us that “the door is open” and we believed him," Nora Lind said.'
    assert ("Nora Lind", "He told us that “the door is open” and we believed him") in said(text, policy)


@pytest.mark.parametrize(
    "text",
    [
        "Nora Lind sang on “Saturday Night Live” and went home.",
        "The so-called “experts” were in the hall when Nora Lind arrived.",
    ],
)
def test_titles_and_scare_quotes_are_nobodys_speech(text: str, policy: Policy) -> None:
    assert said(text, policy) == []


def test_nobody_inside_a_quotation_is_taken_for_its_speaker(policy: Policy) -> None:
    found = said("When somebody in the hall shouted, “Cruz,” Nora Lind joked, “Come on up and sit with us!”", policy)
    assert ("Nora Lind", "Come on up and sit with us") in found
    assert "Cruz" not in [source for source, _ in found]


def test_chants_are_the_crowds(policy: Policy) -> None:
    assert said("The supporters answered with chants of “We want a recount” for an hour.", policy) == [
        ("supporters", "We want a recount")
    ]
