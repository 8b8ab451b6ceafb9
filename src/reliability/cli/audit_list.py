"""`reliability audit list`: which entries a ledger has, of a claim, a source, a rule, a person, some days."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.ledger.chain import Placed
    from reliability.ledger.store import Ledger

_DAY = ["%Y-%m-%d"]


class Kind(StrEnum):
    """What an entry can be."""

    rating = "rating"
    override = "override"
    redaction = "redaction"


def run(
    ledger: o.LedgerFolder,
    claim: Annotated[str | None, typer.Option(help="Entries that rate or decide on this claim, by its id.")] = None,
    source: Annotated[str | None, typer.Option(help="Entries in whose reports this source speaks.")] = None,
    rule: Annotated[str | None, typer.Option(help="Entries in which this rule set or shifted a number.")] = None,
    person: Annotated[str | None, typer.Option(help="Entries that this person recorded or decided.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Entries of this kind.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="From this day on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="To this day, included (UTC).")] = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 1_000,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:
    """Entries of a ledger, oldest first; with --claim what each says of it."""
    from reliability.cli.audit_rows import table_of
    from reliability.cli.output import as_json, chosen, emit
    from reliability.cli.reading import remark
    from reliability.ledger.batches import UNNOTED
    from reliability.ledger.index import Wanted
    from reliability.ledger.store import Ledger

    asked: list[Any] = [
        ("claim", claim),
        ("source", source),
        ("rule", rule),
        ("person", person),
        ("kind", kind and kind.value),
    ]
    which = Wanted(
        subjects=[(subject, name) for subject, name in asked if name is not None],
        since=None if since is None else f"{since:%Y-%m-%d}", until=None if until is None else _after(until),
    )  # fmt: skip
    kept = Ledger.open(ledger)
    found = kept.found(which, most + 1)
    if len(found) > most:
        remark(f"only the newest {most:,} are listed (--most)", quiet)
    if rule is not None and kept.found(Wanted([("rule", UNNOTED)]), 1):
        remark("some batches are not listed: nobody noted which rules acted in them, as on Spark", quiet)
    rows = [row(placed, kept, claim) for placed in found[-most:]]
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json(rows, form), output)
    elif form is o.Format.table:
        emit("".join(f"{_shown(one)}\n" for one in rows), output)
    else:
        emit(table_of(_COLUMNS, rows, form), output)


def _after(day: datetime) -> str:
    """The end of a day, as entries' moments compare with it; the last day of all has none."""
    return f"{day + timedelta(days=1):%Y-%m-%d}" if day.year < 9999 else "9999-99"


def row(placed: Placed, ledger: Ledger, claim: str | None) -> dict[str, Any]:
    """An entry as one row; what was removed is null."""
    from reliability.ledger.details import decision_of, details_of

    entry = placed.entry
    details, decision = details_of(placed, ledger.blobs), decision_of(placed, ledger.blobs)
    rated = next((one for one in details.claims if one[0] == claim), None) if details is not None else None
    return {
        "entry": entry.seq, "at": entry.at, "kind": entry.kind, "by": entry.by, "hash": placed.hash,
        "claims": entry.run.claims if entry.run is not None else None,
        "rules": entry.run.rules if entry.run is not None else None,
        "p": rated and rated[1], "icd203": rated and rated[2],
        "what": entry.override.what if entry.override is not None else None,
        "subject": decision and decision.subject, "old": decision and decision.old, "new": decision and decision.new,
        "why": entry.tombstone.why if entry.tombstone is not None else decision and decision.why,
        "note": details and details.note,
    }  # fmt: skip


_COLUMNS = (
    "entry", "at", "kind", "by", "hash", "claims", "rules", "p", "icd203", "what", "subject", "old", "new", "why",
    "note",
)  # fmt: skip


def _shown(row: dict[str, Any]) -> str:
    from reliability.io.visible import visible

    parts = [f"{row['entry']:>6}  {row['at'][:19]}Z  {row['kind']:<9}  {row['by'] or '-':<12}"]
    if row["claims"] is not None:
        parts.append(f"{row['claims']:,} claims, rules {row['rules'][7:15]}")
    if row["p"] is not None:
        parts.append(f"p = {row['p']:.4f} {row['icd203'] or 'not assessed'}")
    if row["what"] is not None:
        parts.append(f"{row['what']} of {row['subject'] or '(removed)'}: {row['old'] or '-'} → {row['new'] or '-'}")
    parts += [row[key] for key in ("why", "note") if row[key]]
    return visible("  ".join(parts))
