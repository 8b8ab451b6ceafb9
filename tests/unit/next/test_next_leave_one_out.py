"""Leave-one-out in records is re-rating what is left, to the four digits of the records; for figures too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, cases, link, numbered, only, rated, report, shipped

from reliability.model.report import Report
from reliability.reasoning.account import Account
from reliability.rules.policy import Policy
from reliability.scoring.paths import ORIGIN, RELAY


@pytest.fixture(scope="module", autouse=True)
def few_draws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reliability.reasoning.interval.MANY", 256)
        yield


def parts_of(reports: tuple[Report, ...], policy: Policy) -> list[tuple[str, str, tuple[Report, ...], bool]]:
    """(kind, label, what is left without it, whether that is the same trie with a part less) of every node left out."""
    scored = only(reports, policy)
    account, paths = Account.of(scored, policy, with_intervals=False), scored.paths
    found = []
    for node in account.nodes_of[0].tolist():
        top = paths.trie.parent[node] == account.nodes_of[0][0]
        inner = paths.kind[node] == ORIGIN or (paths.kind[node] == RELAY and not account.outlet[node])
        if not (top or inner) or paths.trie.parent[node] < 0:
            continue
        below = (paths.slot_node == node).any(axis=0)
        left = tuple(scored.reports[row] for row in paths.reports[~below])
        said = {scored.reports[row].stance for row in paths.reports[below]}
        found.append(
            (account.kind(node), account.labels[node], left, paths.kind[node] != RELAY or _alike(reports, said))
        )
    return found


def _alike(reports: tuple[Report, ...], said: set[str]) -> bool:
    """Whether nobody's latest words can change when some are left out."""
    return {one.stance for one in reports} == said


@settings(max_examples=25)
@given(cases(max_reports=5))
def test_without_is_rerating_the_rest(case: Case) -> None:
    (record,) = rated(case.reports, case.policy)
    parts = parts_of(case.reports, case.policy)
    assert sorted((one["kind"], one["label"]) for one in record["without"]) == sorted(part[:2] for part in parts)
    for kind, label, left, same in parts:
        if not left or not same or case.policy.priors:
            continue
        (again,) = rated(left, case.policy)
        p = [one["p"] for one in record["without"] if (one["kind"], one["label"]) == (kind, label)]
        assert again["rating"]["p"] in p


def ministry(i: int, value: float, **more: Any) -> Report:
    return report(link(f"Ministry {i}", "government"), link(f"Paper {i}", "media"),
                  quantity={"value": value, "op": "about", "unit": "killed"}, **more)  # fmt: skip


@settings(max_examples=15)
@given(st.lists(st.sampled_from((30, 300, 320, 4_000)), min_size=2, max_size=4))
def test_a_figures_without_is_rerating_the_rest(values: list[float]) -> None:
    reports = numbered(ministry(i, value) for i, value in enumerate(values))
    (record,) = rated(reports, shipped())
    for i, one in enumerate(record["without"]):
        left = [r for r in reports if r.provenance[0].source != one["label"]]
        assert len(left) == len(reports) - 1
        if i == 0:
            continue  # the claim's own figure is its earliest report's, and changes with it
        (again,) = rated(left, shipped())
        assert one["p"] == again["rating"]["p"]
        assert one["weight_db"] == again["rating"]["weight_db"]


def test_each_part_of_a_bloc_a_crowd_and_a_chain_is_left_out_once() -> None:
    """Two of one state in a bloc, two anonymous officials in a crowd, a relay that is no outlet."""
    reports = numbered([
        report(link("FSB", "intelligence-agency"), link("Yonhap", "wire-agency"), link("ABC", "media")),
        report(link("Kremlin", "government"), link("ABC", "media")),
        report(link("a U.S. official", "anonymous-official"), link("ABC", "media")),
        report(link("a U.S. official", "anonymous-official"), link("CNN", "media")),
    ])  # fmt: skip
    (record,) = rated(reports, shipped())
    kinds = [one["kind"] for one in record["without"]]
    assert kinds.count("relay") == 1
    assert {"origin", "crowd"} <= set(kinds)
    assert kinds.count("outlet") == 0
    by_label = {one["label"]: one["p"] for one in record["without"]}
    drop = {"Yonhap": [0], "crowd: anonymous-official": [2, 3]}
    for label, gone in drop.items():
        (again,) = rated([one for i, one in enumerate(reports) if i not in gone], shipped())
        assert by_label[label] == again["rating"]["p"], label
    assert np.isfinite(list(by_label.values())).all()
