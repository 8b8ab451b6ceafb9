"""Moments for formats that insist on them. They come from the reports, never from a clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from reliability.model.dates import date_span
from reliability.model.report import Report

EPOCH = "1970-01-01"
"""What stands where no report has a date and none is given."""

ALWAYS = "2026-11-01T00:00:00.000Z"
"""When what never changes (sources, our definitions) is said to be made: their ids must not depend on an export."""


def moment(date: str) -> str:
    """The first moment of a date, in UTC to the millisecond: 2025-03 is 2025-03-01T00:00:00.000Z."""
    first, _ = date_span(date)
    at = datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=first)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z".rjust(24, "0")


def newest(reports: Iterable[Report]) -> str | None:
    """The date of the report published last (ties: the greatest as text), None where none has a date."""
    return max(
        (one.published for one in reports if one.published), key=lambda day: (date_span(day)[0], day), default=None
    )
