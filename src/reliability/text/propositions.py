"""From an attribution's content to propositions: one a sentence, one a clause with its own subject, one a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reliability.model.report import MAX_TEXT
from reliability.text.attribution import Attribution, Range, joined, less, trimmed
from reliability.text.kinds import kind_of
from reliability.text.lexicon import Lexicon
from reliability.text.pipeline import Passage, Passages
from reliability.text.proposition import Proposition, tokens_in, worded
from reliability.text.quantities import put_at, quantity_of
from reliability.text.rewording import by_figure, reworded
from reliability.text.syntax import SUBJECTS, child, is_verb, ranges
from reliability.text.untruths import unfolded

Token = Any
_CLOSERS = " \t\n\r\"'”’»)]"
_CONNECTED = re.compile(r"[.?!][\"”’')]*\s+(?:And|But|Or|So|Still|Then|Yet),?\s*$")
_UNSPLIT = ("object", "as", "to", "at", "of", "for", "noun")
_MARKS = '"“”„«»‟'


def propositions(
    attribution: Attribution, text: str, passages: Passages, lex: Lexicon, *, fragments: bool = False
) -> list[Proposition]:
    """The propositions of an attribution, in text order; wording as stated, without quotation marks.

    Quoted words without a verb, fewer than three ("Absolutely."), say nothing: only with `fragments` they are kept.
    """
    out: list[Proposition] = []
    for passage, content in _sentences(attribution, text, passages):
        root = _root(tokens_in(passage, content))
        if root is None:
            continue
        whole = attribution.frame in _UNSPLIT
        for head, part in [(root, content)] if whole else _split(root, content, passage):
            if attribution.frame == "object":
                part = _before_dash(part, text)
            wording = reworded(attribution, part, passage, text) or worded(part, text)
            said = is_verb(head) or attribution.via != "direct-quote" or len(wording.split()) > 2
            if not any(ch.isalpha() for ch in wording) or not (said or fragments):
                continue
            kind = kind_of(head, wording, attribution.kind)
            figure = quantity_of(head) if is_verb(head) else put_at(head) if attribution.frame == "at" else None
            out.append(unfolded(Proposition(part, wording[:MAX_TEXT], head, passage, kind, figure), text, lex))
    return [made for one in out for made in by_figure(one, text)]


def _before_dash(content: list[Range], text: str) -> list[Range]:
    """ "The capture of two soldiers—the first known": what stands before the remark."""
    start, end = content[0]
    dash = text.find("—", start, end)
    return [(start, dash)] if dash > start else content


def _sentences(attribution: Attribution, text: str, passages: Passages) -> Iterator[tuple[Passage, list[Range]]]:
    """Content cut at the ends of sentences; a range that breaks off before one goes on in the next."""
    pending: list[Range] = []
    owner: Passage | None = None
    for start, end in attribution.content:
        for passage in passages.between(start, end):
            broken = bool(pending) and (owner is not passage or _broken(text, pending[-1][1], start))
            if broken and owner is not None:
                yield from _cleaned(owner, pending, text)
                pending = []
            owner = passage
            a, b = max(start, passage.start), min(end, passage.end)
            cuts = [at for at in passages.sentences(passage) if a < at < b and _is_end(text, at)]
            for left, right in zip([a, *cuts], [*cuts, b], strict=True):
                pending.append((left, right))
                if right != b or text[max(left, right - 3) : right].rstrip(_CLOSERS)[-1:] in (".", "?", "!"):
                    yield from _cleaned(passage, pending, text)
                    pending = []
    if owner is not None:
        yield from _cleaned(owner, pending, text)


def _cleaned(passage: Passage, pending: list[Range], text: str) -> Iterator[tuple[Passage, list[Range]]]:
    clean = _unmarked(trimmed(passage, pending), text)
    if clean:
        yield passage, clean


def _broken(text: str, end: int, start: int) -> bool:
    """Whether a sentence ends in what stands between two ranges: "A," he said. "B."; also: But "b."."""
    if start - end > 2_000 or _CONNECTED.search(text, end, start):
        return True
    return (
        bool(re.search(r"[.?!][\"”’')]*\s+[\"“‘']*$", text[end:start] + " "))
        and not text[start : start + 2].strip(_MARKS + "'").islower()
    )


def _is_end(text: str, at: int) -> bool:
    before = text[max(0, at - 6) : at].rstrip(_CLOSERS)
    return before[-1:] in (".", "?", "!", "…") and not text[at : at + 1].islower()


def _unmarked(content: list[Range], text: str) -> list[Range]:
    """Ranges without the quotation marks and closing punctuation at their edges."""
    out: list[Range] = []
    for start, end in content:
        while start < end and (
            text[start] in _MARKS or text[start].isspace() or text[start : start + 2] in ("''", "``")
        ):
            start += 2 if text[start : start + 2] in ("''", "``") else 1
        while end > start:
            if text[max(start, end - 2) : end] == "''":
                end -= 2
            elif text[end - 1] in _MARKS + ",;:" or text[end - 1].isspace() or _is_full_stop(text, start, end):
                end -= 1
            else:
                break
        if not out and text.startswith("that ", start, end):
            start += 5
        if start < end:
            out.append((start, end))
    return joined(out)


def _is_full_stop(text: str, start: int, end: int) -> bool:
    """Whether the last character ends a sentence, not an abbreviation such as "U.S."."""
    return text[end - 1] in ".!" and not re.search(r"\b(?:[A-Z]\.)+$", text[max(start, end - 12) : end])


def _root(tokens: list[Token]) -> Token | None:
    """The head of the tokens: of those whose own head is outside, a verb before anything else, the first."""
    if not tokens:
        return None
    inside = {t.i for t in tokens}
    heads = [t for t in tokens if t.head.i not in inside or t.head.i == t.i]
    return next((t for t in heads if is_verb(t) and child(t, *SUBJECTS) is not None), None) or next(
        (t for t in heads if is_verb(t)), heads[0]
    )


def _split(root: Token, content: list[Range], passage: Passage) -> list[tuple[Token, list[Range]]]:
    """Clauses joined by "and" or "but", each with its own subject, apart; a shared condition keeps them together."""
    if not is_verb(root) or any(c.dep_ == "advcl" and child(c, "mark") is not None for c in root.children):
        return [(root, content)]
    if child(root, *SUBJECTS) is None:
        return [(root, content)]
    for c in root.children:
        joiners = [d for d in root.children if d.dep_ == "cc" and root.i < d.i < c.i]
        own = child(c, *SUBJECTS)
        if c.dep_ != "conj" or not is_verb(c) or own is None or own.tag_ in ("WP", "WDT") or not joiners:
            continue
        if joiners[-1].lower_ not in ("and", "but") or (
            c.tag_ in ("VB", "VBG", "VBN") and child(c, "aux", "auxpass") is None
        ):
            continue
        tail = ranges(c.subtree, passage.start)
        mine = [r for r in (_clip(r, content) for r in tail) if r]
        second = trimmed(passage, [x for r in mine for x in r])
        rest = trimmed(passage, less(content, tail + ranges(joiners[-1:], passage.start)))
        if second and rest:
            return [(root, rest), *_split(c, second, passage)]
    return [(root, content)]


def _clip(one: Range, content: list[Range]) -> list[Range]:
    return [(max(one[0], a), min(one[1], b)) for a, b in content if max(one[0], a) < min(one[1], b)]
