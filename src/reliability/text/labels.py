"""Speakers named before or after a colon: "NIS: 300 dead", "300 dead: NIS", and the turns of a transcript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from reliability.model.report import Via
from reliability.text.attribution import Attribution, trimmed
from reliability.text.lexicon import CueClass, Lexicon
from reliability.text.pipeline import Passage, Passages

Token = Any
LABEL = CueClass("label", "statement", "asserts", asserts=True)
_TURN = re.compile(
    r"[\"“]?\s*(?P<label>(?:[A-Z][\w.'’-]*)(?:[ ,]+(?:of|at|the|[A-Z(][\w.'’)-]*)){0,5})\s*(?P<colon>:)\s+"
)
_AFTER = re.compile(r"(?P<colon>:|\s[–—-])\s+(?P<label>[A-Z][\w.'’-]*(?: (?:of|[A-Z][\w.'’-]*)){0,3})[.\s]*$")
_HEADLINE = 200
_TURNS = 3


def labelled(passages: Passages, lex: Lexicon) -> Iterator[tuple[int, Attribution]]:
    """The passages that a name before a colon speaks, by number: a headline, or the turns of a transcript.

    A transcript has three turns at least. Words such as "Analysis" or "Video" before a colon are no speakers.
    """
    turns = [(n, match) for n, passage in enumerate(passages) if (match := _TURN.match(passage.text)) is not None]
    turns = [(n, match) for n, match in turns if not _is_rubric(match["label"], lex)]
    spoken = len(turns) >= _TURNS
    for number, match in turns:
        passage = passages[number]
        headline = number == 0 and len(passage.text) < _HEADLINE
        if not headline and passage.text[match.end() : match.end() + 1] in "\"“'‘«":
            continue
        if spoken or headline:
            made = _made(passage, match, (match.end(), len(passage.text)), "direct-quote" if spoken else "paraphrase")
            if made is not None:
                yield number, made
    if len(passages) > 0 and not any(n == 0 for n, _ in turns) and len(passages[0].text) < _HEADLINE:
        match = _AFTER.search(passages[0].text)
        if match is not None and not _is_rubric(match["label"], lex):
            made = _made(passages[0], match, (0, match.start()), "paraphrase")
            if made is not None:
                yield 0, made


def _is_rubric(label: str, lex: Lexicon) -> bool:
    """Whether a label says what it is about, not who speaks: "Analysis", and "Turkey: 12 killed in blast"."""
    words = [word.strip(".,'’()").casefold() for word in label.split()]
    return any(word in lex.words("rubrics") for word in words) or " ".join(words) in _countries(lex)


@cache
def _countries(lex: Lexicon) -> frozenset[str]:
    """Names of countries themselves: capitals and adjectives stand for those who speak."""
    return frozenset(country.name.casefold() for country in lex.countries)


def _made(passage: Passage, match: re.Match[str], place: tuple[int, int], via: Via) -> Attribution | None:
    start, end = place
    content = trimmed(passage, [(passage.start + start, passage.start + end)])
    label = passage.doc.char_span(*match.span("label"), alignment_mode="expand")
    if label is None or not content or len(passage.text[start:end].split()) < 3:
        return None
    head = next((t for t in reversed(label) if t.pos_ in ("PROPN", "NOUN")), label[-1])
    colon = match.span("colon")
    cue = [(passage.start + colon[0], passage.start + colon[1])]
    return Attribution(passage, cue, content, LABEL, "label", sources=[head], via=via)
