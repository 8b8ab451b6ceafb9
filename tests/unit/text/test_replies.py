"""Who denies what another has just said, by a word that points back to it; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def stances(text: str, policy: Policy) -> list[tuple[str, str, str]]:
    """Stance, chain before the outlet, and words of what is attributed."""
    reports = read_reports_of(Article(id="a", text=text, publisher="Velm Post", publisher_type="media"), policy)
    return [
        (r.stance, " > ".join(k.source for k in r.provenance[:-1]), r.text or "")
        for r in reports
        if len(r.provenance) > 1
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The union said the mill was unsafe, a charge the company denies.",
        "The union said the mill was unsafe, an accusation the company rejected.",
        "The union said the mill was unsafe, a claim the company called absurd.",
        "The union said the mill was unsafe, which the company denied.",
        "The union said the mill was unsafe; the company denied that.",
        "The union said the mill was unsafe, but the company rejected the claim.",
        "The union said the mill was unsafe. The company denied it.",
        "The union said the mill was unsafe. The company called it a lie.",
        "The union said the mill was unsafe. The claim was denied by the company.",
    ],
)
def test_who_denies_what_was_just_said_denies_it(text: str, policy: Policy) -> None:
    assert stances(text, policy) == [
        ("asserts", "union", "the mill was unsafe"),
        ("denies", "company", "the mill was unsafe"),
    ]


def test_a_quotation_is_denied_in_its_words(policy: Policy) -> None:
    text = '"The mill is unsafe," the union said. The company dismissed the allegation.'
    assert [(stance, words) for stance, _, words in stances(text, policy)] == [
        ("asserts", "The mill is unsafe"),
        ("denies", "The mill is unsafe"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The union said the offer was fair. The company rejected it.",
        "The union said the mill was unsafe. The union denied the claim.",
        "The union said the mill was unsafe. The company did not deny it.",
        "The union said the mill was unsafe. The company declined to deny it.",
        "The union said the mill was unsafe. Rain fell. The company denied it.",
    ],
)
def test_nothing_is_denied_where_it_is_not_plain(text: str, policy: Policy) -> None:
    assert [stance for stance, _, _ in stances(text, policy)] == ["asserts"]
