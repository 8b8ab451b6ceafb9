"""Figures that somebody puts a total at, speakers after long sentences, and sentences that only tell of silence."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def read(text: str, policy: Policy) -> list[Report]:
    return read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)


@pytest.mark.parametrize(
    ("text", "words", "low", "high", "unit"),
    [
        ("Medics put the toll at 40.", "the toll is 40", 40, None, "killed"),
        ("Medics put the number of dead at 35.", "the number of dead is 35", 35, None, "dead"),
        ("Medics put the number of cases at between 300 and 400.", "the number of cases is between 300 and 400",
         300, 400, "cases"),
    ],
)  # fmt: skip
def test_who_puts_a_total_at_a_figure_says_it(
    text: str, words: str, low: float, high: float | None, unit: str, policy: Policy
) -> None:
    (report,) = read(text, policy)
    assert (report.provenance[0].source, report.text) == ("Medics", words)
    assert report.quantity is not None
    assert (report.quantity.value, report.quantity.high, report.quantity.unit) == (low, high, unit)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A blast in the port killed nine men and wounded between ten and twelve, governor Oleh Rehn said on Monday.",
         ["Oleh Rehn"]),
        ("According to the navy, 40 men died; the miners put the toll at 50.", ["navy", "miners"]),
        ("Testimony by a former aide, read out in court, said that Cho had known about the payments.", ["former aide"]),
        ("According to the memo, obtained by CNN, the mayor had known of it.", ["memo"]),
        ("The losses stand at half of that, the British Ministry of Defence estimates.",
         ["British Ministry of Defence"]),
    ],
)  # fmt: skip
def test_the_speaker_is_found_where_the_sentence_is_long(text: str, said: list[str], policy: Policy) -> None:
    assert [[k.source for k in report.provenance[:-1]] for report in read(text, policy)] == [[who] for who in said]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor's office did not respond to requests for comment.",
        "The Post has not verified his account.",
        "The mill did not give a figure.",
        "There was no immediate comment from the mill.",
        "The ministry neither confirmed nor denied the report.",
        "The mayor declined to comment.",
        "Reuters could not independently verify the report.",
        "THE MILL DENIED IT.",
        "The mill denied that.",
    ],
)
def test_who_says_nothing_makes_no_claim(text: str, policy: Policy) -> None:
    assert read(text, policy) == []


@pytest.mark.parametrize("text", ["The mill did not give food to the guards.", "The guards did not enter the mill."])
def test_what_was_not_done_is_a_claim(text: str, policy: Policy) -> None:
    assert [report.text for report in read(text, policy)] == [text.rstrip(".")]


def test_what_a_share_is_of_is_no_count(policy: Policy) -> None:
    reports = read("Five out of ten guards fled, the mill said. One in ten guards fled, the mayor said.", policy)
    assert [report.quantity for report in reports] == [None, None]
