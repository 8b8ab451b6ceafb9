"""What sources said of claims that were settled: read off reports as the scorer reads them, or off a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

import numpy as np

from reliability.io.settled_table import SettledRow
from reliability.model.adjudication import Adjudication
from reliability.model.base import folded
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.rules.policy import UNKNOWN, Policy
from reliability.scoring.coding import STANCES, Coded, encode, unit_id
from reliability.scoring.origins import CLASS, FIGURE
from reliability.scoring.provenance import Origins, SourceTable, find_origins
from reliability.scoring.trie import ABSENT


@dataclass(frozen=True, slots=True)
class Said:
    """One source's word on one settled claim. `source` is how it is called, `truth` 0 to 1, `date` when that was known.

    `group` is what it belongs to (a bloc, a party), None if nothing; `kind` its source type. `claim_class` is the
    class of the claim, None where it has none of its own.
    """

    source: str
    kind: str
    group: str | None
    claim: str
    said: Literal["asserts", "denies"]
    truth: float
    date: str | None = None
    claim_class: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Source and claim, as they are compared."""
        return folded(self.source), self.claim


@dataclass(frozen=True)
class Evidence:
    """What counts, by source and claim; what was left out, with how many of each; claims that no report is about."""

    said: tuple[Said, ...]
    left_out: Mapping[str, int]
    unknown: tuple[str, ...] = ()


LATER = "adjudications of a later day"
HINDSIGHT = "reports published after their claim was adjudicated"
OTHER_SAYINGS = {
    "hedged": "reports in which the origin hedges: neither right nor wrong",
    "nameless": "reports whose origin has no name",
    "question": "reports that answer a question with several answers",
    "overtaken": "reports that no longer count: repeats, superseded, retracted or silent",
}


class Dated(Protocol):
    """What was settled on a day, if that is known."""

    @property
    def date(self) -> str | None:
        """The day, month or year; None where nobody says."""


Settling = TypeVar("Settling", bound=Dated)


def known_by(settled: Iterable[Settling], day: date | None) -> tuple[list[Settling], int]:
    """What was settled by the end of a day (undated ones too; without a day, all), and how many later."""
    found = list(settled)
    if day is None:
        return found, 0
    _, end = date_span(day.isoformat())
    kept = [one for one in found if one.date is None or date_span(one.date)[1] <= end]
    return kept, len(found) - len(kept)


def from_table(rows: Iterable[SettledRow], policy: Policy, n_late: int = 0) -> Evidence:
    """The words of a table of settled statements. Type and group are the table's, else those that the policy knows."""
    found: dict[tuple[str, str], Said] = {}
    for row in rows:
        entry = policy.sources.find(row.source)
        known = None if entry is None else entry.type
        one = Said(source=row.source if entry is None else entry.name, kind=row.type or known or UNKNOWN,
                   group=row.group or (None if entry is None else entry.bloc), claim=row.claim, said=row.stance,
                   truth=row.truth, date=row.date, claim_class=row.claim_class)  # fmt: skip
        found[one.key] = one
    return Evidence(tuple(found[key] for key in sorted(found)), {LATER: n_late} if n_late else {})


def from_reports(
    reports: Sequence[Report], settled: Iterable[Adjudication], policy: Policy, n_late: int = 0
) -> Evidence:  # fmt: skip
    """The origins' words on adjudicated claims: one a source and claim, its last; relays are not judged by them.

    What was published after the day of the adjudication is hindsight, and left out; so is what is neither right nor
    wrong. Raises InputError for reports that can't be coded: see `encode`.
    """
    known = {one.claim: one for one in settled}
    about = {unit_id(report) for report in reports} | {report.claim for report in reports}
    left: Counter[str] = Counter({LATER: n_late})
    mine = []
    for report in reports:
        one = known.get(report.claim or "")
        if report.kind != "statement" or one is None:
            continue
        if report.question is not None and report.alternative is not None:
            left[OTHER_SAYINGS["question"]] += 1
        elif _late(report, one):
            left[HINDSIGHT] += 1
        else:
            mine.append(report)
    said = _said(mine, known, policy, left) if mine else []
    return Evidence(tuple(said), {name: n for name, n in sorted(left.items()) if n},
                    tuple(sorted(known.keys() - about)))  # fmt: skip


def _late(report: Report, one: Adjudication) -> bool:
    if report.published is None or one.date is None:
        return False
    return date_span(report.published)[0] > date_span(one.date)[1]


def _said(
    reports: Sequence[Report], known: Mapping[str, Adjudication], policy: Policy, left: Counter[str]
) -> list[Said]:  # fmt: skip
    coded = encode(reports, policy)
    origins = find_origins(coded, policy, SourceTable.of(coded, policy))
    usable = origins.counts.copy()
    left[OTHER_SAYINGS["overtaken"]] += int((~usable).sum())
    for name, mask in (("nameless", _nameless(coded, origins, policy)), ("hedged", _hedged(coded, origins))):
        left[OTHER_SAYINGS[name]] += int((usable & mask).sum())
        usable &= ~mask
    of_report = _classes(coded, origins)
    found: dict[tuple[str, str], Said] = {}
    for row in np.lexsort((coded.rank, coded.start)).tolist():
        if usable[row]:
            claim = known[coded.units[int(coded.unit[row])].id]
            code = int(origins.source[row])
            entry = policy.sources.entries.get(coded.source_keys[code])
            name = _as_reported(reports[row], coded.source_keys[code], policy) if entry is None else entry.name
            one = Said(
                source=name, kind=coded.type_ids[int(origins.origin_type[row])],
                group=None if entry is None else entry.bloc, claim=claim.claim,
                said="denies" if coded.stance[row] == STANCES["denies"] else "asserts",
                truth=claim.truth, date=claim.date, claim_class=claim.claim_class or of_report[row],
            )  # fmt: skip
            found[one.key] = one
    return [found[key] for key in sorted(found)]


def _classes(coded: Coded, origins: Origins) -> list[str | None]:
    """Each report's class of claim as the scorer has it: the fact CLASS, else a figure if it is one."""
    codes, values = coded.fact_values.get(CLASS, (np.array([ABSENT]), ()))
    row = np.where(origins.own_voice, 0, coded.facts[origins.first, np.arange(coded.n)])
    named = codes[np.minimum(np.maximum(row, 0), len(codes) - 1)].tolist()
    figure = (coded.unit_name >= 0).tolist()
    return [str(values[code]) if code >= 0 else FIGURE if is_figure else None
            for code, is_figure in zip(named, figure, strict=True)]  # fmt: skip


def _as_reported(report: Report, key: str, policy: Policy) -> str:
    return next((link.source for link in report.provenance if policy.sources.canonical(link.source) == key), key)


def _nameless(coded: Coded, origins: Origins, policy: Policy) -> np.ndarray:
    descriptor = np.array([policy.types[name].descriptor for name in coded.type_ids])
    found: np.ndarray = descriptor[origins.origin_type]
    return found


def _hedged(coded: Coded, origins: Origins) -> np.ndarray:
    found: np.ndarray = coded.hedge[origins.first, np.arange(coded.n)] >= 0
    return found
