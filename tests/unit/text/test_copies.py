"""Copies and credits: who had the words first, and through whom a text came to its outlet."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.api import rate
from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.copies import copies
from reliability.text.credits import credited, without_credits
from reliability.text.reading import read_reports_of
from reliability.text.syndication import syndicated

STORY = (
    "The ferry Orla sank in the early hours of Tuesday off the coast of Velmland after its bow door gave way in heavy "
    "seas, the coast guard of Velmland said. Two tugs reached the wreck at dawn and pulled eleven people from a raft "
    "that had drifted four miles to the north. The harbour at Tarn was closed for the day and trains to the port were "
    "halted."
)


def article(name: str, text: str, publisher: str | None, day: int | None = None, kind: str = "media") -> Article:
    published = None if day is None else f"2026-03-{day:02}"
    return Article(id=name, text=text, publisher=publisher, publisher_type=kind, published=published)


def no_wire(one: Article) -> bool:
    return one.publisher_type == "wire-agency"


def chains_of(one: Article, policy: Policy, others: list[Article]) -> set[tuple[str, ...]]:
    passed = syndicated([*others, one], policy).relays.get(one.id, ())
    return {tuple(k.source for k in r.provenance) for r in read_reports_of(one, policy, passed=passed)}


def test_the_later_of_two_equal_stories_is_the_copy() -> None:
    found = copies([article("b", STORY, "Velm Post", 3), article("a", STORY, "Velm Echo", 4)], no_wire)
    assert [(c.article, c.first, c.share) for c in found] == [("a", "b", 1.0)]


def test_the_wire_had_it_first_whatever_the_dates() -> None:
    wire = article("z", STORY, "Velm Wire", 9, "wire-agency")
    found = copies([article("a", STORY, "Velm Echo", 4), wire, article("b", STORY, None)], no_wire)
    assert [(c.article, c.first) for c in found] == [("a", "z"), ("b", "z")]


def test_the_same_outlet_copies_nothing_from_itself() -> None:
    assert copies([article("a", STORY, "Velm Echo", 4), article("b", STORY, "VELM ECHO", 5)], no_wire) == []


def test_one_speech_quoted_by_two_outlets_is_no_copy() -> None:
    speech = f"“{STORY}”"
    first = article("a", f"The minister spoke at noon. {speech} He left by a side door.", "Velm Echo", 4)
    assert copies([first, article("b", f"{speech} So much for the minister, then.", "Velm Post", 5)], no_wire) == []


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(shuffle: random.Random) -> None:
    articles = [article(name, STORY, f"Velm {name}", day) for name, day in (("a", 3), ("b", 1), ("c", 2), ("d", None))]
    shuffled = sorted(articles, key=lambda _: shuffle.random())
    found = {c.article: c.first for c in copies(shuffled, no_wire)}
    assert found == {"a": "b", "c": "b", "d": "b"}


def test_places_of_a_copy_hold_the_shared_words_only() -> None:
    own = "Our reporter has since walked along the beach and met nobody who would talk to her about it."
    mixed = article("m", f"{own} {STORY} {own.replace('beach', 'quay')}", "Velm Post", 5)
    (copy,) = copies([article("a", STORY, "Velm Echo", 4), mixed], no_wire)
    assert [mixed.text[a:b] for a, b in copy.places] == [STORY[:-1]]


def test_a_copy_hangs_under_the_earliest_publisher(policy: Policy) -> None:
    first, later = article("a", STORY, "Velm Echo", 4), article("b", STORY, "Velm Post", 5)
    assert all(chain[-2:] == ("Velm Echo", "Velm Post") for chain in chains_of(later, policy, [first]))
    assert all("Velm Post" not in chain for chain in chains_of(first, policy, [later]))


def test_when_only_a_copy_credits_the_wire_all_hang_under_it(policy: Policy) -> None:
    first = article("a", STORY, "Velm Echo", 4)
    later = article("b", f"TARN, March 5 (Reuters) - {STORY}", "Velm Post", 5)
    assert all(chain[-2:] == ("Reuters", "Velm Echo") for chain in chains_of(first, policy, [later]))
    assert all(chain[-2:] == ("Reuters", "Velm Post") for chain in chains_of(later, policy, [first]))


def test_ten_copies_of_one_story_rate_like_one(policy: Policy) -> None:
    lead = "TARN, March 3 (Reuters) - "
    one = [article("a00", lead + STORY, "Velm 0", 3)]
    ten = one + [article(f"a{n:02}", (lead if n < 3 else "") + STORY, f"Velm {n}", 3) for n in range(1, 10)]
    alone = {r.claim.text: r.p for r in rate(one, policy)}
    together = {r.claim.text: r.p for r in rate(ten, policy)}
    assert alone.keys() == together.keys()
    assert len(alone) > 1
    assert all(together[text] == pytest.approx(alone[text], abs=0.02) for text in alone)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("SEOUL, March 3 (Yonhap) -- The ferry sank.", "Yonhap"),
        ("MOSCOW, March 3. /TASS/. The ferry sank.", "TASS"),
        ("The ferry sank.\n\n(AP)", "Associated Press"),
        ("The ferry sank.\n\nvia Yonhap", "Yonhap"),
        ("The ferry sank.\n\n— Reporting by Ina Doe for Agence France-Presse", "Agence France-Presse"),
        ("By Ina Doe, Associated Press\n\nThe ferry sank.", "Associated Press"),
        ("The ferry sank.\n\n(Reporting by Ina Doe; Editing by Ole Roe)", None),
        ("The ferry sank, the mate told Reuters.", None),
        ("The ferry sank.\n\nThe Associated Press contributed to this report.", None),
        ("The line (RER) - a railway - was closed.", None),
    ],
)
def test_a_credit_line_names_the_agency(text: str, who: str | None, policy: Policy) -> None:
    link = credited(article("a", text, "Velm Echo"), policy)
    assert (link.source if link is not None else None) == who


@given(st.text(max_size=300))
def test_leaving_credits_out_moves_nothing(text: str) -> None:
    left = without_credits(text)
    assert len(left) == len(text)
    assert all(a == b or b == " " for a, b in zip(text, left, strict=True))


def test_a_copys_rationale_says_how_much_of_it_stands_where(policy: Policy) -> None:
    """The evidence is the claim's: in the chain of the copied report, and in none of the first one's."""
    first = article("first", f"{STORY} (Reuters)", "Velm Post", 3)
    ratings = rate([first, article("second", STORY, "Velm Echo", 4)], policy)
    told = {chain.report.split("-")[0]: chain.copied for one in ratings for chain in one.chains}
    assert told["first"] is None
    assert told["second"] is not None
    assert "stand in first too, which was first: read as passed on by Reuters" in told["second"]
