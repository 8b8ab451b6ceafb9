"""pyAgrum, a general Bayesian-network engine, given the same network from DESIGN.md's reading, agrees with the scorer.

Source: Ducamp, Gonzales & Wuillemin (2020), aGrUM/pyAgrum: a toolbox to build models and algorithms for
probabilistic graphical models in Python.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from oracle import READ, Net, Path, net_of
from strategies import Case, cases, link, only, p_of, report, shipped

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    gum: Any = pytest.importorskip("pyagrum")

pytestmark = pytest.mark.filterwarnings("ignore")
WITHIN = 1e-8


def network(net: Net) -> tuple[Any, dict[Path, str]]:
    """The whole claim as a Bayesian network: the world and every channel."""
    found = gum.BayesNet()
    names = {path: f"n{i}" for i, path in enumerate([(), *net.nodes])}
    for name in names.values():
        found.add(gum.LabelizedVariable(name, name, net.k))
    found.cpt(names[()]).fillWith(net.prior)
    for path, node in net.nodes.items():
        found.addArc(names[path[:-1]], names[path])
        for x in range(net.k):
            row = [node.fidelity * (x == y) + (1 - node.fidelity) * node.guess[y] for y in range(net.k)]
            found.cpt(names[path])[{names[path[:-1]]: x}] = row
    return found, names


def posteriors(net: Net) -> dict[Path, list[float]]:
    bayes_net, names = network(net)
    engine = gum.LazyPropagation(bayes_net)
    read = {names[path]: net.evidence(node) for path, node in net.nodes.items() if node.reads is not None}
    engine.setEvidence(read)
    engine.makeInference()
    return {path: engine.posterior(name).tolist() for path, name in names.items()}


def said(net: Net, origin: Path, alternative: int, says: bool, small: float = 0.025) -> float:
    """P(origin asserted, or denied, the alternative), by the engine: only what came up from below the origin."""
    prior = [small, small, 1 - 2 * small]
    below = {path: node for path, node in net.nodes.items() if path[: len(origin)] == origin}
    names = {path: f"n{i}" for i, path in enumerate(below)}
    bayes_net = gum.BayesNet()
    for name in names.values():
        bayes_net.add(gum.LabelizedVariable(name, name, 3))
    bayes_net.cpt(names[origin]).fillWith(prior)
    read = {}
    for path, node in below.items():
        if path != origin:
            phi = 1.0 if path[-1][0] == "hedge" else node.fidelity
            bayes_net.addArc(names[path[:-1]], names[path])
            for x in range(3):
                row = [phi * (x == y) + (1 - phi) * prior[y] for y in range(3)]
                bayes_net.cpt(names[path])[{names[path[:-1]]: x}] = row
        if node.stated is not None and node.stated[1] == alternative:
            word = 0 if node.stated[0] else 1
            read[names[path]] = [1.0 if y == word else READ for y in range(3)]
    engine = gum.LazyPropagation(bayes_net)
    engine.setEvidence(read)
    engine.makeInference()
    return float(engine.posterior(names[origin]).tolist()[0 if says else 1])


@given(cases(k=None, max_reports=6))
def test_the_engine_gives_every_claim_and_origin_the_same_posterior(case: Case) -> None:
    scored = only(case.reports, case.policy)
    net = net_of(case.reports, case.policy, scored.k)
    assume(net.nodes)
    expected = posteriors(net)
    assert scored.p[:, 0].tolist() == pytest.approx(expected[()], abs=WITHIN)
    assert scored.apparent[:, 0].tolist() == pytest.approx(expected[("common-error",),], abs=WITHIN)


@given(cases(k=None, max_reports=4))
def test_the_engine_gives_the_same_said_so(case: Case) -> None:
    scored = only(case.reports, case.policy)
    net = net_of(case.reports, case.policy, scored.k)
    stated = {
        (next(path[:i] for i in range(len(path) + 1) if path[:i] and path[i - 1][0] == "origin"), node.stated)
        for path, node in net.nodes.items()
        if node.stated is not None
    }
    expected = sorted(said(net, origin, alternative, says) for origin, (says, alternative) in stated)
    assert sorted(scored.said.p.tolist()) == pytest.approx(expected, abs=WITHIN)


def test_the_seeds_witness_and_agency_together_by_the_engine() -> None:
    reports = [
        report(link("National Intelligence Service", "intelligence-agency"), link("ABC News", "media")),
        report(link("Ryu", "defector-testimony", "direct-quote"), link("ABC News", "media")),
    ]
    expected = posteriors(net_of(reports, replace(shipped(), priors=())))
    assert p_of(reports, shipped()).tolist() == pytest.approx(expected[()], abs=WITHIN)
    assert expected[()][0] == pytest.approx(0.9199, abs=5e-5)
