"""Cues of other kinds than quotations: prepositions, nouns, tags at the end, and what is no part of the content."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def read(text: str, policy: Policy, every_kind: bool = True) -> list[tuple[str, str]]:
    found = read_reports_of(Article(id="c", text=text, publisher="The Example"), policy, every_kind=every_kind)
    return [(one.provenance[0].source, one.text) for one in found if one.spans is not None and one.spans.cue]


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        ("The plan is a gamble, in Nora Lind's view.", "Nora Lind", "The plan is a gamble"),
        ("Young voters are drifting toward the Greens, a new poll indicates.", "new poll",
         "Young voters are drifting toward the Greens"),
        ("MACAU (Reuters) – Party donor Nora Lind said the casino was closed.", "Nora Lind", "the casino was closed"),
        ("Nora Lind issued a statement saying that the casino was closed.", "Nora Lind", "the casino was closed"),
    ],
)  # fmt: skip
def test_the_speaker_and_the_words_are_found(text: str, source: str, words: str, policy: Policy) -> None:
    assert (source, words) in read(text, policy)


def test_what_a_remark_adds_about_an_object_is_not_what_was_mentioned(policy: Policy) -> None:
    [found] = read("Nora Lind criticized the mayor, who left the city in June.", policy)
    assert found == ("Nora Lind", "the mayor")


def test_mentions_are_never_rated(policy: Policy) -> None:
    text = "Nora Lind repeated her criticism of the new tax."
    assert ("Nora Lind", "the new tax") in read(text, policy)
    assert read(text, policy, every_kind=False) == []


def test_what_is_passed_on_is_also_listed_whole_among_every_kind(policy: Policy) -> None:
    text = "Yonhap reported that the NIS said that Pyongyang had sent more troops."
    plain, every = read(text, policy, every_kind=False), read(text, policy)
    assert set(plain) < set(every)
    assert ("Yonhap", "the NIS said that Pyongyang had sent more troops") in every


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("The Pentagon brushed off claims that a spy was caught.", "denies"),
        ("Peskov laughed off suggestions that Putin was ill.", "denies"),
        ("The ministry corrected a report that the plant was burning.", "denies"),
        ("The minister condemned claims that the vote was rigged.", "denies"),
        ("The army retracted its claim that 40 rebels had been killed.", "retracts"),
        ("The FBI walked back its claim that the suspect was armed.", "retracts"),
        ("The army made the claim that 40 rebels had been killed.", "asserts"),
        ("The minister repeated his claim that the vote was rigged.", "asserts"),
    ],
)
def test_what_is_done_to_a_claim_tells_the_stance(text: str, stance: str, policy: Policy) -> None:
    found = read_reports_of(Article(id="a", text=text, publisher="The Quay"), policy)
    assert stance in {one.stance for one in found if one.provenance[0].source != "The Quay"}
    assert len([one for one in found if one.provenance[0].source != "The Quay"]) == 1
