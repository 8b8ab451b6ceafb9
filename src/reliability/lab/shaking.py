"""Numbers shaken by a deciban and rules dropped, one at a time: what no scenario notices has no test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reliability.errors import ReliabilityError
from reliability.lab.moved import meaning, moved
from reliability.lab.rerating import Rerating
from reliability.lab.scenarios import BETWEEN, meets, reports_of
from reliability.model.base import Record
from reliability.model.rounding import rounded
from reliability.rules.changing import changed, without
from reliability.rules.policy import Policy
from reliability.rules.schema import (
    Bias,
    Bloc,
    Effect,
    Hedge,
    Modifier,
    Prior,
    Relay,
    Silence,
    SourceType,
)

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
    policy can do without is dropped. Noticed is what moves a p beyond what its expectation allows, or takes its claim.
    """
    policy = replace(policy, recalibrations=())
    expected = {f"{scenario.id}{BETWEEN}{one.claim}": one for scenario in policy.scenarios for one in scenario.expect}
    set_ = Rerating(tuple(reports_of(policy)))
    found, n = [], 0
    for kind, rule, change, other in _changes(policy):
        n += 1
        try:
            p = set_.p(other)
            noticed = not all(claim in p and meets(rounded(p[claim], 4), one) for claim, one in expected.items())
        except ReliabilityError:
            noticed = True
        if not noticed:
            found.append(Unnoticed(kind=kind, id=rule, change=change))
    return found, n


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
