"""Articles in files that hold more than text: web pages, word processors' documents, PDF."""

from __future__ import annotations

from typing import BinaryIO, Literal

from reliability.errors import InputError
from reliability.io.documents.content import Content, TooLong
from reliability.io.streams import read_bounded

DocumentKind = Literal["html", "docx", "pdf"]
DOCUMENTS: tuple[DocumentKind, ...] = ("html", "docx", "pdf")
MAX_BYTES: dict[DocumentKind, int] = {"html": 20_000_000, "docx": 100_000_000, "pdf": 100_000_000}
"""A document of more bytes is refused."""

__all__ = ["DOCUMENTS", "Content", "DocumentKind", "TooLong", "read_document_content"]


def read_document_content(stream: BinaryIO, where: str, *, kind: DocumentKind, max_chars: int) -> Content:
    """The text that readers of a document see, and what a page says of its own publication.

    Raises InputError for what is empty, no such document, encrypted, damaged or too large, TooLong for more than
    `max_chars` characters, MissingExtra without the library that reads it.
    """
    data = read_bounded(stream, MAX_BYTES[kind], where)
    if data is None:
        problem = f"has more than {MAX_BYTES[kind]:,} bytes"
        raise InputError(where, problem=problem, remedy="give the article alone, or its text as .txt")
    if not data.strip():
        raise InputError(where, problem="is empty", remedy="give an article")
    if kind == "html":
        from reliability.io.documents.html import html_content

        return html_content(data, where)
    if kind == "docx":
        from reliability.io.documents.docx import docx_content

        return docx_content(data, where, max_chars)
    from reliability.io.documents.pdf import pdf_content

    return pdf_content(data, where, max_chars)
