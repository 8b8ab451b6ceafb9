"""Flat tables of answers: a row says which source gave which answer to which question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from reliability.errors import InputError, MissingExtra, UsageError
from reliability.io.csvrows import CsvReader
from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import packing_of
from reliability.io.problems import near
from reliability.io.rows import Reject, cut
from reliability.io.streams import Packing, opened, reading
from reliability.io.visible import visible
from reliability.model.report import MAX_TEXT

Codes = NDArray[np.int64]
Row = tuple[int, str, list[str] | str]
"""A row's line, its text, and its cells or the reason why there are none."""


@dataclass(frozen=True)
class Columns:
    """What a flat table calls its question, source and alternative."""

    question: str = "question"
    source: str = "source"
    alternative: str = "alternative"

    @property
    def names(self) -> tuple[str, str, str]:
        """The three, in order."""
        return self.question, self.source, self.alternative

    @classmethod
    def parse(cls, text: str) -> Columns:
        """`question=object,source=site,alternative=value`; what is not named keeps its own name.

        Raises UsageError for other names, and for one column in two places.
        """
        known = [one.name for one in fields(cls)]
        found: dict[str, str] = {}
        for part in text.split(","):
            name, equals, column = (piece.strip() for piece in part.partition("="))
            if name not in known or not equals or not column or name in found:
                raise UsageError(f"--columns {text}", problem=f"{part.strip()!r} is no NAME=COLUMN",
                                 remedy=f"NAME is one of {', '.join(known)}, each once{near(name, known)}")  # fmt: skip
            found[name] = column
        columns = cls(**found)
        if len(set(columns.names)) < len(columns.names):
            raise UsageError(
                f"--columns {text}", problem="one column stands for two things", remedy="name three columns"
            )
        return columns


@dataclass
class Coded:
    """Texts as codes, in the order in which they came: names[codes[i]] is the text of row i."""

    names: list[str] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    _code_of: dict[str, int] = field(default_factory=dict, repr=False)

    def add(self, text: str) -> None:
        """Take the next row's text."""
        code = self._code_of.setdefault(text, len(self.names))
        if code == len(self.names):
            self.names.append(text)
        self.codes.append(code)

    @property
    def array(self) -> Codes:
        """The codes, (n_rows,)."""
        return np.array(self.codes, dtype=np.int64)


@dataclass(frozen=True)
class Answers:
    """A flat table's good rows as codes, and its rejects."""

    question: Coded
    source: Coded
    alternative: Coded
    rejects: tuple[Reject, ...]


def is_flat(path: Path) -> bool:
    """Whether a file's first row has a source and no provenance: then it is no table of report records."""
    names = first_names(path)
    return "source" in names and "provenance" not in names


def read_answers(source: Path | BinaryIO, kind: str, columns: Columns, *, name: str | None = None) -> Answers:
    """The answers of a flat table, as `flat_rows` reads it; `name` is what rejects call it, by default its path."""
    where = name or (str(source) if isinstance(source, Path) else "-")
    if kind == "csv" and isinstance(source, Path) and (found := _faultless(source, columns)) is not None:
        return found
    question, given_by, alternative = Coded(), Coded(), Coded()
    rejects: list[Reject] = []
    for line, raw, cells in flat_rows(source, kind, columns.names, where):
        if isinstance(cells, str):
            rejects.append(Reject(where, line, cells, raw))
            continue
        question.add(cells[0])
        given_by.add(cells[1])
        alternative.add(cells[2])
    return Answers(question, given_by, alternative, tuple(rejects))


def _faultless(path: Path, columns: Columns) -> Answers | None:
    """A CSV table in which every row is good, read in a third of the time; None for any other, to be read with care."""
    question, given_by, alternative = Coded(), Coded(), Coded()
    try:
        with reading(str(path)), opened(path, packed=packing_of(path.name)) as stream:
            rows = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline="\n"), strict=True)
            header = [cell.strip() for cell in next(rows)]
            if len({*header}) < len(header) or not {*columns.names} <= {*header}:
                return None
            at = [header.index(column) for column in columns.names]
            for row in rows:
                if len(row) != len(header):
                    return None
                q, s, a = row[at[0]].strip(), row[at[1]].strip(), row[at[2]].strip()
                if not (q and s and a) or len(q) + len(s) + len(a) > MAX_TEXT:
                    return None
                question.add(q)
                given_by.add(s)
                alternative.add(a)
    except (csv.Error, StopIteration, UnicodeDecodeError):
        return None
    return Answers(question, given_by, alternative, ()) if question.codes else None


