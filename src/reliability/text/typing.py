"""Which source type a mention's own words speak for: the sources file, else the typing rules, else unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reliability.model.report import Fact
from reliability.rules import conditions
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry, Typing

UNKNOWN = "unknown"
OUTSIDER = "outsider"
"""A row's field that is true when its mention is of somebody beside an institution (see `membership`)."""
_OFFICES = frozenset(
    {"government", "military", "law-enforcement", "intelligence-agency", "court-record", "elected-official"}
    | {"international-organisation"}
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Typed:
    """A source type, the facts that came with it, and what set it: `sources`, a typing rule's id, or `nothing`."""

    type: str
    by: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def from_entry(entry: SourceEntry) -> Typed | None:
    """The type of a sources file's entry, or None where it gives none."""
    return Typed(entry.type, "sources", dict(entry.facts)) if entry.type is not None else None


def from_words(rows: Iterable[Row], policy: Policy) -> Typed:
    """The type by the typing rules, over all mentions of one source; a row has the fields of one mention.

    Of the rules that fire on any row the greatest priority wins, ties by id. Never a guess: when nothing fires, or
    what fires names a type that the policy lacks, it is unknown. A row with `OUTSIDER` makes nobody an office's.
    """
    table = [dict(items) for items in dict.fromkeys(tuple(sorted(row.items())) for row in rows)]
    for rule in sorted(policy.typing, key=lambda rule: (-rule.priority, rule.id)):
        effect = rule.effect[0]
        of_office = not _OFFICES.isdisjoint(policy.kin("source_type", effect.type))
        asked = [row for row in table if not (of_office and row.get(OUTSIDER))]
        if effect.type is not None and any(fires(rule, row) for row in asked):
            if effect.type not in policy.types:
                break
            return Typed(effect.type, rule.id, dict(effect.facts))
    return Typed(UNKNOWN, "nothing")


def fires(rule: Typing, row: Row) -> bool:
    """Whether a typing rule fires on one mention: `conditions.evaluate` for a single row, without arrays."""
    return decided(rule.when, row) is True


def decided(condition: Mapping[str, Any], row: Row) -> bool | None:
    """Yes, no or unknown (None) in Kleene's logic; a field that the row lacks, or has as None, is unknown."""
    unknown = False
    for name, operator, wanted in _tests(id(condition), condition):
        value = row.get(name)
        if value is None:
            unknown = True
        elif not conditions.holds(operator, wanted, value, _alone, name):
            return False
    for one in condition.get("all", ()):
        found = decided(one, row)
        if found is False:
            return False
        unknown |= found is None
    for word in ("any", "none"):
        if word not in condition:
            continue
        outcomes = [decided(one, row) for one in condition[word]]
        either = True if True in outcomes else None if None in outcomes else False
        found = either if word == "any" or either is None else not either
        if found is False:
            return False
        unknown |= found is None
    return None if unknown else True


def _alone(name: str, value: Any) -> tuple[Any, ...]:
    return (value,)


# The tests of each condition that was asked for, by its identity; the condition is kept so that ids stay its own.
_TESTS: dict[int, tuple[Any, list[tuple[str, str, Any]]]] = {}


def _tests(key: int, condition: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    known = _TESTS.get(key)
    if known is None or known[0] is not condition:
        known = (condition, conditions.tests(condition))
        _TESTS[key] = known
    return known[1]
