"""Files of kinds that installed packages read: an entry point of `reliability.readers` named as the ending.

It points at a callable (stream of bytes, name) that gives an Article, or reports: records or mappings, as INTERFACE.md
has them. What it can't read it says by raising InputError.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from reliability.errors import InputError
from reliability.io.articles import article_from
from reliability.io.documents import Content
from reliability.io.reports import ReportReader
from reliability.io.reports_out import report_record
from reliability.io.rows import Located, Reject
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.plugins import Plugin


def read_plugged(
    plugin: Plugin, stream: BinaryIO, path: Path, reader: ReportReader, given: dict[str, str | None], max_chars: int
) -> Article | Iterator[Located | Reject]:
    """The article, or the reports and rejects, that a package's reader makes of a stream; checked as any other's.

    Raises PluginError when it fails or gives neither, InputError for an article that is none.
    """
    text, is_article = _read(plugin, stream, str(path))
    said = f"(as {plugin.package} {plugin.version} reads it)"
    if not is_article:
        return _with_reader_named(reader.read_json_text(text, name=str(path)), said)
    try:
        return article_from(Content(text), path, kind="json", given=given, max_chars=max_chars, notes=reader.notes)
    except InputError as error:
        problem = f"{error.problem} {said}"
        raise InputError(error.where, key=error.key, problem=problem, remedy=error.remedy) from None


def _read(plugin: Plugin, stream: BinaryIO, name: str) -> tuple[str, bool]:
    """What the plug-in gives, as JSON, and whether it is an article."""
    read = plugin.load()
    if not callable(read):
        raise plugin.fault(f"is not a callable, but {read!r}")

    def call() -> tuple[str, bool] | None:
        found = read(stream, name)
        if isinstance(found, Article):
            return json.dumps(found.model_dump(mode="json", exclude_none=True), allow_nan=False), True
        if isinstance(found, Mapping):
            return json.dumps(dict(found), allow_nan=False), "text" in found and "provenance" not in found
        if isinstance(found, str | bytes) or not isinstance(found, Iterable):
            return None
        return json.dumps([_row(one) for one in found], allow_nan=False), False

    found = plugin.guarded(call, f"can't read {name}")
    if found is None:
        raise plugin.fault(f"made neither an article nor reports of {name}")
    return found


def _row(one: Any) -> Any:
    if isinstance(one, Report):
        return report_record(one)
    return dict(one) if isinstance(one, Mapping) else one


def _with_reader_named(found: Iterator[Located | Reject], said: str) -> Iterator[Located | Reject]:
    for one in found:
        yield replace(one, reason=f"{one.reason} {said}") if isinstance(one, Reject) else one
