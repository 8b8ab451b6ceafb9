"""Credit lines: the agency that an article says its text is from."""

from __future__ import annotations

import re

from reliability.model.article import Article
from reliability.model.base import folded
from reliability.model.report import Link
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry

_HEAD, _TAIL = 600, 400
_NAME = r"(?P<name>[A-Z][\w.&’'-]*(?: (?:of |de )?[A-Z][\w.&’'-]*){0,4})"
_DATELINE = re.compile(
    rf"^[^\n()/]{{0,60}}(?:\({_NAME}(?:[ /,][^()\n]{{0,40}})?\)\s*(?:[-–—―:]+)[ ]?|/(?P<wire>[A-Z]{{3,12}})/\.?[ ]?)",
    re.MULTILINE,
)
_PLACE = re.compile(r"^[A-Z][A-Z.’' -]{2,30}(?:, [A-Z][\w. ]{2,30}){0,2}\s+(?:[–—―]|--?)\s+")
_THIS = r"(?:this|the) (?:story|article|report) (?:is|was|comes) "
_PRINTED = rf"(?:{_THIS})?(?:first|originally) (?:published|appeared|reported) (?:by|in|on|at) (?:the )?{_NAME}"
_SUPPLIED = rf"{_THIS}(?:\w+ )?(?:by|from) (?:the )?{_NAME}"
_REPORTING = rf"[-–—―(\[]\s*reporting by (?:[^\n]{{0,80}}?\b(?:for|of|from) )?(?:the )?{_NAME}"
_BOILERPLATE = (
    re.compile(r"[^.\n]{0,120}\bcontributed (?:reporting )?to this (?:report|story|article)\.?"),
    re.compile(rf"{_PRINTED}[^\n]{{0,40}}", re.I),
    re.compile(r"^\s*[(\[–—-]*\s*(?:additional )?(?:reporting|editing|writing) by [^\n]{0,300}$", re.I | re.M),
)
_LINES = (
    re.compile(rf"^\s*(?:via|source|from|credit|copyright|©)\s*[:©]?\s+(?:the )?{_NAME}\.?\s*$", re.I | re.M),
    re.compile(rf"^\s*[-–—―(\[]+\s*(?:with |via )?(?:the )?{_NAME}\s*[)\]]?\.?\s*$", re.M),
    re.compile(rf"[(\[](?:with |via )?(?:the )?{_NAME}[)\]]\.?\s*$"),
    re.compile(rf"^\s*by (?:[^\n,|]{{2,60}}[,|/]\s*)?(?:the )?{_NAME}\s*$", re.I | re.M),
    re.compile(_REPORTING, re.I),
    re.compile(_PRINTED, re.I),
    re.compile(_SUPPLIED, re.I),
    re.compile(rf"\bvia (?:the )?{_NAME}\s*[.)\]]?\s*$", re.M),
)


def without_credits(text: str) -> str:
    """The text with dateline ("SEOUL, March 3 (Reuters) - ") and credit lines as spaces, so that every place stays."""
    head = [match for line in (_DATELINE, _PLACE) if (match := line.search(text[:_HEAD])) is not None][:1]
    start = max(0, len(text) - _TAIL)
    tail = [match for line in _BOILERPLATE for match in line.finditer(text, start)]
    for match in (*head, *tail):
        text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text


def credited(article: Article, policy: Policy) -> Link | None:
    """The news agency or outlet, other than the publisher, that an article's first or last lines credit with it.

    Only names that the sources file knows as a newsroom's or as state media count. None without a credit.
    """
    text = article.text
    head, tail = text[:_HEAD], text[-_TAIL:]
    found = [match["name"] or match["wire"] for match in [_DATELINE.search(head)] if match is not None]
    found += [match["name"] for part in (tail, head) for line in _LINES for match in line.finditer(part)]
    for name in found:
        entry = _newsroom(name, policy)
        if entry is not None and entry.type is not None and not _same(entry, article, policy):
            return Link(source=entry.name, type=entry.type, facts=dict(entry.facts))
    return None


def _newsroom(name: str, policy: Policy) -> SourceEntry | None:
    words = name.strip(" .").split()
    for size in range(len(words), 0, -1):
        for spelling in (" ".join(words[:size]), " ".join(words[-size:])):
            entry = policy.sources.find(spelling)
            if entry is not None and {"media", "state-media"} & set(policy.kin("source_type", entry.type or "unknown")):
                return entry
    return None


def _same(entry: SourceEntry, article: Article, policy: Policy) -> bool:
    return article.publisher is not None and policy.sources.canonical(article.publisher) == folded(entry.name)
