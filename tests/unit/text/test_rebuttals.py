"""What is done to a claim that is only named gives the stance; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def stances(text: str, policy: Policy) -> list[tuple[str, str, str]]:
    """Stance, origin and words of what is attributed."""
    reports = read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)
    return [(r.stance, r.provenance[0].source, r.text or "") for r in reports if len(r.provenance) > 1]


@pytest.mark.parametrize(
    "text",
    [
        "The mill rejected reports that the weir had burst.",
        'The mill rejected as "fiction" reports that the weir had burst.',
        "The mill dismissed as untrue suggestions that the weir had burst.",
        "The mill laughed off rumours that the weir had burst.",
        "The mill brushed aside claims that the weir had burst.",
        "The mill cast doubt on reports that the weir had burst.",
        "The mill distanced itself from the assertion that the weir had burst.",
        "The mill called reports that the weir had burst false.",
        'The mill described the claim that the weir had burst as "a lie".',
        "Reports that the weir had burst were dismissed by the mill.",
        "It is false that the weir had burst, the mill said.",
        "It is not true that the weir had burst, the mill said.",
        "Claims that the weir had burst are baseless, the mill said.",
    ],
)
def test_who_turns_a_claim_down_denies_it(text: str, policy: Policy) -> None:
    assert stances(text, policy) == [("denies", "mill", "the weir had burst")]


@pytest.mark.parametrize("taken", ["retracted", "withdrew", "walked back", "disowned", "rowed back on", "took back"])
def test_who_takes_back_its_own_claim_retracts_it(taken: str, policy: Policy) -> None:
    text = f"The mill {taken} its claim that the weir had burst."
    assert stances(text, policy) == [("retracts", "mill", "the weir had burst")]


def test_who_is_denied_by_another_still_said_so(policy: Policy) -> None:
    text = "The mill rejected the farmers' claim that the weir had burst."
    assert [(stance, who) for stance, who, _ in stances(text, policy)] == [("denies", "mill"), ("asserts", "farmers")]


@pytest.mark.parametrize(
    "text",
    [
        "The mill did not dismiss reports that the weir had burst.",
        "The mill declined to reject reports that the weir had burst.",
        "The guards withdrew to the port after reports that the weir had burst.",
        "Hardly any farmer admitted that the weir had burst.",
        "Few farmers admitted that the weir had burst.",
        "Not one farmer admitted that the weir had burst.",
        "Neither the mill nor the farm confirmed that the weir had burst.",
    ],
)
def test_who_does_neither_says_nothing(text: str, policy: Policy) -> None:
    assert stances(text, policy) == []


def test_a_rumor_that_is_debunked_is_denied_in_its_own_words(policy: Policy) -> None:
    text = "The mill debunked a rumor that children had been kidnapped."
    assert stances(text, policy) == [("denies", "mill", "children had been kidnapped")]


def test_who_denies_doing_it_denies_what_was_done(policy: Policy) -> None:
    assert stances("The rebels have denied shelling the village.", policy) == [
        ("denies", "rebels", "shelling the village")
    ]


def test_a_few_are_somebody(policy: Policy) -> None:
    assert [who for _, who, _ in stances("A few farmers admitted that the weir had burst.", policy)] == ["few farmers"]


def test_who_denies_that_it_is_false_asserts_it(policy: Policy) -> None:
    text = "The mill denied that it was false that the weir had burst."
    assert stances(text, policy) == [("asserts", "mill", "the weir had burst")]
