"""What reading yields: reports with the place they come from, rejects, and notes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from reliability.model.report import Report

MAX_RAW = 2_000
"""How many bytes of a bad row a reject keeps."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a file before it is judged: its fields, or (`problem`) why there are none."""

    line: int | None
    raw: str
    fields: dict[str, Any] | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A report, and the file and 1-based line where its row starts; `raw` is the row, cut at 2,000 bytes."""

    report: Report
    file: str
    line: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row (or, with `line` None, a file) that can't be used, and why."""

    file: str
    line: int | None
    reason: str
    raw: str


@dataclass(slots=True)
class Notes:
    """What reading noticed besides: rows seen, repeats left out, and unknown columns with how many rows fill them.

    `self_named` are publishers that only their own pages name, with how many.
    `passed_over` counts objects of STIX bundles and MISP events that say nothing to rate, by what they are.
    """

    n_rows: int = 0
    n_repeats: int = 0
    unknown_columns: Counter[str] = field(default_factory=Counter)
    self_named: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)


def cut(raw: str | bytes) -> str:
    r"""A row as a reject keeps it: at most 2,000 bytes, without its line break; bytes that are not UTF-8 as \xNN."""
    if isinstance(raw, str):
        raw = raw[:MAX_RAW].encode("utf-8", "backslashreplace")
    text = raw.rstrip(b"\r\n")
    if len(text) > MAX_RAW:  # a character is not cut in two
        end = MAX_RAW
        while end > MAX_RAW - 4 and text[end] & 0xC0 == 0x80:
            end -= 1
        text = text[:end]
    return text.decode("utf-8", "backslashreplace")
