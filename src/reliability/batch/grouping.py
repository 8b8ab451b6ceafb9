"""Texts without a claim are grouped over the whole set, in memory, before rating: which takes what it takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from reliability import api
from reliability.batch.asked import MEGABYTE, Asked
from reliability.batch.check import place_of
from reliability.batch.rows import reports_of_rows, rows_of_reports
from reliability.batch.schema import CHECKED
from reliability.errors import InputError
from reliability.io.rows import Reject, cut
from reliability.model.base import canonical_json
from reliability.model.report import Report
from reliability.text.grouping import claim_texts, group

_BYTES_A_REPORT = 6_000


def refuse_too_many(n: int, memory: int) -> None:
    """Raise InputError where so many reports can't be grouped within the memory."""
    needed = n * _BYTES_A_REPORT
    if needed > memory:
        raise InputError(
            problem=f"{n:,} reports are grouped by what their texts say, which takes about {needed // MEGABYTE:,} MB",
            remedy="give each a claim (`reliability claims --grouping-out`), or say --memory "
            f"{needed // MEGABYTE + 1}MB or more",
        )


def grouped_rows(
    rows: pa.Table, asked: Asked, files: Sequence[str]
) -> tuple[pa.Table, list[tuple[int, Reject]], dict[str, Any]]:
    """All rows (ROWS, texts without `unit` among them) as CHECKED with their claims; rejects; repeats and texts."""
    reports = reports_of_rows(rows)
    places = {id(report): place for report, place in zip(reports, rows["place"].to_pylist(), strict=True)}
    usable, refused = api.check_reports(reports, asked.policy)
    rejects = [(places[id(report)], _reject(report, reason, places[id(report)], files)) for report, reason in refused]
    in_time, later = api.split_by_day(usable, asked.as_of)
    done, _ = group(in_time, asked.grouping)
    if asked.grouping is not None:
        api.keep_units_apart(done, asked.policy, asked.grouping)
    found = [*done, *later]
    before = [*in_time, *later]
    table = rows_of_reports(found, [places[id(report)] for report in before])
    late = {id(report) for report in later}
    standing = ["later" if id(r) in late else "rated" if r.kind == "statement" else r.kind for r in found]
    moved = [_as_read(was) if was is not now else None for was, now in zip(before, found, strict=True)]
    table = table.append_column("standing", pa.array(standing, type=pa.string()))
    table = table.append_column("as_read", pa.array(moved, type=pa.string())).select(CHECKED.names)
    texts = claim_texts([r for r in done if r.kind == "statement"], asked.grouping)
    return table, sorted(rejects, key=lambda one: one[0]), {
        "repeats": len(reports) - len(usable) - len(refused), "texts": texts if asked.grouping is not None else {},
    }  # fmt: skip


def _as_read(report: Report) -> str:
    return canonical_json({name: getattr(report, name) for name in ("claim", "stance", "question", "alternative")})


def _reject(report: Report, reason: str, place: int, files: Sequence[str]) -> Reject:
    file, line = place_of(place, files)
    return Reject(file, line, reason, cut(canonical_json({"id": report.key, **report.content})))
