"""Figures as records have them: the seed's by hand, words, the flags, the families, zero, and what can't be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from strategies import link, numbered, p_true, rated, report, shipped

from reliability.model.report import Quantity
from reliability.reasoning.figure_reading import at_least
from reliability.reasoning.sentences import people
from reliability.scoring.grid import grid_to

from .figure_cases import RANGE, all_reports, figures_of, policy, quantity, voice
from .figure_oracle import Oracle, Said, grid_of

NIS = link("National Intelligence Service", "intelligence-agency", "paraphrase")
OUTLET = link("ABC News", "media")


def one(*chain: Any, **figure: Any) -> dict[str, Any]:
    (record,) = rated([report(*chain, quantity=figure)], shipped())
    return record


def ends(record: dict[str, Any]) -> tuple[int, int, int]:
    found = record["quantity"]
    return found["low"], found["best"], found["high"]


@pytest.mark.parametrize(
    ("figure", "by_hand", "p"),
    [({"value": 300, "op": "about", "unit": "killed", "party": "third"}, (131, 302, 803), 0.60),
     ({"value": 2700, "op": "more_than", "unit": "wounded", "party": "third"}, (1230, 3070, 7700), 0.57)],
)  # fmt: skip
def test_the_seeds_figures_are_those_worked_out_by_hand(figure: dict[str, Any], by_hand: Any, p: float) -> None:
    record = one(NIS, OUTLET, **figure)
    assert ends(record) == pytest.approx(by_hand, rel=0.03)
    assert record["rating"]["p"] == record["quantity"]["p_as_stated"] == pytest.approx(p, rel=0.03)
    assert (record["quantity"]["stated"], record["quantity"]["op"]) == (figure["value"], figure["op"])
    assert record["rating"]["icd203"] == "likely"
    low, best, high = ends(record)
    assert record["quantity"]["within"] == 1.5
    assert low < best < high


def test_the_seeds_figures_by_the_oracle_too() -> None:
    """The shipped policy's million, not only the tests' small range."""
    record = one(NIS, OUTLET, value=300, op="about", unit="killed")
    oracle = Oracle(1e6)
    p = oracle.posterior([voice("NIS", "official", (Said(300, "about"), (0.97,)))[0]])
    assert ends(record) == tuple(round(oracle.point(p, share)) for share in (0.05, 0.5, 0.95))
    assert record["rating"]["p"] == pytest.approx(oracle.within(p, 200, 450), abs=1e-4)


def test_the_grid_is_zero_the_integers_and_equal_steps_of_at_most_a_twentieth() -> None:
    for range_ in (21.0, 100.0, 2_000.0, 1e6, 8e9):
        grid, (middle, edges) = grid_to(range_), grid_of(range_)
        assert grid.middle == pytest.approx(middle)
        assert grid.edges == pytest.approx(edges)
        steps = np.diff(grid.edges)[20:]
        assert steps.max() <= 0.05 + 1e-9
        assert np.ptp(steps) < 1e-9
        assert math.exp(grid.edges[-1]) == pytest.approx(range_)


@pytest.mark.parametrize("figure", [
    {"value": 300, "op": "about"}, {"value": 5_000, "op": "exact"}, {"value": 1_000, "op": "at_least"},
    {"value": 900, "op": "between", "high": 2_000}, {"value": 20_000, "op": "less_than"},
])  # fmt: skip
@pytest.mark.parametrize("n", [1, 2])
def test_a_finer_grid_moves_the_ends_by_less_than_a_cell(figure: dict[str, Any], n: int) -> None:
    """For figures well above the integers, whose cells don't get finer, so that their share of the prior falls."""
    said = {"unit": "killed", **figure}
    case = [report(NIS, OUTLET, quantity=said), report(link("Ministry", "government"), OUTLET, quantity=said)]
    coarse, fine = (figures_of(numbered(case[:n]), shipped(), step)[1] for step in (0.05, 0.01))
    for share in (0.05, 0.5, 0.95):
        a, b = (found.grid.point(found.p, share) for found in (coarse, fine))
        assert abs(math.log(a / b)) < 0.05, share


def test_two_registers_agree_within_their_rounding_and_300_against_3000_do_not() -> None:
    def lines(a: float, b: float) -> list[dict[str, Any]]:
        pair = [report(link(f"Register {name}", "official-document", "document"), claim=name, question="dead",
                       quantity=quantity(value, unit="killed")) for name, value in (("a", a), ("b", b))]  # fmt: skip
        return rated(numbered(pair), shipped())

    agree, differ = lines(6301, 6438), lines(300, 3000)
    assert [line["claim"]["id"] for line in agree] == ["a", "b"]
    assert all(line["rating"]["p"] > 0.95 and "contested" not in line["flags"] for line in agree)
    assert all(line["rating"]["p"] < 0.5 and "contested" in line["flags"] for line in differ)
    for pair in (agree, differ):
        assert ends(pair[0]) == ends(pair[1])
        assert {line["claim"]["question"] for line in pair} == {"dead"}
    values, chances = np.array(differ[0]["quantity"]["density"]).T
    near = [chances[abs(np.log(values / mode)) < 0.3].max() for mode in (300, 3000)]
    between = chances[abs(np.log(values / 1000)) < 0.3].max()
    assert min(near) > 5 * between, "both modes are in the picture"


