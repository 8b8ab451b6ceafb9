"""Figures at their limits: clear and finite, or a clear error."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from strategies import link, numbered, rated, report, shipped

from .figure_cases import all_reports, figures_of, policy, quantity, voice
from .figure_oracle import Said


def register(i: int = 0, **figure: Any) -> Any:
    return report(link(f"Register {i}", "official-document"), quantity={"unit": "killed", **figure})


def finite(record: dict[str, Any]) -> None:
    json.dumps(record, allow_nan=False)
    assert 0.0 <= record["rating"]["p"] <= 1.0
    found = record["quantity"]
    assert 0 <= found["low"] <= found["best"] <= found["high"]


@pytest.mark.parametrize("op", ["exact", "about", "at_least", "more_than", "at_most", "less_than"])
@pytest.mark.parametrize(("value", "unit"), [(1e18, "killed"), (1e308, "killed"), (150.0, "percent"), (1e-9, "killed"),
                                             (0.4, "percent"), (1e6, "killed"), (999_999, "killed")])  # fmt: skip
def test_a_figure_beyond_its_units_range_gives_finite_numbers(value: float, unit: str, op: str) -> None:
    (record,) = rated([register(value=value, unit=unit, op=op)], shipped())
    finite(record)


def test_a_figure_that_no_cell_explains_does_not_outweigh_one_that_some_do() -> None:
    lone = rated([register(value=300)], shipped())[0]
    both = [register(value=300), register(1, value=1e18)]
    (record,) = [one for one in rated(numbered(both), shipped()) if one["quantity"]]
    finite(record)
    assert record["quantity"]["best"] == pytest.approx(lone["quantity"]["best"], rel=0.05)


@pytest.mark.parametrize("n", [100, 500])
def test_hundreds_of_registers_that_agree_are_sure_and_finite(n: int) -> None:
    case = [voice(f"A{i:03}", "official-document", (Said(300), ())) for i in range(n)]
    _, found = figures_of(all_reports(case), policy())
    assert np.isfinite(found.p).all()
    assert found.p.sum() == pytest.approx(1.0)
    assert found.grid.point(found.p, 0.5) == pytest.approx(300, rel=0.03)
    assert np.sort(found.p)[-2:].sum() > 0.97, "300 lies near the edge between two cells"


def test_a_bloc_of_three_hundred_still_says_something() -> None:
    facts = {"group": "g"}
    shown = shipped()
    case = [report(link(f"M{i:03}", "company", **facts), quantity=quantity(300, unit="killed")) for i in range(300)]
    _, found = figures_of(numbered(case), shown)
    assert len(found.children) == 1
    assert found.grid.point(found.p, 0.5) == pytest.approx(300, rel=0.1)


def test_a_chain_of_32_links_is_read() -> None:
    said = Said(300, "about")
    _, near = figures_of(all_reports([voice("A1", "official", (said, (0.97,)))]), policy())
    _, far = figures_of(all_reports([voice("A1", "official", (said, (0.97,) * 31))]), policy())
    assert np.isfinite(far.p).all()
    assert far.p.max() < near.p.max()
    width = [math.log(one.grid.point(one.p, 0.95) / one.grid.point(one.p, 0.05)) for one in (near, far)]
    assert width[1] > width[0]


def test_each_of_sixty_origins_is_left_out_in_turn() -> None:
    """No timed assert, but what grows with the cube of the origins would not come back soon."""
    (record,) = rated(numbered(register(i, value=300 + i) for i in range(60)), shipped())
    finite(record)
    assert len(record["without"]) == 60
