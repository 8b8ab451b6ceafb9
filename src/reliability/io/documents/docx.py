"""Word processors' documents (.docx): paragraphs and tables of the body, by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from reliability.errors import InputError, MissingExtra
from reliability.io.documents.content import Content, TooLong

MAX_UNPACKED = 200_000_000
"""A document whose parts unpack to more bytes than that is refused: no article is that large."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = {f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "fldChar")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OLE = b"\xd0\xcf\x11\xe0"


def docx_content(data: bytes, where: str, max_chars: int) -> Content:
    """The text of a document's body: paragraphs and table rows apart by an empty line, deletions left out.

    Headers, footers, footnotes and comments are left out. Raises InputError for what is encrypted, damaged, no
    document, or unpacks to too much; TooLong; MissingExtra without python-docx.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml.etree import LxmlError
    except ImportError:
        raise MissingExtra("text", "reading .docx files", "python-docx") from None
    if data.startswith(_OLE):
        problem = "is encrypted, or in Word's old format (.doc)"
        raise InputError(where, problem=problem, remedy="save it without a password, as .docx")
    broken = InputError(where, problem="is no readable .docx document", remedy="open and save it anew, or give .txt")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            n_bytes = sum(part.file_size for part in archive.infolist())
        if n_bytes > MAX_UNPACKED:
            problem = f"unpacks to {n_bytes:,} bytes; at most {MAX_UNPACKED:,} are read"
            raise InputError(where, problem=problem, remedy="give its text as .txt")
        body = docx.Document(io.BytesIO(data)).element.body
        blocks: list[str] = []
        left = max_chars
        for block in _blocks(body):
            left -= len(block) + 2
            if left < -2:
                raise TooLong
            blocks.append(block)
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError, AttributeError, NotImplementedError,
            RuntimeError, EOFError, OSError):  # fmt: skip
        raise broken from None
    except Exception as error:  # zlib.error has no other base
        if type(error).__module__ == "zlib":
            raise broken from None
        raise
    text = "\n\n".join(blocks)
    if not text:
        raise InputError(where, problem="has no text", remedy="is it all pictures? give its text as .txt")
    return Content(text)


def _blocks(parent: Any) -> Iterator[str]:
    """Paragraphs, and tables row by row with their cells apart by " | ", in the document's order."""
    for child in parent:
        if child.tag == f"{_W}p":
            text = _text(child)
        elif child.tag == f"{_W}tr":
            text = " | ".join(cell for cell in (" ".join(_blocks(one)) for one in child.iter(f"{_W}tc")) if cell)
        elif child.tag in _LEFT_OUT or not isinstance(child.tag, str):
            continue
        else:
            yield from _blocks(child)
            continue
        if text:
            yield text


def _text(paragraph: Any) -> str:
    parts: list[str] = []
    stack = [paragraph]
    while stack:
        one = stack.pop()
        if one.tag == f"{_W}t":
            parts.append(one.text or "")
        elif one.tag in _BREAKS:
            parts.append(_BREAKS[one.tag])
        elif one.tag not in _LEFT_OUT:
            stack.extend(reversed(list(one)))
    return "".join(parts).strip()
