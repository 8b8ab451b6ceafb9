"""The policy as readable pages, in HTML and in Markdown: an index, a page a family, and the judgement numbers.

HTML is as the ratings' page: autoescape, a content policy by hash, no script, nothing fetched. In Markdown everything
printed is escaped, so that no text of a rule becomes markup, HTML or a link.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from reliability.io.writers import markdown_text
from reliability.lab.judgement import JudgementNumber
from reliability.model.rounding import rounded
from reliability.report.page import Page
from reliability.report.policy_views import families_of
from reliability.report.templating import asset, environment, shown
from reliability.rules.policy import Policy

INDEX, NUMBERS = "index", "judgement-numbers"
KNOWN = ("rule", "number", "value", "basis")
MEASURED = ("claims moved", "mean |Δp|", "max |Δp|", "mean dB", "max dB", "most moved")
_LINKED = re.compile(r"://|www\.|[@$]", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A judgement number as a row: the page and place of its rule, and its cells."""

    stem: str
    anchor: str
    kind: str
    id: str
    cells: tuple[str, ...]


def pages_of_policy(policy: Policy, numbers: Sequence[JudgementNumber], engine: str) -> list[Page]:
    """All pages, .html and .md, the indices last. The same policy gives the same bytes.

    `numbers` are listed in the order given, with what depends on them where they have it.
    """
    families = families_of(policy)
    stems = {(view.rule.folder, view.rule.id): (family.stem, view.anchor) for family in families
             for view in family.rules}  # fmt: skip
    rows = [_row(one, *stems[one.rule.folder, one.rule.id]) for one in numbers]
    measured = any(one.dependence is not None for one in numbers)
    shared = {"engine": engine, "digest": policy.digest, "families": (), "family": None, "numbers": (), "intro": ""}
    found: list[Page] = []
    for family in families:
        found += _both({**shared, "page": family.stem, "title": family.title, "family": family})
    found += _both({
        **shared, "page": NUMBERS, "title": "Judgement numbers", "numbers": rows, "intro": _about(numbers),
        "columns": (*KNOWN, *MEASURED) if measured else KNOWN,
    })  # fmt: skip
    n_rules = sum(len(family.rules) for family in families)
    kinds = [(kind, list(members)) for kind, members in groupby(families, key=lambda one: one.kind)]
    found += _both({**shared, "page": INDEX, "title": "The policy", "families": kinds,
                    "intro": f"{n_rules:,} rules in {len(families):,} families. Each has its reason, its numbers, "
                             "where they come from, and examples that are run as tests."})  # fmt: skip
    return found


def _both(values: dict[str, Any]) -> list[Page]:
    html = environment().get_template("policy.html.j2").render(csp=_content_policy(), style=_style(), **values)
    markdown = _markdown().get_template("policy.md.j2").render(**values)
    tidy = re.sub(r"\n{3,}", "\n\n", markdown).strip() + "\n"
    return [Page(f"{values['page']}.html", html), Page(f"{values['page']}.md", tidy)]


def _about(numbers: Sequence[JudgementNumber]) -> str:
    told = f"{len(numbers):,} numbers of the policy are somebody's judgement (basis elicited, or grade D)."
    first = next((one.dependence for one in numbers if one.dependence is not None), None)
    if first is None:
        return f"{told} How far ratings depend on each is measured on the reports given with --on PATH."
    n_moving = sum(one.dependence is not None and one.dependence.n_moved > 0 for one in numbers)
    claims = "1 claim" if first.n_claims == 1 else f"{first.n_claims:,} claims"
    return (f"{told} Each was moved by ±1 dB: how far the ratings of {claims} then move, as a mean over claims and "
            f"both directions, and at most. {n_moving:,} of them move a rating there; numbers that touch only words, "
            "intervals, confidence or checks never do.")  # fmt: skip


def _row(one: JudgementNumber, stem: str, anchor: str) -> Row:
    cells: tuple[str, ...] = (one.key, f"{one.value:g}", f"{one.effect.basis}, grade {one.effect.grade}")
    told = one.dependence
    if told is not None:
        figures = (told.mean_p, told.max_p, told.mean_db, told.max_db)
        cells += (f"{told.n_moved}/{told.n_claims}", *(f"{rounded(value, 5):.5f}" for value in figures),
                  told.most_moved or "–")  # fmt: skip
    return Row(stem, anchor, one.rule.folder, one.rule.id, cells)


@cache
def _style() -> Markup:
    return Markup("{}\n{}").format(asset("style.css"), asset("policy.css"))


@cache
def _content_policy() -> Markup:
    """Nothing but this style sheet, by its hash: the pages have no script."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return Markup(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


@cache
def _markdown() -> Environment:
    """The same templates' environment, whose every printed value is escaped as Markdown unless it was made here."""
    found = environment().overlay(autoescape=False, finalize=_escaped)
    found.filters = {**found.filters, "bare": Markup, "angled": _angled}
    return found


def _escaped(value: Any) -> str:
    """A value as Markdown shows it; addresses and the like don't become links by themselves, nor $…$ formulas."""
    printed = shown(value)
    if isinstance(printed, Markup):
        return str(printed)
    return _LINKED.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", markdown_text(str(printed)))


def _angled(url: str) -> Markup:
    """A checked address as it may stand between < and >."""
    return Markup(url.replace("<", "%3C").replace(">", "%3E"))
