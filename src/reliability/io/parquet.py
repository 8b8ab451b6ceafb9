"""Rows of a Parquet file of reports, one by one; `reliability.batch` reads them by columns."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from reliability.errors import InputError, MissingExtra
from reliability.io.rows import RawRow, cut
from reliability.io.strict_json import BadJson, parse_json

AT_ONCE = 1 << 14
MAX_BYTES = 2_000_000_000
NO_DATE = (OverflowError, ValueError, KeyError)
"""What Arrow raises on a date or moment that Python has not: its year, or its time zone."""


_OURS = {"standing", "as_read", "file", "line"}


def of_reports(names: Sequence[str]) -> list[str]:
    """The columns that hold reports: all but those that `batch` puts beside its own."""
    return [name for name in names if name not in _OURS] if set(names) >= _OURS else list(names)


def parquet_file(stream: BinaryIO, where: str) -> Any:
    """An open Parquet file. Raises InputError for what is none, or has no columns of reports."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtra("batch", "reading .parquet files", "pyarrow") from None
    if not stream.seekable():
        stream = io.BytesIO(stream.read(MAX_BYTES))
    try:
        file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=1 << 20, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(where, problem=f"is no readable Parquet file ({first_line(error)})",
                         remedy="write it again") from None  # fmt: skip
    refuse_columns(file.schema_arrow.names, where)
    about = file.metadata
    if (n := sum(about.row_group(at).num_rows for at in range(about.num_row_groups))) != about.num_rows:
        raise InputError(where, problem=f"is a damaged Parquet file: of {about.num_rows:,} rows, {n:,} in row groups",
                         remedy="write it again")  # fmt: skip
    if not about.num_rows:
        raise InputError(where, problem="has no rows", remedy="give a table with reports")
    return file


def refuse_columns(names: Sequence[str], where: str) -> None:
    """Raise InputError where columns are not those of reports, or one name stands twice."""
    twice = next((name for name, n in Counter(names).items() if n > 1), None)
    if twice is not None:
        raise InputError(where, problem=f"has two columns {twice!r}", remedy="leave one of them out")
    if "provenance" in names and ({"claim", "text"} & set(names) or {"question", "alternative"} <= set(names)):
        return
    lacking = "claim or text" if "provenance" in names else "provenance"
    raise InputError(where, problem=f"has no column {lacking}",
                     remedy="see `reliability schema report` for the columns")  # fmt: skip


def is_flat(schema: Any) -> bool:
    """Whether chains stand in one cell, as in CSV."""
    import pyarrow as pa

    kind = schema.field("provenance").type
    of_text = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_dictionary)
    return any(one(kind) for one in of_text)


def parquet_rows(stream: BinaryIO, where: str) -> tuple[Iterator[RawRow], bool]:
    """The rows of a Parquet file, numbered from 1, and whether it `is_flat`.

    A row group that can't be read is one row with a problem. Raises as `parquet_file`.
    """
    file = parquet_file(stream, where)
    return _rows(file), is_flat(file.schema_arrow)


def _rows(file: Any) -> Iterator[RawRow]:
    at, columns = 1, of_reports(file.schema_arrow.names)
    for group in range(file.num_row_groups):
        n = file.metadata.row_group(group).num_rows
        read = 0
        try:
            for batch in file.iter_batches(AT_ONCE, row_groups=[group], columns=columns):
                for place in range(batch.num_rows):
                    yield row_at(batch, place, at + read)
                    read += 1
            refuse_fewer(read, n)
        except (OSError, ValueError, NotImplementedError, MemoryError) as error:  # Arrow's errors are among these
            yield RawRow(at + read, "", problem=lost(group, at + read, at + n - 1, error))
        at += n


def refuse_fewer(read: int, n: int) -> None:
    """Raise ValueError where a row group ended before the `n` rows that it should have: Arrow does not say so."""
    if read < n:
        raise ValueError("it ends there")


def row_at(batch: Any, place: int, line: int) -> RawRow:
    """The row at a place of a batch; one with a text that is no UTF-8, or a date out of range, has that problem."""
    try:
        (fields,) = batch.slice(place, 1).to_pylist()
    except UnicodeDecodeError as error:
        return RawRow(line, "", problem=f"a text is not UTF-8 ({error.reason} at byte {error.start:,} of it)")
    except NO_DATE as error:
        return RawRow(line, "", problem=f"a date out of range or in an unknown time zone ({first_line(error)})")
    return row_of(fields, line)


def lost(group: int, first: int, last: int, error: Exception) -> str:
    """Why some rows of a row group are not there."""
    return f"row group {group + 1}: rows {first:,} to {last:,} can't be read ({first_line(error)})"


def row_of(fields: dict[str, Any], line: int) -> RawRow:
    """A row's fields in JSON's types: null is missing, in facts too, since a column can't tell the two apart."""
    from reliability.io.reports import plain_value

    plain = {name: plain_value(value) for name, value in fields.items() if value is not None}
    if isinstance(chain := plain.get("provenance"), list):
        plain["provenance"] = [link_of(link) for link in chain]
    for name in ("quantity", "spans"):
        plain[name] = _spelled(plain[name]) if name in plain else None
    return RawRow(line, cut(json.dumps(plain, ensure_ascii=False, default=repr)), fields=plain)


def link_of(link: Any) -> Any:
    """A link whose facts are those that are known; they may be a struct, a map or JSON."""
    if not isinstance(link, dict) or link.get("facts") is None:
        return link
    facts = link["facts"]
    if isinstance(facts, str):
        return {**link, "facts": _spelled(facts)}
    try:
        return {**link, "facts": {name: value for name, value in dict(facts).items() if value is not None}}
    except (TypeError, ValueError):
        return link


def _spelled(value: Any) -> Any:
    """What a text says as JSON; itself where it is none."""
    if not isinstance(value, str):
        return value
    try:
        return parse_json(value)
    except BadJson:
        return value


def first_line(error: Exception) -> str:
    """What an error of Arrow says, on one line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
