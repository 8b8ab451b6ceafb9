"""The edge of the scorer: report records become arrays of codes. From here on nothing loops over reports.

Codes are ranks of sorted names, so that the order of any two does not depend on what else is in the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reliability.errors import InputError
from reliability.model.base import canonical_json, folded
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.rules.conditions import Column
from reliability.rules.policy import UNATTRIBUTED, Policy, near
from reliability.scoring.trie import ABSENT, Codes, Ints

STANCES = {"asserts": 1, "denies": -1, "silent": 0, "retracts": 2}
VIAS = ("direct-quote", "paraphrase", "translation", "document", "saw-it-ourselves")
UNDATED = -1
NONE_OF_THESE = "none of these"


@dataclass(frozen=True)
class Unit:
    """What is rated together: a plain claim, or a question with its alternatives ("none of these" the last)."""

    id: str
    alternatives: tuple[str, ...] | None
    claims: frozenset[str] = frozenset()
    """The ids of claims that are rated here, as an adjudication may name them; its own id is one."""


@dataclass(frozen=True)
class Coded:
    """Reports as columns, in the order given.

    Shapes: unit, alternative, stance, start, end, rank, length, content (n,); source, type, via, hedge, facts (L, n)
    with ABSENT where a chain has no such link (or the link does not say). `start` and `end` are the microseconds
    that the publication date covers, UNDATED when there is none. `fact_values[name]` has the codes of a row of
    facts, ABSENT for unknown; row 0 has none.
    """

    units: tuple[Unit, ...]
    unit: Codes
    alternative: Codes
    stance: Codes
    start: Ints
    end: Ints
    rank: Codes
    length: Codes
    content: Codes
    source: Codes
    type: Codes
    via: Codes
    hedge: Codes
    facts: Codes
    unit_name: Codes
    party: Codes
    source_keys: tuple[str, ...]
    source_labels: tuple[str, ...]
    type_ids: tuple[str, ...]
    hedges: tuple[str, ...]
    quantity_units: tuple[str, ...]
    fact_values: Mapping[str, tuple[Codes, tuple[Any, ...]]]

    @property
    def n(self) -> int:
        """How many reports there are."""
        return len(self.unit)

    @cached_property
    def turn(self) -> Codes:
        """Where each report stands by its date, then rank, undated ones first: (n,)."""
        found = np.empty(self.n, dtype=np.int32)
        found[np.lexsort((self.rank, self.start))] = np.arange(self.n, dtype=np.int32)
        return found

    def source_code(self, name: str) -> int:
        """The code of a source's folded name."""
        return self.source_keys.index(name)


PARTIES = ("own", "enemy", "third")


def unit_id(report: Report) -> str:
    """The claim or question that a report is rated under."""
    if report.question is not None and report.alternative is not None:
        return report.question
    if report.claim is None:
        raise InputError(report.key, problem="has no claim yet", remedy="group the reports first")
    return report.claim


