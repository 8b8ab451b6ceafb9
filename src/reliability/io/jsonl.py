"""Rows of JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reliability.errors import InputError
from reliability.io.rows import RawRow, cut
from reliability.io.streams import MAX_LINE, Line, lines
from reliability.io.strict_json import BadJson, parse_json


def jsonl_rows(stream: BinaryIO, where: str, max_line: int = MAX_LINE) -> Iterator[RawRow]:
    """The rows of a JSON Lines stream; blank lines are skipped, a bad line is a row with a problem.

    Raises InputError when there is no line at all.
    """
    empty = True
    for line in lines(stream, where, max_line):
        if not line.data.strip():
            continue
        empty = False
        yield row_of_line(line, max_line)
    if empty:
        raise InputError(where, problem="is empty", remedy="give one JSON object a line")


def row_of_line(line: Line, max_line: int = MAX_LINE) -> RawRow:
    """One line as a row; a bad one has a problem."""
    raw = cut(line.data)
    if not line.whole:
        return RawRow(line.number, raw, problem=f"a line of more than {max_line:,} bytes")
    try:
        value = parse_json(line.data.decode("utf-8"))
    except UnicodeDecodeError as error:
        return RawRow(line.number, raw, problem=f"not UTF-8 at byte {error.start + 1} of the line")
    except BadJson as error:
        return RawRow(line.number, raw, problem=str(error))
    if isinstance(value, dict):
        return RawRow(line.number, raw, fields=value)
    return RawRow(line.number, raw, problem="not a JSON object")
