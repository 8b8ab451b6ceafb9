"""The pieces of a page as HTML: an article with its marks, a claim's row and panel. Pages are put together of these.

Links between pieces are written as a token, NUL anchor NUL, because the page that a piece stands on is known only when
all are measured. No text from outside can hold one: unseen characters are shown as escapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from markupsafe import Markup

from reliability.exchange.ach import Matrix, matrices
from reliability.model.article import Article
from reliability.model.rating import LinkAccount, Rating
from reliability.model.report import Report
from reliability.reasoning.sentences import left_out, likelihood, paragraph, percent, said, spread, tipping
from reliability.report import chains, waterfall
from reliability.report.addresses import language_tag, web_address
from reliability.report.figures import origins, probability, word
from reliability.report.marks import Mark, merged, paragraphs
from reliability.report.material import Material
from reliability.report.policy_used import Rulebook, Unknown
from reliability.report.scale import density, interval
from reliability.report.templating import macro

OPEN_UP_TO = 3
"""So many articles are shown unfolded."""

NAMED = 12
"""So many links are named of which the same is unknown."""

CHECKS = 8
"""So many next checks are shown as a table."""

MANY = 400
"""From more claims on, panels leave out what stands elsewhere: questions' wording, checks that tell less."""


@dataclass(frozen=True)
class Piece:
    """A part of a page: its HTML, the anchors in it, and, of a claim, its row in the summary."""

    kind: Literal["article", "panel", "matrix", "unrated"]
    html: str
    anchors: tuple[str, ...] = ()
    row: str = ""
    rating: Rating | None = field(default=None, repr=False)
    article: Article | None = field(default=None, repr=False)


def link_to(anchor: str) -> Markup:
    """A link that becomes an address when the anchor's page is known. Anchors are safe by construction."""
    return Markup(f"\0{anchor}\0")


def pieces_of(material: Material) -> Iterator[Piece]:
    """All pieces in order: each article, the claims that it was the first to carry, then claims without an article.

    Then a matrix each question that has several answers, and what is not rated.
    """
    book = Rulebook(material.policy)
    numbers = count(1)
    at_home: dict[int | None, list[Rating]] = {}
    for rating in material.ratings:
        at_home.setdefault(material.home.get(rating.claim.id), []).append(rating)
    known = {article.id for article in material.articles}
    by_article: dict[str, list[Report]] = {}
    for report in material.reports:
        if report.article in known and report.article is not None:
            by_article.setdefault(report.article, []).append(report)
    for at, article in enumerate(material.articles):
        yield _article(material, article, by_article.get(article.id, []))
        for rating in at_home.get(at, []):
            yield _claim(material, book, next(numbers), rating)
    for rating in at_home.get(None, []):
        yield _claim(material, book, next(numbers), rating)
    for at, matrix in enumerate(matrices(material.ratings), start=1):
        if len(matrix.answers) > 1:
            yield _matrix(material, matrix, f"m{at}")
    homeless = [report for report in material.unrated if report.article not in known]
    for start in range(0, len(homeless), 200):
        yield Piece("unrated", str(macro("unrated")(homeless[start : start + 200])))


def _article(material: Material, article: Article, reports: list[Report]) -> Piece:
    anchor = material.article_anchors[article.id]
    unrated = [report for report in reports if report.kind != "statement"]
    marks = merged(mark for report in reports for mark in _marks(material, anchor, report))
    html = macro("article")(article, {
        "anchor": anchor, "url": web_address(article.url), "language": language_tag(article.language),
        "lines": paragraphs(article.text, marks), "open": len(material.articles) <= OPEN_UP_TO, "unrated": unrated,
        "claims": len({one.claim.id for report in reports for one in material.claims_of_report.get(report.key, ())}),
    })  # fmt: skip
    return Piece("article", str(html), (anchor, f"{anchor}-u"), article=article)


def _marks(material: Material, anchor: str, report: Report) -> Iterator[Mark]:
    if report.spans is None:
        return
    spans = {"content": report.spans.content, "source": report.spans.source, "cue": report.spans.cue}
    if report.kind != "statement":
        yield Mark(link_to(f"{anchor}-u"), report.kind, f"Not rated: a {report.kind}", "wu", **spans)
        return
    for rating in material.claims_of_report.get(report.key, ()):
        verdict = rating.rating
        remark = (f"{word(verdict)}, {probability(rating)} · confidence {verdict.analytic_confidence.level} · "
                  + ("; ".join(origins(rating)) or "nobody any more"))  # fmt: skip
        yield Mark(link_to(material.claim_anchors[rating.claim.id]), percent(rating.p), remark, material.tint(rating),
                   **spans)  # fmt: skip


