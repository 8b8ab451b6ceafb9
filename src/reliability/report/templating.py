"""Jinja2 as the page uses it: autoescape, no undefined value, unseen characters shown, and a policy for the content."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reliability.io.visible import visible
from reliability.reasoning.sentences import percent
from reliability.report.figures import decibans, figure, qualification, word

FOLDER = Path(__file__).parent / "templates"


def shown(value: Any) -> Any:
    """A value as it is printed: text with its unseen characters as escapes, markup and numbers as they are.

    Raises ValueError for None: a page never prints it.
    """
    if value is None:
        raise ValueError("a template prints None")
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


@cache
def environment() -> Environment:
    """The one environment of all templates."""
    found = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, finalize=shown,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )  # fmt: skip
    found.filters.update(percent=percent, db=decibans, qualification=qualification, figure=figure, word=word)
    return found


def macro(name: str) -> Callable[..., Markup]:
    """A part of the page by name: row, article, panel or unrated."""
    found: Callable[..., Markup] = getattr(_pieces(), name)
    return found


@cache
def _pieces() -> Any:
    return environment().get_template("pieces.html.j2").module


@cache
def asset(name: str) -> Markup:
    """The style sheet or the script, which stand in the page as they are."""
    return Markup((FOLDER / name).read_text(encoding="utf-8").strip())


@cache
def content_policy() -> str:
    """The Content-Security-Policy: nothing but this style sheet and this script, by their hashes."""
    style, script = (_hash(asset(name)) for name in ("style.css", "script.js"))
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