def encode(
    reports: Sequence[Report], policy: Policy, families: Sequence[str] | None = None,
    answers: Mapping[str, Sequence[str]] | None = None,
) -> Coded:  # fmt: skip
    """Reports as columns of codes.

    `families` names what each report is rated under in place of its claim (figures that answer one question);
    `answers` a question's alternatives beside those that reports name.

    Raises InputError for a report without a claim, a type that the policy does not define, a chain in which two
    names are the same source, and an id that is a claim here and a question there. Ids are told apart before.
    """
    n = len(reports)
    keys = [report.key for report in reports]
    depth = max((len(report.provenance) for report in reports), default=1)
    units, unit, alternative = _units(reports, answers or {}) if families is None else _families(reports, families)
    source_keys, labels, codes = _sources(reports, policy)
    type_ids = tuple(sorted(policy.types))
    type_codes = {name: code for code, name in enumerate(type_ids)}
    hedges = tuple(sorted({folded(link.hedge) for r in reports for link in r.provenance if link.hedge}))
    hedge_codes = {name: code for code, name in enumerate(hedges)}
    via_codes = {name: code for code, name in enumerate(VIAS)}
    quantity_units = tuple(sorted({r.quantity.unit for r in reports if r.quantity is not None}))
    grids = {name: np.full((depth, n), ABSENT, dtype=np.int32) for name in ("source", "type", "via", "hedge", "facts")}
    rows: dict[str, int] = {"{}": 0}
    fact_rows: list[dict[str, Any]] = [{}]
    spans = np.full((2, n), UNDATED, dtype=np.int64)
    for i, report in enumerate(reports):
        if report.published is not None:
            spans[:, i] = date_span(report.published)
        for j, link in enumerate(report.provenance):
            grids["source"][j, i] = codes[link.source]
            if link.type is not None:
                if link.type not in type_codes:
                    raise InputError(keys[i], key=f"provenance.{j}.type", problem=f"no source type {link.type!r}",
                                     remedy=near(link.type, type_ids))  # fmt: skip
                grids["type"][j, i] = type_codes[link.type]
            if link.via is not None:
                grids["via"][j, i] = via_codes[link.via]
            if link.hedge is not None:
                grids["hedge"][j, i] = hedge_codes[folded(link.hedge)]
            facts = facts_at(link.facts, report.event)
            name = canonical_json(facts) if facts else "{}"
            row = rows.setdefault(name, len(fact_rows))
            if row == len(fact_rows):
                fact_rows.append(facts)
            grids["facts"][j, i] = row
    _refuse_cycles(grids["source"], keys, reports)
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    contents: dict[str, int] = {}
    statements = [_statement(report) for report in reports]
    for name in sorted(set(statements)):
        contents[name] = len(contents)
    return Coded(
        units=units, unit=unit, alternative=alternative,
        stance=np.array([STANCES[r.stance] for r in reports], dtype=np.int32),
        start=spans[0], end=spans[1],
        rank=np.array([ranks[key] for key in keys], dtype=np.int32),
        length=np.array([len(r.provenance) for r in reports], dtype=np.int32),
        content=np.array([contents[name] for name in statements], dtype=np.int32),
        **grids,
        unit_name=np.array([ABSENT if r.quantity is None else quantity_units.index(r.quantity.unit) for r in reports],
                           dtype=np.int32),
        party=np.array([PARTIES.index(r.quantity.party or "third") if r.quantity else ABSENT for r in reports],
                       dtype=np.int32),
        source_keys=source_keys, source_labels=labels, type_ids=type_ids, hedges=hedges,
        quantity_units=quantity_units, fact_values=fact_columns(fact_rows),
    )  # fmt: skip


def _statement(report: Report) -> str:
    """What an origin says, apart from how: a later one that differs takes its place."""
    figure = None if report.quantity is None else report.quantity.model_dump(mode="json")
    return canonical_json([report.stance, report.alternative, figure])


def _units(
    reports: Sequence[Report], known: Mapping[str, Sequence[str]]
) -> tuple[tuple[Unit, ...], Codes, Codes]:  # fmt: skip
    answers: dict[str, set[str]] = {}
    plain: set[str] = set()
    for report in reports:
        if report.question is not None and report.alternative is not None:
            answers.setdefault(report.question, set(known.get(report.question, ()))).add(report.alternative)
        else:
            plain.add(unit_id(report))
    both = sorted(plain & set(answers))
    if both:
        raise InputError(both[0], problem="is the id of a claim in one report and of a question in another",
                         remedy="give the question an id of its own")  # fmt: skip
    named = _named(reports, [unit_id(report) for report in reports])
    units = tuple(
        Unit(name, (*sorted(answers[name] - {NONE_OF_THESE}), NONE_OF_THESE), named[name]) if name in answers
        else Unit(name, None, named[name])
        for name in sorted(plain | set(answers))
    )  # fmt: skip
    code = {unit.id: i for i, unit in enumerate(units)}
    place = {(u.id, a): j for u in units if u.alternatives for j, a in enumerate(u.alternatives)}
    unit = np.array([code[unit_id(r)] for r in reports], dtype=np.int32)
    alternative = np.array(
        [place[r.question, r.alternative] if r.question and r.alternative else 0 for r in reports], dtype=np.int32
    )
    return units, unit, alternative


