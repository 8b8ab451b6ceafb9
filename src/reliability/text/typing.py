"""Which source type a mention's own words speak for: the sources file, else the typing rules, else unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from reliability.model.report import Fact
from reliability.rules.conditions import Column, evaluate
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Typed:
    """A source type, the facts that came with it, and what set it: `sources`, a typing rule's id, or `nothing`."""

    type: str
    by: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def from_entry(entry: SourceEntry) -> Typed | None:
    """The type of a sources file's entry, or None where it gives none."""
    return Typed(entry.type, "sources", dict(entry.facts)) if entry.type is not None else None


def from_words(rows: Iterable[Mapping[str, Any]], policy: Policy) -> Typed:
    """The type by the typing rules, over all mentions of one source; a row has the fields of one mention.

    Of the rules that fire on any row the greatest priority wins, ties by id. Facts of all that fire with the same
    type are kept. Never a guess: when nothing fires it is unknown.
    """
    table = list(rows)
    if not table:
        return Typed(UNKNOWN, "nothing")
    columns = _columns(table)
    fired = [rule for rule in policy.typing if evaluate(rule.when, columns, len(table), policy.kin).yes.any()]
    fired.sort(key=lambda rule: (-rule.priority, rule.id))
    chosen = next((rule for rule in fired if rule.effect[0].type is not None), None)
    facts: dict[str, Fact] = {}
    for rule in fired:
        effect = rule.effect[0]
        if effect.type is None or (chosen is not None and effect.type == chosen.effect[0].type):
            for name, value in effect.facts.items():
                facts.setdefault(name, value)
    if chosen is None or chosen.effect[0].type not in policy.types:
        return Typed(UNKNOWN, "nothing", facts)
    return Typed(str(chosen.effect[0].type), chosen.id, facts)


def _columns(table: list[Mapping[str, Any]]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name in sorted({name for row in table for name in row}):
        given = [row.get(name) for row in table]
        values: list[Any] = []
        codes = []
        for value in given:
            if value is None:
                codes.append(-1)
                continue
            at = next((n for n, old in enumerate(values) if type(old) is type(value) and old == value), None)
            if at is None:
                at = len(values)
                values.append(value)
            codes.append(at)
        columns[name] = Column(np.array(codes, dtype=np.int64), tuple(values))
    return columns
