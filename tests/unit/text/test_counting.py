"""Which numbers count what a clause tells of; invented sentences."""

from __future__ import annotations

import pytest

from reliability.text.pipeline import parsed
from reliability.text.quantities import number, quantity_of


def read(sentence: str) -> tuple[float, float | None, str] | None:
    """The figure of a sentence: its value, its other end, and its word."""
    found = quantity_of(next(iter(parsed(sentence)[0].doc.sents)).root)
    return None if found is None else (found.value, found.high, found.op)


@pytest.mark.parametrize(
    ("sentence", "killed"),
    [
        ("Boeing 737 Max jets killed 346 people.", 346),
        ("2,000 lb bombs killed 9 people in Velm.", 9),
        ("The 2024 Olympics bomber killed 3 people.", 3),
        ("300 Hamas fighters were killed.", 300),
    ],
)
def test_a_names_or_a_things_number_is_no_count(sentence: str, killed: float) -> None:
    assert read(sentence) == (killed, None, "exact")


@pytest.mark.parametrize(
    "sentence",
    [
        "Two teenagers, three women and a man were killed.",
        "The storm killed 12 people in Velm and 30 in Orr.",
        "1,000 people were nearly killed.",
        "12 people died each day.",
        "12 people a week were dying.",
        "1.200 people were killed.",
        "The army lost 2 two-man crews.",
    ],
)
def test_a_part_a_rate_or_what_nearly_was_is_no_count(sentence: str) -> None:
    assert read(sentence) is None


def test_of_so_many_of_so_many_the_first_is_meant() -> None:
    assert read("22 of 31 drones had been shot down.") == (22, None, "exact")


def test_a_lower_end_before_as_many_as_is_kept() -> None:
    assert read("At least 12 and possibly as many as 20 people were killed.") == (12, 20, "between")


def test_plus_is_at_least() -> None:
    assert read("60,000-plus people were killed.") == (60_000, None, "at_least")


def test_a_couple_of_dozen_is_about_two_dozen() -> None:
    assert read("A couple of dozen people were killed.") == (24, None, "about")


@pytest.mark.parametrize(
    ("words", "value"),
    [("three and a half million", 3.5e6), ("two and a half", 2.5), ("2 two", None), ("a half", None)],
)
def test_halves_add_to_the_number_before_them(words: str, value: float | None) -> None:
    assert number(words) == value
