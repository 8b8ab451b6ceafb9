"""Adjudication files: which claims turned out to be true, as CSV or JSON Lines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reliability.io.problems import plain_reason
from reliability.io.rows import RawRow, Reject
from reliability.io.settled_rows import settled_rows
from reliability.model.adjudication import Adjudication

FIELDS = tuple(one.alias or name for name, one in Adjudication.model_fields.items())
_KNOWN = {"": FIELDS}


@dataclass(frozen=True, slots=True)
class Settled:
    """An adjudication, and the file and 1-based line where its row starts; `raw` is the row, cut at 2,000 bytes."""

    adjudication: Adjudication
    file: str
    line: int | None
    raw: str

    def rejected(self, reason: str) -> Reject:
        """The row as a reject."""
        return Reject(self.file, self.line, reason, self.raw)


@dataclass(frozen=True, slots=True)
class Adjudicated:
    """A file of adjudications: one a claim in the file's order, rejects, repeats left out, unknown columns."""

    settled: tuple[Settled, ...]
    rejects: tuple[Reject, ...]
    n_repeats: int
    unknown_columns: Counter[str]


def read_adjudications(path: Path) -> Adjudicated:
    """The adjudications of a .csv or .jsonl file, packed or not: claim, truth from 0 to 1, perhaps date, by and class.

    A row that is none is a reject; so are all rows on a claim that disagree on its truth, as none of them can be
    preferred. Those that agree are one: the earliest dated counts. Raises InputError for a file of another kind, an
    empty one, and one without the columns claim and truth.
    """
    where = str(path)
    rejects: list[Reject] = []
    unknown: Counter[str] = Counter()
    by_claim: dict[str, list[Settled]] = {}
    remedy = "the columns are claim, truth, and perhaps date, by and class"
    for row, flat in settled_rows(path, ("claim", "truth"), "adjudications", remedy):
        found = _judged(row, where, unknown, flat=flat)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            by_claim.setdefault(found.adjudication.claim, []).append(found)
    settled, n_repeats = [], 0
    for rows in by_claim.values():
        if len({row.adjudication.truth for row in rows}) > 1:
            told = ", ".join(f"line {row.line} says {row.adjudication.truth:g}" for row in rows[:5])
            rejects += [row.rejected(f"adjudications of {row.adjudication.claim!r} disagree: {told}") for row in rows]
        else:
            settled.append(min(rows, key=lambda row: (row.adjudication.date or "~", row.line or 0)))
            n_repeats += len(rows) - 1
    return Adjudicated(tuple(settled), tuple(sorted(rejects, key=lambda one: one.line or 0)), n_repeats, unknown)


def _judged(row: RawRow, where: str, unknown: Counter[str], *, flat: bool) -> Settled | Reject:
    if row.fields is None:
        return Reject(where, row.line, row.problem or "not readable", row.raw)
    unknown.update(key for key, value in row.fields.items() if key not in FIELDS and value is not None)
    fields = {key: _value(key, value) if flat else value for key, value in row.fields.items() if key in FIELDS}
    try:
        return Settled(Adjudication.model_validate(fields, strict=True), where, row.line, row.raw)
    except ValidationError as error:
        return Reject(where, row.line, plain_reason(error, _KNOWN), row.raw)


def _value(column: str, cell: str) -> Any:
    """A CSV cell as its column's type; what is no number stays as it is, for the record to refuse."""
    try:
        return float(cell) if column == "truth" else cell.strip()
    except ValueError:
        return cell
