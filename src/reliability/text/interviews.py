"""Questions and answers in print: "Q: …", "A: …". Who answers is who is interviewed, as far as that one is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reliability.text.attribution import Attribution, trimmed
from reliability.text.lexicon import CueClass
from reliability.text.pipeline import Passage, Passages

Token = Any
_TURN = re.compile(r"\s*(?:(?P<asks>Q|Question)|(?P<answers>A|Answer))(?P<mark>[.:])\s+(?=\S)")
_ASKED = CueClass("asked", "question", "asserts", asserts=True)
_ANSWERED = CueClass("answered", "statement", "asserts", asserts=True)
_INTRODUCTION = 12
"""Paragraphs before the first question in which the one who is interviewed is looked for."""


def answered(passages: Passages) -> Iterator[tuple[int, Attribution]]:
    """The questions and answers of an interview, by the number of their passage; none unless it has both.

    The answers are those of whoever the questions address by name, else of the one person named before them, else of
    nobody in particular. What is asked is a question, also where it is worded as a request.
    """
    turns = [(n, match) for n, passage in enumerate(passages) if (match := _TURN.match(passage.text)) is not None]
    if not any(match["asks"] for _, match in turns) or not any(match["answers"] for _, match in turns):
        return
    who = _introduced(passages[: turns[0][0]])
    for number, match in turns:
        passage = passages[number]
        if match["asks"]:
            who = _addressed(passage) or who
        content = trimmed(passage, [(passage.start + match.end(), passage.end)])
        if not content:
            continue
        cue = [(passage.start + match.start("mark"), passage.start + match.end("mark"))]
        entry = _ASKED if match["asks"] else _ANSWERED
        home, sources = who if who is not None and match["answers"] else (passage, [])
        yield number, Attribution(home, cue, content, entry, "answer", sources, via="direct-quote", kind=entry.kind)


_Named = tuple[Passage, list[Token]]


def _addressed(passage: Passage) -> _Named | None:
    """Whom a question begins or ends with: "Captain Reyes, did you …?"."""
    for ent in passage.doc.ents:
        if ent.label_ != "PERSON":
            continue
        after = passage.doc[ent.end].text if ent.end < len(passage.doc) else ""
        before = passage.doc[ent.start - 1] if ent.start else None
        titled = before is not None and before.pos_ == "PROPN"
        led = passage.doc[ent.start - 2] if titled and ent.start > 1 else before
        first = led is None or led.text in (":", ".") or led.is_space
        if (first and after == ",") or (led is not None and led.text == "," and after in ("?", ".", "!")):
            return passage, [ent.root]
    return None


def _introduced(lead: Any) -> _Named | None:
    """The one person whom the paragraphs before an interview name; None for nobody, or several."""
    named: dict[str, _Named] = {}
    for passage in lead[-_INTRODUCTION:]:
        for ent in passage.doc.ents:
            if ent.label_ == "PERSON":
                last = ent.root.text.casefold()
                named.setdefault(last, (passage, [ent.root]))
    return next(iter(named.values())) if len(named) == 1 else None