def flat_rows(source: Path | BinaryIO, kind: str, names: tuple[str, ...], where: str) -> Iterator[Row]:
    """Cells of the named columns of a .csv, .jsonl or .parquet file (the first two also packed), or a stream of one.

    Cells are texts without blanks around them; numbers and true or false in JSON and Parquet as JSON writes
    them. A row with a cell that is empty or longer than 10,000 characters has the reason instead.
    Raises InputError when the file can't be read as a whole or lacks a column, MissingExtra without pyarrow.
    """
    if kind not in _READERS:
        raise InputError(where, problem=f"a flat table of answers is .csv, .jsonl or .parquet, not .{kind}",
                         remedy="save it as one of these")  # fmt: skip
    if kind == "parquet" or not isinstance(source, Path):
        yield from _checked(_READERS[kind](source, where, names), names)
        return
    with opened(source, packed=packing_of(source.name)) as stream:
        yield from _checked(_READERS[kind](stream, where, names), names)


def first_names(path: Path) -> list[str]:
    """The names of the columns: a header's, a schema's, or the first readable object's; none for other files."""
    kind, packed = ending_of(path)
    if kind == "parquet":
        return list(_parquet(path, str(path)).schema_arrow.names)
    if kind not in ("csv", "jsonl"):
        return []
    with opened(path, packed=packed) as stream:
        if kind == "csv":
            return CsvReader(stream, str(path)).header
        return list(next((row.fields for row in jsonl_rows(stream, str(path)) if row.fields is not None), ()))


def ending_of(path: Path) -> tuple[str, Packing | None]:
    """A file's kind by its ending, parquet among them, and how it is packed."""
    packed = packing_of(path.name)
    parts = path.name.lower().split(".")[1:]
    if packed is not None:
        parts = parts[:-1]
    return (parts[-1] if parts else ""), packed


def _checked(rows: Iterable[tuple[int, str, list[Any] | str]], names: tuple[str, ...]) -> Iterator[Row]:
    for line, raw, cells in rows:
        yield line, raw, cells if isinstance(cells, str) else _texts(cells, names)


def _texts(cells: list[Any], names: tuple[str, ...]) -> list[str] | str:
    found = [cell.strip() if type(cell) is str else _text(cell) for cell in cells]
    for text, column in zip(found, names, strict=True):
        if not text:
            return f"no {column}"
        if len(text) > MAX_TEXT:
            return f"{column} has {len(text):,} characters; at most {MAX_TEXT:,} are read"
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return "" if isinstance(cell, float) and cell != cell else str(cell)


def _csv_rows(stream: Any, where: str, names: tuple[str, ...]) -> Iterator[tuple[int, str, list[Any] | str]]:
    table = CsvReader(stream, where)
    at = [_place(column, table.header, where) for column in names]
    width = len(table.header)
    empty = True
    for line, raw, cells in table.rows():
        empty = False
        if not isinstance(cells, str):
            cells = ([cells[i] for i in at] if len(cells) == width
                     else f"a row of {len(cells)} cells under a header of {width}")  # fmt: skip
        yield line, raw, cells
    if empty:
        raise InputError(where, problem="has a header but no rows", remedy="add rows")


def _place(column: str, header: list[str], where: str) -> int:
    if column not in header:
        raise InputError(where, line=1, problem=f"the header has no column {visible(column)}{near(column, header)}",
                         remedy="name them with --columns question=…,source=…,alternative=…")  # fmt: skip
    return header.index(column)


def _json_rows(stream: Any, where: str, names: tuple[str, ...]) -> Iterator[tuple[int, str, list[Any] | str]]:
    for row in jsonl_rows(stream, where):
        line = row.line or 0
        if row.fields is None:
            yield line, row.raw, row.problem or "not readable"
            continue
        cells = [row.fields.get(column) for column in names]
        nested = next((c for c, cell in zip(names, cells, strict=True) if isinstance(cell, dict | list)), None)
        yield line, row.raw, cells if nested is None else f"{nested} is a list or an object, not a text"


def _parquet(source: Path | BinaryIO, where: str) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("batch", "Parquet", "pyarrow") from None
    try:
        with reading(where):
            return pq.ParquetFile(source)
    except pa.ArrowException as error:
        raise InputError(where, problem=f"is no Parquet file ({cut(str(error))})", remedy="write it again") from None


def _parquet_rows(source: Any, where: str, names: tuple[str, ...]) -> Iterator[tuple[int, str, list[Any] | str]]:
    file = _parquet(source, where)
    header = list(file.schema_arrow.names)
    for column in names:
        _place(column, header, where)
    line = 0
    with reading(where):
        for batch in file.iter_batches(columns=list(names)):
            for cells in zip(*(batch.column(column).to_pylist() for column in names), strict=True):
                line += 1
                yield line, cut(str(cells)), list(cells)
    if not line:
        raise InputError(where, problem="has no rows", remedy="add rows")


_READERS = {"csv": _csv_rows, "jsonl": _json_rows, "parquet": _parquet_rows}
