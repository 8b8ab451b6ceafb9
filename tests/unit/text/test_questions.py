"""Claims that answer one question, found among texts: numbers, who did it, when it happened."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from strategies import link, report

from reliability import api
from reliability.model.report import Report
from reliability.text.grouping import group


def said(text: str, source: str = "A", key: str | None = None, **more: Any) -> Report:
    return report(link(source, "government"), link("Out", "media"), key=key or text, claim=None, text=text, **more)


def killed(text: str, value: float, op: str = "exact", source: str = "A") -> Report:
    return said(text, source, quantity={"value": value, "op": op, "unit": "killed"})


def alternatives(*texts: str) -> list[str | None]:
    return [one.alternative for one in group([said(text) for text in texts])[0]]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Ukraine shot down the airliner", "Russia shot down the airliner"), ["Ukraine", "Russia"]),
        (("Ukraine shot down the airliner", "Russian forces shot down the airliner", "Moscow shot down the airliner"),
         ["Ukraine", "Russia", "Russia"]),
        (("The airliner was shot down by Ukraine in July", "The airliner was shot down by Russian missiles in July"),
         ["Ukraine", "Russia"]),
        (("The minister resigned on Monday", "The minister resigned on Tuesday."), ["Monday", "Tuesday"]),
        (("Ardan Vale was born in 1961", "Ardan Vale was born in 1964"), ["1961", "1964"]),
        (("The treaty was signed on March 3, 2021", "The treaty was signed on March 5, 2021"),
         ["March 3, 2021", "March 5, 2021"]),
        (("The attack took place on 3 May 2024", "The attack took place on 4 May 2024"), ["3 May 2024", "4 May 2024"]),
        (("The bridge was destroyed by Ardania", "The bridge was destroyed by Velmark"), ["Ardania", "Velmark"]),
        (("Mira Holt won the vote", "The Velm Party won the vote"), ["Mira Holt", "Velm Party"]),
    ],
)  # fmt: skip
def test_rivals_answer_one_question(texts: tuple[str, ...], expected: list[str]) -> None:
    reports, _ = group([said(text) for text in texts])
    assert [one.alternative for one in reports] == expected
    assert len({one.question for one in reports}) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ("Kim won the vote", "Kim Jong Un won the vote"),  # may be one
        ("He won the vote", "Mira Holt won the vote"),
        ("Nobody won the vote", "Mira Holt won the vote"),
        ("Russia shot down the airliner", "Russian volunteers shot down the airliner"),
        ("The minister resigned in March", "The minister resigned in 2021"),  # may be one day
        ("The minister resigned on Monday", "The minister resigned"),
        ("The town was shelled on Monday", "The town was shelled on Tuesday"),  # can both be
        ("Ukraine attacked the town", "Russia attacked the town"),
        ("Ukraine did not shoot down the airliner", "Russia shot down the airliner"),
        ("Ukraine shot down the airliner", "Russia shot down the helicopter"),
        ("the wind caused the fire", "the heat caused the fire"),  # no names
    ],
)
def test_what_can_both_be_so_is_no_question(texts: tuple[str, ...]) -> None:
    assert alternatives(*texts) == [None] * len(texts)


def test_figures_in_the_same_words_share_a_question_and_are_rated_together() -> None:
    few = killed("Around 300 soldiers were killed", 300, "about")
    ratings = api.rate([few, killed("3,000 soldiers had been killed", 3000, source="B")])
    assert len({one.claim.question for one in ratings}) == 1
    ends = {tuple(one.quantity[end] for end in ("low", "best", "high")) for one in ratings if one.quantity}
    assert len(ends) == 1
    assert all("contested" in one.flags for one in ratings)


def test_figures_of_other_things_or_events_are_apart() -> None:
    wounded = said("3,000 soldiers were killed", quantity={"value": 3000, "op": "exact", "unit": "wounded"})
    reports, _ = group([killed("300 soldiers were killed", 300), wounded, killed("300 tanks were killed", 300)])
    assert [one.question for one in reports] == [None, None, None]
    days = [killed("300 soldiers were killed", 300), killed("3,000 soldiers were killed", 3000)]
    apart = [one.model_copy(update={"event": day, "id": day}) for one, day in zip(days, ("2024", "2025"), strict=True)]
    assert [one.question for one in group(apart)[0]] == [None, None]


def test_what_the_user_named_is_left_alone() -> None:
    given = [said(f"{who} shot down the airliner").model_copy(update={"claim": who}) for who in ("Ukraine", "Russia")]
    assert [one.question for one in group(given)[0]] == [None, None]


def test_the_order_of_the_reports_changes_nothing() -> None:
    texts = ("Ukraine shot down the airliner", "Moscow shot down the airliner", "Russian forces shot down the airliner")
    found = {
        frozenset((one.key, one.question, one.alternative) for one in group([said(text) for text in order])[0])
        for order in permutations(texts)
    }
    assert len(found) == 1


def test_a_found_question_is_rated_with_none_of_these() -> None:
    ratings = api.rate([said("Ukraine shot down the airliner", "A"), said("Russia shot down the airliner", "B")])
    assert [one.alternatives for one in ratings] == [("Russia", "Ukraine", "none of these")] * 3
    assert sum(one.rating.p for one in ratings) == pytest.approx(1.0, abs=2e-4)


def test_a_thousand_rivals_are_no_question() -> None:
    assert set(alternatives(*(f"Candidate{n} won the vote" for n in range(1000)))) == {None}
