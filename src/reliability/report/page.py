"""Pages out of pieces: one file while it is small enough, else an index and several that point to one another.

The limit is decided by size: pieces are measured, and when one page would pass `LIMIT`, FILE.html becomes the index
(with the summary of all claims, as long as that fits) and the pieces go, in order, to FILE-2.html, FILE-3.html and on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from reliability.report.material import Material
from reliability.report.pieces import Piece, pieces_of
from reliability.report.policy_used import Rulebook, unknown_fields
from reliability.report.templating import asset, content_policy, environment

LIMIT = 4_500_000
"""Bytes of pieces on one page; what stands around them stays below 300 kB."""

_SHOWN = 50
_TOKEN = re.compile("\0([^\0]*)\0")


@dataclass(frozen=True)
class Page:
    """A file to write: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class _Part:
    """What stands on one page, and how the list of pages speaks of it."""

    file: str
    name: str
    pieces: Sequence[Piece]
    about: str = ""

    def of(self, kind: str) -> list[Markup]:
        return [Markup(piece.html) for piece in self.pieces if piece.kind == kind]

    @property
    def rows(self) -> list[Markup]:
        return [Markup(piece.row) for piece in self.pieces if piece.row]


def pages_of(material: Material, name: str, *, limit: int = LIMIT) -> list[Page]:
    """The pages for a file name ending in .html (or any other); the first has that very name.

    The same material gives the same bytes.
    """
    pieces = list(pieces_of(material))
    if sum(map(_size, pieces)) <= limit:
        return [_assembled(material, _Part(name, "", pieces), [], {})]
    parts = _split(pieces, name, limit)
    rows = [piece for piece in pieces if piece.row]
    index = [Piece("panel", "", row=piece.row) for piece in rows] if sum(len(p.row) for p in rows) <= limit else []
    all_parts = [_Part(name, "Index", index, "all claims"), *parts]
    where = {anchor: part.file for part in parts for piece in part.pieces for anchor in piece.anchors}
    return [_assembled(material, part, all_parts, where) for part in all_parts]


def _size(piece: Piece) -> int:
    return len(piece.html.encode("utf-8", "surrogatepass")) + len(piece.row.encode("utf-8", "surrogatepass"))


def _split(pieces: Sequence[Piece], name: str, limit: int) -> list[_Part]:
    """Pieces in order, as many to a page as fit; a piece that is larger than a page has one of its own."""
    stem, dot, ending = name.rpartition(".")
    groups: list[list[Piece]] = [[]]
    filled = 0
    for piece in pieces:
        size = _size(piece)
        if groups[-1] and filled + size > limit:
            groups.append([])
            filled = 0
        groups[-1].append(piece)
        filled += size
    parts = []
    for at, group in enumerate(groups, start=2):
        file = f"{stem}-{at}{dot}{ending}" if dot else f"{name}-{at}"
        parts.append(_Part(file, f"Page {at}", group, _about(group)))
    return parts


def _about(group: Sequence[Piece]) -> str:
    articles = [piece.article.id for piece in group if piece.article is not None]
    n_claims = sum(piece.rating is not None for piece in group)
    told = f"{n_claims:,} {'claim' if n_claims == 1 else 'claims'}"
    if not articles:
        return told
    names = articles[0] if len(articles) == 1 else f"{articles[0]} to {articles[-1]}"
    return f"{told}, {len(articles):,} {'article' if len(articles) == 1 else 'articles'} ({names})"


def _assembled(material: Material, part: _Part, parts: Sequence[_Part], where: dict[str, str]) -> Page:
    ratings = [piece.rating for piece in part.pieces if piece.rating is not None]
    articles, panels, unrated = part.of("article"), [html for html in part.of("panel") if html], part.of("unrated")
    competing = part.of("matrix")
    unknown = unknown_fields(ratings, Rulebook(material.policy))
    sections = [("summary", "Summary" if part.rows else "Pages", True), ("articles", "Articles", articles),
                ("ratings", "Claims", panels), ("competing", "Competing answers", competing),
                ("unrated", "Not rated", unrated), ("questions", "Questions", unknown)]  # fmt: skip
    page = {
        "title": material.title + (f" – {part.name}" if part.name else ""), "intro": _intro(material),
        "sections": [{"anchor": anchor, "name": name} for anchor, name, there in sections if there],
        "others": [{"name": one.name, "about": one.about, "here": one is part, "href": quote(one.file)}
                   for one in parts],
        "rows": part.rows, "articles": articles, "panels": panels, "competing": competing, "unrated": unrated,
        "unknown": unknown,
    }  # fmt: skip
    text = environment().get_template("page.html.j2").render(page=page, title=material.title, **_colophon(material))

    def address(match: re.Match[str]) -> str:
        file = where.get(match[1], part.file)
        return f"#{match[1]}" if file == part.file else f"{quote(file)}#{match[1]}"

    return Page(part.file, _TOKEN.sub(address, text))


def _colophon(material: Material) -> dict[str, Any]:
    digests = [rating.digest for rating in material.ratings[:1]]
    libraries = ", ".join(f"{k} {v}" for one in digests for k, v in sorted({**one.libraries, **one.models}.items()))
    return {
        "csp": Markup(content_policy()), "style": asset("style.css"), "script": asset("script.js"),
        "engine": digests[0].engine if digests else "", "libraries": libraries, "rules": material.policy.digest,
    }  # fmt: skip


def _intro(material: Material) -> str:
    def many(count: int, one: str, more: str) -> str:
        return f"{count:,} {one if count == 1 else more}"

    told = [many(len(material.ratings), "claim", "claims") + " rated",
            many(len(material.reports), "report", "reports") + " read"]  # fmt: skip
    if material.articles:
        told.append(many(len(material.articles), "article", "articles"))
    if material.unrated:
        told.append(many(len(material.unrated), "report", "reports") + " not rated, because they are no statements")
    if material.set_apart:
        told.append(
            many(material.set_apart, "report", "reports") + " set apart, because they are later than the day asked for"
        )
    if material.rejects:
        told.append(many(material.rejects, "row", "rows") + " rejected, because they could not be read")
    copies = material.copies
    if not copies:
        return "; ".join(told) + "."
    told.append(many(len(copies), "article is a copy", "articles are copies") + " of another")
    more = [f"and {len(copies) - _SHOWN:,} more"] if len(copies) > _SHOWN else []
    return "; ".join(told) + ". Copies: " + "; ".join([*copies[:_SHOWN], *more]) + "."
