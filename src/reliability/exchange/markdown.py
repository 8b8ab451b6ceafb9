"""Markdown out of text from outside: every value is escaped once, where it is put in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reliability.io.writers import markdown_text

_BLOCK = re.compile(r"^(?=[#+=\-]|\d+[.)])")
"""What would begin a heading, a list or a rule at the start of a line."""


def text(value: str) -> str:
    """A text that shows as it is, also at the start of a line: no markup, HTML, links or unseen characters."""
    shown = markdown_text(value)
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", shown) if shown[:1].isdigit() else _BLOCK.sub(r"\\", shown)


def heading(level: int, value: str) -> str:
    """A heading of one line."""
    return f"{'#' * level} {text(value)}\n\n"


def bullets(values: Iterable[str]) -> str:
    """A list; nothing where there is nothing to list."""
    lines = "".join(f"- {text(value)}\n" for value in values)
    return lines + "\n" if lines else ""