def test_killed_is_not_wounded_and_synonyms_are_one_unit() -> None:
    def with_units(*units: str) -> list[dict[str, Any]]:
        return rated(numbered(report(link(f"R{i}", "official-document"), claim=f"c{i}", question="q",
                                     quantity=quantity(300 * (i + 1), unit=unit)) for i, unit in enumerate(units)),
                     shipped())  # fmt: skip

    killed, wounded = with_units("killed", "wounded")
    alone = one(link("R0", "official-document"), value=300, unit="killed")
    assert ends(killed) == ends(alone)
    assert killed["rating"]["p"] == alone["rating"]["p"]
    assert wounded["counts"]["origins"] == 1
    killed, dead = with_units("killed", "dead")
    assert ends(killed) == ends(dead) != ends(alone)
    percent, points = with_units("percent", "percentage points")
    assert percent["quantity"]["best"] < points["quantity"]["best"]


def test_no_is_a_cell_of_its_own() -> None:
    none = one(link("Register", "official-document"), value=0, unit="killed")
    k = grid_to(1e6).k
    stated = 0.95 + 0.05 / k
    apparent = stated / (stated + (k - 1) * 0.05 / k)
    assert none["rating"]["p"] == pytest.approx(0.98 * apparent + 0.02 / k, abs=1e-4)
    assert ends(none)[:2] == (0, 0)
    some = one(link("Register", "official-document"), value=5, unit="killed")
    assert some["quantity"]["low"] > 0


def test_more_than_none_is_not_none() -> None:
    record = one(link("Register", "official-document"), value=0, op="more_than", unit="killed")
    assert record["rating"]["p"] > 0.9


def test_at_least_none_says_nothing_and_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0 is always so"):
        one(link("Register", "official-document"), value=0, op="at_least", unit="killed")


def test_a_denied_figure_is_less_likely_than_unspoken() -> None:
    (denied,) = rated([report(link("R", "official-document"), stance="denies", quantity=quantity(300, unit="killed",
                                                                                                 op="about"))],
                      shipped())  # fmt: skip
    prior = denied["waterfall"][0]["p_after"]
    assert denied["rating"]["p"] < prior
    assert denied["waterfall"][1]["db"] < 0


def test_a_negative_figure_and_one_without_a_unit_are_no_quantities() -> None:
    for bad in ({"value": -1, "unit": "killed"}, {"value": 3}, {"value": 3, "unit": " "}, {"value": float("inf"),
                "unit": "killed"}, {"value": float("nan"), "unit": "killed"}, {"value": 3, "op": "between",
                "unit": "killed"}, {"value": 3, "op": "between", "high": 2, "unit": "killed"}):  # fmt: skip
        with pytest.raises(ValidationError):
            Quantity.model_validate(bad)


def test_an_unknown_unit_is_rated_as_true_or_false() -> None:
    record = one(link("Register", "official-document"), value=30, unit="bandits")
    assert "unit-without-range" in record["flags"]
    assert record["quantity"] is None
    bare = report(link("Register", "official-document"))
    assert record["rating"]["p"] == pytest.approx(p_true([bare], shipped()), abs=5e-5)
    assert record["rating"]["low"] is not None


def test_the_chance_of_at_least_counts_a_cut_cell_by_its_part() -> None:
    case = all_reports([voice("A1", "official", (Said(300), ()))])
    _, found = figures_of(case, policy())
    oracle = Oracle(RANGE)
    for value in (0.7, 1, 20, 21, 299.5, 311, 1999):
        assert at_least(found.grid, found.p, value) == pytest.approx(oracle.within(found.p, value, RANGE), abs=1e-9)
    assert at_least(found.grid, found.p, 0) == 1.0
    assert at_least(found.grid, found.p, RANGE * 2) == 0.0


def test_people_read_two_significant_digits() -> None:
    assert [people(value) for value in (0, 7, 131, 302, 7715, 1_234_567)] == ["0", "7", "130", "300", "7,700",
                                                                             "1,200,000"]  # fmt: skip


def test_the_bias_of_a_side_has_the_sign_that_was_measured() -> None:
    """Own dead are understated, the enemy's overstated; a third party leans neither way."""
    best = {party: one(link("Ministry", "military"), value=300, unit="killed", party=party)["quantity"]["best"]
            for party in ("own", "third", "enemy")}  # fmt: skip
    assert best["enemy"] < 200 < best["third"] < 400 < best["own"]


def test_numbers_resting_on_judgement_are_said_to() -> None:
    """φ_q, spread and a third party's bias are grade D: none of the weight is measured."""
    record = one(NIS, OUTLET, value=300, op="about", unit="killed")
    assert record["rating"]["elicited_share"] > 0.5
    assert record["rating"]["analytic_confidence"]["basis"] == "low"


def test_a_report_without_a_figure_speaks_of_the_claims() -> None:
    """It states the claim's figure, leans by its party, and shares its bloc's bias."""
    for party in (None, "third", "own", "enemy"):
        said = quantity(300, op="about", **({} if party is None else {"party": party}))
        both = [report(link("B1", "official"), quantity=said), report(link("B2", "official"), quantity=said)]
        bare = [both[0], report(link("B2", "official"))]
        full, left = (figures_of(numbered(case), policy())[1].p for case in (both, bare))
        assert left == pytest.approx(full, abs=1e-9), party
