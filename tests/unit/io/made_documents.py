"""Documents as editors have them, made by the libraries that editors' programs are made with."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence

import docx
from fpdf import FPDF


def word(paragraphs: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A .docx with paragraphs, then a table; a header and a footer on every page."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "RUNNING HEAD"
    document.sections[0].footer.paragraphs[0].text = "Page 1"
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for made, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(made.cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(pages: Sequence[Sequence[str]], *, password: str | None = None) -> bytes:
    """A PDF whose pages have these lines; an empty one is an empty space."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        made = FPDF()
        made.set_font("Helvetica", size=10)
        made.set_auto_page_break(False)
        for lines in pages:
            made.add_page()
            for number, line in enumerate(lines):
                made.text(10, 10 + 5 * number, line)
        if password is not None:
            made.set_encryption(owner_password="owner", user_password=password)
        return bytes(made.output())


PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="{charset}"><title>Velm bridge closed - The Quay</title>
<meta property="og:site_name" content="The Quay"><link rel="canonical" href="https://example.org/a/bridge">
<meta property="article:published_time" content="2025-03-12T08:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Velm bridge closed</h1>
<p>The transport ministry said on Monday that the bridge had been closed after an accident in caf\u00e9 weather.</p>
<p>&ldquo;Nobody was hurt,&rdquo; said Ann Lee, a spokeswoman for the ministry in Velmark.</p></article>
<footer>Copyright The Quay. All rights reserved. Cookies and privacy.</footer><script>var said = "nothing";</script>
</body></html>"""


def page(charset: str = "utf-8") -> bytes:
    """A web page with a menu, an article, a footer and a script, in a charset that it declares."""
    return PAGE.replace("{charset}", charset).encode(charset)
