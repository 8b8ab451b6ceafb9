"""Short sentences of several articles: one claim only where the articles share names."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.model.report import Link, Report
from reliability.text.contexts import by_context, contexts, names
from reliability.text.grouping import group


def said(text: str, article: str | None, source: str = "Police", key: str | None = None) -> Report:
    chain = (Link(source=source), Link(source="Velm Post"))
    return Report(id=key or f"{article} {source} {text}", text=text, article=article, provenance=chain)


def n_claims(text: str, *reports: Report) -> int:
    return len({one.claim for one in group(reports)[0] if one.text == text})


CLOSED = "the bridge was closed"


def test_the_same_words_on_two_places_are_two_claims() -> None:
    assert n_claims(CLOSED, said(CLOSED, "x", "mayor of Velm"), said(CLOSED, "y", "mayor of Ardan")) == 2


def test_the_same_words_on_one_place_are_one() -> None:
    reports = said(CLOSED, "x", "mayor of Velm"), said(CLOSED, "y"), said("Trains to Velm stopped", "y", "Ana Holt")
    assert n_claims(CLOSED, *reports) == 1


def test_what_tells_its_matter_by_itself_needs_no_context() -> None:
    for text in ("the Velm bridge was closed", "the bridge was closed after sacks of stolen turnips burst open"):
        assert n_claims(text, said(text, "x", "mayor of Velm"), said(text, "y", "mayor of Ardan")) == 1


def test_articles_without_names_stay_with_the_only_matter_and_apart_from_several() -> None:
    velm, ardan, silent = said(CLOSED, "x", "mayor of Velm"), said(CLOSED, "y", "mayor of Ardan"), said(CLOSED, "z")
    assert n_claims(CLOSED, velm, silent, said(CLOSED, None)) == 1
    assert n_claims(CLOSED, velm, ardan, silent) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Police said so", set()),
        ("NATO said so", {"nato"}),
        ("The mayor of Velm spoke on Monday", {"velm"}),
        ("Ana Holt’s boat", {"ana", "holt"}),
        ("troops in Seoul", {"south korea", "seoul"}),
    ],
)
def test_names(text: str, expected: set[str]) -> None:
    assert names(text) == expected


@given(seed=st.integers(0, 50), places=st.lists(st.sampled_from(["Velm", "Ardan", "Ost", ""]), min_size=1, max_size=8))
def test_every_report_is_in_one_part_and_no_part_holds_articles_without_a_name_in_common(
    seed: int, places: list[str]
) -> None:
    reports = [said(CLOSED, f"a{at}", f"mayor of {place}", str(at)) for at, place in enumerate(places)]
    shuffled = random.Random(seed).sample(reports, len(reports))
    found = [
        {shuffled[at].key for at in part} for part in by_context([*range(len(places))], shuffled, contexts(shuffled))
    ]
    assert sorted(key for part in found for key in part) == sorted(one.key for one in reports)
    for part in found:
        assert len({places[int(key)] for key in part} - {""}) <= 1


def test_one_article_is_one_part_however_many_names_it_has() -> None:
    named = {"a": frozenset(f"name{n}" for n in range(5))}
    reports = [Report(text="it burned", provenance=(Link(source=f"S{n}"),), article="a") for n in range(3)]
    assert list(by_context([2, 0, 1], reports, named)) == [[0, 1, 2]]
