"""Numbers shaken by a deciban and rules dropped, one at a time: what no scenario notices has no test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reliability.errors import ReliabilityError
from reliability.lab.moved import meaning, moved
from reliability.lab.scenarios import BETWEEN, reports_of, run
from reliability.model.base import Record
from reliability.model.report import Report
from reliability.model.rounding import rounded
from reliability.rules.changing import changed, without
from reliability.rules.policy import Policy
from reliability.rules.schema import (
    Bias,
    Bloc,
    Effect,
    Expectation,
    Hedge,
    Modifier,
    Prior,
    Relay,
    Scenario,
    Silence,
    SourceType,
)
from reliability.scoring.score import score

_KINDS = (SourceType, Modifier, Relay, Bloc, Prior, Hedge, Bias, Silence)
_SHAKEN = ("shift_db", "fidelity", "factor", "ceiling", "p", "guess", "prior", "low", "high", "coverage")


class Unnoticed(Record):
    """A change that no scenario notices: of which rule, and what was changed."""

    kind: str
    id: str
    change: str


def unnoticed(policy: Policy) -> tuple[list[Unnoticed], int]:
    """What could change in a policy without any scenario failing, in order; and how many changes were tried.

    Every number of an effect that a rating rests on is moved a deciban up and down (see `moved`), and every rule that a
    policy can do without is dropped.
    """
    plain, others = _Plain.of(policy)
    found, n = [], 0
    for kind, rule, change, other in _changes(policy):
        n += 1
        try:
            noticed = plain.is_off(other) or bool(run(replace(other, scenarios=others.scenarios), others.reports))
        except ReliabilityError:
            noticed = True
        if not noticed:
            found.append(Unnoticed(kind=kind, id=rule, change=change))
    return found, n


@dataclass(frozen=True)
class _Others:
    """Scenarios with figures or questions, which are rated in full."""

    scenarios: tuple[Scenario, ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True)
class _Plain:
    """The reports of scenarios that have plain claims only, and what each claim must come to: p alone is computed."""

    reports: tuple[Report, ...]
    expected: dict[str, Expectation]

    @classmethod
    def of(cls, policy: Policy) -> tuple[_Plain, _Others]:
        """All scenarios of a policy, in two parts."""
        kept: list[Report] = []
        others: list[Report] = []
        expected: dict[str, Expectation] = {}
        left: list[Scenario] = []
        for scenario in policy.scenarios:
            reports = reports_of(replace(policy, scenarios=(scenario,)))
            if any(one.quantity is not None or one.question is not None for one in reports):
                left.append(scenario)
                others += reports
            else:
                kept += reports
                expected |= {f"{scenario.id}{BETWEEN}{one.claim}": one for one in scenario.expect}
        return cls(tuple(kept), expected), _Others(tuple(left), tuple(others))

    def is_off(self, policy: Policy) -> bool:
        """Whether a claim's p is further from what is expected than it may be, or there is no such claim."""
        p = {unit.id: float(scored.p[0, i]) for scored in score(self.reports, policy)
             for i, unit in enumerate(scored.coded.units)}  # fmt: skip
        return any(claim not in p or abs(rounded(p[claim], 4) - one.p) > one.within + 1e-9
                   for claim, one in self.expected.items())  # fmt: skip


def _changes(policy: Policy) -> Iterator[tuple[str, str, str, Policy]]:
    for rule in policy.rules():
        if not isinstance(rule, _KINDS):
            continue
        effect: Effect = rule.effect[0]
        for number, value in effect.model_dump().items():
            if number not in _SHAKEN or not isinstance(value, float):
                continue
            for way, new in moved(meaning(rule, number), value).items():
                other = rule.model_copy(update={"effect": (effect.model_copy(update={number: new}),)})
                change = f"{number} {value:g} → {new:.4g} ({way} 1 dB)"
                yield rule.folder, rule.id, change, changed(policy, rule, other)
        if not isinstance(rule, SourceType):
            yield rule.folder, rule.id, "dropped", without(policy, rule)
