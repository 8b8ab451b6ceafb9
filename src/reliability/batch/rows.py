"""Between report records and the kernel's rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from reliability.batch.schema import CONTENT, ROWS
from reliability.io.reports import report_from
from reliability.model.base import canonical_json
from reliability.model.report import Report
from reliability.scoring.coding import unit_id

NESTED = ("provenance", "quantity", "spans")


def rows_of_reports(reports: Iterable[Report], places: Iterable[int] | None = None) -> pa.Table:
    """Report records as rows, in their order; `places` say where each was read, by default 0, 1, ….

    A text that is to be grouped yet has no `unit`.
    """
    columns: dict[str, list[Any]] = {name: [] for name in ROWS.names}
    for report in reports:
        content = report.content
        is_loose = report.claim is None and report.alternative is None
        columns["unit"].append(None if is_loose else unit_id(report))
        columns["key"].append(report.key)
        for name in CONTENT:
            value = content.get(name)
            columns[name].append(canonical_json(value) if name in NESTED and value is not None else value)
    n = len(columns["unit"])
    columns["place"] = list(range(n)) if places is None else list(places)
    return pa.table(columns, schema=ROWS)


def reports_of_rows(rows: pa.Table) -> list[Report]:
    """The report records that rows stand for, with their keys as ids."""
    found = []
    for row in rows.select(["key", *CONTENT]).to_pylist():
        fields = {"id": row.pop("key"), **{name: value for name, value in row.items() if value is not None}}
        for name in NESTED:
            if name in fields:
                fields[name] = json.loads(fields[name])
        found.append(report_from(fields))
    return found
