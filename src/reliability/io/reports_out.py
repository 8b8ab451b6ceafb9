"""Report records as JSON Lines, JSON and CSV, as the readers take them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from reliability.io.chain import write_chain
from reliability.io.reports import CSV_COLUMNS, ReportKind
from reliability.io.visible import json_text
from reliability.model.report import Link, Report


def dump_reports(reports: Iterable[Report], kind: ReportKind) -> str:
    """Reports as text, a line each (`jsonl`), a list (`json`, indented by 2) or a table (`csv`).

    Fields that are None are left out (an empty cell), but facts keep their nulls. Reading the text back gives equal
    reports. Cells are written as they are: a spreadsheet may take one that starts with = for a formula.
    """
    if kind == "csv":
        return "".join(csv_line(row) for row in [list(CSV_COLUMNS), *(_cells(report) for report in reports)])
    records = [report_record(report) for report in reports]
    if kind == "json":
        return json_text(records, indent=2) + "\n"
    return "".join(json_text(record) + "\n" for record in records)


def report_record(report: Report) -> dict[str, Any]:
    """A report as JSON types, in the order of the fields, without what is None or a link's facts when it has none."""
    record = report.model_dump(mode="json", exclude_none=True)
    for link in record["provenance"]:
        if not link["facts"]:
            del link["facts"]
    return record


def csv_line(cells: Iterable[str]) -> str:
    """One CSV line (RFC 4180, ended by a line feed): cells with commas, quotes, breaks or edge blanks are quoted."""
    return ",".join(_quoted(cell) for cell in cells) + "\n"


def _quoted(cell: str) -> str:
    plain = not any(mark in cell for mark in ',"\r\n') and cell == cell.strip()
    return cell if plain else '"' + cell.replace('"', '""') + '"'


def _cells(report: Report) -> list[str]:
    record = report_record(report)
    links: tuple[Link, ...] = report.provenance
    record["provenance"] = write_chain([(link.source, link.type) for link in links])
    for column in ("via", "hedge", "facts"):
        values = [getattr(link, column) or None for link in links]
        if any(value is not None for value in values):
            record[column] = values
    return [_cell(record.get(column)) for column in CSV_COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, allow_nan=False)
