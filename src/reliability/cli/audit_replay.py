"""`reliability audit replay`: does an entry come out the same today?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o
from reliability.cli.audit_show import Entry

if TYPE_CHECKING:
    from reliability.ledger.replay import Replay


def run(
    entry: Entry,
    ledger: o.LedgerFolder,
    most: Annotated[int, typer.Option(min=1, help="At most so many of the values that differ.")] = 50,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:
    """Compute an entry's ratings again from its stored inputs and policy; exit 4 where anything comes out otherwise."""
    from reliability.cli.audit_rows import say
    from reliability.cli.reading import remark
    from reliability.ledger.replay import replay
    from reliability.ledger.store import Ledger

    kept = Ledger.open(ledger)
    found = replay(kept.entry(entry), kept)
    for one in found.remarks:
        remark(one, quiet)
    record = _record(found, most)
    say(record, _lines(found, most), format, output, rows=(_COLUMNS, record["differences"]))
    if not found.same:
        raise typer.Exit(4)


_COLUMNS = ("claim", "where", "recorded", "now", "by")


def _record(found: Replay, most: int) -> dict[str, Any]:
    return {
        "entry": found.entry, "claims": found.claims, "identical": found.identical, "same": found.same,
        "from_files": found.from_files, "n_differences": len(found.differences),
        "differences": [{"claim": one.claim, "where": one.where, "recorded": one.recorded, "now": one.now, "by": one.by}
                        for one in found.differences[:most]],
        "reports": list(found.reports),
        "versions": [{"name": name, "recorded": then, "now": now} for name, then, now in found.versions],
    }  # fmt: skip


def _lines(found: Replay, most: int) -> list[str]:
    origin = "its files" if found.from_files else "its recorded reports"
    verdict = "the same to the byte" if found.identical else "the same, but for versions that are named in it"
    lines = [f"entry {found.entry}: {found.claims:,} claims from {origin}: {verdict if found.same else 'NOT the same'}"]
    lines += [f"  {name}: {then or 'none'} → {now or 'none'}" for name, then, now in found.versions]
    lines += [f"  the report {name} is read otherwise" for name in found.reports[:most]]
    for one in found.differences[:most]:
        by = f" ({one.by:+.6g})" if one.by is not None else ""
        lines.append(f"  {one.claim}: {one.where}: {one.recorded!r} → {one.now!r}{by}")
    more = len(found.differences) - most
    return lines + ([f"  … and {more:,} more (--most)"] if more > 0 else [])
