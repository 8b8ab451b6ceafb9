"""Headlines of one claim in other words: what is made one, who denies, and what stays apart."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.model.report import Link, Report
from reliability.text.blocks import blocks
from reliability.text.denial import is_denial
from reliability.text.grouping import claim_texts, group
from reliability.text.headlines import headlines
from reliability.text.likeness import weights
from reliability.text.stories import differ_in_one_place, same_story

WHALE = [
    "Pink whale stranded on Velm beach, fishermen say",
    "Fishermen find stranded pink whale on beach near Velm",
    "Velm beach draws crowds after pink whale strands",
    "Photo of pink whale on Velm beach is a hoax",
]
MAYOR = [
    "Mayor of Ardan sells town hall to pay gambling debts",
    "Ardan mayor sold the town hall over gambling debts, paper reports",
    "Gambling mayor: Ardan town hall sold",
]


def headline(text: str, key: str | None = None, **more: object) -> Report:
    key = key or text
    return Report.model_validate({"id": key, "text": text, "provenance": [Link(source=f"Outlet {key}")], **more})


def parts(*texts: str) -> set[frozenset[str]]:
    done, _ = group([headline(text) for text in texts])
    return {frozenset(one.text or "" for one in done if one.claim == claim) for claim in {one.claim for one in done}}


def test_headlines_of_one_claim_are_one_claim_and_those_of_another_another() -> None:
    assert parts(*WHALE, *MAYOR) == {frozenset(WHALE), frozenset(MAYOR)}


def test_who_denies_what_others_assert_has_the_opposite_stance_and_gives_the_claim_no_text() -> None:
    done, _ = group([headline(text, published=f"2025-01-{20 - at}") for at, text in enumerate(WHALE)])
    assert [one.stance for one in done] == ["asserts", "asserts", "asserts", "denies"]
    assert list(claim_texts(done).values()) == [WHALE[2]]  # the earliest that asserts; the denial is earlier still


def test_where_all_deny_they_assert_the_denial() -> None:
    done, _ = group([headline("Velm did not sell its town hall"), headline("Town hall of Velm not sold")])
    assert {(one.claim, one.stance) for one in done} == {(done[0].claim, "asserts")}


def test_a_denier_who_is_reported_as_denying_asserts() -> None:
    done, _ = group([*map(headline, WHALE[:3]), headline(WHALE[3], stance="denies")])
    assert {one.stance for one in done} == {"asserts"}


def test_figures_that_exclude_each_other_are_never_one_claim() -> None:
    few, many = "Bank of Ardan to close 40 branches this year", "Ardan bank will close 90 branches in a year"
    assert parts(few, many) == {frozenset([few]), frozenset([many])}


def test_figures_that_overlap_are() -> None:
    texts = ("Bank of Ardan to close 40 branches this year", "Ardan bank will close more than 30 branches in a year")
    assert parts(*texts) == {frozenset(texts)}


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Forty soldiers were killed near Velm", "Forty soldiers were wounded near Velm"),
        ("Ardan attacked Velm last night", "Velm attacked Ardan last night"),
        ("Trains run to Velm again", "Trains run from Velm again"),
        ("Mira Holt won the vote", "Otto Brandt won the vote"),
    ],
)
def test_headlines_that_differ_in_one_place_or_in_order_are_apart(a: str, b: str) -> None:
    assert len(parts(a, b)) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"provenance": [Link(source="Ministry"), Link(source="Outlet")]},
        {"spans": {"content": [[0, 4]]}},
        {"claim": "c"},
        {"event": "2025"},
        {"quantity": {"value": 2, "unit": "whales"}},
        {"kind": "prediction"},
    ],
)
def test_what_is_no_headline_is_grouped_by_its_words_only(more: dict[str, object]) -> None:
    done, _ = group(
        [headline(text, **more) if "claim" not in more or at else headline(text) for at, text in enumerate(WHALE)]
    )
    assert len({one.claim for one in done}) == (4 if "claim" not in more else 2)
    assert {one.stance for one in done} == {"asserts"}


def test_two_texts_of_one_article_are_no_headlines() -> None:
    reports = [headline(WHALE[0], article="x"), headline(WHALE[1], article="x"), headline(WHALE[2], article="y")]
    assert headlines(reports) == [False, False, True]
    assert len({one.claim for one in group(reports)[0]}) == 3


def test_blocks_of_many_texts_hold_each_text_once_and_find_the_same_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parts(*WHALE, *MAYOR)
    monkeypatch.setattr("reliability.text.blocks.MAX_BLOCK", 4)
    assert parts(*WHALE, *MAYOR) == whole
    alike = [f"Pink whale number w{at} stranded on Velm beach" for at in range(11)]  # no cosine cuts these
    found = [block.tolist() for block in blocks(weights(alike))]
    assert sorted(at for block in found for at in block) == list(range(11))
    assert max(map(len, found)) <= 4


@given(seed=st.integers(0, 99), twice=st.sampled_from([*WHALE, *MAYOR]))
def test_the_order_of_headlines_changes_nothing(seed: int, twice: str) -> None:
    reports = [headline(text) for text in (*WHALE, *MAYOR)] + [headline(twice.upper(), "again")]
    shuffled = random.Random(seed).sample(reports, len(reports))
    first, second = ({one.key: (one.claim, one.stance) for one in group(order)[0]} for order in (reports, shuffled))
    assert first == second


def test_grouping_again_changes_nothing() -> None:
    done, pairs = group([headline(text) for text in (*WHALE, *MAYOR)])
    assert group(done) == (done, pairs)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("a b c", "a x c", True),
        ("a b c", "a x y c", True),
        ("a b c", "c b a", True),
        ("a b c", "a b", False),
        ("a b c d", "x b c y", False),
        ("a b c d", "a b c d e f", False),
    ],
)
def test_one_place(a: str, b: str, expected: bool) -> None:
    assert differ_in_one_place(tuple(a.split()), tuple(b.split())) is expected
    assert differ_in_one_place(tuple(b.split()), tuple(a.split())) is expected


def test_two_headlines_are_not_one_claim_for_a_number_in_common() -> None:
    """Being each other's only neighbour is no evidence."""
    assert same_story(["Oil rises 3% on OPEC cut", "President Lee arrives in Tokyo on May 3"]) == [0, 1]


