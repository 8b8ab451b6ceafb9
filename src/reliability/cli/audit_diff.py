"""`reliability audit diff`: why ratings moved from one entry to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.ledger.moves import Moves

Named = "An entry's number, the beginning of its hash, or `last`."


def run(
    first: Annotated[str, typer.Argument(metavar="A", help=Named)],
    second: Annotated[str, typer.Argument(metavar="B", help=Named)],
    ledger: o.LedgerFolder,
    claim: Annotated[str | None, typer.Option(help="Only this claim, by its id.")] = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many claims, those that moved furthest.")] = 20,
    format: o.FormatOption = None,
    output: o.Output = None,
) -> None:
    """Which claims moved from A to B, split into reports, rules, corrected tags and engine; exit 1 where any did."""
    from reliability.cli.audit_rows import say
    from reliability.ledger.moves import moves
    from reliability.ledger.store import Ledger

    kept = Ledger.open(ledger)
    found = moves(kept.entry(first), kept.entry(second), kept, claim=claim, most=most)
    say(_record(found), _lines(found), format, output, rows=(_COLUMNS, list(_rows(found))), whole=True)
    if found.n_moved or found.only_before or found.only_after:
        raise typer.Exit(1)


def _record(found: Moves) -> dict[str, Any]:
    return {
        "n_moved": found.n_moved, "only_before": list(found.only_before), "only_after": list(found.only_after),
        "moved": [{
            "claim": one.claim, "text": one.text, "before": {"p": one.before_p, "db": one.before_db},
            "after": {"p": one.after_p, "db": one.after_db}, "move_db": round(one.after_db - one.before_db, 2),
            "shares": [{"cause": share.cause, "db": share.db, "what": list(share.what)} for share in one.shares],
            "remarks": list(one.remarks),
        } for one in found.moved],
    }  # fmt: skip


_COLUMNS = ("claim", "text", "before_p", "after_p", "before_db", "after_db", "cause", "share_db", "what")


def _rows(found: Moves) -> Iterator[dict[str, Any]]:
    """A row a claim and cause; claims of one entry only have no numbers on the other side."""
    for one in found.moved:
        for share in one.shares:
            yield {"claim": one.claim, "text": one.text, "before_p": one.before_p, "after_p": one.after_p,
                   "before_db": one.before_db, "after_db": one.after_db, "cause": share.cause, "share_db": share.db,
                   "what": share.what}  # fmt: skip
    for claims, cause in ((found.only_before, "only in the first"), (found.only_after, "only in the second")):
        yield from (dict.fromkeys(_COLUMNS) | {"claim": claim, "cause": cause} for claim in claims)


def _lines(found: Moves) -> list[str]:
    lines = [f"{found.n_moved:,} claims moved"] if found.n_moved else ["no claim moved"]
    for one in found.moved:
        lines.append(f"{one.claim}: {one.before_p:.4f} → {one.after_p:.4f}, {one.before_db:+.2f} dB → "
                     f"{one.after_db:+.2f} dB ({one.after_db - one.before_db:+.2f}): {one.text[:80]}")  # fmt: skip
        for share in one.shares:
            more = f" and {len(share.what) - 5:,} more" if len(share.what) > 5 else ""
            lines.append(f"  {share.db:+8.2f} dB  {share.cause:<14}  {', '.join(share.what[:5])}{more}".rstrip())
        lines += [f"  {remark}" for remark in one.remarks]
    if found.n_moved > len(found.moved) > 1:
        lines.append(f"… and {found.n_moved - len(found.moved):,} more (--most)")
    lines += [f"only in the first: {claim}" for claim in found.only_before]
    lines += [f"only in the second: {claim}" for claim in found.only_after]
    return lines
