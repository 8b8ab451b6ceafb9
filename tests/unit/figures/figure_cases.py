"""Reports with figures, and the package's own sum of them, for tests to compare with brute force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from strategies import link, numbered, report, shipped, small_policy, source_type

from reliability.model.report import Report
from reliability.reasoning.account import Account
from reliability.rules.policy import Policy
from reliability.rules.schema import Bloc, QuantityUnit, SourceEntry
from reliability.scoring.blurs import blurs_of
from reliability.scoring.families import SEPARATOR, families
from reliability.scoring.figures import Figures, FigureTree, score_families
from reliability.scoring.grid import grid_to

from .figure_oracle import PASSES, Said, Voice

UNIT, RANGE = "things", 2_000.0
IN_BLOC = ("B1", "B2", "B3")
KINDS = {"official": (0.7, True), "witness": (0.4, False), "poor": (0.1, False), "idle": (0.0, False),
         "register": (0.8, True)}  # fmt: skip
CROWD = 0.3


def quantity(value: float, op: str = "exact", unit: str = UNIT, **more: Any) -> dict[str, Any]:
    return {"value": value, "op": op, "unit": unit, **more}


@cache
def policy() -> Policy:
    """Three kinds of sources, a register, a crowd, a bloc, and a unit with a small range."""
    types = [source_type(name, (1 + phi) / 2, carries=carries) for name, (phi, carries) in KINDS.items()]
    types += [source_type("official-document", 0.9, carries=True), source_type("crowd", (1 + CROWD) / 2, crowd=True)]
    why = "Made up for a test."
    made = small_policy(
        extra_types=types,
        blocs=[Bloc(id="b", label="b", rationale=why, effect={"ceiling": 0.9})],
        entries=[SourceEntry(name=name, bloc="b") for name in IN_BLOC],
    )
    unit = QuantityUnit(id="things", rationale=why, names=(UNIT,), effect={"range": RANGE})
    other = QuantityUnit(id="others", rationale=why, names=("others",), effect={"range": RANGE})
    return replace(made, quantities=(other, unit), biases=shipped().biases)


def figures_of(
    reports: Sequence[Report], rules: Policy, step: float = 0.05, knowing: Mapping[int, float] | None = None
) -> tuple[FigureTree, Figures]:
    """The figures of the first family of reports, summed by the package; `knowing` gives origin nodes another φ_q."""
    found = [(one, family) for one, family in zip(reports, families(reports, rules), strict=True) if family]
    scored = score_families(found, rules)
    nodes = Account.of(scored, rules, with_intervals=False).nodes_of[0]
    unit = scored.coded.units[0].id.split(SEPARATOR)[1]
    (range_,) = (rule.effect[0].range for rule in rules.quantities if rule.id == unit)
    blurs = blurs_of(scored, rules)
    blurs |= {node: replace(blurs[node], fidelity=phi) for node, phi in (knowing or {}).items()}
    tree = FigureTree(
        scored, rules, 0, nodes, [family.quantity for _, family in found],
        [one.stance == "denies" for one, _ in found], grid_to(range_, step), blurs,
    )  # fmt: skip
    return tree, tree.figures()


def source_of(voice: Voice, kind: str, claims: str = "c") -> list[Report]:
    """The reports that a voice's chains come to us by; each relay has a name of its own."""
    vias = {fidelity: via for via, fidelity in PASSES.items()}
    found = []
    for n, (said, relays) in enumerate(voice.chains):
        names = [f"{voice.name} outlet {n}.{i}" for i in range(len(relays))]
        passed = [*(vias[fidelity] for fidelity in relays), None]
        chain = [link(voice.name, kind, passed[0])]
        chain += [link(name, "agency", passed[i + 1]) for i, name in enumerate(names)]
        high = {} if said.high is None else {"high": said.high}
        party = {} if voice.bias in ("third", "none") else {"party": voice.bias}
        found.append(report(*chain, claim=claims, stance="denies" if said.denied else "asserts",
                            quantity=quantity(said.value, said.op, **high, **party)))  # fmt: skip
    return found


def all_reports(voices: Sequence[tuple[Voice, str]]) -> tuple[Report, ...]:
    return numbered([one for voice, kind in voices for one in source_of(voice, kind)])


def voice(name: str, kind: str, *chains: tuple[Said, tuple[float, ...]], **more: Any) -> tuple[Voice, str]:
    """A voice of a kind, with its kind."""
    phi, carries = KINDS.get(kind, (CROWD, False))
    home = "b" if name in IN_BLOC else None
    if kind == "crowd":
        share = (CROWD / 0.98) ** 0.5
        return Voice(name, share, False, chains, bloc="the crowd", crowd=share, **more), kind
    if kind in ("official-document", "register"):
        more.setdefault("bias", "none" if kind == "official-document" else "third")
    return Voice(name, phi, carries or kind == "official-document", chains, bloc=home, **more), kind