def test_figures_told_in_other_ways_that_exclude_each_other_are_never_one_claim() -> None:
    few = ("Quake kills 12 in Velm", "At least 12 killed in Velm earthquake", "Dozen dead in Velm quake")
    many = ("Quake kills 14 in Velm", "Velm quake death toll rises to 14")
    found = parts(*few, *many)
    assert all(part <= set(few) or part <= set(many) for part in found)
    assert {frozenset(many)} <= found


def test_headlines_on_other_countries_are_apart_and_synonyms_together() -> None:
    peru = ("Miners slain by gunmen in Peru", "Peruvian miners killed by shooters")
    chile = ("Miners killed by gunmen in Chile", "Gunmen murder Chilean miners")
    assert parts(*peru, *chile) == {frozenset(peru), frozenset(chile)}


def test_a_third_headline_makes_no_one_claim_of_rivals() -> None:
    rivals = "Man bites dog in Ardan park", "Dog bites man in Ardan park"
    found = parts(*rivals, "Ardan park: man and dog in biting row")
    assert not any(set(rivals) <= part for part in found)


@pytest.mark.parametrize(
    "pair", [("Mayor Lee resigns", "Mayor Lee refuses to resign"),
             ("Vaccine prevents malaria in trial", "Vaccine fails to prevent malaria in trial")],
)  # fmt: skip
def test_who_refuses_or_fails_denies(pair: tuple[str, str]) -> None:
    assert [is_denial(text) for text in pair] == [False, True]
