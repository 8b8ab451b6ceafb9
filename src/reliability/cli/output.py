"""Where results go: stdout or a file, in the format asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from reliability.cli.options import Format


def chosen(format: Format | None, output: Path | None) -> Format:
    """The format asked for; else the file's ending, a table on a terminal, jsonl in a pipe."""
    if format is not None:
        return format
    if output is not None:
        endings = {".json": Format.json, ".jsonl": Format.jsonl, ".csv": Format.csv, ".md": Format.markdown}
        return endings.get(output.suffix.lower(), Format.jsonl)
    return Format.table if sys.stdout.isatty() else Format.jsonl


def record_format(form: Format) -> Literal["json", "jsonl", "csv", "markdown"]:
    """The same format as writers of rating records know it."""
    known: dict[Format, Literal["json", "jsonl", "csv", "markdown"]] = {
        Format.json: "json", Format.jsonl: "jsonl", Format.csv: "csv", Format.markdown: "markdown",
    }  # fmt: skip
    return known[form]


def report_format(form: Format) -> Literal["jsonl", "json", "csv"]:
    """The same format as writers of reports know it."""
    known: dict[Format, Literal["jsonl", "json", "csv"]] = {
        Format.json: "json", Format.jsonl: "jsonl", Format.csv: "csv",
    }  # fmt: skip
    return known[form]


def emit(text: str, output: Path | None) -> None:
    """Write a result as a whole: to a file atomically, or to stdout (whose reader may have gone: that is no error)."""
    if output is not None:
        from reliability.io.writers import write_atomically

        write_atomically(output, text)
        return
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def as_json(rows: Sequence[Any], form: Format) -> str:
    """Rows as a JSON list, or a line each for jsonl."""
    if form is Format.json:
        return json.dumps(list(rows), ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def one_json(value: Any) -> str:
    """One thing as a JSON document."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
