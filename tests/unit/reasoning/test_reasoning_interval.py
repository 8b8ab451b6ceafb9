"""Intervals: the quantiles of the rating over uncertain reliabilities, where they can be had in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from strategies import bloc, link, numbered, only, rated, report, small_policy, source_type

from reliability.reasoning.interval import dimensions, intervals
from reliability.rules.schema import SourceEntry


@pytest.mark.parametrize("n", [2.0, 6.0, 40.0])
@pytest.mark.parametrize("accuracy", [0.6, 0.75, 0.9])
def test_one_sources_interval_is_that_of_its_beta(n: float, accuracy: float) -> None:
    """γ = ½: the reading is as likely at every φ, so p = (1 + .98·f)/2 with f ~ Beta(n·φ/.98, n·(1 − φ/.98))."""
    policy = small_policy(extra_types=[source_type("mine", accuracy, n=n)])
    f = (2 * accuracy - 1) / 0.98
    low, high = (1 + 0.98 * stats.beta.ppf([0.05, 0.95], n * f, n * (1 - f))) / 2
    (record,) = rated([report(link("He", "mine"))], policy)
    assert record["rating"]["low"] == pytest.approx(low, abs=0.0101)
    assert record["rating"]["high"] == pytest.approx(high, abs=0.0101)


def test_two_contradicting_sources_against_a_grid() -> None:
    """Draws weigh by P(yes, no | f, g): (1 + f)(1 − g)/4 if it is so, (1 − f)(1 + g)/4 if not; a grid of 400 × 400."""
    policy = small_policy({"official": 0.85, "witness": 0.75}, common_error=1.0)
    u = (np.arange(400) + 0.5) / 400
    f = stats.beta.ppf(u, 6 * 0.7, 6 * 0.3)[:, None]
    g = stats.beta.ppf(u, 6 * 0.5, 6 * 0.5)[None, :]
    true, false = (1 + f) * (1 - g) / 4, (1 - f) * (1 + g) / 4
    weight, p = (true + false).ravel(), (true / (true + false)).ravel()
    order = np.argsort(p)
    reached = np.cumsum(weight[order]) / weight.sum()
    low, high = (p[order][np.searchsorted(reached, share)] for share in (0.05, 0.95))
    reports = numbered([report(link("He", "official")), report(link("She", "witness"), stance="denies")])
    (record,) = rated(reports, policy)
    assert record["rating"]["low"] == pytest.approx(low, abs=0.02)
    assert record["rating"]["high"] == pytest.approx(high, abs=0.02)
    assert record["rating"]["p"] == pytest.approx((p * weight).sum() / weight.sum(), abs=1e-3)


@pytest.mark.parametrize(("p", "n", "q", "m"), [(0.85, 6.0, 0.75, 6.0), (0.9, 4.0, 0.65, 20.0), (0.7, 10.0, 0.8, 3.0)])
def test_whose_spread_it_is_against_a_grid(p: float, n: float, q: float, m: float) -> None:
    """Sobol's first-order index, Var E[rating | one φ] over Var rating, from a grid of 400 × 400, both agreeing."""
    kinds = [source_type("mine", p, n=n), source_type("hers", q, n=m)]
    scored = only(numbered([report(link("He", "mine")), report(link("She", "hers"))]),
                  small_policy(common_error=1.0, extra_types=kinds))  # fmt: skip
    u = (np.arange(400) + 0.5) / 400
    f = stats.beta.ppf(u, n * (2 * p - 1), n * (2 - 2 * p))[:, None]
    g = stats.beta.ppf(u, m * (2 * q - 1), m * (2 - 2 * q))[None, :]
    true, false = (1 + f) * (1 + g) / 4, (1 - f) * (1 - g) / 4
    weight, rating = true + false, true / (true + false)
    mean = (rating * weight).sum() / weight.sum()
    total = ((rating - mean) ** 2 * weight).sum()
    found = intervals(scored)
    nodes, _ = dimensions(scored)
    name = {scored.coded.source_keys[int(scored.paths.a[node])]: node for node in nodes}
    for source, axis in (("he", 1), ("she", 0)):
        of_one = (rating * weight).sum(axis=axis) / weight.sum(axis=axis)
        share = ((of_one - mean) ** 2 * weight.sum(axis=axis)).sum() / total
        assert found.share[0, name[source]] == pytest.approx(share, abs=0.03)
    order = np.argsort(rating.ravel())
    reached = np.cumsum(weight.ravel()[order]) / weight.sum()
    for end, error, at in ((found.low, found.low_error, 0.05), (found.high, found.high_error, 0.95)):
        exact = rating.ravel()[order][np.searchsorted(reached, at)]
        assert abs(end[0, 0] - exact) <= 3 * error[0, 0]
        assert error[0, 0] < 0.01


