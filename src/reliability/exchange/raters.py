"""Ratings by people and by the engine, as `agree` reads them: a label, a probability, or both, a claim.

A file is CSV (claim, label, p), JSON Lines with the same fields, or what `rate` writes (JSON, JSON Lines or CSV).
Claims that are not assessed, empty cells and nulls are missing values, never low ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from reliability.errors import InputError
from reliability.io.csvrows import CsvReader, table_rows
from reliability.io.jsondoc import json_rows
from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import kind_of, stem
from reliability.io.problems import near
from reliability.io.rows import RawRow, Reject
from reliability.io.streams import opened
from reliability.model.base import folded

COLUMNS = ("claim", "label", "p")
MAX_LABELS = 100
"""More different labels than this are no scale."""


@dataclass(frozen=True)
class Value:
    """What a rater says of a claim; None is not said."""

    label: str | None
    p: float | None


@dataclass(frozen=True)
class Rater:
    """One file: values by claim id, and the texts of claims where the file has them."""

    name: str
    values: dict[str, Value]
    texts: dict[str, str] = field(default_factory=dict)
    rejects: tuple[Reject, ...] = ()


def read_raters(paths: Sequence[Path]) -> list[Rater]:
    """A rater a file, named as the file is; several of one name are told apart by a number.

    A claim that one file names by its text is the claim whose id another file has for that text.
    Raises InputError for a file that can't be read, or has no usable row.
    """
    found = [_read(path) for path in paths]
    known = {folded(text): claim for one in found for claim, text in sorted(one.texts.items(), reverse=True)}
    ids = {claim for one in found for claim in one.texts}
    raters: list[Rater] = []
    for one in found:
        taken = {other.name for other in raters}
        numbered = (f"{one.name} ({n})" for n in range(2, len(found) + 2))
        name = next(name for name in (one.name, *numbered) if name not in taken)
        values = {claim if claim in ids else known.get(folded(claim), claim): value
                  for claim, value in one.values.items()}  # fmt: skip
        raters.append(Rater(name, values, one.texts, one.rejects))
    return raters


def _read(path: Path) -> Rater:
    where = str(path)
    kind, packed = kind_of(where)
    values: dict[str, Value] = {}
    texts: dict[str, str] = {}
    rejects: list[Reject] = []
    lines: dict[str, int | None] = {}
    with opened(path, packed=packed) as stream:
        for row in _rows(stream, where, kind):
            try:
                claim, text, value = _rated(row, flat=kind == "csv")
                if values.setdefault(claim, value) != value:
                    raise ValueError(f"claim {claim!r} is rated otherwise in line {lines[claim]}")
            except ValueError as error:
                rejects.append(Reject(where, row.line, str(error), row.raw))
                continue
            lines.setdefault(claim, row.line)
            if text is not None:
                texts[claim] = text
    if not values:
        first = rejects[0]
        raise InputError(where, line=first.line, problem=f"no usable row: {first.reason}",
                         remedy="the columns are claim, and label or p")  # fmt: skip
    return Rater(stem(where), values, texts, tuple(rejects))


def _rows(stream: BinaryIO, where: str, kind: str) -> Iterator[RawRow]:
    if kind == "csv":
        table = CsvReader(stream, where)
        named = "claim" in table.header or "claim_id" in table.header
        if not named or not {"label", "p", "icd203"} & {*table.header}:
            lacking = "label or p" if named else "claim"
            raise InputError(where, line=1, problem=f"the header has no column {lacking}{near('claim', table.header)}",
                             remedy="the columns are claim, and label or p")  # fmt: skip
        return table_rows(table, where)
    if kind not in ("json", "jsonl"):
        raise InputError(where, problem=f"ratings are .csv, .json or .jsonl, not .{kind}", remedy="give one of these")
    return json_rows(stream, where) if kind == "json" else jsonl_rows(stream, where)


def _rated(row: RawRow, *, flat: bool) -> tuple[str, str | None, Value]:
    """A row's claim, its text where the engine wrote it, and the value. Raises ValueError with the reason."""
    fields = row.fields
    if fields is None:
        raise ValueError(row.problem or "not readable")
    claim: Any = fields.get("claim", fields.get("claim_id"))
    if isinstance(claim, dict) and isinstance(fields.get("rating"), dict):
        fields = {**fields["rating"], "text": claim.get("text")}
        claim = claim.get("id")
    if not isinstance(claim, str) or not claim.strip():
        raise ValueError("names no claim")
    label = fields.get("label", fields.get("icd203"))
    if label is not None and not isinstance(label, str):
        raise ValueError("label: must be a text")
    p = _probability(fields.get("p"), flat=flat)
    if fields.get("assessed") in (False, "false"):
        label = p = None
    text = fields.get("text")
    return claim.strip(), text if isinstance(text, str) else None, Value(folded(label or "") or None, p)


def _probability(value: Any, *, flat: bool) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not (flat or isinstance(value, int | float)):
        raise ValueError("p: must be a number from 0 to 1")
    try:
        p = float(value)
    except (ValueError, OverflowError):
        raise ValueError("p: must be a number from 0 to 1") from None
    if not 0.0 <= p <= 1.0:
        raise ValueError("p: must be a number from 0 to 1")
    return p
