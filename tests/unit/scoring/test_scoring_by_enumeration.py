"""Brute force over the joint, on trees built from DESIGN.md alone, agrees with the scorer to 1e-9."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from oracle import Net, Path, brute_force, net_of, said_so_by_hand
from strategies import Case, cases, only

from reliability.scoring.paths import BLOC, CROWD, HEDGE, ORIGIN, RELAY
from reliability.scoring.score import Scored

WITHIN = 1e-9
MOST_STATES = 6_000


def paths_of(scored: Scored) -> list[Path]:
    """What each node of a single claim stands for, in the oracle's words."""
    coded, paths = scored.coded, scored.paths
    blocs = {one.key: (one.label if one.key[1] >= 0 else one.id) for one in scored.links.blocs}
    found: list[Path] = []
    for node in range(paths.trie.n_nodes):
        a, b, kind = int(paths.a[node]), int(paths.b[node]), int(paths.kind[node])
        match kind:
            case 0:
                step: tuple[str, ...] = ("common-error",)
            case k if k == BLOC:
                step = ("bloc", blocs[a, b - 1])
            case k if k == CROWD:
                step = ("crowd", coded.type_ids[a])
            case k if k == ORIGIN:
                step = ("origin", coded.source_keys[a], *([coded.source_keys[b - 1]] if b else []))
            case k if k == RELAY:
                step = ("relay", coded.source_keys[a])
            case k if k == HEDGE:
                step = ("hedge", coded.hedges[a], str(b // 2), str(bool(b % 2)))
            case _:
                raise AssertionError(kind)
        parent = int(paths.trie.parent[node])
        found.append((*(found[parent] if parent >= 0 else ()), step))
    return found


def small_enough(net: Net) -> bool:
    return net.k ** (len(net.nodes) + 1) <= MOST_STATES


@given(cases(k=None, max_reports=5))
def test_the_tree_is_the_one_that_the_design_describes(case: Case) -> None:
    scored = only(case.reports, case.policy)
    net = net_of(case.reports, case.policy, scored.k)
    assume(net.nodes)
    channels = scored.parameters.channels
    assert sorted(paths_of(scored)) == sorted(net.nodes)
    for node, path in enumerate(paths_of(scored)):
        expected = net.nodes[path]
        assert channels.fidelity[node] == pytest.approx(expected.fidelity, abs=1e-12), path
        assert channels.guess[:, node].tolist() == pytest.approx(expected.guess, abs=1e-12), path
        read = [math.log(x) for x in net.evidence(expected)]
        assert scored.evidence[:, node].tolist() == pytest.approx(read, abs=1e-9), path


@given(cases(k=None, max_reports=3, max_links=3))
def test_claims_and_nodes_have_the_posteriors_of_the_enumerated_joint(case: Case) -> None:
    scored = only(case.reports, case.policy)
    net = net_of(case.reports, case.policy, scored.k)
    assume(net.nodes and small_enough(net))
    expected = brute_force(net)
    assert scored.p[:, 0].tolist() == pytest.approx(expected[()], abs=WITHIN)
    for node, path in enumerate(paths_of(scored)):
        assert scored.node_p[:, node].tolist() == pytest.approx(expected[path], abs=WITHIN), path


@given(cases(k=None, max_reports=5))
def test_said_so_is_the_posterior_of_the_enumerated_three_valued_joint(case: Case) -> None:
    scored = only(case.reports, case.policy)
    net = net_of(case.reports, case.policy, scored.k)
    per_origin = [sum(path[: len(o)] == o for path in net.nodes) for o in net.nodes if o[-1][0] == "origin"]
    assume(net.nodes and max(per_origin) <= 7)
    paths, said = paths_of(scored), scored.said
    got = {
        (paths[int(said.node[i])], int(said.alternative[i]), bool(said.asserts[i])): float(said.p[i])
        for i in range(len(said.p))
    }
    assert got == pytest.approx(said_so_by_hand(net), abs=WITHIN)
