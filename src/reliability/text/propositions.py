"""From an attribution's content to propositions: one a sentence, one a clause with its own subject, one a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reliability.model.report import MAX_TEXT, Kind, Quantity
from reliability.text.attribution import Attribution, Range, joined, less, trimmed
from reliability.text.kinds import kind_of
from reliability.text.pipeline import Passage
from reliability.text.quantities import figure_at, modifier_start, quantity_of
from reliability.text.syntax import SUBJECTS, child, is_verb, ranges

Token = Any
_CLOSERS = " \t\n\r\"'”’»)]"
_MARKS = '"“”„«»‟'
_DUE_TO = frozenset({"attribute", "ascribe"})


@dataclass
class Proposition:
    """One thing that is true or false: its places in the text, its wording, and what it is about."""

    content: list[Range]
    text: str
    root: Token
    passage: Passage
    kind: Kind = "statement"
    quantity: Quantity | None = None


def propositions(attribution: Attribution, text: str, passages: list[Passage]) -> list[Proposition]:
    """The propositions of an attribution, in text order; wording as stated, without quotation marks."""
    out: list[Proposition] = []
    for passage, content in _sentences(attribution, text, passages):
        tokens = _tokens_in(passage, content)
        root = _root(tokens)
        if root is None:
            continue
        parts = (
            [(root, content)] if attribution.frame in ("object", "as", "to", "noun") else _split(root, content, passage)
        )
        for head, part in parts:
            wording = _reworded(attribution, part, passage, text) or worded(part, text)
            if not any(ch.isalpha() for ch in wording):
                continue
            if not is_verb(head) and attribution.via == "direct-quote" and len(wording.split()) < 3:
                continue
            out.append(Proposition(part, wording[:MAX_TEXT], head, passage, kind_of(head, wording, attribution.kind)))
    for one in out:
        one.quantity = quantity_of(one.root) if is_verb(one.root) else None
    return [made for one in out for made in _figures(one, text)]


def worded(content: list[Range], text: str) -> str:
    """The words at these places: spaces folded, quotation marks around the whole and unpaired ones left out."""
    out = re.sub(r"\s+", " ", " ".join(text[a:b] for a, b in content)).strip()
    while True:
        shorter = out.strip()
        if (
            len(shorter) > 1
            and shorter[0] in _MARKS
            and not any(c in shorter[1:-1] for c in _MARKS)
            and shorter[-1] in _MARKS
        ):
            shorter = shorter[1:-1]
        elif shorter and sum(shorter.count(c) for c in _MARKS) == 1:
            shorter = "".join(c for c in shorter if c not in _MARKS)
        shorter = shorter.strip(" ,;:—–-")
        if shorter.endswith((".", "!")) and not re.search(r"\b(?:[A-Z]\.)+$", shorter):
            shorter = shorter.rstrip(".!")
        if shorter == out:
            return re.sub(r"^that ", "", out)
        out = shorter


def _sentences(attribution: Attribution, text: str, passages: list[Passage]) -> Iterator[tuple[Passage, list[Range]]]:
    """Content cut at the ends of sentences; a range that breaks off before one goes on in the next."""
    pending: list[Range] = []
    owner: Passage | None = None
    for number, (start, end) in enumerate(attribution.content):
        if pending and owner is not None and _broken(text, attribution.content[number - 1][1], start):
            clean = _unmarked(trimmed(owner, pending), text)
            if clean:
                yield owner, clean
            pending = []
        for passage in _passages_in(passages, start, end):
            if pending and owner is not passage and owner is not None:
                yield owner, pending
                pending = []
            owner = passage
            a, b = max(start, passage.start), min(end, passage.end)
            cuts = [at for at in sentence_starts(passage) if a < at < b and _is_end(text, at)]
            for left, right in zip([a, *cuts], [*cuts, b], strict=True):
                pending.append((left, right))
                if (
                    right != b
                    or text[:right][-1:] in ".?!"
                    or text[max(left, right - 3) : right].rstrip(_CLOSERS)[-1:] in (".", "?", "!")
                ):
                    clean = _unmarked(trimmed(passage, pending), text)
                    if clean:
                        yield passage, clean
                    pending = []
    if pending and owner is not None:
        clean = _unmarked(trimmed(owner, pending), text)
        if clean:
            yield owner, clean


def _broken(text: str, end: int, start: int) -> bool:
    """Whether a sentence ends in what stands between two ranges: "A," he said. "B."."""
    return start - end > 2_000 or (
        bool(re.search(r"[.?!][\"”’')]*\s+[\"“‘']*$", text[end:start] + " "))
        and not text[start : start + 2].strip(_MARKS + "'").islower()
    )


def _passages_in(passages: list[Passage], start: int, end: int) -> list[Passage]:
    from bisect import bisect_right

    starts = [p.start for p in passages]
    first = max(0, bisect_right(starts, start) - 1)
    out = []
    for passage in passages[first:]:
        if passage.start >= end:
            break
        if passage.end > start:
            out.append(passage)
    return out


def sentence_starts(passage: Passage) -> list[int]:
    """Where spaCy's sentences begin, in the article."""
    return [passage.start + int(s.start_char) for s in passage.doc.sents]


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
            elif text[end - 1] in _MARKS + ",;:" or text[end - 1].isspace():
                end -= 1
            else:
                break
        if start < end:
            out.append((start, end))
    return joined(out)


