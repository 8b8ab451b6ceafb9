"""What an origin says later takes the place of what it said before; the latest of one way counts; retractions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import DATES, link, numbered, only, p_true, rated, report, small_policy

from reliability.model.report import Quantity, Report

POLICY = small_policy({"official": 0.85, "agency": 0.9})
MINISTER, FIRST, SECOND = link("The minister", "official"), link("A", "agency"), link("B", "agency")


def said(stance: str, published: str | None = None, outlet: Any = FIRST, **more: Any) -> Report:
    return report(MINISTER, outlet, stance=stance, published=published, **more)


def standings(reports: list[Report] | tuple[Report, ...]) -> list[str]:
    (record,) = rated(list(reports), POLICY)
    return [chain["standing"] for chain in record["chains"]]


def test_a_later_statement_that_differs_supersedes_whoever_carried_the_earlier_one() -> None:
    reports = numbered([said("asserts", "2025-01-01"), said("denies", "2025-02-01", SECOND)])
    assert standings(reports) == ["superseded", "counts"]
    assert p_true(reports, POLICY) == pytest.approx(p_true(reports[1:], POLICY), abs=1e-12)
    assert "superseded" in rated(reports, POLICY)[0]["flags"]


def test_a_later_statement_that_agrees_stands_beside_it() -> None:
    reports = numbered([said("asserts", "2025-01-01"), said("asserts", "2025-02-01", SECOND)])
    assert standings(reports) == ["counts", "counts"]
    assert "superseded" not in rated(reports, POLICY)[0]["flags"]


@pytest.mark.parametrize(
    ("earlier", "later", "superseded"),
    [
        ("2024", "2025", True), ("2025", "2025-03", False), ("2025-02", "2025-03", True),
        ("2025-02", "2025-02-28", False), ("2025-02-28", "2025-03-01", True), ("2025-03-01", "2025-03-01", False),
        ("2025-03-01", "2025-03-01T12:00:00Z", False), ("2025-03-01T11:00:00Z", "2025-03-01T12:00:00Z", True),
        ("2025-03-01T23:30:00-02:00", "2025-03-02", False), ("2025-03-01T23:30:00+02:00", "2025-03-02", True),
        ("2024-12-31", "2025", True), (None, "2025", True), ("2025", None, False), (None, None, False),
    ],
)  # fmt: skip
def test_later_means_wholly_after(earlier: str | None, later: str | None, superseded: bool) -> None:
    """A year covers the year, a month the month; dates that overlap supersede nothing, undated ones neither."""
    reports = numbered([said("asserts", earlier), said("denies", later, SECOND)])
    assert standings(reports)[0] == ("superseded" if superseded else "counts")


def test_another_origin_supersedes_nothing() -> None:
    other = report(link("The general", "official"), FIRST, stance="denies", published="2026")
    assert standings(numbered([said("asserts", "2024"), other])) == ["counts", "counts"]


def test_another_hedge_stands_beside() -> None:
    hedged = report(link("The minister", "official", said="likely"), SECOND, published="2025")
    reports = numbered([said("asserts", "2024"), hedged])
    assert standings(reports) == ["counts", "counts"]


def test_another_figure_supersedes() -> None:
    def killed(n: float, published: str) -> Report:
        return said("asserts", published, quantity=Quantity(value=n, unit="made-up things"))

    assert standings(numbered([killed(300, "2024"), killed(400, "2025")])) == ["superseded", "counts"]
    assert standings(numbered([killed(300, "2024"), killed(300, "2025")])) == ["repeat", "counts"]


def test_another_alternative_supersedes() -> None:
    reports = numbered([said("asserts", "2024", alternative="A"), said("asserts", "2025", alternative="B")])
    record = rated(reports, POLICY)[0]
    assert [chain["standing"] for chain in record["chains"]] == ["superseded", "counts"]


def test_who_comes_back_to_an_earlier_statement_has_both_of_its_times_count() -> None:
    """yes, no, yes again: the no is superseded by the second yes, the first yes by the no."""
    reports = numbered([said("asserts", "2023"), said("denies", "2024", SECOND), said("asserts", "2025")])
    assert standings(reports) == ["superseded", "superseded", "counts"]


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [(("asserts", "2025"), ("denies", "2025-03"), "denies"), (("denies", "2025-03"), ("asserts", "2025"), "denies"),
     (("asserts", None), ("denies", None), "denies"), (("denies", None), ("asserts", None), "asserts")],
)  # fmt: skip
def test_of_one_way_the_latest_counts_and_ties_go_to_the_greatest_id(
    first: tuple[str, str | None], second: tuple[str, str | None], word: str
) -> None:
    reports = numbered([said(*first), said(*second)])
    alone = p_true([said(word)], POLICY)
    assert p_true(reports, POLICY) == pytest.approx(alone, abs=1e-12)
    assert sorted(standings(reports)) == ["counts", "repeat"]


def test_ids_are_compared_by_their_utf8_bytes() -> None:
    """ "é" (C3 A9) comes after "z" (7A), and an emoji (F0…) after a private-use character (EF…)."""
    for low, high in (("z", "é"), ("\uf8ff", "\U0001f600"), ("10", "9")):
        reports = [said("asserts").model_copy(update={"id": high}), said("denies").model_copy(update={"id": low})]
        assert p_true(reports, POLICY) == pytest.approx(p_true([said("asserts")], POLICY), abs=1e-12)


def test_a_retraction_takes_back_what_came_before_it_and_not_what_comes_after() -> None:
    reports = numbered([said("asserts", "2023"), said("retracts", "2024", SECOND), said("asserts", "2025")])
    assert standings(reports) == ["retracted", "retraction", "counts"]
    assert standings(reports[:2]) == ["retracted", "retraction"]
    record = rated(reports[:2], POLICY)[0]
    assert record["rating"]["p"] == 0.5
    assert {"no-standing-report", "superseded"} <= set(record["flags"])


@pytest.mark.parametrize(
    ("statement", "retraction", "standing"),
    [(None, None, "retracted"), (None, "2024", "retracted"), ("2024", None, "counts"), ("2024", "2024-06", "counts"),
     ("2024-05", "2024-06", "retracted")],
)  # fmt: skip
def test_an_undated_retraction_takes_back_undated_statements_only(
    statement: str | None, retraction: str | None, standing: str
) -> None:
    assert standings(numbered([said("asserts", statement), said("retracts", retraction, SECOND)]))[0] == standing


def test_a_retraction_says_nothing_else() -> None:
    """It is no denial, and neither is somebody else's."""
    other = report(link("The general", "official"), FIRST)
    reports = numbered([said("retracts", "2024"), other])
    assert p_true(reports, POLICY) == pytest.approx(p_true([other], POLICY), abs=1e-12)


