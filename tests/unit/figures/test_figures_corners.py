"""Corners of figures: words that hedge them, a between of one number, values below one, whose figure a claim has."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from strategies import link, numbered, rated, report, shipped

from reliability.errors import ScoringError
from reliability.model.report import Report
from reliability.scoring.families import families
from reliability.scoring.grid import grid_to

from .figure_cases import RANGE, all_reports, figures_of, policy, quantity, voice
from .figure_oracle import Oracle, Said, grid_of

WITHIN = 1e-4
SAID = Said(300, "about")


def chance_before(low: float, high: float) -> float:
    """How likely a figure between two values is before any report: each cell alike, and a part of one by its length."""
    _, edges = grid_of(RANGE)
    a, b = math.log(low), math.log(high)
    share = [max(0.0, min(end, b) - max(begin, a)) / (end - begin) for begin, end in itertools.pairwise(edges)]
    return math.fsum(share) / len(edges)


def through(outlet: str, said: str | None, told: str | None) -> Report:
    """A1 says about 300, in words that hedge it or not, and an outlet tells it, in such words or not."""
    return report(link("A1", "official", "paraphrase", said=said), link(outlet, "agency", said=told),
                  quantity=quantity(300, "about"))  # fmt: skip


@pytest.mark.parametrize(("word", "h"), [("likely", 0.675), ("possibly", 0.5), ("certain", 1.0)])
@pytest.mark.parametrize("by", ["origin", "outlet"])
def test_a_hedge_passes_a_figure_on_by_as_much_as_its_words_make_it_likelier(word: str, h: float, by: str) -> None:
    """(h − π)/(1 − π), π the chance before any report that the figure is right within ×1.5."""
    before = chance_before(200, 450)
    kept = (h - before) / (1 - before)
    said, told = (word, None) if by == "origin" else (None, word)
    _, found = figures_of(numbered([through("O", said, told)]), policy())
    (expected, _) = voice("A1", "official", (SAID, (kept, 0.97)))
    assert np.abs(found.p - Oracle(RANGE).posterior([expected])).max() < WITHIN


def test_a_figure_said_to_be_impossible_tells_nothing() -> None:
    _, found = figures_of(numbered([through("O", "impossible", None)]), policy())
    assert found.p == pytest.approx(np.full(found.grid.k, 1 / found.grid.k), abs=1e-12)


@pytest.mark.parametrize("value", [0.4, 0.8, 1.2])
@pytest.mark.parametrize("denied", [False, True])
def test_an_exact_number_covers_half_of_itself_at_least(value: float, denied: bool) -> None:
    """From [S − ½, S + ½], but from S/2 where that is more: half a per cent is not none."""
    case = [voice("A1", "official", (Said(value, denied=denied), (0.97,)))]
    _, found = figures_of(all_reports(case), policy())
    assert np.abs(found.p - Oracle(RANGE).posterior([one for one, _ in case])).max() < WITHIN


def test_between_is_right_from_its_lower_end_to_its_upper_one_within_half_as_much_again() -> None:
    said = Said(300, "between", 600)
    (record,) = rated(all_reports([voice("A1", "official", (said, (0.97,)))]), policy())
    oracle = Oracle(RANGE)
    p = oracle.posterior([voice("A1", "official", (said, (0.97,)))[0]])
    assert record["quantity"]["p_as_stated"] == pytest.approx(oracle.within(p, 200, 900), abs=1e-4)


def test_where_no_rule_says_how_a_source_leans_it_is_as_a_third_party() -> None:
    case = [voice("A1", "official", (SAID, (0.97,)))]
    _, found = figures_of(all_reports(case), replace(policy(), biases=()))
    assert np.abs(found.p - Oracle(RANGE).posterior([one for one, _ in case])).max() < WITHIN


@pytest.mark.parametrize("value", [0.4, 1, 7, 300])
def test_between_a_number_and_itself_is_that_number(value: float) -> None:
    _, found = figures_of(all_reports([voice("A1", "official", (Said(value, "between", value), (0.97,)))]), policy())
    (exact, _) = voice("A1", "official", (Said(value), (0.97,)))
    assert np.abs(found.p - Oracle(RANGE).posterior([exact])).max() < WITHIN


@pytest.mark.parametrize("denied", [False, True])
def test_between_none_and_some_is_any_number_up_to_that(denied: bool) -> None:
    case = [voice("A1", "official", (Said(0, "between", 5, denied), (0.97,)))]
    _, found = figures_of(all_reports(case), policy())
    assert np.abs(found.p - Oracle(RANGE).posterior([one for one, _ in case])).max() < WITHIN


def test_less_than_one_is_not_none() -> None:
    """Cell 1 is from one half to three halves, by its length in ln x."""
    grid = grid_to(RANGE)
    for low, high in ((0.5, 0.75), (0.6, 1.0), (0.9, 1.2)):
        share = grid.overlap(low, high)
        assert share[1] == pytest.approx(math.log(high / low) / math.log(3), abs=1e-12)
        assert share.sum() == share[1]
    from_none = grid.overlap(0.0, 0.75)
    assert from_none[:2].tolist() == pytest.approx([1.0, math.log(1.5) / math.log(3)], abs=1e-12)
    assert grid.overlap(0.0, 0.0).tolist() == [1.0] + [0.0] * (grid.k - 1)
    assert not grid.overlap(3.0, 2.0).any()


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2024", "b"), ("2024-06", "a"), 300), (("2024-06", "a"), ("2024", "b"), 40),
        ((None, "b"), ("0001", "a"), 300), (("2024", "a"), ("2024", "b"), 300), (("2024", "b"), ("2024", "a"), 40),
    ],
)  # fmt: skip
def test_a_claims_figure_is_that_of_its_earliest_report(first: Any, second: Any, expected: float) -> None:
    """Earliest by where its date begins, the undated before all, ties by id."""
    stated = [report(link("A1", "official"), key=key, published=date, quantity=quantity(value))
              for (date, key), value in ((first, 300), (second, 40))]  # fmt: skip
    for reports in (stated, stated[::-1]):
        without = report(link("A2", "official"), key="z")
        family = families([*reports, without], policy())[-1]
        assert family is not None
        assert family.quantity.value == expected


@pytest.mark.parametrize("range_", [0.0, 1.0, 20.0, 20.5])
def test_a_range_within_the_integers_is_refused(range_: float) -> None:
    with pytest.raises(ScoringError, match="21 or more"):
        grid_to(range_)
    assert math.exp(grid_to(21.0).edges[-1]) == pytest.approx(21.0)


def test_without_one_member_of_a_bloc_the_others_still_speak() -> None:
    """Two of a bloc, and one outside: to leave an origin out is to sum the rest, and the bloc stays for the other."""
    case = [voice("B1", "official", (Said(300), (0.97,))), voice("B2", "witness", (Said(40), (0.97,))),
            voice("A1", "official", (Said(7), (0.97,)))]  # fmt: skip
    tree, _ = figures_of(all_reports(case), policy())
    names, rows = tree.scored.coded.source_keys, tree.scored.links.source
    for node in tree.blurs:
        left_out = names[int(rows[tree.scored.parameters.origin_row[node]])]
        rest = [one for one, _ in case if one.name.lower() != left_out]
        assert len(rest) == 2
        assert np.abs(tree.without(node).p - Oracle(RANGE).posterior(rest)).max() < WITHIN, left_out


def test_between_none_and_some_is_right_up_to_half_as_much_again() -> None:
    """From value/1.5 to high·1.5: before any report the cells up to 7.5 of some two hundred and fifty."""

    def stated(low: float) -> float:
        figure = {"value": low, "op": "between", "high": 5, "unit": "killed"}
        (record,) = rated([report(link("R", "official-document"), quantity=figure)], shipped())
        return float(record["waterfall"][0]["p_after"])

    assert stated(1) < stated(0) < 0.1


def test_between_none_and_none_is_none() -> None:
    def rate_of(**figure: Any) -> dict[str, Any]:
        (record,) = rated([report(link("R", "official-document"), quantity={"unit": "killed", **figure})], shipped())
        return record

    said, none = rate_of(value=0, op="between", high=0), rate_of(value=0)
    for field in ("low", "best", "high", "p_as_stated"):
        assert said["quantity"][field] == none["quantity"][field]
    assert none["quantity"]["best"] == 0
