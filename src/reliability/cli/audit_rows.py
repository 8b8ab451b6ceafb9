"""What the ledger's commands say, in the format asked for: JSON, the text that people read, or rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reliability.cli.options import Format
from reliability.cli.output import as_json, chosen, emit, one_json
from reliability.errors import UsageError
from reliability.io.reports_out import csv_line
from reliability.io.visible import visible
from reliability.io.writers import markdown_text, text_cell

Rows = Sequence[Mapping[str, Any]]


def say(
    record: Mapping[str, Any], lines: Iterable[str], format: Format | None, output: Path | None, *,
    rows: tuple[Sequence[str], Rows] | None = None, whole: bool = False,
) -> None:  # fmt: skip
    """Writes one record: as JSON (`whole`: a document, else a list of one), as lines, or as `rows` under columns.

    Raises UsageError where a table is asked for, and the record is none.
    """
    form = chosen(format, output)
    if form is Format.json and whole:
        emit(one_json(record), output)
    elif form in (Format.json, Format.jsonl):
        emit(as_json([record], form), output)
    elif form is Format.table:
        emit("".join(f"{visible(line)}\n" for line in lines), output)
    elif rows is None:
        raise no_table(form)
    else:
        emit(table_of(*rows, form), output)


def no_table(form: Format) -> UsageError:
    """That something can't be written as CSV or Markdown."""
    return UsageError(f"--format {form}", problem="is for tables, and this is none", remedy="say json, jsonl or table")


def table_of(columns: Sequence[str], rows: Rows, form: Format) -> str:
    """Rows as CSV, where texts that a spreadsheet could take for a formula are defused, or Markdown."""
    cells = [[row[name] for name in columns] for row in rows]
    if form is Format.csv:
        return csv_line(columns) + "".join(csv_line(map(_csv_cell, row)) for row in cells)
    shown = [columns, ["---"] * len(columns), *([markdown_text(_text(cell)) for cell in row] for row in cells)]
    return "".join(f"| {' | '.join(row)} |\n" for row in shown)


def _csv_cell(cell: Any) -> str:
    return text_cell(cell) if isinstance(cell, str) else _text(cell)


def _text(cell: Any) -> str:
    return "" if cell is None else ", ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)
