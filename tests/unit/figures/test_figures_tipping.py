"""How often a source would have to know a figure: the lever against other sums, and re-rating at the tipping point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from strategies import link, numbered, rated, report

from reliability.model.report import Report
from reliability.rules.policy import Policy

from .figure_cases import figures_of, policy, quantity

SAID = [("O1", "official", 300.0, "about"), ("B1", "official", 280.0, "exact"), ("B2", "witness", 500.0, "at_least"),
        ("W", "witness", 320.0, "exact"), ("Z", "official", 0.0, "exact"), ("C", "crowd", 300.0, "about")]  # fmt: skip


def told(*names: str) -> tuple[Report, ...]:
    """Each source through an outlet; the first one through two, one after the other."""
    found = []
    for name, kind, value, op in SAID:
        if not names or name in names:
            chain = [link(name, kind), *([link("Relay", "official")] if name == "O1" else []), link("Out", "official")]
            found.append(report(*chain, claim=name, question="q", text=name, quantity=quantity(value, op)))
    return numbered(found)


@pytest.mark.parametrize("name", [name for name, *_ in SAID])
@pytest.mark.parametrize("knows", [0.0, 0.3, 0.77, 1.0])
def test_a_lever_is_the_sum_with_another_blur(name: str, knows: float) -> None:
    """The parts' sum against the tree summed afresh with that φ_q, which brute force checks elsewhere."""
    tree, _ = figures_of(told(), policy())
    (node,) = [n for n in tree.blurs if tree.scored.paths.trie.unit[n] == 0 and _name(tree, n) == name]
    _, afresh = figures_of(told(), policy(), knowing={node: knows})
    np.testing.assert_allclose(tree.lever(node).p(np.array([knows]))[0], afresh.p, rtol=1e-9, atol=1e-15)
    if name != "C":
        np.testing.assert_allclose(tree.p_knowing([node], knows), afresh.p, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("knows", [0.0, 0.3, 0.77, 1.0])
def test_a_lever_in_a_crowd_moves_the_crowd_too(knows: float) -> None:
    """Against a crowd type whose two links of √φ have that fidelity each."""
    again = _with_type("crowd", knows**2)
    tree, _ = figures_of(told("O1", "C"), policy())
    (node,) = [n for n in tree.blurs if _name(tree, n) == "C"]
    _, afresh = figures_of(told("O1", "C"), again)
    common = again.constants["common-error"]
    moved = tree.lever(node).p_with_crowd(np.array([np.sqrt(min(knows**2 / common, 1.0))]))[0]
    np.testing.assert_allclose(moved, afresh.p, rtol=1e-9, atol=1e-15)


def _name(tree: Any, node: int) -> str:
    coded = tree.scored.coded
    return str(coded.source_labels[int(tree.scored.paths.a[node])]).upper()


def knowing(share: float) -> Policy:
    """The policy in which those who carry others know a figure so often."""
    made = policy()
    numbers = tuple(
        rule.model_copy(update={"effect": (rule.effect[0].model_copy(update={"value": share}),)})
        if rule.id == "figure-knows" else rule
        for rule in made.numbers
    )  # fmt: skip
    return replace(made, numbers=numbers)


def test_a_lone_source_tips_where_re_rating_with_that_share_gives_the_edge() -> None:
    (record,) = rated(told("O1"), policy())
    (point,) = record["tipping_points"]
    assert point["r_now"] == 0.95
    assert point["words"]
    for one in point["words"]:
        (again,) = rated(told("O1"), knowing(one["r"]))
        assert again["rating"]["p"] == pytest.approx(one["p"], abs=2e-4)


def test_a_source_in_two_outlets_tips_on_both_links() -> None:
    """An anonymous official stands apart in each outlet; what the record names is where re-rating gives the edge."""
    reports = numbered(
        report(link("an official", "anonymous"), link(outlet, "official"), claim="c", quantity=quantity(300.0))
        for outlet in ("P", "Q")
    )  # fmt: skip
    made = _with_type("anonymous", 0.6)
    (record,) = rated(reports, made)
    (point,) = record["tipping_points"]
    assert point["words"]
    for one in point["words"]:
        (again,) = rated(reports, _with_type("anonymous", one["r"]))
        assert again["rating"]["p"] == pytest.approx(one["p"], abs=2e-4)


def _with_type(name: str, phi: float) -> Policy:
    made = policy()
    old = made.types[name]
    effect = old.effect[0].model_copy(update={"p": (1.0 + phi) / 2.0})
    return replace(made, types={**made.types, name: old.model_copy(update={"effect": (effect,)})})


def test_one_who_can_change_nothing_has_no_tipping_point() -> None:
    """Against seven that agree, what one witness more knows of it is no matter."""
    reports = [report(link(f"O{i}", "official"), link("Out", "official"), claim="c", text="c", quantity=quantity(300.0))
               for i in range(7)]  # fmt: skip
    reports.append(report(link("W", "witness"), link("Out", "official"), claim="c", text="c", quantity=quantity(300.0)))
    (record,) = rated(numbered(reports), policy())
    (point,) = [one for one in record["tipping_points"] if one["source"] == "W"]
    assert point["r_at_50"] is None
    assert point["words"] == []


def test_a_figure_of_which_only_a_silence_tells_is_rated_and_has_a_lever_that_moves_nothing() -> None:
    silent = report(link("O1", "official"), link("Out", "official"), claim="a", text="a", stance="silent",
                    quantity=quantity(300.0))  # fmt: skip
    reports = numbered([silent])
    (record,) = rated(reports, policy())
    assert record["flags"].count("no-standing-report") == 1
    tree, alone = figures_of(reports, policy())
    (node,) = tree.blurs
    for found in tree.lever(node).p(np.array([0.0, 0.5, 1.0])):
        np.testing.assert_allclose(found, alone.p, rtol=1e-9)
