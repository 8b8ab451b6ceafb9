"""Laws of figures: what a figure may and may not do to the cells, the ends, and the other figures."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import link, numbered, rated, report, source_type
from unit.figures.figure_cases import IN_BLOC, UNIT, all_reports, figures_of, policy, quantity, voice
from unit.figures.figure_oracle import NINETIETH, Oracle, Said, Voice, grid_of, words

from reliability.model.report import Report
from reliability.reasoning.figure_reading import at_least
from reliability.rules.schema import SourceEntry
from reliability.scoring.figures import Figures

OPS = ("exact", "about", "at_least", "more_than", "at_most", "less_than")
FIGURES = st.sampled_from([Said(value, op, None, denied) for value in (3, 40, 300, 1_200) for op in OPS
                           for denied in (False, False, True)] + [Said(0), Said(90, "between", 200)])  # fmt: skip
KINDS = st.sampled_from(["official", "official", "witness", "poor", "official-document"])
PATHS = st.sampled_from([(), (0.97,), (0.95, 0.97)])


@st.composite
def figures(draw: st.DrawFn, at_most: int = 4, leaning: bool = True) -> list[tuple[Voice, str]]:
    names = draw(st.lists(st.sampled_from(("A1", "A2", "A3", *IN_BLOC)), min_size=1, max_size=at_most, unique=True))
    found = []
    for name in names:
        kind = draw(KINDS)
        lean = draw(st.sampled_from(("third", "own", "enemy"))) if leaning and kind != "official-document" else None
        found.append(voice(name, kind, (draw(FIGURES), draw(PATHS)), **({} if lean is None else {"bias": lean})))
    return found


def sums(reports: list[Report] | tuple[Report, ...]) -> Figures:
    return figures_of(reports, policy())[1]


@given(figures())
def test_cells_sum_to_one_and_the_bounds_are_nested(case: list[tuple[Voice, str]]) -> None:
    found = sums(all_reports(case))
    assert found.p.sum() == pytest.approx(1.0, abs=1e-9)
    assert (found.p >= 0.02 / found.grid.k - 1e-12).all(), "the common error leaves something on every cell"
    shares = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    ends = [found.grid.point(found.p, share) for share in shares]
    assert ends == sorted(ends)
    above = [at_least(found.grid, found.p, value) for value in (0, 1, 2, 10, 20.5, 300, 1_999, 5_000)]
    assert above == sorted(above, reverse=True)
    assert (above[0], above[-1]) == (1.0, 0.0)


@given(figures(at_most=3), FIGURES, KINDS)
def test_a_cells_chance_rises_iff_its_likelihood_exceeds_the_mean(
    case: list[tuple[Voice, str]], said: Said, kind: str
) -> None:
    """One more independent report: P(x) before the common error rises where L(report | x) > Σ P(y)·L(report | y)."""
    extra = voice("Z9", kind, (said, (0.97,)))
    oracle = Oracle(2_000)
    likelihood = oracle.of_group([extra[0]])
    before = (sums(all_reports(case)).p - 0.02 / oracle.k) / 0.98
    after = (sums(all_reports([*case, extra])).p - 0.02 / oracle.k) / 0.98
    mean = float(before @ likelihood)
    clear = np.abs(likelihood / mean - 1) > 1e-3
    seen = clear & (before > 1e-9)
    assert ((after > before) == (likelihood > mean))[seen].all()


@given(figures(), st.randoms(use_true_random=False))
def test_the_order_of_reports_and_repeats_change_nothing(case: list[tuple[Voice, str]], random: object) -> None:
    reports = list(all_reports(case))
    mixed = list(reports)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert (sums(mixed).p == sums(reports).p).all()
    again = [one.model_copy(update={"id": f"{one.id}-again"}) for one in reports]
    assert sums([*reports, *again]).p == pytest.approx(sums(reports).p, abs=1e-12)


@given(figures(), FIGURES, PATHS)
def test_a_source_whose_fidelity_is_zero_changes_nothing(
    case: list[tuple[Voice, str]], said: Said, path: tuple[float, ...]
) -> None:
    idle = voice("Z9", "idle", (said, path))
    before, after = sums(all_reports(case)), sums(all_reports([*case, idle]))
    assert after.p == pytest.approx(before.p, abs=1e-12)


@settings(max_examples=20)
@given(figures(at_most=3))
def test_claims_of_one_question_have_the_same_ends(case: list[tuple[Voice, str]]) -> None:
    reports = [one.model_copy(update={"claim": f"c{i}", "question": "q"}) for i, one in enumerate(all_reports(case))]
    ends = {tuple(line["quantity"][end] for end in ("low", "best", "high")) for line in rated(reports, policy())}
    assert len(ends) == 1


def spread(found: Figures) -> float:
    """The interval's width in ln x."""
    return math.log(found.grid.point(found.p, 0.95) / found.grid.point(found.p, 0.05))


