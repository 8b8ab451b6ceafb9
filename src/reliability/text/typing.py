"""Which source type a mention's own words speak for: the sources file, else the typing rules, else unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reliability.model.report import Fact
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.text.deciding import Row, decider

UNKNOWN = "unknown"
MOST_KNOWN = 10_000
"""Mentions whose rule is remembered, in all."""
OUTSIDER = "outsider"
"""A row's field that is true when its mention is of somebody beside an institution (see `membership`)."""
_OFFICES = frozenset(
    {"government", "military", "law-enforcement", "intelligence-agency", "court-record", "elected-official"}
    | {"international-organisation"}
)


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
    rules = _rules_of(policy)
    first = min((rules.first(tuple(sorted(row.items()))) for row in rows), default=len(rules.in_order))
    if first == len(rules.in_order):
        return Typed(UNKNOWN, "nothing")
    rule = rules.in_order[first][0]
    effect = rule.effect[0]
    if effect.type not in policy.types:
        return Typed(UNKNOWN, "nothing")
    return Typed(effect.type, rule.id, dict(effect.facts))


class _Rules:
    """A policy's typing rules by priority, and which of them was the first to fire on rows asked about before."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        in_order = sorted(policy.typing, key=lambda rule: (-rule.priority, rule.id))
        self.in_order = [(rule, decider(rule.when), not _OFFICES.isdisjoint(policy.kin("source_type", kind)))
                         for rule in in_order if (kind := rule.effect[0].type) is not None]  # fmt: skip
        self._known: dict[tuple[tuple[str, Any], ...], int] = {}

    def first(self, row: tuple[tuple[str, Any], ...]) -> int:
        """The place of the first rule that fires on a row, or how many rules there are."""
        known = self._known.get(row)
        if known is None:
            fields = dict(row)
            outside = bool(fields.get(OUTSIDER))
            fired = (place for place, (_, decide, of_office) in enumerate(self.in_order)
                     if not (outside and of_office) and decide(fields))  # fmt: skip
            known = next(fired, len(self.in_order))
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[row] = known
        return known


# The rules of the policy that was last asked about: a process reads by one.
_LAST: list[_Rules] = []


def _rules_of(policy: Policy) -> _Rules:
    if not _LAST or _LAST[0].policy is not policy:
        _LAST[:] = [_Rules(policy)]
    return _LAST[0]
