"""Cells of the named columns of a flat table: CSV, JSON Lines, Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO

from reliability.errors import InputError, MissingExtra
from reliability.io.csvrows import CsvReader
from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import packing_of
from reliability.io.problems import near
from reliability.io.rows import cut
from reliability.io.streams import Packing, opened, reading
from reliability.io.visible import visible
from reliability.model.report import MAX_TEXT

Row = tuple[int, str, list[str] | str]
"""A row's line, its text, and its cells or the reason why there are none."""


def flat_rows(
    source: Path | BinaryIO, kind: str, names: tuple[str, ...], where: str, *, blank: tuple[str, ...] = ()
) -> Iterator[Row]:  # fmt: skip
    """Cells of the named columns of a .csv, .jsonl or .parquet file (the first two also packed), or a stream of one.

    Cells are texts without blanks around them; numbers and true or false in JSON and Parquet as JSON writes
    them. A row with a cell that is empty or longer than 10,000 characters has the reason instead, but for the
    columns `blank`, whose cells may be empty.
    Raises InputError when the file can't be read as a whole or lacks a column, MissingExtra without pyarrow.
    """
    if kind not in _READERS:
        raise InputError(where, problem=f"a flat table of answers is .csv, .jsonl or .parquet, not .{kind}",
                         remedy="save it as one of these")  # fmt: skip
    if kind == "parquet" or not isinstance(source, Path):
        yield from _checked(_READERS[kind](source, where, names), names, blank)
        return
    with opened(source, packed=packing_of(source.name)) as stream:
        yield from _checked(_READERS[kind](stream, where, names), names, blank)


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


def _checked(
    rows: Iterable[tuple[int, str, list[Any] | str]], names: tuple[str, ...], blank: tuple[str, ...]
) -> Iterator[Row]:  # fmt: skip
    for line, raw, cells in rows:
        yield line, raw, cells if isinstance(cells, str) else _texts(cells, names, blank)


def _texts(cells: list[Any], names: tuple[str, ...], blank: tuple[str, ...]) -> list[str] | str:
    found = [cell.strip() if type(cell) is str else _text(cell) for cell in cells]
    for text, column in zip(found, names, strict=True):
        if not text and column not in blank:
            return f"no {column}"
        if len(text) > MAX_TEXT:
            return f"{column} has {len(text):,} characters; at most {MAX_TEXT:,} are read"
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return "" if not isfinite(cell) else str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else str(cell)
    return str(cell)


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
