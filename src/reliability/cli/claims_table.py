"""Reports as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from reliability.cli.table import ARROW, printed, shortened
from reliability.io.visible import visible
from reliability.model.report import Report


def claims_table(reports: Sequence[Report], columns: int) -> str:
    """One row a report: id, claim, what is said, who says it through whom, kind and stance."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), expand=True, show_edge=False)
    for name, ratio in (("report", 2), ("claim", 2), ("text", 6), ("chain", 5), ("kind, stance", 2)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for report in reports:
        chain = ARROW.join(f"{link.source} [{link.type or '?'}]" for link in report.provenance)
        cells = (report.key, report.claim or report.question or "", shortened(report.text or "", columns),
                 chain, f"{report.kind}, {report.stance}")  # fmt: skip
        table.add_row(*(Text(visible(cell)) for cell in cells))
    return printed(table, columns)
