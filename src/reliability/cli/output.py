"""Where results go: stdout or a file, in the format asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from reliability.cli.options import Format
from reliability.errors import InputError
from reliability.io.visible import json_text, visible


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


def emit(text: str | bytes, output: Path | None) -> None:
    """Write a result as a whole: to a file atomically, or to stdout (whose reader may have gone: that is no error).

    On a terminal nothing unseen in a text is let through. Raises InputError where it can't be written.
    """
    if output is not None:
        from reliability.io.writers import write_atomically

        write_atomically(output, text)
        return
    if sys.__stdout__ is None:
        raise InputError("stdout", problem="is closed", remedy="say -o FILE")
    if isinstance(text, str):
        if sys.stdout.isatty():
            text = "\n".join(map(visible, text.split("\n")))
        text = text.encode("utf-8", "backslashreplace")
    try:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()
        sys.exit(0)
    except OSError as error:
        _drop_the_rest()
        raise InputError("stdout", problem=f"can't be written ({error.strerror})", remedy="say -o FILE") from None


def _drop_the_rest() -> None:
    """Let what is still buffered go nowhere, so that the interpreter's last flush does not fail as well."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_json(rows: Sequence[Any], form: Format) -> str:
    """Rows as a JSON list, or a line each for jsonl."""
    if form is Format.json:
        return json_text(list(rows), indent=2) + "\n"
    return "".join(json_text(row) + "\n" for row in rows)


def one_json(value: Any) -> str:
    """One thing as a JSON document."""
    return json_text(value, indent=2) + "\n"