def _claim(material: Material, book: Rulebook, number: int, rating: Rating) -> Piece:
    anchor = material.claim_anchors[rating.claim.id]
    row = macro("row")(rating, {
        "number": number, "href": link_to(anchor), "tint": material.tint(rating), "origins": origins(rating),
        "interval": interval(rating.rating),
    })  # fmt: skip
    checks, compact = _checks(rating), len(material.ratings) > MANY
    last = rating.waterfall[-1].p_after
    digest = rating.digest
    versions = ", ".join(f"{k} {v}" for k, v in sorted({**digest.libraries, **digest.models}.items()))
    html = macro("panel")(rating, {
        "anchor": anchor, "tint": material.tint(rating), "likelihood": likelihood(rating),
        "paragraph": paragraph(rating),
        "said": said(rating), "density": None if rating.quantity is None else density(rating.quantity),
        "answers": list(zip(rating.alternatives or (), last, strict=True)) if isinstance(last, tuple) else [],
        "waterfall": waterfall.waterfall(rating), "waterfall_words": waterfall.in_words(rating),
        "chains": chains.chain_graph(rating), "chain_words": chains.in_words(rating),
        "checks": checks[:CHECKS], "less": [] if compact else checks[CHECKS:], "unlisted": len(checks[CHECKS:]),
        "costs": any(one["cost"] for one in checks), "compact": compact,
        "left_out": left_out(rating), "tipping": [*tipping(rating), *spread(rating)],
        "flags": [(name, book.flag(name)) for name in rating.flags],
        "rules": [(rule, book.sources(rule)) for rule in book.fired(rating)],
        "unknown": _unknown(book, rating),
        "reports": _reports(material, rating), "related": _related(material, rating), "versions": versions,
    })  # fmt: skip
    return Piece("panel", str(html), (anchor,), str(row), rating=rating)


def _matrix(material: Material, matrix: Matrix, anchor: str) -> Piece:
    answers = [(rating, link_to(material.claim_anchors[rating.claim.id])) for rating in matrix.answers]
    return Piece("matrix", str(macro("matrix")(matrix, {"anchor": anchor, "answers": answers})))


def _checks(rating: Rating) -> list[dict[str, Any]]:
    """What to check next, in the record's order, its costs in words."""
    found = []
    for one in rating.next_checks:
        hours, euros = one.get("hours"), one.get("euros")
        parts = ([f"{hours:g} h"] if hours is not None else []) + ([f"{euros:g} €"] if euros else [])
        found.append({
            "check": str(one.get("check") or ""), "bits": one.get("bits", 0), "cost": ", ".join(parts),
            "changes_word": bool(one.get("changes_word")),
            "per_hour": "" if one.get("bits_per_hour") is None else one["bits_per_hour"],
        })  # fmt: skip
    return found


def _unknown(book: Rulebook, rating: Rating) -> list[tuple[str, list[Unknown]]]:
    """What nobody knew, links about which the same is unknown together."""
    alike: dict[tuple[str, ...], list[LinkAccount]] = {}
    for link in rating.links:
        fields = tuple(sorted({one.missing for one in link.undecided}))
        if fields:
            alike.setdefault(fields, []).append(link)
    found = []
    for links in alike.values():
        names = [f"{link.label} ({link.kind})" for link in links]
        more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        found.append((", ".join(names[:NAMED]) + more, book.unknown(links[0])))
    return found


def _reports(material: Material, rating: Rating) -> list[dict[str, Any]]:
    codes = {code.report: f"{code.source}{code.information}" for code in rating.admiralty}
    found = []
    for chain in rating.chains:
        report = material.report_of.get(chain.report)
        place = material.article_anchors.get(report.article or "") if report is not None else None
        found.append({
            "report": chain.report, "way": " → ".join(chain.links[chain.counted_from :]), "standing": chain.standing,
            "cut": ", ".join(chain.links[: chain.counted_from]), "copied": chain.copied,
            "admiralty": codes.get(chain.report),
            "stance": report.stance if report is not None else "asserts",
            "published": report.published if report is not None else None,
            "href": None if place is None else link_to(place),
        })  # fmt: skip
    return found


def _related(material: Material, rating: Rating) -> list[dict[str, Any]]:
    return [
        {"text": material.texts.get(one.claim, one.claim), "similarity": one.similarity,
         "href": link_to(material.claim_anchors[one.claim]) if one.claim in material.claim_anchors else None}
        for one in rating.related
    ]  # fmt: skip
