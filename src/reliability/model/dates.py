"""Dates as people give them: a year, a month, a day, or a moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MICROSECONDS_A_DAY = 86_400_000_000


def date_span(text: str) -> tuple[int, int]:
    """The first and last microsecond that a date covers, counted from 0001-01-01T00:00 UTC.

    A year covers the year, a month the month, a day the day; a moment (RFC 3339; without an offset read as
    UTC) covers itself. Raises ValueError for anything else.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        at = (moment - datetime(1, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return at, at
    year, month, day = (int(part) if part else None for part in match.groups())
    first = date(int(year or 0), 1 if month is None else month, 1 if day is None else day)
    if month is None:
        end = date.max if first.year == date.max.year else date(first.year + 1, 1, 1)
    elif day is None:
        in_next_month = first + timedelta(days=31) if first < date(9999, 12, 1) else date.max
        end = in_next_month.replace(day=1) if in_next_month < date.max else date.max
    else:
        end = first + timedelta(days=1) if first < date.max else date.max
    start_at = (first.toordinal() - 1) * _MICROSECONDS_A_DAY
    return start_at, max(start_at, (end.toordinal() - 1) * _MICROSECONDS_A_DAY - 1)


def day_after(text: str) -> date:
    """The first day that a date no longer covers; the last day that there is, where there is none."""
    return date.fromordinal(min(date_span(text)[1] // _MICROSECONDS_A_DAY + 2, date.max.toordinal()))


def _checked(text: str) -> str:
    try:
        date_span(text)
    except (ValueError, OverflowError):
        raise ValueError("not a date: give a year, a month, a day (2025-03-12) or an RFC 3339 moment") from None
    return text


DateText = Annotated[str, AfterValidator(_checked)]
"""A year, month, day or RFC 3339 moment, kept as it was given."""
