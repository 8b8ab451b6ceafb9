"""`reliability audit show`: one entry: what went in, which policy, what came out; and all of it as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.ledger.chain import Placed
    from reliability.ledger.store import Ledger

Entry = Annotated[str, typer.Argument(help="An entry's number, the beginning of its hash, or `last`.")]


def run(
    entry: Entry,
    ledger: o.LedgerFolder,
    claim: Annotated[str | None, typer.Option(help="Only this claim: its rating record, as it was recorded.")] = None,
    extract: Annotated[Path | None, typer.Option(metavar="DIR", help="Write what was recorded into this new folder: "
                                                 "inputs, reports, ratings, and the policy as a rules folder.")] = None,
    format: o.FormatOption = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """What was recorded: files with their digests, options, versions, policy, claims."""
    from reliability.cli.audit_rows import no_table, say
    from reliability.cli.output import chosen, emit
    from reliability.io.strict_json import parse_json
    from reliability.io.visible import json_text
    from reliability.ledger.kept import rating_of
    from reliability.ledger.store import Ledger

    kept = Ledger.open(ledger)
    placed = kept.entry(entry)
    form = chosen(format, output)
    if form in (o.Format.csv, o.Format.markdown):
        raise no_table(form)
    if claim is not None:
        rating = parse_json(rating_of(placed, kept.blobs, claim).decode("utf-8"))
        emit(json_text(rating, indent=2 if form is o.Format.json else None) + "\n", output)
        return
    if extract is not None:
        from reliability.ledger.extracting import extracted

        extracted(placed, kept, extract)
    record = _record(placed, kept)
    say(record, _lines(record), format, output)


def _record(placed: Placed, ledger: Ledger) -> dict[str, Any]:
    from reliability.ledger.details import decision_of, details_of

    details, decision = details_of(placed, ledger.blobs), decision_of(placed, ledger.blobs)
    record: dict[str, Any] = placed.entry.model_dump(mode="json") | {"hash": placed.hash}
    for blob in record["blobs"]:
        blob["removed"] = not ledger.blobs.place(blob["content"]).exists()
    record["details"] = None if details is None else details.model_dump(mode="json")
    record["decision"] = None if decision is None else decision.model_dump(mode="json")
    return record


def _lines(record: dict[str, Any]) -> list[str]:
    lines = [f"entry {record['seq']} ({record['kind']}) of {record['at']}" + (f" by {record['by']}" if record["by"]
             else ""), f"hash    {record['hash']}", f"follows {record['prev']}"]  # fmt: skip
    run, details = record["run"], record["details"]
    if run is not None:
        libraries = ", ".join(f"{name} {version}" for name, version in sorted(run["libraries"].items()))
        lines += [f"rules   {run['rules']}", f"engine  {run['engine']}, code {run['code'][:15]}…, {libraries}"]
    names = {one["content"]: one["name"] for one in details["files"]} if details is not None else {}
    for blob in record["blobs"]:
        gone = "  (removed)" if blob["removed"] else ""
        name = names.get(blob["content"], "")
        lines.append(f"  {blob['role']:<9} sha256:{blob['content']}  {blob['size']:>12,} bytes  {name}{gone}")
    if details is not None:
        said = {key: value for key, value in details["options"].items() if value not in (None, [], False)}
        lines += [f"options {said}"] + ([f"note    {details['note']}"] if details["note"] else [])
        lines += [f"  {p:.4f}  {word or 'not assessed':<20}  {claim}" for claim, p, word in details["claims"]]
    if record["decision"] is not None:
        lines += [f"{key:<7} {value}" for key, value in record["decision"].items()]
    if record["tombstone"] is not None:
        lines += [f"removed sha256:{one}" for one in record["tombstone"]["removed"]]
        lines.append(f"why     {record['tombstone']['why']}")
    return lines
