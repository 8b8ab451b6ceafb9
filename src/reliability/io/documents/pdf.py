"""PDF: the text of its pages by pypdf, mended where that is sure."""

from __future__ import annotations

import io
import logging

from reliability.errors import InputError, MissingExtra
from reliability.io.documents.content import Content, TooLong
from reliability.io.documents.page_edges import without_edges
from reliability.io.documents.paragraphs import paragraphs_of

MAX_PAGES = 2_000
"""A document of more pages is refused: no article is that long."""


def pdf_content(data: bytes, where: str, max_chars: int) -> Content:
    """The text of all pages: running heads and page numbers left out, words mended that a line's end broke.

    Raises InputError for what is no PDF, damaged, locked by a password, without text, or of too many pages; TooLong;
    MissingExtra without pypdf.
    """
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        raise MissingExtra("text", "reading .pdf files", "pypdf") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[list[str]] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(where, problem="is locked by a password", remedy="save it without one")
        n_pages = len(reader.pages)
        if n_pages > MAX_PAGES:
            problem = f"has {n_pages:,} pages; at most {MAX_PAGES:,} are read"
            raise InputError(where, problem=problem, remedy="give the article's pages alone")
        left = max_chars
        for page in reader.pages:
            text = page.extract_text()
            left -= len(text.split())  # a word has at least one character
            if left < 0:
                raise TooLong
            pages.append(_lines(text))
    except InputError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, NotImplementedError,
            RecursionError, OverflowError, AssertionError, OSError) as error:  # fmt: skip
        reason = type(error).__name__
        remedy = "print it to PDF anew, or give its text as .txt"
        if "crypt" in str(error).lower():
            raise InputError(where, problem="is encrypted", remedy="save it without a password") from None
        raise InputError(where, problem=f"can't be read as PDF ({reason})", remedy=remedy) from None
    text = "\n\n".join(paragraphs_of(without_edges(pages)))
    if not text:
        raise InputError(where, problem="has no text", remedy="is it a scan? give its text as .txt")
    return Content(text)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.replace("\0", " ").splitlines()]
