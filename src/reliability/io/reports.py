"""Report records from JSON Lines, JSON and CSV: good rows become reports, bad ones rejects."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import ValidationError

from reliability.errors import InputError
from reliability.io.chain import parse_chain
from reliability.io.csvrows import csv_rows
from reliability.io.foreign import Foreign, unfolded
from reliability.io.jsondoc import json_rows, rows_of
from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import packing_of
from reliability.io.problems import plain_reason
from reliability.io.rows import Located, Notes, RawRow, Reject
from reliability.io.streams import opened
from reliability.io.strict_json import BadJson, parse_json
from reliability.io.visible import visible
from reliability.model.base import canonical_json
from reliability.model.report import Link, Quantity, Report, Spans

ReportKind = Literal["jsonl", "json", "csv"]

FIELDS: tuple[str, ...] = tuple(Report.model_fields)
"""A report record's fields, in order."""

_LINK_COLUMNS = ("via", "hedge", "facts")
_JSON_COLUMNS = ("quantity", "spans")
_after = FIELDS.index("provenance") + 1
CSV_COLUMNS: tuple[str, ...] = (*FIELDS[:_after], *_LINK_COLUMNS, *FIELDS[_after:])
"""A CSV table's columns: the fields, and what belongs to links as arrays."""

_MAX_UNKNOWN = 1_000
_A_RATING = "is a rating record, not a report; rate what `reliability claims` prints, or `recompute` this"
_KNOWN = {
    "": FIELDS,
    "provenance": (*Link.model_fields,),
    "quantity": (*Quantity.model_fields,),
    "spans": (*Spans.model_fields,),
}
_READERS: dict[ReportKind, Callable[[BinaryIO, str], Iterator[RawRow]]] = {
    "jsonl": jsonl_rows,
    "json": json_rows,
    "csv": csv_rows,
}


class ReportReader:
    """Reads files of one input, and remembers ids across them.

    The same id with the same content is a repeat, counted and left out; with other content the later row is a
    reject that names the first. `notes` adds up over all files. Holds some 200 bytes a report.
    """

    def __init__(self) -> None:
        self.notes = Notes()
        self._seen: dict[str, tuple[bytes, str, int | None]] = {}

    def read(self, stream: BinaryIO, *, kind: ReportKind, name: str) -> Iterator[Located | Reject]:
        """The reports and rejects of a stream of (unpacked) bytes, in its order, one at a time.

        Raises InputError when the stream as a whole can't be read.
        """
        return self.judge(_READERS[kind](stream, name), name, flat=kind == "csv")

    def read_json_text(self, text: str, *, name: str, expected: Foreign | None = None) -> Iterator[Located | Reject]:
        """The same for the text of a JSON document; `expected` says that it must be a STIX bundle or MISP event."""
        return self.judge(rows_of(text, name), name, expected=expected)

    def judge(
        self, rows: Iterable[RawRow], name: str, *, flat: bool = False, expected: Foreign | None = None
    ) -> Iterator[Located | Reject]:
        """Rows as reports or rejects. `flat`: links and other nested fields are text, as CSV has them.

        STIX bundles and MISP events among the others are unfolded into the reports in them.
        """
        for row in rows if flat else unfolded(rows, self.notes, expected):
            one = judged(row, name, self.notes, flat=flat)
            found = self._new(one) if isinstance(one, Located) else one
            if found is not None:
                yield found

    def _new(self, located: Located) -> Located | Reject | None:
        """The report itself when its id is new, nothing for a repeat, a reject when another report has the id."""
        key = located.report.key
        digest = hashlib.sha256(canonical_json(located.report.content).encode("utf-8")).digest()[:16]
        if key not in self._seen:
            self._seen[key] = digest, located.file, located.line
            return located
        first, file, line = self._seen[key]
        if first == digest:
            self.notes.n_repeats += 1
            return None
        place = file if line is None else f"{file}:{line}"
        reason = f"the id `{visible(key)}` is that of {place} too, which says something else; give it an id of its own"
        return Reject(located.file, located.line, reason, located.raw)


def judged(row: RawRow, name: str, notes: Notes, *, flat: bool = False) -> Located | Reject:
    """One row as a report or a reject, whatever other rows say; `notes` takes note of it. `flat` as CSV has fields."""
    notes.n_rows += 1
    if row.fields is None:
        return Reject(name, row.line, row.problem or "not readable", row.raw)
    if isinstance(row.fields.get("claim"), dict) and "rating" in row.fields:
        return Reject(name, row.line, _A_RATING, row.raw)
    columns = CSV_COLUMNS if flat else FIELDS
    _note_unknown(notes, (key for key, value in row.fields.items() if key not in columns and value is not None))
    try:
        report = validated(row.fields, flat=flat)
    except ValidationError as error:
        return Reject(name, row.line, plain_reason(error, _KNOWN), row.raw)
    except ValueError as error:
        return Reject(name, row.line, str(error), row.raw)
    return Located(report, name, row.line, row.raw)