def test_ten_agencies_of_one_bloc_do_not_average_their_bias_away() -> None:
    names = [f"M{i}" for i in range(10)]
    entries = dict(policy().sources.entries)
    entries |= {name.casefold(): SourceEntry(name=name, bloc="b") for name in names}
    one_state = replace(policy(), sources=replace(policy().sources, entries=entries))

    def ten(n: int) -> list[Report]:
        return list(numbered(report(link(name, "official"), quantity=quantity(300)) for name in names[:n]))

    together, apart = figures_of(ten(10), one_state)[1], figures_of(ten(10), policy())[1]
    assert len(together.children) == 1
    assert len(apart.children) == 10
    assert spread(together) > 2.5 * spread(apart)
    assert spread(together) > 0.9 * 2 * NINETIETH * math.log(2) / NINETIETH, "nine tenths of the bias alone, .5 to 2"
    assert spread(together) == pytest.approx(spread(figures_of(ten(3), one_state)[1]), rel=0.05)


def test_what_the_design_does_to_figures_that_a_worthless_source_states() -> None:
    """Why those who carry nobody guess from the prior predictive, and not from a wide blur about the truth.

    By the letter of REASONING.md every origin that does not know still states truth × a factor of up to seven. With
    φ = 0 that is a likelihood with a shape, so a worthless source would move the figure; and a hundred of φ = .02
    would pin down its magnitude to a few per cent. With the guess, φ = 0 is flat and a hundred leave it wide open.
    """
    middle, edges = grid_of(2_000)
    said, gross = Said(300, "about"), math.log(7) / NINETIETH

    def literal(phi: float, n: int) -> np.ndarray:
        told = n * np.log(phi * words(said, middle, 0.1) + (1 - phi) * words(said, middle, gross))
        p = np.exp(told - told.max())
        return p / p.sum()

    def width(p: np.ndarray) -> float:
        reached = np.cumsum(p)
        return float(np.diff(edges[np.searchsorted(reached, [0.05, 0.95])])[0])

    flat = np.full(len(middle), 1 / len(middle))
    bent = literal(0.0, 1) / flat
    assert bent.min() < 1e-3, "by the letter φ = 0 all but rules some cells out"
    assert bent.max() > 1.9, "and nearly doubles others"
    assert width(literal(0.02, 100)) < 0.3, "by the letter a hundred worthless voices know it to a seventh"

    types = {**policy().types, "worthless": source_type("worthless", 0.51)}
    rules = replace(policy(), types=dict(sorted(types.items())))

    def hundred(n: int, kind: str) -> Figures:
        reports = numbered(report(link(f"W{i:02}", kind), quantity=quantity(300, op="about")) for i in range(n))
        return figures_of(reports, rules)[1]

    k = hundred(1, "idle").grid.k
    assert hundred(1, "idle").p == pytest.approx(np.full(k, 1 / k), abs=1e-12)
    assert np.abs(hundred(1, "worthless").p * k - 1).max() < 0.3


@given(st.sampled_from(OPS), st.sampled_from((1, 20, 450)), st.sampled_from(((), (0.97,), (0.95, 0.97, 0.97))))
def test_a_relay_never_adds_to_what_it_relays(op: str, value: float, path: tuple[float, ...]) -> None:
    """Farther from the origin the likelihood is nearer to flat, cell by cell."""
    near = sums(all_reports([voice("A1", "official", (Said(value, op), path))]))
    far = sums(all_reports([voice("A1", "official", (Said(value, op), (*path, 0.95)))]))
    k = near.grid.k
    assert np.abs(far.p - 1 / k).max() <= np.abs(near.p - 1 / k).max() + 1e-12


def test_ten_outlets_quoting_one_spokesman_do_not_beat_him() -> None:
    himself = sums(all_reports([voice("A1", "official", (Said(300), ()))]))
    ten = sums(all_reports([voice("A1", "official", *[(Said(300), (0.97,))] * 10)]))
    assert spread(ten) >= spread(himself) - 1e-9
    assert ten.p == pytest.approx(himself.p, abs=1e-6)


def test_units_do_not_touch_each_other() -> None:
    things = [report(link("A1", "official"), quantity=quantity(300), claim="c", question="q")]
    others = [report(link("A1", "official"), quantity=quantity(40, unit="others"), claim="d", question="q")]
    alone, both = rated(numbered(things), policy()), rated(numbered([*things, *others]), policy())
    assert [line["claim"]["id"] for line in both] == ["c", "d"]
    assert both[0]["quantity"] == alone[0]["quantity"]
    assert both[0]["quantity"]["unit"] == UNIT