def _tokens_in(passage: Passage, content: list[Range]) -> list[Token]:
    out: list[Token] = []
    for start, end in content:
        span = passage.doc.char_span(
            max(0, start - passage.start), min(len(passage.text), end - passage.start), alignment_mode="contract"
        )
        out.extend(t for t in span or () if not t.is_space and not t.is_punct)
    return out


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
            return (
                [*_split(root, rest, passage)[:1], *_split(c, second, passage)]
                if False
                else [(root, rest), *_split(c, second, passage)]
            )
    return [(root, content)]


def _clip(one: Range, content: list[Range]) -> list[Range]:
    return [(max(one[0], a), min(one[1], b)) for a, b in content if max(one[0], a) < min(one[1], b)]


def _reworded(attribution: Attribution, part: list[Range], passage: Passage, text: str) -> str | None:
    """ "Identified the men as agents" says that the men are agents; "attributes losses to X", that they are due to X."""
    if attribution.frame not in ("as", "to") or attribution.root is None or attribution.root.doc is not passage.doc:
        return None
    goal = attribution.root
    thing = worded(ranges(goal.subtree, passage.start), text)
    taken = {t.i for t in goal.subtree}
    rest = [t for t in _tokens_in(passage, part) if t.i not in taken]
    if rest and rest[0].lower_ in ("as", "to"):
        rest = rest[1:]
    if not rest or not thing:
        return None
    last = rest[-1]
    said = worded([(passage.start + rest[0].idx, passage.start + last.idx + len(last.text))], text)
    plural = goal.tag_ in ("NNS", "NNPS") or child(goal, "conj") is not None
    be = "are" if plural else "is"
    if attribution.frame == "as":
        return f"{thing} {be} {said}"
    if attribution.verb is None:
        return None
    return f"{thing} {be} due to {said}" if attribution.verb.lemma_ in _DUE_TO else f"{thing} {be} linked to {said}"


def _figures(one: Proposition, text: str) -> list[Proposition]:
    """ "Around 300 soldiers had been killed and over 2,700 wounded" is two propositions, the second made whole."""
    doc, offset = one.passage.doc, one.passage.start
    about = child(one.root, "nsubjpass", "nsubj")
    first = child(about, "nummod") if about is not None else None
    if first is None:
        return [one]
    inside = [t for t in _tokens_in(one.passage, one.content) if t.i > one.root.i]
    for n, token in enumerate(inside):
        if token.tag_ != "CD" or n + 1 >= len(inside) or token.ent_type_ in ("DATE", "TIME"):
            continue
        verb = next((t for t in inside[n + 1 : n + 4] if t.tag_ in ("VBN", "VBD")), None)
        start = modifier_start(token)
        if verb is None or start - 1 <= one.root.i or doc[start - 1].lower_ not in ("and", ",", "while", "with"):
            continue
        if any(t.tag_ not in ("NNS", "JJ", "NN", "RB") for t in doc[token.i + 1 : verb.i]):
            continue
        figure = figure_at(token, str(verb.lower_))
        if figure is None:
            continue
        cut = offset + doc[start - 1].idx
        tail_start = offset + doc[start].idx
        head = trimmed(one.passage, [r for r in less(one.content, [(cut, one.content[-1][1])]) if r])
        tail = trimmed(one.passage, less(one.content, [(0, tail_start)]))
        if not head or not tail:
            continue
        number_tokens = range(modifier_start(first), first.i + 1)
        noun = " ".join(t.text for t in about.subtree if t.i > number_tokens[-1] and t.dep_ != "punct")
        helpers = " ".join(c.text for c in one.root.children if c.dep_ in ("aux", "auxpass"))
        own_noun = [t for t in doc[token.i + 1 : verb.i] if t.tag_ in ("NNS", "NN")]
        count = text[tail_start : offset + token.idx + len(token.text)]
        named = " ".join(t.text for t in doc[token.i + 1 : verb.i]) if own_noun else noun
        rest = text[offset + verb.idx : tail[-1][1]]
        wording = " ".join(f"{count} {named} {helpers} {rest}".split())
        second = Proposition(tail, worded_text(wording), one.root, one.passage, one.kind, figure)
        return [Proposition(head, worded(head, text), one.root, one.passage, one.kind, one.quantity), second]
    return [one]


def worded_text(wording: str) -> str:
    """A made wording, without the full stop at its end."""
    return wording.rstrip(" .,;")
