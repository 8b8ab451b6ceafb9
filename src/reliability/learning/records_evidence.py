"""What sources said of claims that were settled, and a table of such words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

from reliability.io.settled_table import SettledRow
from reliability.model.base import folded
from reliability.model.dates import date_span
from reliability.rules.policy import UNKNOWN, Policy


@dataclass(frozen=True, slots=True)
class Said:
    """One source's word on one settled claim. `source` is how it is called, `truth` 0 to 1, `date` when that was known.

    `group` is what it belongs to (a bloc, a party), None if nothing; `kind` its source type. `claim_class` is the
    class of the claim, None where it has none of its own. Of an answer to a `question` with several alternatives
    `guess` is the chance that who does not know names this one.
    """

    source: str
    kind: str
    group: str | None
    claim: str
    said: Literal["asserts", "denies"]
    truth: float
    date: str | None = None
    claim_class: str | None = None
    question: str | None = None
    guess: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Source, and claim or question, as they are compared."""
        return folded(self.source), self.question or self.claim


@dataclass(frozen=True)
class Evidence:
    """What counts, by source and claim or question; what was left out, with how many of each.

    `unknown` are claims and questions that no report is about, `not_given` questions whose true answer none gives.
    """

    said: tuple[Said, ...]
    left_out: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()


LATER = "adjudications of a later day"


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
