"""Negations of what others assert: one claim, opposite stances; and which negations are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.model.report import Link, Report
from reliability.text.editing import GroupedClaim, Grouping
from reliability.text.grouping import claim_texts, group
from reliability.text.negated import affirmed


def said(text: str, key: str, **more: object) -> Report:
    chain = [Link(source=f"Speaker {key}"), Link(source="Velm Post")]
    return Report.model_validate({"id": key, "text": text, "provenance": chain, **more})


def stances(*reports: Report) -> list[tuple[int, str]]:
    """The number of each report's claim, by first appearance, and its stance."""
    done, _ = group(reports)
    order = list(dict.fromkeys(one.claim for one in done))
    return [(order.index(one.claim), one.stance) for one in done]


@pytest.mark.parametrize(
    ("assertion", "negation"),
    [
        ("the ferry was overloaded", "The ferry was not overloaded"),
        ("the ferry was overloaded", "the ferry wasn't overloaded"),
        ("the Velm bridge will open in May", "the Velm bridge will not open in May"),
        ("the army surrendered", "the army did not surrender"),
        ("the hostages had been freed", "the hostages have not been freed"),
        ("the mayor can leave the town", "the mayor cannot leave the town"),
    ],
)
def test_a_negation_denies_what_another_asserts(assertion: str, negation: str) -> None:
    assert stances(said(assertion, "a"), said(negation, "b")) == [(0, "asserts"), (0, "denies")]
    assert stances(said(negation, "a"), said(assertion, "b")) == [(0, "denies"), (0, "asserts")]


def test_who_denies_a_negation_asserts() -> None:
    reports = said("the ferry was overloaded", "a"), said("the ferry was not overloaded", "b", stance="denies")
    assert stances(*reports) == [(0, "asserts"), (0, "asserts")]


def test_the_claim_is_called_by_what_is_asserted_though_the_negation_is_older() -> None:
    old = said("the ferry was not overloaded", "a", published="2025-01-01")
    done, _ = group([old, said("the ferry was overloaded", "b", published="2025-01-02")])
    assert list(claim_texts(done).values()) == ["the ferry was overloaded"]


def test_a_negation_alone_asserts() -> None:
    assert stances(said("the ferry was not overloaded", "a")) == [(0, "asserts")]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("all of the ferries were safe", "not all of the ferries were safe"),
        ("the crew was only tired", "the crew was not only tired"),
        ("he left because it was safe", "he left because it was not safe"),
        ("twelve men were killed", "twelve men were not only killed"),
        ("the ferry is overloaded", "the ferry was not overloaded"),
    ],
)
def test_what_is_no_plain_negation_is_another_claim(a: str, b: str) -> None:
    assert stances(said(a, "a"), said(b, "b")) == [(0, "asserts"), (1, "asserts")]


def test_a_negation_of_another_time_is_another_claim() -> None:
    a, b = (said("the ferry was overloaded", "a", event="2020"), said("the ferry was overloaded", "b", event="2024"))
    assert len({claim for claim, _ in stances(a, b, said("the ferry was not overloaded", "c"))}) == 3


def test_an_editors_grouping_has_the_last_word() -> None:
    reports = [said("the ferry was overloaded", "a"), said("the ferry was not overloaded", "b")]
    apart = Grouping(claim=(GroupedClaim(id="mine", members=("b",)),))
    done, _ = group(reports, apart)
    assert (done[1].claim, done[1].stance) == ("mine", "asserts")
    assert done[0].claim != "mine"


@given(st.text(max_size=60))
def test_what_is_affirmed_holds_no_negation(text: str) -> None:
    found = affirmed(text)
    assert found is None or "not" not in found