def _named(reports: Sequence[Report], unit_of: Sequence[str]) -> dict[str, frozenset[str]]:
    """The ids by which the claims of each unit go: its own, its reports' claims, and `question=alternative`."""
    found: dict[str, set[str]] = {}
    for report, unit in zip(reports, unit_of, strict=True):
        names = found.setdefault(unit, {unit})
        if report.claim is not None:
            names.add(report.claim)
        if report.question is not None and report.alternative is not None:
            names.add(f"{report.question}={report.alternative}")
    return {unit: frozenset(names) for unit, names in found.items()}


def _families(reports: Sequence[Report], families: Sequence[str]) -> tuple[tuple[Unit, ...], Codes, Codes]:
    names = sorted(set(families))
    code = {name: at for at, name in enumerate(names)}
    unit = np.array([code[name] for name in families], dtype=np.int32)
    named = _named(reports, families)
    return tuple(Unit(name, None, named[name]) for name in names), unit, np.zeros(len(families), dtype=np.int32)


def _sources(reports: Sequence[Report], policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, int]]:
    """Folded main names in order, a label for each (the sources file's, else the same), and every name's code."""
    label_of: dict[str, str] = {UNATTRIBUTED: UNATTRIBUTED}
    key_of: dict[str, str] = {}
    for name in sorted({link.source for report in reports for link in report.provenance}):
        entry = policy.sources.find(name)
        key = policy.sources.canonical(name)
        key_of[name] = key
        label_of[key] = key if entry is None else entry.name
    keys = tuple(sorted(label_of))
    code = {key: i for i, key in enumerate(keys)}
    return keys, tuple(label_of[key] for key in keys), {name: code[key] for name, key in key_of.items()}


def facts_at(given: Mapping[str, Any], event: str | None) -> dict[str, Any]:
    """A link's known facts, with what follows from dates: who left before the event was not there."""
    facts = {name: value for name, value in given.items() if value is not None}
    left = facts.get("departed")
    if isinstance(left, str) and event is not None and "departed_before_event" not in facts:
        try:
            gone_first, gone_last = date_span(left)
        except (ValueError, OverflowError):
            return facts
        event_first, event_last = date_span(event)
        if gone_last < event_first:
            facts["departed_before_event"] = True
        elif event_last < gone_first:
            facts["departed_before_event"] = False
    return facts


def _refuse_cycles(source: Codes, keys: list[str], reports: Sequence[Report]) -> None:
    if source.shape[1] == 0:
        return
    in_order = np.sort(source, axis=0)
    twice = ((in_order[1:] == in_order[:-1]) & (in_order[1:] >= 0)).any(axis=0)
    if twice.any():
        i = int(np.flatnonzero(twice)[0])
        names = [link.source for link in reports[i].provenance]
        raise InputError(keys[i], key="provenance", problem=f"a cycle: two of {names} are the same source",
                         remedy="let each source stand once in a chain")  # fmt: skip


def fact_columns(rows: list[dict[str, Any]]) -> dict[str, tuple[Codes, tuple[Any, ...]]]:
    """Each fact's codes by row of facts, ABSENT where a row lacks it, and the values that codes stand for."""
    columns: dict[str, tuple[Codes, tuple[Any, ...]]] = {}
    for name in sorted({name for row in rows for name in row}):
        found = {canonical_json(row[name]): row[name] for row in rows if name in row}
        spelled = {text: code for code, text in enumerate(sorted(found))}
        codes = [spelled[canonical_json(row[name])] if name in row else ABSENT for row in rows]
        columns[name] = (np.array(codes, dtype=np.int32), tuple(found[text] for text in sorted(found)))
    return columns


def column(codes: NDArray[np.integer], values: Sequence[Any]) -> Column:
    """A condition's column from codes and their values."""
    return Column(codes.astype(np.int64), tuple(values))
