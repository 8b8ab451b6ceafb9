"""Web pages: the main text without menus and footers, by trafilatura, and what the page says of its publication."""

from __future__ import annotations

import codecs
import logging
import re
from typing import Any

from reliability.errors import InputError, MissingExtra
from reliability.io.documents.content import Content
from reliability.io.documents.hidden import shown
from reliability.io.streams import decoded
from reliability.model.report import MAX_NAME

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<html\b[^>]{0,1000}?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3})", re.IGNORECASE
)
_STATED = {"publisher": "sitename", "published": "date", "url": "url"}
_DATES = {"extensive_search": False, "original_date": True, "min_date": "1970-01-01", "max_date": "2200-01-01"}
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ENDS = frozenset('.!?:;…"”’»)')
_MARKUP = re.compile(r"<\s*[!?/A-Za-z]")


def html_content(data: bytes, where: str) -> Content:
    """The title and main text of a page, paragraphs apart by an empty line; site name, date and address it states.

    Bytes are read in the charset that the page declares, else as UTF-8. Raises InputError for a page without text and
    for bytes in no such charset, MissingExtra without trafilatura.
    """
    try:
        import trafilatura
    except ImportError:
        raise MissingExtra("text", "reading .html files", "trafilatura") from None
    page = _decoded(data, where)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(
            shown(page), with_metadata=True, include_comments=False, favor_recall=True, date_extraction_params=_DATES
        )
    except (ValueError, AssertionError, RecursionError) as error:
        problem = f"can't be read as a web page ({type(error).__name__})"
        raise InputError(where, problem=problem, remedy="give its text as .txt") from None
    text = "" if found is None else _with_title(str(found.text or ""), found.title)
    if not text.strip():
        why = "" if _MARKUP.search(page) else " (it has no markup at all)"
        raise InputError(where, problem=f"has no main text{why}", remedy="give its text as .txt")
    stated = {field: getattr(found, name) for field, name in _STATED.items()}
    language = _LANGUAGE.search(page[:10_000])
    stated["language"] = language.group(1) if language else None
    return Content(text, {key: value for key, value in stated.items() if _usable(value)})


def _usable(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= MAX_NAME


def _with_title(text: str, title: str | None) -> str:
    """Paragraphs apart, the title first where the main text does not begin with it."""
    lines: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if lines and lines[-1][-1] not in _ENDS and line[0].islower():  # "12 people<br>had died"
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    head = " ".join(title.split()) if title else ""
    if head and head.casefold() not in " ".join(lines[:3]).casefold():
        lines.insert(0, head)
    return "\n\n".join(lines)


def _decoded(data: bytes, where: str) -> str:
    """A page's characters: by its byte-order mark, the charset it declares in its head, else UTF-8."""
    declared = _CHARSET.search(data[:4096])
    name = _WIDE.get(data[:2]) or (declared.group(1).decode("ascii") if declared else "utf-8")
    try:
        usual = codecs.lookup(name).name
        if usual in ("utf-8", "ascii", "iso8859-1"):  # browsers read Latin-1 as Windows-1252
            return decoded(data, where) if usual != "iso8859-1" else data.decode("cp1252", "replace")
        return data.decode(name).replace("\0", " ")
    except (LookupError, UnicodeError):
        problem = f"is not in the charset {name} that it declares"
        raise InputError(where, problem=problem, remedy="save it as UTF-8") from None
