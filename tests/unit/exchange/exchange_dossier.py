"""Dossiers to export: fixtures, the seed as `reliability` reads it, and hostile text."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from reliability import Policy, api
from reliability.api import read_article, read_reports, reports_of
from reliability.exchange.dossier import Dossier
from reliability.model.report import Report

ROOT = Path(__file__).parents[3]
POLICY = Policy.load()
SETS = ("three-answers", "circular-reporting", "seed-figures", "corrections", "casualty-pairs", "agency-against-denial",
        "hundred-accounts", "own-voice")  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "# a heading",
    "1. a list", "- a list", "`code` *bold* _it_ | cell", "=1+1", "a\"b'c\\d", "{{7*7}}", "x' OR 1=1 --", "]]> -->",
    "\u202eevil", "a\nb", "日本語 مرحبا", "@prefix x: <y> .", "%xsd:string", '"""', "\\u0041", "+1", "~~~", "&lt;b&gt;",
)  # fmt: skip
"""What people put into names and texts who want to be markup, code or another field."""


def dossier_of(reports: list[Report], **more: Any) -> Dossier:
    """Reports rated under the shipped policy."""
    outcome = api.rate_reports(reports, POLICY)
    return Dossier(ratings=outcome.ratings, reports=outcome.reports, policy=POLICY, **more)


@cache
def fixture(name: str) -> Dossier:
    """A fixture's ratings."""
    folder = ROOT / "fixtures" / name
    return dossier_of(read_reports(next(folder.glob("reports.*"))))


@cache
def seed() -> Dossier:
    """The seed article's ratings."""
    article = read_article(next((ROOT / "seeds").glob("*.txt")), publisher="ABC News", published="2025-03-12",
                           url="https://example.org/seed")  # fmt: skip
    reports = [one for one in reports_of(article, POLICY) if one.kind == "statement"]
    return dossier_of(reports, articles=(article,))


@cache
def hostile() -> Dossier:
    """A claim a hostile text, which is the text, the origin's and the outlet's name, and of every third the hedge."""
    reports = []
    for at, text in enumerate(HOSTILE):
        hedge = {"hedge": text.strip()[:200]} if at % 3 == 2 else {}
        chain = [{"source": f"{text} said", "type": "government", "via": "direct-quote", **hedge},
                 {"source": f"{text} Times", "type": "media"}]  # fmt: skip
        reports.append(Report.model_validate(
            {"id": f"h{at}", "claim": f"c{at} {text}", "text": text, "provenance": chain, "published": "2025-03-12"}
        ))  # fmt: skip
    return dossier_of(reports, title=HOSTILE[0], reviewer=HOSTILE[1])


def every() -> list[Dossier]:
    """All of them."""
    return [*(fixture(name) for name in SETS), seed(), hostile()]
