"""The spaCy pipeline, loaded once, and an article parsed in passages whose offsets are the article's."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, overload

from reliability.errors import MissingExtra
from reliability.text.languages import languages

MAX_PASSAGE = 20_000
_ENDS = frozenset(".!?:;…\"”’'»)]}")
_OPEN = frozenset({"said", "says", "told", "added", "the", "a", "an", "of", "by", "and", "that", "with", "from"})
"""Small words that end no line but a wrapped one."""
MAX_STRETCH = 12_000
"""Characters; a longer stretch without the end of a sentence or line is no prose, and isn't parsed."""
_STRETCH = re.compile(r"[^.!?\u2026\n\r]+")
_RUN = re.compile(r"\S{500,}")
_UNREADABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0e\ufe0f]"
    r"|[\u2600-\u27bf\U0001f000-\U0001faff]"
)
"""Control characters, marks of writing direction, and pictures, which no sentence needs."""


@dataclass(frozen=True)
class Passage:
    """A paragraph, parsed: `start` and `end` in the article's text, its own `text`, and spaCy's `doc`."""

    start: int
    doc: Any
    text: str
    end: int


class Passages(Sequence[Passage]):
    """An article's passages in text order, found by their places."""

    def __init__(self, passages: list[Passage]) -> None:
        self._all = passages
        self._starts = [passage.start for passage in passages]
        self._sentences: dict[int, list[int]] = {}

    @overload
    def __getitem__(self, index: int) -> Passage: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Passage]: ...
    def __getitem__(self, index: int | slice) -> Passage | Sequence[Passage]:
        """The passage at a number, or several."""
        return self._all[index]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._all)

    def number(self, at: int) -> int:
        """The number of the last passage that begins at or before a place; 0 before the first."""
        return max(0, bisect_right(self._starts, at) - 1)

    def between(self, start: int, end: int) -> list[Passage]:
        """The passages that share characters with [start, end)."""
        out: list[Passage] = []
        for n in range(self.number(start), len(self._all)):
            if self._starts[n] >= end:
                break
            if self._all[n].end > start:
                out.append(self._all[n])
        return out

    def sentences(self, passage: Passage) -> list[int]:
        """Where a passage's sentences begin, in the article."""
        known = self._sentences.get(passage.start)
        if known is None:
            known = [passage.start + int(sentence.start_char) for sentence in passage.doc.sents]
            self._sentences[passage.start] = known
        return known


@cache
def load(language: str = "en") -> Any:
    """The pipeline of a language that is read, loaded at the first call; without a model it only tells sentences.

    Raises MissingExtra when spaCy or its model is not installed.
    """
    name = languages()[language].model
    try:
        import spacy
    except ImportError:
        raise MissingExtra("text", "reading articles", "spacy") from None
    if name is None:
        blank = spacy.blank(language)
        blank.add_pipe("sentencizer")
        return blank
    try:
        return spacy.load(name)
    except OSError:
        raise MissingExtra("text", "reading articles", name.replace("_", "-")) from None


def _blank(run: re.Match[str]) -> str:
    """A long run without a space, when it is mostly marks: spaces, since splitting it takes quadratic time."""
    found = run.group()
    marks = sum(not ch.isalnum() for ch in found)
    return " " * len(found) if marks > 100 else found


def _blank_endless(stretch: re.Match[str]) -> str:
    found = stretch.group()
    return " " * len(found) if len(found) > MAX_STRETCH else found


def endless(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a text, [start, end), that are too long to be prose; they are read as spaces."""
    for found in _STRETCH.finditer(text):
        if found.end() - found.start() > MAX_STRETCH:
            yield found.span()


def parsed(text: str, language: str = "en") -> Passages:
    """The text's paragraphs, parsed, in text order. Characters that no reader sees, and emoji, are read as spaces.

    Time is linear in the length: no passage is longer than MAX_PASSAGE characters.
    """
    return next(parsed_each([text], language))


def parsed_each(texts: Iterable[str], language: str = "en") -> Iterator[Passages]:
    """Each text's passages, as `parsed` gives them: together they go through the pipeline in fewer, larger batches.

    What a text is parsed into does not depend on the others: the model's layers work on each word's row alone.
    """
    nlp = load(language)
    laid = []
    for text in texts:
        clean = _STRETCH.sub(_blank_endless, _RUN.sub(_blank, _UNREADABLE.sub(" ", text)))
        laid.append((clean, [(start, end) for start, end in paragraphs(clean) if clean[start:end].strip()]))
    docs = nlp.pipe(clean[start:end] for clean, places in laid for start, end in places)
    for clean, places in laid:
        mine = zip(places, islice(docs, len(places)), strict=True)
        yield Passages([Passage(start, doc, clean[start:end], end) for (start, end), doc in mine])


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where paragraphs begin and end: at blank lines, and at line breaks unless lines are wrapped."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n\r]+", text)]
    lines = [(start, end) for start, end in lines if text[start:end].strip()]
    wrapped = _is_wrapped(text, lines)
    begin: int | None = None
    for number, (start, end) in enumerate(lines):
        if begin is None:
            begin = start
        if number + 1 < len(lines):
            following = lines[number + 1][0]
            gap = text[end:following]
            blank = gap.count("\n") > 1 or (gap.count("\r") > 1 and "\n" not in gap) or bool(re.search(r"\n\s*\n", gap))
            runs_on = text[following : following + 1].islower() and text[end - 1] not in _ENDS
            runs_on |= text[max(start, end - 12) : end].rsplit(None, 1)[-1] in _OPEN
            if not blank and (wrapped or runs_on):
                continue
        yield from _pieces(text, begin, end)
        begin = None


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether most lines break in mid-sentence, at about one width."""
    if len(lines) < 4:
        return False
    widths = sorted(end - start for start, end in lines)
    broken = sum(text[end - 1] not in _ENDS for _, end in lines)
    return widths[-1] <= 120 and widths[len(widths) // 2] >= 45 and broken * 2 > len(lines)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A stretch cut to at most MAX_PASSAGE characters, after a sentence or a word where there is one."""
    while end - start > MAX_PASSAGE:
        limit = start + MAX_PASSAGE
        cut = max(text.rfind(mark, start + MAX_PASSAGE // 2, limit) for mark in (". ", '." ', ".” "))
        cut = cut + 2 if cut > 0 else text.rfind(" ", start + MAX_PASSAGE // 2, limit) + 1
        cut = cut if cut > start else limit
        yield start, cut
        start = cut
    yield start, end
