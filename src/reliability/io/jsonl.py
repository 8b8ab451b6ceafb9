"""Rows of JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reliability.errors import InputError
from reliability.io.rows import RawRow, cut
from reliability.io.streams import MAX_LINE, lines
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
        raw = cut(line.data)
        if not line.whole:
            yield RawRow(line.number, raw, problem=f"a line of more than {max_line:,} bytes")
            continue
        try:
            value = parse_json(line.data.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield RawRow(line.number, raw, problem=f"not UTF-8 at byte {error.start + 1} of the line")
        except BadJson as error:
            yield RawRow(line.number, raw, problem=str(error))
        else:
            if isinstance(value, dict):
                yield RawRow(line.number, raw, fields=value)
            else:
                yield RawRow(line.number, raw, problem="not a JSON object")
    if empty:
        raise InputError(where, problem="is empty", remedy="give one JSON object a line")
