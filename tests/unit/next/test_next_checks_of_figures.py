"""Next checks of figures: outcomes average to the rating, and each is what rating it would give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from strategies import link, numbered, rated, report, shipped
from unit.figures.figure_cases import figures_of, policy, quantity

from reliability.model.report import Quantity, Report
from reliability.reasoning.figure_checks import blur_of_type
from reliability.rules.policy import Policy
from reliability.scoring.blurs import Blur, statements
from reliability.scoring.figure_words import Words
from reliability.scoring.grid import grid_to

pytestmark = pytest.mark.usefixtures("few_draws")


def told(kind: str, *more: Report, value: float = 300.0) -> tuple[Report, ...]:
    first = report(link("He", kind, "paraphrase"), link("Out", "agency"), quantity=quantity(value, "about"))
    return numbered([first, *more])


def stated(kind: str, value: float) -> Report:
    return report(link("New", kind), quantity=quantity(value, party="third"))


def event_of(value: float, rules: Policy) -> Words:
    return Words.of(Quantity(value=value, op="about", unit="things"), rules)


@pytest.mark.parametrize("kind", ["official", "witness", "poor", "register"])
def test_every_row_of_what_may_be_stated_is_a_distribution(kind: str) -> None:
    rules = policy()
    found = statements(grid_to(2_000.0), blur_of_type(rules, kind), 0.1, np.log(7) / 1.645)
    assert np.allclose(found.sum(axis=1), 1.0)
    assert (found >= 0.0).all()


@pytest.mark.parametrize("kind", ["official", "witness"])
@pytest.mark.parametrize("value", [60.0, 300.0, 900.0])
def test_a_new_origins_outcome_is_rating_its_figure(kind: str, value: float) -> None:
    """The posterior after a cell's statement is that of a new report with the figure in the cell's middle."""
    rules = policy()
    tree, figures = figures_of(told("official"), rules)
    grid, words = tree.grid, event_of(300.0, rules)
    table = statements(grid, blur_of_type(rules, kind), tree.sayings.spread, tree.sayings.gross)
    cell = int(np.argmax(grid.overlap(value, value * 1.0001)))
    joint = figures.so_far[-1] * table[:, cell]
    event = tree.event(words)
    after = figures.common_error * float(event @ joint) / joint.sum() + (1 - figures.common_error) * event.mean()
    middle = float(np.exp(grid.middle[cell - 1]))
    more_tree, more = figures_of(told("official", stated(kind, middle)), rules)
    assert after == pytest.approx(float(more_tree.event(words) @ more.p), abs=0.02)


@pytest.mark.parametrize("kind", ["official", "witness"])
def test_a_confirmed_statement_is_that_of_a_report_without_a_relay(kind: str) -> None:
    rules = policy()
    tree, figures = figures_of(told(kind), rules)
    (origin,) = tree.blurs
    outcomes = tree.settled(origin)
    assert sum(chance for _, chance in outcomes) == pytest.approx(1.0)
    words = event_of(300.0, rules)
    said, other = (float(tree.event(words) @ cells) for cells, _ in outcomes)
    direct_tree, direct = figures_of(numbered([report(link("He", kind), quantity=quantity(300.0, "about"))]), rules)
    assert said == pytest.approx(float(direct_tree.event(words) @ direct.p), abs=1e-9)
    mean = outcomes[0][1] * said + outcomes[1][1] * other
    assert mean == pytest.approx(float(tree.event(words) @ figures.p), abs=1e-6)


def checks(*reports: Report) -> dict[str, dict[str, Any]]:
    (record, *_) = rated(numbered(reports), shipped())
    return {row["check"]: row for row in record["next_checks"]}


def killed(kind: str, name: str = "He", **facts: Any) -> Report:
    figure = {"value": 300, "op": "about", "unit": "killed", "party": "third"}
    return report(link(name, kind, "paraphrase", **facts), link("ABC", "media"), quantity=figure)


def test_a_figures_checks_are_those_of_any_claim() -> None:
    found = checks(killed("eyewitness"))
    assert found["an independent origin of type official-document"]["bits"] > 0.3
    assert any(check.startswith("confirm with He what ABC") for check in found)
    assert any(check.startswith("settle for He") for check in found)


def test_a_second_look_tells_less_than_the_first() -> None:
    one = checks(killed("official-document"))
    two = checks(killed("official-document"), killed("court-record", "They"))
    check = "an independent origin of type official-document"
    assert two[check]["bits"] < one[check]["bits"]


def test_settling_where_the_fidelity_of_a_figure_is_set_by_rule_tells_nothing() -> None:
    """An agency's φ_q is .95 whatever is found out about its access."""
    assert not [check for check in checks(killed("intelligence-agency")) if check.startswith("settle")]


def test_what_an_idle_type_states_tells_nothing() -> None:
    rules = policy()
    idle = blur_of_type(rules, "idle")
    assert idle == Blur(0.0, 0.5, 2.0, 0, False)
    table = statements(grid_to(2_000.0), idle, 0.1, np.log(7) / 1.645)
    assert np.abs(table - table[0]).max() < 1e-12
