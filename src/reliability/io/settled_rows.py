"""Rows of files that say what was settled: CSV or JSON Lines, with the columns that are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reliability.errors import InputError
from reliability.io.csvrows import CsvReader, table_rows
from reliability.io.jsonl import jsonl_rows
from reliability.io.kinds import kind_of
from reliability.io.problems import near
from reliability.io.rows import RawRow
from reliability.io.streams import opened


def settled_rows(path: Path, needed: Iterable[str], what: str, remedy: str) -> Iterator[tuple[RawRow, bool]]:
    """Each row of a .csv or .jsonl file, packed or not, and whether its cells are all texts, as in CSV.

    Raises InputError for a file of another kind, an empty one, and a header without a column that is `needed`;
    `what` is in the file, and `remedy` says how to name columns, `{}` standing for the one that lacks.
    """
    where = str(path)
    kind, packed = kind_of(where)
    if kind not in ("csv", "jsonl"):
        raise InputError(where, problem=f"{what} are .csv or .jsonl, not .{kind}", remedy="give one of these")
    with opened(path, packed=packed) as stream:
        if kind == "jsonl":
            yield from ((row, False) for row in jsonl_rows(stream, where))
            return
        table = CsvReader(stream, where)
        for column in needed:
            if column not in table.header:
                problem = f"the header has no column {column}{near(column, table.header)}"
                raise InputError(where, line=1, problem=problem, remedy=remedy.format(column))
        yield from ((row, True) for row in table_rows(table, where))