def test_the_only_uncertain_source_is_all_of_the_spread() -> None:
    (record,) = rated([report(link("He", "official"), link("A", "agency"))], small_policy())
    assert record["interval"]["points"] == 256
    assert record["interval"]["shares"] == [{"source": "He", "share": 1.0}]


def test_a_better_known_source_has_less_of_the_spread() -> None:
    kinds = [source_type("mine", 0.8, n=4.0), source_type("known", 0.8, n=40.0)]
    reports = numbered([report(link("He", "mine")), report(link("She", "known"))])
    (record,) = rated(reports, small_policy(extra_types=kinds))
    first, second = record["interval"]["shares"]
    assert (first["source"], second["source"]) == ("He", "She")
    assert first["share"] > 4 * second["share"]


@pytest.mark.parametrize("accuracy", [0.5, 1.0])
def test_what_is_certain_has_no_width(accuracy: float) -> None:
    """φ = 0 is a point; so is φ = 1, where the link under the common error is clamped."""
    policy = small_policy({"official": accuracy})
    (record,) = rated([report(link("He", "official"), link("A", "agency"))], policy)
    assert record["rating"]["low"] == record["rating"]["high"] == round(record["rating"]["p"], 2)
    assert record["interval"] is None


def test_a_source_on_several_links_has_one_dimension() -> None:
    reports = numbered(report(link("a U.S. official", "anonymous"), link(f"O{i}", "agency")) for i in range(3))
    scored = only(reports, small_policy({"anonymous": 0.7}))
    nodes, dimension = dimensions(scored)
    assert len(nodes) == 4  # a crowd, three links of one official
    assert len(set(dimension[nodes].tolist())) == 2
    assert set(dimension[nodes].tolist()) == {0, 1}


def test_relays_blocs_hedges_and_the_common_error_are_points() -> None:
    policy = small_policy(blocs=[bloc("b", 0.9)], entries=[SourceEntry(name="He", bloc="b")])
    scored = only([report(link("He", "official", said="likely"), link("A", "agency"))], policy)
    nodes, _ = dimensions(scored)
    assert scored.paths.trie.n_nodes == 5
    assert len(nodes) == 1


def test_where_too_few_draws_fit_there_is_no_interval() -> None:
    """Twelve who contradict twelve, each all but sure by record: hardly any draw explains that."""
    kinds = [source_type("sure", 0.975, n=40.0)]
    policy = small_policy(common_error=1.0, extra_types=kinds)
    reports = numbered(report(link(f"V{i:02}", "sure"), stance="asserts" if i % 2 else "denies") for i in range(24))
    scored = only(reports, policy)
    found = intervals(scored)
    (record,) = rated(reports, policy)
    assert np.isnan(found.low[0, 0])
    assert record["rating"]["low"] is None
    assert record["rating"]["high"] is None
    assert "interval-unreliable" in record["flags"]


def test_better_known_sources_have_narrower_intervals() -> None:
    widths = []
    for n in (2.0, 8.0, 32.0):
        found = intervals(only([report(link("He", "mine"))], small_policy(extra_types=[source_type("mine", 0.8, n=n)])))
        widths.append(float(found.high[0, 0] - found.low[0, 0]))
    assert widths[0] > widths[1] > widths[2] > 0


def test_a_crowds_share_is_the_crowds_whoever_else_is_rated() -> None:
    """A crowd's node and a source may have one code: the names are told apart."""
    mine = numbered([report(link("@kim", "crowd"), claim="c"), report(link("She", "witness"), claim="c")])
    others = numbered([report(link(f"S{i}", "official"), claim="d") for i in range(9)], "o")
    alone = {record["claim"]["id"]: record for record in rated(mine, small_policy())}["c"]
    together = {record["claim"]["id"]: record for record in rated([*mine, *others], small_policy())}["c"]
    assert alone["interval"] == together["interval"]
    assert {one["source"] for one in alone["interval"]["shares"]} == {"@kim", "She", "crowd: crowd"}
