"""Who speaks: pronouns, common nouns, namesakes and those who answer; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def chains(text: str, policy: Policy) -> list[tuple[str, str]]:
    """The chain before the outlet, and the words, of what is attributed."""
    reports = read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)
    return [(" > ".join(k.source for k in r.provenance[:-1]), r.text or "") for r in reports if len(r.provenance) > 1]


def test_a_pronoun_after_an_aside_is_who_spoke_last(policy: Policy) -> None:
    text = 'The mayor was silent. Lavrov, in his evening address, said the weir had burst. "It is gone," he said.'
    assert [who for who, _ in chains(text, policy)] == ["Sergey Lavrov", "Sergey Lavrov"]


def test_two_clauses_beside_a_semicolon_have_a_speaker_each(policy: Policy) -> None:
    text = "One member claimed that ten clerks were ill; another, Bo Rehn, said it was fewer than six."
    assert chains(text, policy) == [("member", "ten clerks were ill"), ("Bo Rehn", "it was fewer than six")]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Kommersant wrote, with reference to a source in the FSB, that the envoy had fled.",
         "source in the FSB > Kommersant"),
        ("The AP reported Monday, quoting two officials who requested anonymity, that the envoy had fled.",
         "two officials > Associated Press"),
        ("Reuters, citing a navy assessment seen by the agency, reported that the envoy had fled.",
         "navy assessment > Reuters"),
    ],
)  # fmt: skip
def test_whom_a_report_rests_on_comes_first(text: str, chain: str, policy: Policy) -> None:
    assert chains(text, policy) == [(chain, "the envoy had fled")]


def test_a_man_and_a_woman_of_one_name_are_two(policy: Policy) -> None:
    text = "Mr Quist said the shop was shut. Mrs Quist said the shop was open."
    first, second = (who for who, _ in chains(text, policy))
    assert {first, second} == {"Quist", "Mrs Quist"}


def test_the_agency_is_the_last_house_named_not_the_news_agency_of_the_dateline(policy: Policy) -> None:
    text = (
        "SEOUL, Feb. 11 (Yonhap) -- The National Intelligence Service told lawmakers that two men had fled.\n\n"
        "The agency said one was ill.\n\nYonhap News Agency reported that snow had fallen."
    )
    assert ("National Intelligence Service > Yonhap", "one was ill") in chains(text, policy)


ASKED = "Q: Did you fire first?\n\nA: No, we never fired.\n\nQ: Tell me more.\n\nA. Seven men died."


@pytest.mark.parametrize(
    ("lead", "who"),
    [
        ("Interview with Mara Reyes\n\n", "Mara Reyes"),
        ("", "unnamed sources"),
        ("Q: Mara Reyes, are you well?\n\n", "Reyes"),
    ],
)
def test_answers_are_those_of_who_is_interviewed(lead: str, who: str, policy: Policy) -> None:
    read = chains(lead + ASKED, policy)
    assert [words for _, words in read] == ["No, we never fired", "Seven men died"]
    assert all(name.endswith(who) for name, _ in read)


@pytest.mark.parametrize("sign", ["\u200f", "\u202b", "\u2066", " 🇫🇮", " 😀"])
def test_marks_that_nobody_reads_hide_no_speaker(sign: str, policy: Policy) -> None:
    text = f'"The weir has burst," Anna Lind{sign} said{sign}. {sign}Bo Rehn{sign} said the mill was dry.'
    assert chains(text, policy) == [("Anna Lind", "The weir has burst"), ("Bo Rehn", "the mill was dry")]


@pytest.mark.parametrize(
    "first",
    [
        "The bank's director, Ola Rehn, resigned.",
        "The bank's striker, Ola Rehn, left.",
        "Ola Rehn, spokesman for the bank, resigned.",
        "The bank spokeswoman, Ola Rehn, was suspended.",
    ],
)
def test_a_house_is_not_the_person_who_is_named_by_it(first: str, policy: Policy) -> None:
    assert chains(f"{first} The bank said Rehn had stolen two spoons.", policy) == [
        ("bank", "Rehn had stolen two spoons")
    ]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("A group that opposes the council said the dam was empty.", "group"),
        ("It was the mayor, not the engineer, who said that the dam was empty.", "mayor"),
        ("The engineer, but not the mayor, said that the dam was empty.", "engineer"),
        ("In an interview with Der Spiegel, Rehn said that the dam was empty.", "Rehn > Der Spiegel"),
        ("CNN reported, citing two officials, that the CIA told Moscow that the dam was empty.",
         "Central Intelligence Agency > two officials > CNN"),
        ('"The dam was empty," The Times quoted a cabinet minister as saying.',
         "cabinet minister > The Times of London"),
    ],
)  # fmt: skip
def test_the_speaker_is_whom_the_sentence_means(text: str, chain: str, policy: Policy) -> None:
    assert [who for who, words in chains(text, policy) if words.lower() == "the dam was empty"] == [chain]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("The navy, cited by the Velm Gazette, said the dam was empty.", "navy > Velm Gazette"),
        ("False: The minister said that the dam was empty", "minister"),
    ],
)
def test_who_is_cited_and_who_cites_are_told_apart(text: str, chain: str, policy: Policy) -> None:
    assert chains(text, policy) == [(chain, "the dam was empty")]


def test_those_who_are_counted_do_not_speak(policy: Policy) -> None:
    text = "The police initially said ten people were hurt but later said six people were hurt."
    assert [who for who, _ in chains(text, policy)] == ["police", "police"]


def test_what_was_done_is_no_subject_of_said(policy: Policy) -> None:
    text = "Ethiopian troops killed at least 45 civilians in Merawi, the Ethiopian Human Rights Commission said."
    assert chains(text, policy) == [
        ("Ethiopian Human Rights Commission", "Ethiopian troops killed at least 45 civilians in Merawi")
    ]


def test_the_director_is_the_person_who_was_called_so(policy: Policy) -> None:
    text = "The bank's director, Ola Rehn, resigned. The director said two spoons were missing."
    assert chains(text, policy) == [("Ola Rehn", "two spoons were missing")]