WHEN = st.one_of(
    st.none(), st.sampled_from(DATES), st.dates(dt.date(2024, 12, 28), dt.date(2025, 3, 5)).map(str),
    st.integers(1, 12).map(lambda month: f"2025-{month:02d}"),
)  # fmt: skip
ROWS = st.lists(
    st.tuples(st.sampled_from(["S", "T"]), st.sampled_from(["asserts", "asserts", "denies", "retracts"]), WHEN),
    min_size=1, max_size=10,
)  # fmt: skip


def covers(published: str | None) -> tuple[dt.datetime, dt.datetime] | None:
    """The first and last moment of a date, by the standard library's calendar."""
    if published is None:
        return None
    if "T" in published:
        at = dt.datetime.fromisoformat(published).astimezone(dt.UTC)
        return at, at
    year, month, day = (int(part) if part else 0 for part in (published + "--").split("-")[:3])
    first = dt.datetime(year, month or 1, day or 1, tzinfo=dt.UTC)
    after = first + dt.timedelta(days=1)
    while not day and (after.year, after.month if month else 0) == (first.year, month):
        after += dt.timedelta(days=1)
    return first, after - dt.timedelta(microseconds=1)


def loop(rows: list[tuple[str, str, str | None]]) -> list[str]:
    """DESIGN's rule, report by report."""
    found = []
    for source, stance, published in rows:
        mine, fate = covers(published), "counts"
        for other_source, other_stance, other_published in rows:
            theirs = covers(other_published)
            later = theirs is not None and (mine is None or theirs[0] > mine[1])
            if other_source != source or stance == "retracts":
                continue
            if other_stance == "retracts" and (later or (mine is None and theirs is None)):
                fate = "retracted"
            elif other_stance not in (stance, "retracts") and later and fate == "counts":
                fate = "superseded"
        found.append("retraction" if stance == "retracts" else fate)
    return found


@given(ROWS)
def test_supersession_is_the_same_as_a_loop_over_all_pairs(rows: list[tuple[str, str, str | None]]) -> None:
    reports = numbered(
        report(link(source, "official"), link(f"O{i}", "agency"), stance=stance, published=published)
        for i, (source, stance, published) in enumerate(rows)
    )
    origins = only(reports, POLICY).origins
    got = []
    for i, (_, stance, _) in enumerate(rows):
        fate = "retracted" if origins.retracted[i] else "superseded" if origins.superseded[i] else "counts"
        got.append("retraction" if stance == "retracts" else fate)
        assert origins.counts[i] == (got[-1] == "counts")
    assert got == loop(rows)


def test_what_retracts_nothing_tells_no_type_whatever_other_claims_do() -> None:
    """It says of the minister's type what no report that counts says; on another claim somebody corrects himself."""
    other = report(link("Clerk", "agency"), link("The minister", "agency"), FIRST, stance="retracts",
                   published="2025-02-01")  # fmt: skip
    here = [said("asserts", "2025-01-01"), other]
    there = [one.model_copy(update={"claim": "another"}) for one in (
        said("asserts", "2025-01-01"), said("denies", "2025-02-01"))]  # fmt: skip
    alone, together = rated(list(numbered(here)), POLICY), rated(list(numbered([*here, *there])), POLICY)
    (same,) = [one for one in together if one["claim"]["id"] == alone[0]["claim"]["id"]]
    assert same == alone[0]
    assert p_true(numbered(here), POLICY) == pytest.approx(p_true(numbered(here[:1]), POLICY), abs=1e-12)
