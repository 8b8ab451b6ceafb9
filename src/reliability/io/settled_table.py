"""A table of settled statements without reports: who said what, and how true it proved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from reliability.errors import UsageError
from reliability.io.problems import near, plain_reason
from reliability.io.rows import RawRow, Reject
from reliability.io.settled_rows import settled_rows
from reliability.model.base import Record, folded
from reliability.model.dates import DateText
from reliability.model.report import Name
from reliability.rules.track_record import Share

Stance = Literal["asserts", "denies"]


class SettledRow(Record):
    """One source's word on one claim, and how true that is; `type` is a source type, `group` what it belongs to.

    `claim_class` (in files `class`) is the claim's class.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    claim: Name
    source: Name
    truth: Share
    type: Name | None = Field(default=None)
    group: Name | None = None
    stance: Stance = "asserts"
    date: DateText | None = None
    claim_class: Name | None = Field(default=None, alias="class")


FIELDS = tuple(one.alias or name for name, one in SettledRow.model_fields.items())
NEEDED = ("claim", "source", "truth")


@dataclass(frozen=True)
class SettledTable:
    """Rows in the file's order, rejects, repeats left out, and columns that were set aside."""

    rows: tuple[SettledRow, ...]
    rejects: tuple[Reject, ...]
    n_repeats: int
    unknown_columns: Counter[str]


def named_columns(text: str | None, known: tuple[str, ...] = FIELDS) -> dict[str, str]:
    """`group=party,truth=label` as a mapping from field to column. Raises UsageError for anything else."""
    found: dict[str, str] = {}
    for part in (text or "").split(","):
        field, sign, column = (one.strip() for one in part.partition("="))
        if not part.strip():
            continue
        if field not in known or not sign or not column or field in found:
            problem = "is no FIELD=COLUMN" if not sign or not column else f"no field {field!r}, or twice"
            raise UsageError(f"--columns {text}", problem=f"{part.strip()!r}: {problem}{near(field, known)}",
                             remedy=f"the fields are {', '.join(known)}")  # fmt: skip
        found[field] = column
    return found


def read_settled_table(path: Path, columns: Mapping[str, str] | None = None) -> SettledTable:
    """The rows of a .csv or .jsonl file, packed or not: claim, source, truth (0 to 1), and more that may be there.

    The rest are type, group, stance and date. `columns` says which column holds a field of another name. A bad row is
    a reject; so are all rows on a claim that disagree on its truth, and a source's rows that both assert and deny one
    claim. The same again is a repeat.
    Raises InputError for a file of another kind, an empty one, and one without a column that is needed or named.
    """
    where, names = str(path), {field: field for field in FIELDS} | dict(columns or {})
    rejects: list[Reject] = []
    unknown: Counter[str] = Counter()
    good: list[tuple[RawRow, SettledRow]] = []
    needed = [names[field] for field in dict.fromkeys((*NEEDED, *(columns or {})))]
    for row, flat in settled_rows(path, needed, "settled statements", "say --columns {}=COLUMN"):
        found = _judged(row, where, names, unknown, flat=flat)
        if isinstance(found, Reject):
            rejects.append(found)
        else:
            good.append((row, found))
    kept, n_repeats = _agreeing(good, where, rejects)
    return SettledTable(tuple(kept), tuple(sorted(rejects, key=lambda one: one.line or 0)), n_repeats, unknown)


def _judged(
    row: RawRow, where: str, names: Mapping[str, str], unknown: Counter[str], *, flat: bool
) -> SettledRow | Reject:
    if row.fields is None:
        return Reject(where, row.line, row.problem or "not readable", row.raw)
    unknown.update(key for key, value in row.fields.items() if key not in names.values() and value is not None)
    fields = {field: row.fields[column] for field, column in names.items() if row.fields.get(column) is not None}
    try:
        return SettledRow.model_validate(_typed(fields) if flat else fields, strict=True)
    except ValidationError as error:
        return Reject(where, row.line, plain_reason(error, {"": FIELDS}), row.raw)


def _typed(fields: dict[str, Any]) -> dict[str, Any]:
    """CSV cells as their columns' types; what is no number stays as it is, for the record to refuse."""
    found = {field: cell.strip() for field, cell in fields.items()}
    try:
        return {**found, "truth": float(found["truth"])}
    except (KeyError, ValueError):
        return found


def _agreeing(good: list[tuple[RawRow, SettledRow]], where: str, rejects: list[Reject]) -> tuple[list[SettledRow], int]:
    """Rows that no other contradicts, each once."""
    truths: dict[str, set[float]] = {}
    stances: dict[tuple[str, str], set[str]] = {}
    for _, one in good:
        truths.setdefault(one.claim, set()).add(one.truth)
        stances.setdefault((folded(one.source), one.claim), set()).add(one.stance)
    kept: dict[tuple[str, str], SettledRow] = {}
    n_repeats = 0
    for row, one in good:
        key = (folded(one.source), one.claim)
        if len(truths[one.claim]) > 1:
            told = " and ".join(f"{truth:g}" for truth in sorted(truths[one.claim])[:5])
            rejects.append(Reject(where, row.line, f"rows on the claim {one.claim!r} disagree on its truth: {told}",
                                  row.raw))  # fmt: skip
        elif len(stances[key]) > 1:
            rejects.append(Reject(where, row.line, f"{one.source!r} both asserts and denies {one.claim!r}", row.raw))
        elif key in kept:
            n_repeats += 1
        else:
            kept[key] = one
    return list(kept.values()), n_repeats
