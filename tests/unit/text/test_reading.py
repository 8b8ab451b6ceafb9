"""Who says what, through whom: small invented articles, each with what an editor would mark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reliability.errors import InputError
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

Reader = Callable[..., list[Report]]


@pytest.fixture(scope="session")
def read(policy: Policy) -> Reader:
    def reading(text: str, *, every_kind: bool = False, published: str | None = "2025-03-12") -> list[Report]:
        article = Article(id="t", text=text, publisher="The Example", publisher_type="media", published=published)
        return read_reports_of(article, policy, every_kind=every_kind)

    return reading


def chain(report: Report) -> list[str]:
    return [link.source for link in report.provenance[:-1]]


def test_what_is_cited_stands_before_who_cites_it(read: Reader) -> None:
    [report] = read("Yonhap reported, citing a lawmaker briefed by the NIS, that 100 soldiers had died.")
    assert chain(report) == ["National Intelligence Service", "lawmaker", "Yonhap"]
    assert report.text == "100 soldiers had died"


def test_a_report_of_a_report_is_one_chain(read: Reader) -> None:
    [report] = read("Yonhap reported that the NIS said that Pyongyang had sent more troops.")
    assert chain(report) == ["National Intelligence Service", "Yonhap"]
    assert report.text == "Pyongyang had sent more troops"


def test_according_to_passes_on_what_another_said(read: Reader) -> None:
    reports = read("Police said at least 12 people were killed and 30 injured in the blast, according to Reuters.")
    assert [chain(r) for r in reports] == [["Police", "Reuters"]] * 2
    assert [(q.value, q.op, q.unit) for r in reports if (q := r.quantity)] == [
        (12, "at_least", "killed"),
        (30, "exact", "injured"),
    ]
    assert reports[1].text == "30 people were injured in the blast"


def test_told_to_a_news_outlet_is_a_relay_and_later_quotes_have_the_same_speaker(read: Reader) -> None:
    text = '"We are leaving," Maria Lopez, a nurse at the hospital, told the BBC. "There is no water." She said so.'
    reports = read(text)
    assert [(chain(r), r.text) for r in reports][:2] == [
        (["Maria Lopez", "BBC"], "We are leaving"),
        (["Maria Lopez", "BBC"], "There is no water"),
    ]


def test_a_denial_denies_the_plain_proposition(read: Reader) -> None:
    [report] = read("The Kremlin denied that its forces had shelled the hospital.")
    assert (report.stance, report.text) == ("denies", "its forces had shelled the hospital")


@pytest.mark.parametrize(
    "text",
    [
        "The minister did not say that the plan had failed.",
        "He was asked whether the plan had failed.",
        "Nobody claimed that the plan had failed.",
        "The senator declined to say whether the plan had failed.",
        "Did the general say that the army had left?",
    ],
)
def test_what_was_not_said_is_no_report(read: Reader, text: str) -> None:
    assert read(text) == []


def test_an_unnamed_spokesman_speaks_for_his_house(read: Reader) -> None:
    reports = read(
        "A spokesman for the Ukrainian Defense Ministry said it was over. The ministry added that it was lost."
    )
    assert len({r.provenance[0].source for r in reports}) == 1
    assert {r.provenance[0].type for r in reports} == {"government"}


def test_an_unnamed_official_is_anonymous_and_hedges(read: Reader) -> None:
    [report] = read("A U.S. official said the strike may have killed two commanders.")
    origin = report.provenance[0]
    assert (origin.type, origin.facts["anonymous"]) == ("anonymous-official", True)
    assert origin.hedge is not None
    assert origin.hedge.startswith("may")


def test_an_outlet_hedges_for_itself(read: Reader) -> None:
    [report] = read("The attack was reportedly carried out by drones.")
    assert [(link.source, link.hedge) for link in report.provenance] == [("The Example", "reportedly")]


def test_short_names_and_pronouns_stand_for_the_person_named_before(read: Reader) -> None:
    reports = read(
        "The company's chief executive, John Baker, said two plants would close. Baker said he regretted it.\n\n"
        '"It\'s sad," he said.\n\n"We had no choice."'
    )
    assert {r.provenance[0].source for r in reports} == {"John Baker"}
    assert [r.text for r in reports][-2:] == ["It's sad", "We had no choice"]


@pytest.mark.parametrize(
    "text",
    [
        'The general said: "We have left the city for good."',
        "The general said: “We have left the city for good.”",
        "The general said: «We have left the city for good.»",
        "The general said: ''We have left the city for good.''",
        "“We have left the city for good,” the general said.",
        "“We have left the city for good,” said the general.",
        "The general was tired.\n\n“We have left the city for good,” he said.",
        "The general said:\n\n“We have left the city for good.”",
        "General: “We have left the city for good.”",
    ],
)
def test_quotations_of_any_style_before_and_after_their_speaker(read: Reader, text: str) -> None:
    quoted = [r for r in read(text) if r.provenance[0].via == "direct-quote"]
    assert [(r.provenance[0].source.lower(), r.text) for r in quoted] == [("general", "We have left the city for good")]


def test_a_quotation_over_two_paragraphs_has_one_speaker(read: Reader) -> None:
    reports = read("“We have left the city,” Ana Lima said. “It is empty.\n\n“Nobody is coming back to it.”")
    assert [r.text for r in reports] == ["We have left the city", "It is empty", "Nobody is coming back to it"]
    assert {r.provenance[0].source for r in reports} == {"Ana Lima"}


def test_scare_quotes_are_no_speech(read: Reader) -> None:
    [report] = read("The so-called “peace plan” has failed again.")
    assert len(report.provenance) == 1


def test_headings_are_no_claims(read: Reader) -> None:
    assert read("Selling Lies and Seeking Power\nWhat Comes Next") == []


def test_what_the_article_attributes_is_not_also_the_outlets_own(read: Reader) -> None:
    reports = read(
        "Rebels captured the northern airport on Tuesday.\n\nRebels captured the northern airport on Tuesday, "
        "Defence Minister Ana Lima said."
    )
    assert [chain(r) for r in reports] == [["Ana Lima"]]


def test_thoughts_and_wishes_come_with_every_kind(read: Reader) -> None:
    text = "Voters believe that the plan will fail. The senator supports the ban."
    assert [r.kind for r in read(text, every_kind=True) if len(r.provenance) > 1] == ["belief", "belief"]
    assert [r for r in read(text) if len(r.provenance) > 1] == []


def test_plans_questions_and_wishes_are_set_apart(read: Reader) -> None:
    reports = read(
        "The mayor promised to build a school. “Why did nobody help us then?” the mayor asked. "
        "The mayor urged the governor to resign. The mayor said the bridge will be closed."
    )
    assert [r.kind for r in reports] == ["intention", "question", "instruction", "prediction"]


def test_a_language_that_cannot_be_read_is_said_so(policy: Policy) -> None:
    with pytest.raises(InputError, match=r"'xx'.*read in English and French only"):
        read_reports_of(Article(id="t", text="Bonjour.", language="xx"), policy)


def test_a_dialect_of_english_is_english(policy: Policy) -> None:
    assert read_reports_of(Article(id="t", text="It has rained.", language="en-GB"), policy) != []
