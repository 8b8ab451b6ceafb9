"""Numbers shaken by a deciban and rules dropped, one at a time: what no scenario notices has no test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import atanh, log, log10, tanh
from typing import Any

from reliability.errors import ReliabilityError
from reliability.lab.scenarios import reports_of, run
from reliability.model.base import Record
from reliability.rules.policy import Policy
from reliability.rules.schema import Rule

DB = 10.0 / log(10.0)
_KINDS = {"types": "dict", "modifiers": "tuple", "relays": "tuple", "blocs": "dict", "priors": "tuple",
          "hedges": "tuple", "biases": "tuple", "silences": "tuple"}  # fmt: skip
_FIDELITIES = ("fidelity", "factor", "ceiling")
_CHANCES = ("p", "guess", "prior", "low", "high", "coverage")
NEEDED = ("unknown", "unattributed")


class Unnoticed(Record):
    """A change that no scenario notices: of which rule, and what was changed."""

    kind: str
    id: str
    change: str


def unnoticed(policy: Policy) -> tuple[list[Unnoticed], int]:
    """What could change in a policy without any scenario failing, in order; and how many changes were tried.

    Every number of an effect is moved a deciban up and down (shifts as they stand; chances by their odds; fidelities by
    their own weight), and every rule that a policy can do without is dropped.
    """
    reports = reports_of(policy)
    found, n = [], 0
    for kind, rule, change, changed in _changes(policy):
        n += 1
        try:
            noticed = bool(run(changed, reports))
        except ReliabilityError:
            noticed = True
        if not noticed:
            found.append(Unnoticed(kind=kind, id=rule, change=change))
    return found, n


def _changes(policy: Policy) -> Iterator[tuple[str, str, str, Policy]]:
    for name in _KINDS:
        rules = getattr(policy, name)
        for rule in list(rules.values() if isinstance(rules, dict) else rules):
            effect = rule.effect[0]
            for number, value in effect.model_dump().items():
                for way, new in _moved(number, value):
                    other = rule.model_copy(update={"effect": (effect.model_copy(update={number: new}),)})
                    yield (
                        rule.folder,
                        rule.id,
                        f"{number} {value:g} → {new:.4g} ({way} 1 dB)",
                        _with(policy, name, rule, other),
                    )
            if not (name == "types" or rule.id in NEEDED):
                yield rule.folder, rule.id, "dropped", _with(policy, name, rule, None)


def _moved(number: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, bool) or not isinstance(value, float):
        return
    for way, db in (("+", 1.0), ("−", -1.0)):
        if number == "shift_db":
            yield way, value + db
        elif number in _FIDELITIES and 0.0 < value < 1.0:
            yield way, tanh(max(0.0, 2.0 * DB * atanh(value) + db) / (2.0 * DB))
        elif number in _CHANCES and 0.0 < value < 1.0:
            odds = 10.0 ** (log10(value / (1.0 - value)) + db / 10.0)
            yield way, odds / (1.0 + odds)


def _with(policy: Policy, name: str, rule: Rule, other: Rule | None) -> Policy:
    rules = getattr(policy, name)
    changed: Any
    if isinstance(rules, dict):
        changed = {key: other if key == rule.id else one for key, one in rules.items() if key != rule.id or other}
    else:
        changed = tuple(other if one.id == rule.id else one for one in rules if one.id != rule.id or other)
    return replace(policy, **{name: changed})
