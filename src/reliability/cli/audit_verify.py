"""`reliability audit head` and `verify`: the end of the chain, to be noted down, and whether all is as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.ledger.verify import Verified


SignWith = Annotated[Path | None, typer.Option("--sign", metavar="KEY", help="Sign the head: an ed25519 key in a PEM "
                                               "file.")]  # fmt: skip


def head(ledger: o.LedgerFolder, sign: SignWith = None, format: o.FormatOption = None, output: o.Output = None) -> None:
    """The hash of the last entry: noted down elsewhere, it proves later that nothing was cut off or written anew.

    As JSON (always with --sign): also the number of entries and the Merkle root over them.
    """
    from reliability.cli.audit_rows import no_table
    from reliability.cli.output import emit, one_json
    from reliability.ledger.heads import head_of
    from reliability.ledger.signing import private_key
    from reliability.ledger.store import Ledger

    if format in (o.Format.csv, o.Format.markdown):
        raise no_table(format)
    found = head_of(Ledger.open(ledger), None if sign is None else private_key(sign))
    if sign is not None or format in (o.Format.json, o.Format.jsonl) or (output and output.suffix == ".json"):
        emit(one_json(found.model_dump(mode="json")), output)
    else:
        emit(f"{found.head}\n", output)


def verify(
    ledger: o.LedgerFolder,
    head: Annotated[str | None, typer.Option(metavar="HASH", help="A head that was noted down, or a file that "
                                             "`audit head` wrote: it must still be the hash of an entry.")] = None,
    key: Annotated[str | None, typer.Option("--public-key", metavar="KEY", help="Whose signature the head's file must "
                                            "have: a PEM file, or 64 hex digits.")] = None,
    contents: Annotated[bool, typer.Option("--contents", help="Unpack every content too, and compare it with its own "
                                           "digest.")] = False,
    replay: Annotated[bool, typer.Option("--replay", help="Also compute every entry's ratings again.")] = False,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """Every line and file against its digest, the index against one made anew; exit 4 where something was altered."""
    from reliability.cli.audit_rows import say
    from reliability.cli.reading import remark
    from reliability.ledger.replay import problems
    from reliability.ledger.store import Ledger
    from reliability.ledger.verify import verify as verified

    kept = Ledger.open(ledger)
    check = (lambda placed: problems(placed, kept)) if replay else None
    noted = None if head is None else _noted(head, key)
    found = verified(kept, head=noted, contents=contents or replay, check=check)
    for one in found.remarks:
        remark(one, quiet)
    record = _record(found)
    say(record, _lines(found), format, output, rows=(("entry", "where", "problem"), record["findings"]))
    if found.findings:
        raise typer.Exit(4)


def _noted(given: str, key: str | None) -> str:
    """The head that was noted down: 64 hex digits, or in a file that `audit head` wrote, whose signature must hold."""
    import re

    from reliability.errors import LedgerError, UsageError
    from reliability.ledger.heads import head_from
    from reliability.ledger.signing import public_key

    digits = given.strip().casefold().removeprefix("sha256:")
    if re.fullmatch(r"[0-9a-f]{64}", digits):
        if key is not None:
            raise UsageError("--public-key", problem="goes with a file", remedy="give --head FILE, signed")
        return digits
    found = head_from(Path(given))
    unproven = found.unproven(None if key is None else public_key(key))
    if unproven is not None:
        raise LedgerError(given, problem=unproven, remedy="is it the file that was kept, and whose key is it?")
    return found.head


def _record(found: Verified) -> dict[str, Any]:
    return {
        "ok": not found.findings, "entries": found.entries, "contents": found.contents, "bytes": found.n_bytes,
        "head": found.head, "root": found.root, "first_bad": found.first_bad,
        "findings": [{"entry": one.entry, "where": one.where, "problem": one.problem} for one in found.findings],
    }  # fmt: skip


def _lines(found: Verified) -> list[str]:
    lines = [f"{'entry ' + str(one.entry) if one.entry is not None else 'ledger'}: {one.where}: {one.problem}"
             for one in found.findings]  # fmt: skip
    looked = f"{found.entries:,} entries, {found.contents:,} contents, {found.n_bytes:,} bytes"
    if found.findings:
        bad = f"; the first bad entry is {found.first_bad}" if found.first_bad is not None else ""
        lines.append(f"ALTERED: {len(found.findings):,} findings in {looked}{bad}")
    else:
        lines.append(f"in order: {looked}; head {found.head}")
    return lines
