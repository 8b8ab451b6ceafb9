"""What the scorer is measured against: INDRA's way, object by object, and a general Bayesian-network engine."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .made import COMMON_ERROR, Made

RANDOM, SYSTEMATIC = 0.3, 0.05


@dataclass(frozen=True, eq=False)
class Evidence:
    """As much of an INDRA Evidence as its belief needs."""

    source_api: str
    epistemics: Mapping[str, bool]


def evidence_of(data: Made) -> list[list[Evidence]]:
    """The evidence objects of every claim, as they would stand in memory; a report's source is its origin."""
    found: list[list[Evidence]] = [[] for _ in range(data.n_claims)]
    columns = (data.claim.tolist(), data.path[0].tolist(), data.stance.tolist())
    for claim, origin, stance in zip(*columns, strict=True):
        found[claim].append(Evidence(f"s{origin}", {"negated": stance < 0}))
    return found


def error_rates(data: Made) -> dict[str, dict[str, float]]:
    names = [f"s{key}" for key in range(len(data.fidelity))]
    return {"syst": dict.fromkeys(names, SYSTEMATIC), "rand": dict.fromkeys(names, RANDOM)}


def belief(statement: Sequence[Evidence], probs: Mapping[str, Mapping[str, float]]) -> float:
    """1 − Π(syst + randⁿ) over sources, for and against: INDRA's SimpleScorer step by step, NumPy calls included.

    Source: indra/belief/__init__.py, `SimpleScorer.score_evidence_list` (INDRA, BSD 2-clause), written anew.
    """

    def one_side(evidence: Sequence[Evidence]) -> float:
        if not evidence:
            return 0.0
        sources = np.unique([one.source_api for one in evidence])
        random: dict[Any, list[float]] = {source: [] for source in sources}
        for one in evidence:
            random[one.source_api].append(probs["rand"][one.source_api])
        wrong = 1.0
        for source in sources:
            wrong *= probs["syst"][source] + np.prod(random[source])
        return 1.0 - wrong

    evidence = set(statement)
    against = one_side([one for one in evidence if one.epistemics.get("negated")])
    return one_side([one for one in evidence if not one.epistemics.get("negated")]) * (1.0 - against)


def lean_belief(statement: Sequence[Evidence], probs: Mapping[str, Mapping[str, float]]) -> float:
    """The same number by the shortest Python that we know: counts in a dict, no NumPy."""
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for one in statement:
        side = counts[one.epistemics["negated"]]
        side[one.source_api] = side.get(one.source_api, 0) + 1
    wrong = [1.0, 1.0]
    for i, side in enumerate(counts):
        for source, n in side.items():
            wrong[i] *= probs["syst"][source] + probs["rand"][source] ** n
    return (1.0 - wrong[0]) * wrong[1]


Leaves = dict[tuple[int, int], int]


def leaves_of(data: Made, claims: int) -> list[Leaves]:
    """Of the first claims each (origin, outlet) with its latest stance."""
    found: list[Leaves] = [{} for _ in range(claims)]
    rows = np.flatnonzero(data.claim < claims)
    for i in rows[np.argsort(data.rank[rows])]:
        found[data.claim[i]][int(data.path[0, i]), int(data.path[1, i])] = int(data.stance[i])
    return found


def fusion() -> Any:
    """jsonld-ex's algebra of opinions, or None where it is not installed."""
    try:
        from jsonld_ex import confidence_algebra
    except ImportError:
        return None
    return confidence_algebra


def fused(algebra: Any, leaves: Leaves, fidelity: Sequence[float]) -> float:
    """One claim by subjective logic: each outlet's trust discounts its origin's opinion, then all are fused."""
    opinions = []
    for (origin, outlet), stance in leaves.items():
        phi, trust = fidelity[origin], fidelity[outlet]
        said = algebra.Opinion(phi if stance > 0 else 0.0, 0.0 if stance > 0 else phi, 1.0 - phi)
        opinions.append(algebra.trust_discount(algebra.Opinion(trust, 0.0, 1.0 - trust), said))
    return float(algebra.cumulative_fuse(*opinions).projected_probability())


def engine() -> Any:
    """pyAgrum, or None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyagrum
    except ImportError:
        return None
    pyagrum.setNumberOfThreads(1)
    return pyagrum


def elimination() -> Any:
    """pgmpy's parts, or None where it is not installed (it pulls in torch: `pip install pgmpy` by hand)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pgmpy.factors.discrete import TabularCPD
            from pgmpy.inference import VariableElimination
            from pgmpy.models import DiscreteBayesianNetwork
    except ImportError:
        return None
    return DiscreteBayesianNetwork, TabularCPD, VariableElimination


def eliminated(parts: Any, leaves: Leaves, fidelity: Sequence[float]) -> float:
    """P(world) by pgmpy: network and variable elimination of one claim."""
    make_net, make_table, infer_by = parts
    net, tables = make_net(), [make_table("world", 2, [[0.5], [0.5]])]

    def add(name: str, parent: str, phi: float) -> None:
        net.add_edge(parent, name)
        hit, false_alarm = phi + (1.0 - phi) / 2.0, (1.0 - phi) / 2.0
        rows = [[hit, false_alarm], [1.0 - hit, 1.0 - false_alarm]]
        tables.append(make_table(name, 2, rows, evidence=[parent], evidence_card=[2]))

    add("common", "world", COMMON_ERROR)
    for origin in sorted({origin for origin, _ in leaves}):
        add(f"o{origin}", "common", fidelity[origin])
    for origin, outlet in leaves:
        add(f"o{origin}.{outlet}", f"o{origin}", fidelity[outlet])
    net.add_cpds(*tables)
    said = {f"o{origin}.{outlet}": 0 if stance > 0 else 1 for (origin, outlet), stance in leaves.items()}
    return float(infer_by(net).query(["world"], said, show_progress=False).values[0])


def network(gum: Any, leaves: Leaves, fidelity: Sequence[float]) -> tuple[Any, dict[str, int]]:
    """A claim as pyAgrum has it: world, common error, origins, outlets; and what the outlets say."""
    net = gum.BayesNet()

    def add(name: str, parent: str, phi: float) -> None:
        net.add(gum.LabelizedVariable(name, name, 2))
        net.addArc(parent, name)
        hit, false_alarm = phi + (1.0 - phi) / 2.0, (1.0 - phi) / 2.0
        net.cpt(name).fillWith([hit, 1.0 - hit, false_alarm, 1.0 - false_alarm])

    net.add(gum.LabelizedVariable("world", "world", 2))
    net.cpt("world").fillWith([0.5, 0.5])
    add("common", "world", COMMON_ERROR)
    for origin in sorted({origin for origin, _ in leaves}):
        add(f"o{origin}", "common", fidelity[origin])
    for origin, outlet in leaves:
        add(f"o{origin}.{outlet}", f"o{origin}", fidelity[outlet])
    return net, {f"o{origin}.{outlet}": 0 if stance > 0 else 1 for (origin, outlet), stance in leaves.items()}


def infer(gum: Any, net: Any, said: Mapping[str, int]) -> float:
    """P(world) by lazy propagation, the one target asked for."""
    inference = gum.LazyPropagation(net)
    inference.setEvidence(dict(said))
    inference.addTarget("world")
    inference.makeInference()
    return float(inference.posterior("world")[0])
