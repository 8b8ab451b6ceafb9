"""`reliability audit override` and `redact`: what people decide, and what is taken out for a reason."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.ledger.entry import Blob
    from reliability.ledger.store import Ledger

Who = Annotated[str, typer.Option("--by", help="Who decides: a name that stays in the ledger.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stays in the ledger.")]


NotAgain = Annotated[
    str, typer.Option("--why", help="The reason; it stays in the ledger, so leave out what is removed.")
]


class What(StrEnum):
    """What a person may decide over the engine's head."""

    label = "label"
    merge = "merge"
    source_type = "source-type"
    adjudication = "adjudication"


def override(
    what: What,
    subject: Annotated[str, typer.Argument(help="The claim's id, or the source's name.")],
    ledger: o.LedgerFolder,
    new: Annotated[str, typer.Option(help="What it is now.")],
    by: Who,
    why: Why,
    old: Annotated[str | None, typer.Option(help="What it was.")] = None,
    about: Annotated[str | None, typer.Option(metavar="ENTRY", help="The entry that it is about.")] = None,
    rules: o.Rules = None,
    format: o.FormatOption = None,
    output: o.Output = None,
) -> None:
    """Record a person's decision: a label, a merge, a corrected source type, a claim that is settled."""
    from datetime import UTC, datetime

    from reliability.cli.said import require_name, require_text
    from reliability.ledger.details import Decision
    from reliability.ledger.overrides import record_override
    from reliability.ledger.store import Ledger

    for option, text in (("SUBJECT", subject), ("--new", new), ("--old", old), ("--why", why)):
        require_text(option, text)
    require_name("--by", by)
    if what is What.source_type:
        _require_types(rules, {"--new": new, "--old": old})
    kept = Ledger.open(ledger)
    number = None if about is None else kept.entry(about).entry.seq
    decision = Decision(subject=subject, old=old, new=new, why=why)
    placed = record_override(kept, what.value, decision, at=datetime.now(UTC), by=by, about=number)
    _say(placed.entry.seq, placed.hash, {}, format, output)


def _require_types(rules: Path | None, given: dict[str, str | None]) -> None:
    """Raises UsageError for a type that the policy does not define."""
    from reliability.cli.reading import load_policy
    from reliability.errors import UsageError
    from reliability.rules.policy import near

    known = load_policy(rules, None, None).types
    for option, name in given.items():
        if name is not None and name not in known:
            raise UsageError(option, problem=f"the policy has no source type {name!r}", remedy=near(name, known))


def redact(
    contents: Annotated[list[str] | None, typer.Argument(metavar="[CONTENT]…", help="sha256:DIGEST of a content, or an "
                                                         "entry's number for all of its contents but the policy.",
                                                         show_default=False)] = None,
    *,
    ledger: o.LedgerFolder,
    by: Who,
    why: NotAgain,
    holding: Annotated[str | None, typer.Option(metavar="TEXT", help="Every content that holds this text as it is "
                                                "written (not inside of .docx, .pdf, .gz, .zst).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be removed.")] = False,
    format: o.FormatOption = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """Remove contents for good; a tombstone says who and why, and the chain still verifies."""
    from datetime import UTC, datetime

    from reliability.cli.output import emit
    from reliability.cli.reading import remark
    from reliability.cli.said import require_name, require_text
    from reliability.errors import UsageError
    from reliability.ledger import redaction
    from reliability.ledger.holding import holding as contents_holding
    from reliability.ledger.store import Ledger

    require_name("--by", by)
    require_text("--why", why)
    if holding is not None and holding.strip() and holding in why:
        raise UsageError("--why", problem="holds what is to be removed, and stays in the ledger", remedy="leave it out")
    kept = Ledger.open(ledger)
    found = _named(contents or [], kept)
    found += contents_holding(kept, holding) if holding is not None else ()
    blobs = {one.content: one for one in found}
    redaction.refuse_lasting(kept, blobs)
    if not blobs:
        raise UsageError("redact", problem="nothing is named that could be removed", remedy="see `audit show ENTRY`")
    sharing = redaction.entries_with(kept, blobs)
    if len(sharing) > 1:
        shown = ", ".join(map(str, sharing[:10])) + (f" and {len(sharing) - 10:,} more" if len(sharing) > 10 else "")
        remark(f"entries {shown} have these contents, and lose them", False)
    if dry_run:
        emit("".join(f"would remove {one.role:<9} sha256:{one.content}\n" for one in blobs.values()), output)
        return
    placed = redaction.redact(kept, list(blobs), at=datetime.now(UTC), by=by, why=why)
    removed = () if placed.entry.tombstone is None else placed.entry.tombstone.removed
    _say(placed.entry.seq, placed.hash, {"removed": list(removed)}, format, output)


def pseudonym(
    name: Annotated[str, typer.Argument(help="A confidential name.")],
    confidential: Annotated[Path, typer.Option(metavar="FILE", help="The TOML file with the key.")],
    output: o.Output = None,
) -> None:
    """The pseudonym that stands in the ledger for a confidential name: to look for with `audit list --source`."""
    from reliability.cli.output import emit
    from reliability.cli.said import require_text
    from reliability.ledger.pseudonyms import read_confidential

    require_text("NAME", name)
    emit(f"{read_confidential(confidential).pseudonym(name)}\n", output)


def _named(names: list[str], ledger: Ledger) -> list[Blob]:
    """The contents that are named by digest or entry. Raises UsageError for a name of none."""
    from reliability.errors import UsageError
    from reliability.ledger.redaction import removable

    found: list[Blob] = []
    for name in names:
        if not name.startswith("sha256:"):
            found += removable(ledger.entry(name))
            continue
        digits = name.removeprefix("sha256:").casefold()
        blobs = {blob.content: blob for placed in ledger.chain.whole() for blob in placed.entry.blobs
                 if len(digits) >= 8 and blob.content.startswith(digits)}  # fmt: skip
        if len(blobs) != 1:
            raise UsageError(name, problem=f"is the digest of {len(blobs):,} contents here", remedy="give all of it")
        found += blobs.values()
    return found


def _say(seq: int, digest: str, more: dict[str, object], format: o.Format | None, output: Path | None) -> None:
    from reliability.cli.audit_rows import say

    record = {"entry": seq, "hash": digest, **more}
    say(record, [f"entry {seq:,}, whose hash is {digest}"], format, output, rows=(list(record), [record]))
