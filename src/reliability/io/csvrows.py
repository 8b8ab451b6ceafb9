"""Rows of a CSV table: commas, double quotes, a header; cells may hold line breaks."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator
from typing import BinaryIO

from reliability.errors import InputError
from reliability.io.problems import near
from reliability.io.rows import RawRow, cut
from reliability.io.streams import MAX_LINE, Line, lines


class CsvReader:
    """A table's header and its rows, each with the line it starts at.

    A row that breaks off (a quote that is not closed) is given up at its first line; reading goes on at the next.
    Cells of more than 131,072 characters, and lines over `max_line` bytes, are bad rows.
    Raises InputError when the table is empty or its header can't be used.
    """

    def __init__(self, stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> None:
        self._where = where
        self._max_line = max_line
        self._lines = lines(stream, where, max_line)
        self._again: deque[Line] = deque()
        self._row: list[Line] = []
        self._csv = csv.reader(self._feed(), strict=True)
        self.header = self._read_header()

    def rows(self) -> Iterator[tuple[int, str, list[str] | str]]:
        """Each row's first line (1-based), its raw text, and its cells, or the reason why there are none."""
        while (row := self._next()) is not None:
            yield row

    def _feed(self) -> Iterator[str]:
        while True:
            if self._again:
                line = self._again.popleft()
            elif (found := next(self._lines, None)) is not None:
                line = found
            else:
                return
            self._row.append(line)
            yield line.data.decode("utf-8", "surrogateescape") if line.whole else "\0too long"

    def _next(self) -> tuple[int, str, list[str] | str] | None:
        while True:
            self._row = []
            try:
                cells = next(self._csv)
            except StopIteration:
                return None
            except csv.Error as error:
                return self._given_up(str(error))
            if any(not line.whole for line in self._row):
                return self._given_up(f"a line of more than {self._max_line:,} bytes")
            if any(cell.strip(" \t\r\n") for cell in cells):
                return self._taken(cells)

    def _taken(self, cells: list[str]) -> tuple[int, str, list[str] | str]:
        first, raw = self._row[0].number, self._raw()
        try:
            "".join(cells).encode("utf-8")
        except UnicodeEncodeError:
            return first, raw, "not UTF-8"
        return first, raw, cells

    def _given_up(self, reason: str) -> tuple[int, str, list[str] | str]:
        first, *rest = self._row
        self._row = [first]
        self._again.extendleft(reversed(rest))
        self._csv = csv.reader(self._feed(), strict=True)  # the old one may have seen the end
        return first.number, self._raw(), _plain(reason, broken_off=bool(rest))

    def _raw(self) -> str:
        return cut(b"".join(line.data for line in self._row))

    def _read_header(self) -> list[str]:
        row = self._next()
        if row is None:
            raise InputError(self._where, problem="is empty", remedy="give a header and rows")
        line, _, cells = row
        if isinstance(cells, str):
            raise InputError(self._where, line=line, problem=cells, remedy="mend the header")
        header = [cell.strip() for cell in cells]
        twice = sorted(name for name, n in Counter(header).items() if n > 1)
        if twice:
            problem = f"the column `{twice[0]}` stands twice in the header"
            raise InputError(self._where, line=line, problem=problem, remedy="rename or remove one")
        return header


def _plain(reason: str, *, broken_off: bool) -> str:
    if broken_off or "unexpected end of data" in reason:
        return "malformed CSV: a quote that is not closed"
    if "field larger" in reason:
        return f"malformed CSV: a cell of more than {csv.field_size_limit():,} characters"
    if "new-line character" in reason:
        return "malformed CSV: a line break (a carriage return alone) outside quotes"
    return reason if reason.startswith("a line of more") else f"malformed CSV: {reason}"


def csv_rows(stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> Iterator[RawRow]:
    """The rows of a CSV table of reports, as fields by column; empty cells are left out.

    Raises InputError when the table is empty, has no rows, or lacks the columns that a report needs.
    """
    table = CsvReader(stream, where, max_line)
    _need_columns(table.header, where)
    return table_rows(table, where)


def table_rows(table: CsvReader, where: str) -> Iterator[RawRow]:
    """The rows of a CSV table of any kind, as fields by column; empty cells are left out.

    Raises InputError when there is none.
    """
    header, empty = table.header, True
    for line, raw, cells in table.rows():
        empty = False
        if isinstance(cells, str):
            yield RawRow(line, raw, problem=cells)
        elif len(cells) != len(header):
            yield RawRow(line, raw, problem=f"a row of {len(cells)} cells under a header of {len(header)}")
        else:
            filled = zip(header, cells, strict=True)
            yield RawRow(line, raw, fields={name: cell for name, cell in filled if cell.strip(" \t\r\n")})
    if empty:
        raise InputError(where, problem="has a header but no rows", remedy="add rows")


def _need_columns(header: list[str], where: str) -> None:
    if "provenance" in header and ("claim" in header or "text" in header or {"question", "alternative"} <= {*header}):
        return
    lacking = "claim or text" if "provenance" in header else "provenance"
    hint = near("provenance", header) if lacking == "provenance" else ""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        hint = "; the cells must be separated by commas"
    raise InputError(
        where,
        line=1,
        problem=f"the header has no column {lacking}{hint}",
        remedy="see `reliability schema report` for the columns",
    )
