"""Rows of a JSON document: a list of objects, or one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import BinaryIO

from reliability.errors import InputError
from reliability.io.rows import RawRow, cut
from reliability.io.streams import decoded, read_bounded
from reliability.io.strict_json import BadJson, end_of_value, parse_json_at, skip_space

MAX_DOCUMENT = 100_000_000
"""A JSON document longer than this, in bytes, is refused: JSON Lines are read line by line."""


def json_rows(stream: BinaryIO, where: str, max_document: int = MAX_DOCUMENT) -> Iterator[RawRow]:
    """The rows of a JSON document: a list's objects, or the one object.

    What follows a syntax error inside a list can't be told apart, and is one row with a problem. Raises InputError
    when the document is empty, too long, not UTF-8, neither a list nor an object, or several values.
    """
    yield from rows_of(read_document(stream, where, max_document), where)


def read_document(stream: BinaryIO, where: str, max_document: int = MAX_DOCUMENT) -> str:
    """A JSON document's text. Raises InputError when it is too long, binary, or not UTF-8."""
    data = read_bounded(stream, max_document, where)
    if data is None:
        problem = f"is a JSON document of more than {max_document:,} bytes"
        raise InputError(where, problem=problem, remedy="split it, or give JSON Lines (.jsonl)")
    return decoded(data, where)


def rows_of(text: str, where: str) -> Iterator[RawRow]:
    """The rows of a JSON document's text, as `json_rows` has them."""
    start = skip_space(text, 0)
    if start == len(text):
        raise InputError(where, problem="is empty", remedy="give a list of reports, or an article")
    if text[start] not in "[{":
        raise InputError(where, problem="is not a JSON list or object", remedy="give a list of reports, or an article")
    end = yield from (_elements(text, start, where) if text[start] == "[" else _one(text, start))
    if end is not None and (end := skip_space(text, end)) < len(text):
        line = text.count("\n", 0, end) + 1
        raise InputError(
            where,
            line=line,
            problem="more after the end of the JSON document",
            remedy="name a file with one object a line .jsonl, and put a list's objects between [ and ]",
        )


def _one(text: str, start: int) -> Generator[RawRow, None, int | None]:
    row, end = _row(text, start, text.count("\n", 0, start) + 1)
    yield row
    return end


def _elements(text: str, start: int, where: str) -> Generator[RawRow, None, int | None]:
    at = skip_space(text, start + 1)
    if text[at : at + 1] == "]":
        raise InputError(where, problem="is an empty list", remedy="give a list of reports")
    line, counted = 1, 0
    while True:
        line, counted = line + text.count("\n", counted, at), at
        row, end = _row(text, at, line)
        yield row
        if end is None:
            return None
        at = skip_space(text, end)
        if text[at : at + 1] == "]":
            return at + 1
        if text[at : at + 1] != ",":
            line += text.count("\n", counted, at)
            raw = cut(text[at : at + 2_000])
            yield RawRow(line, raw, problem="malformed JSON: a comma or ] is missing; the rest is not read")
            return None
        at = skip_space(text, at + 1)


def _row(text: str, at: int, line: int) -> tuple[RawRow, int | None]:
    """The row at an offset, and where it ends: None when that can't be told."""
    try:
        value, end = parse_json_at(text, at)
    except BadJson as error:
        after = end_of_value(text, at)
        lost = "" if after is not None else "; the rest is not read"
        return RawRow(line, cut(text[at : min(after or len(text), at + 2_000)]), problem=f"{error}{lost}"), after
    raw = cut(text[at : min(end, at + 2_000)])
    if isinstance(value, dict):
        return RawRow(line, raw, fields=value), end
    return RawRow(line, raw, problem="not a JSON object"), end
