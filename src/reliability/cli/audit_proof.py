"""`reliability audit prove` and `check-proof`: one rating, shown to an outsider without the rest of the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reliability.cli import options as o
from reliability.cli.audit_show import Entry
from reliability.cli.audit_verify import SignWith

_MOST = 50_000_000


def prove(
    entry: Entry,
    claim: Annotated[str, typer.Argument(help="The claim's id.")],
    ledger: o.LedgerFolder,
    sign: SignWith = None,
    output: o.Output = None,
) -> None:
    """One bundle: a rating, its inputs' digests, its path in the Merkle tree, the head (signed with --sign)."""
    from reliability.cli.output import emit, one_json
    from reliability.ledger.proof import prove as proved
    from reliability.ledger.signing import private_key
    from reliability.ledger.store import Ledger

    key = None if sign is None else private_key(sign)
    kept = Ledger.open(ledger)
    emit(one_json(proved(kept.entry(entry), claim, kept, key).model_dump(mode="json")), output)


def check_proof(
    proof: Annotated[str, typer.Argument(metavar="BUNDLE", help="What `audit prove` wrote, or -.")],
    key: Annotated[str | None, typer.Option("--public-key", metavar="KEY", help="Whose signature is expected: a PEM "
                                            "file, or 64 hex digits.")] = None,
    root: Annotated[str | None, typer.Option(metavar="HASH", help="A root that was noted down (`audit head --format "
                                             "json`).")] = None,
    format: o.FormatOption = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """Check a bundle, with nothing else at hand; exit 4 where it does not prove its rating."""
    from reliability.cli.audit_rows import say
    from reliability.ledger.proof import check, proof_from, proven_entry
    from reliability.ledger.signing import public_key

    expected = None if key is None else public_key(key)
    given = proof_from(_read(proof), proof)
    wrong = list(check(given, public_key=expected, root=None if root is None else root.strip().casefold()))
    entry = proven_entry(given)
    record: dict[str, Any] = {
        "ok": not wrong, "problems": wrong, "rating": _rating(given.rating), "entry": entry and entry.seq,
        "at": entry and entry.at, "rules": entry.run.rules if entry is not None and entry.run is not None else None,
        "contents": [] if entry is None else [one.model_dump(mode="json") for one in entry.blobs],
        "entries": given.head.entries, "head": given.head.head, "root": given.head.root,
        "signed_by": given.head.signed_by,
    }  # fmt: skip
    say(record, _lines(record), format, output)
    if wrong:
        raise typer.Exit(4)


def _rating(text: str) -> Any:
    """The rating's claim, p and word; None where the text is no rating record."""
    from reliability.io.strict_json import BadJson, parse_json
    from reliability.ledger.kept import Told

    try:
        told = Told.of(parse_json(text))
        return {"claim": told.claim, "text": told.text, "p": told.p, "icd203": told.icd203}
    except (BadJson, KeyError, TypeError):
        return None


def _lines(record: dict[str, Any]) -> list[str]:
    lines = [f"NOT proved: {one}" for one in record["problems"]]
    rating = record["rating"]
    if rating is not None:
        lines.append(f"{rating['claim']}: {rating['text']}: p = {rating['p']} ({rating['icd203'] or 'not assessed'})")
    lines.append(f"entry {record['entry']} of {record['at']}, rules {record['rules']}")
    lines += [f"  {one['role']:<9} sha256:{one['content']}" for one in record["contents"]]
    lines.append(f"in a ledger of {record['entries']:,} entries, head {record['head']}, root {record['root']}")
    lines.append(f"signed by {record['signed_by']}" if record["signed_by"] else "not signed: compare the root or head "
                 "with one that you trust")  # fmt: skip
    return lines


def _read(name: str) -> bytes:
    import sys

    from reliability.errors import InputError

    try:
        if name == "-":
            data = sys.stdin.buffer.read(_MOST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(_MOST + 1)
    except OSError as error:
        raise InputError(name, problem=f"can't be read ({error.strerror})", remedy="check the name") from None
    if len(data) > _MOST:
        raise InputError(name, problem=f"is over {_MOST:,} bytes", remedy="a proof is one rating")
    return data