def validated(fields: Mapping[str, Any], *, flat: bool = False) -> Report:
    """The report that a row's fields make. Raises ValidationError, or ValueError for what can't be taken apart."""
    return Report.model_validate(_tidied(_unflattened(fields) if flat else fields), strict=True)


def validated_link(fields: Any) -> Link:
    """The link of a chain that a value makes. Raises ValidationError."""
    return Link.model_validate(_without_null(fields), strict=True)


def _note_unknown(notes: Notes, names: Iterable[str]) -> None:
    columns = notes.unknown_columns
    for key in names:
        columns[key if key in columns or len(columns) < _MAX_UNKNOWN else "(others)"] += 1


def read_reports_file(
    source: Path | BinaryIO, *, kind: ReportKind, name: str | None = None, reader: ReportReader | None = None
) -> tuple[list[Located], list[Reject], Notes]:
    """All reports of a file (.gz and .zst are unpacked) or of a stream of bytes, its rejects, and notes.

    `name` is what rejects and errors call the file, by default its path. With a `reader`, ids are compared with the
    files that it read before, and the notes are the reader's, over all of them.
    Raises InputError when the file as a whole can't be read: missing, empty, damaged, without its columns.
    """
    reader = reader or ReportReader()
    name = name or (str(source) if isinstance(source, Path) else "-")
    reports: list[Located] = []
    rejects: list[Reject] = []
    packed = packing_of(source.name) if isinstance(source, Path) else None
    with opened(source, packed=packed) if isinstance(source, Path) else nullcontext(source) as stream:
        for found in reader.read(stream, kind=kind, name=name):
            if isinstance(found, Located):
                reports.append(found)
            else:
                rejects.append(found)
    return reports, rejects, reader.notes


def report_from(row: Mapping[str, Any], *, where: str | None = None) -> Report:
    """The report that a record from elsewhere (a dict, a row of a pandas, Polars or Arrow table) stands for.

    None and NaN mean missing, dates and arrays are taken as what they say, and `provenance` (then `via`, `hedge`,
    `facts`, `quantity` and `spans` too) may be text as in CSV. Unknown columns are left aside with a warning.
    Raises InputError with the reason.
    """
    fields = {str(key): plain_value(value) for key, value in row.items()}
    flat = isinstance(fields.get("provenance"), str)
    unknown = [name for name in fields if name not in (CSV_COLUMNS if flat else FIELDS)]
    if unknown:
        warnings.warn(f"unknown columns are left aside: {', '.join(unknown)}", UserWarning, stacklevel=2)
    try:
        return validated(fields, flat=flat)
    except ValidationError as error:
        problem = plain_reason(error, _KNOWN)
    except ValueError as error:
        problem = str(error)
    raise InputError(where, problem=problem, remedy="see `reliability schema report`")


def plain_value(value: Any) -> Any:
    """What a table's cell says in JSON's types: arrays as lists, dates as text, NaN at the top as None."""
    if isinstance(value, Mapping):
        return {key: plain_value(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    if hasattr(value, "isoformat"):
        return value.isoformat() if value == value else None  # NaT is not equal to itself
    if hasattr(value, "tolist"):
        return plain_value(value.tolist())
    return None if isinstance(value, float) and value != value else value


def _without_null(value: Any) -> Any:
    return {key: one for key, one in value.items() if one is not None} if isinstance(value, dict) else value


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(one) for one in value) if isinstance(value, list) else value


def _tidied(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields as the strict model takes them: null means missing (but in facts: unknown), lists are tuples."""
    tidy = {key: _without_null(fields[key]) for key in FIELDS if fields.get(key) is not None}
    if isinstance(links := tidy.get("provenance"), list):
        tidy["provenance"] = tuple(_without_null(link) for link in links)
    if isinstance(spans := tidy.get("spans"), dict):
        tidy["spans"] = {key: _as_tuple(ranges) for key, ranges in spans.items()}
    return tidy


def _unflattened(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A CSV row's fields as a record's. Raises ValueError with the column and the reason."""
    record = {key: value for key, value in fields.items() if key not in _LINK_COLUMNS}
    for column in _JSON_COLUMNS:
        if isinstance(record.get(column), str):
            record[column] = _cell_json(column, record[column])
    if "provenance" not in record:
        return record
    try:
        links = record["provenance"] = parse_chain(record["provenance"])
    except ValueError as error:
        raise ValueError(f"provenance: {error}") from None
    for column in _LINK_COLUMNS:
        values = fields.get(column)
        if values is None:
            continue
        if isinstance(values, str):
            values = _cell_json(column, values)
        if not isinstance(values, list) or len(values) != len(links):
            raise ValueError(f"{column}: must be a JSON array of {len(links)}, an element a link of the chain")
        for link, value in zip(links, values, strict=True):
            link[column] = value
    return record


def _cell_json(column: str, cell: str) -> Any:
    try:
        return parse_json(cell)
    except BadJson as error:
        raise ValueError(f"{column}: {error}") from None
