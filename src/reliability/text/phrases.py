"""Who says what by a language's phrases alone, without a parse: verbs of saying, "according to", quotations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from reliability.model.report import Stance, Via
from reliability.text.attribution import Range
from reliability.text.quotes import Quote

_STOP = re.compile(r"[,;:.!?()«»“”\"\n]| [—–-] ")
_COLON = re.compile(r"\s*:")
_NOISE = " ,;:—–-\t\n\xa0\u202f"
MAX_SPEAKER = 120
"""A speaker's name and description have at most so many characters."""


@dataclass(frozen=True)
class Utterance:
    """Somebody's words: who (`source`, a range that may be empty), by which words (`cue`), what (`content`)."""

    source: Range
    cue: Range
    content: tuple[Range, ...]
    stance: Stance = "asserts"
    via: Via = "paraphrase"


class Phrases:
    """The phrases of one language, from `phrases.toml`, as patterns that take time linear in the text."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.heads: dict[str, str] = {word: noun for noun, words in data["heads"].items() for word in words}
        self._stances: dict[str, Stance] = {}
        forms: list[str] = []
        for row in data["class"]:
            made = [
                f"{helper} {word}" for helper in (*data["helpers"], *data["inverted"]) for word in row["participles"]
            ]
            for form in (*made, *row["finite"]):
                self._stances.setdefault(form, row["stance"])
                forms.append(form)
        self._cue = re.compile(rf"(?<![\w'’-]){_any_of(forms)}(?![\w-])", re.IGNORECASE)
        self._that = re.compile(rf"\s+{_any_of(data['that'])}\s*", re.IGNORECASE)
        self._according = re.compile(rf"(?<![\w'’-]){_any_of(data['according'])}\s*(?=\w)", re.IGNORECASE)
        self._after = re.compile(rf"\s{_any_of(data['after_speaker'])}(?!\w)", re.IGNORECASE)
        self._described = re.compile(
            rf"\s*(?:{_any_of(data['determiners'])}\s*)?{_any_of(self.heads)}(?!\w)", re.IGNORECASE
        )
        self._negated = re.compile(rf"(?<!\w){_any_of(data['negations'])}\s*$", re.IGNORECASE)

    def utterances(self, text: str, start: int, end: int, quoted: list[Quote]) -> Iterator[Utterance]:
        """What is said in one sentence [start, end), in which the quotations `quoted` stand; one cue, the first."""
        for match in self._cue.finditer(text, start, end):
            if any(quote.start <= match.start() < quote.end for quote in quoted):
                continue
            if self._negated.search(text, max(start, match.start() - 10), match.start()):
                return
            found = self._by_verb(text, start, end, match, quoted)
            if found is not None:
                yield found
                return
        for match in self._according.finditer(text, start, end):
            if not any(quote.start <= match.start() < quote.end for quote in quoted):
                yield from self._by_preposition(text, start, end, match, quoted)
                return

    def _by_verb(self, text: str, start: int, end: int, match: re.Match[str], quoted: list[Quote]) -> Utterance | None:
        cue, words = match.span(), match.group().casefold().replace("’", "'")
        stance = self._stances[words]
        that = self._that.match(text, cue[1], end)
        if that is not None or _COLON.match(text, cue[1], end):
            source = self._before(text, start, cue[0])
            content = (that.end() if that is not None else text.index(":", cue[1]) + 1, end)
            return self._made(text, source, cue, [content], stance, quoted)
        inverted = next((form for form in self.data["inverted"] if words.startswith(form)), None)
        before = text[start : cue[0]].rstrip(_NOISE)
        if not before or not (before[-1] in '»”"' or "," in text[start + len(before) : cue[0]]):
            return None
        source = (cue[0], cue[0]) if inverted else self._after_verb(text, cue[1], end)
        if inverted:
            pronoun = match.start() + len(inverted) - len(inverted.rsplit("-", 1)[1])
            source = (pronoun, match.start() + len(inverted))
        later = [(quote.start, quote.end) for quote in quoted if quote.start >= cue[1]]
        return self._made(text, source, cue, [(start, start + len(before)), *later], stance, quoted)

    def _by_preposition(
        self, text: str, start: int, end: int, match: re.Match[str], quoted: list[Quote]
    ) -> Iterator[Utterance]:
        stop = _STOP.search(text, match.end(), min(end, match.end() + MAX_SPEAKER))
        limit = stop.start() if stop is not None else end
        source, cue = (match.end(), limit), (match.start(), match.start() + len(match.group().rstrip()))
        content = (limit, end) if not text[start : match.start()].strip(_NOISE) else (start, match.start())
        if limit - match.end() <= MAX_SPEAKER and (
            found := self._made(text, source, cue, [content], "asserts", quoted)
        ):
            yield found

    def _before(self, text: str, start: int, end: int) -> Range:
        """The speaker that ends before a verb: from the last comma, or around an aside between commas."""
        first = max(start, end - MAX_SPEAKER)
        marks = [one.end() for one in _STOP.finditer(text, first, end)]
        if marks and not text[marks[-1] : end].strip():  # "X, the minister, said"
            return (marks[-3] if len(marks) > 2 else first, marks[-1] - 1)
        return (marks[-1] if marks else first, end)

    def _after_verb(self, text: str, start: int, end: int) -> Range:
        stop = _STOP.search(text, start, min(end, start + MAX_SPEAKER))
        limit = stop.start() if stop is not None else min(end, start + MAX_SPEAKER)
        word = self._after.search(text, start + 1, limit)
        if word is not None:
            return (start, word.start())
        if stop is not None and stop.group() == "," and self._described.match(text, stop.end(), end):
            further = _STOP.search(text, stop.end(), min(end, stop.end() + MAX_SPEAKER))
            return (start, further.start() if further is not None else limit)
        return (start, limit)

    def _made(
        self, text: str, source: Range, cue: Range, content: list[Range], stance: Stance, quoted: list[Quote]
    ) -> Utterance | None:
        parts = [part for part in (stripped(text, *one) for one in content) if part[0] < part[1]]
        if not parts:
            return None
        via: Via = "direct-quote" if all(
            any(q.start <= a and b <= q.end for q in quoted) for a, b in parts
        ) else "paraphrase"  # fmt: skip
        return Utterance(stripped(text, *source), cue, tuple(parts), stance, via)


def stripped(text: str, start: int, end: int) -> Range:
    """A range without the spaces, commas and dashes at its edges."""
    while start < end and text[start] in _NOISE:
        start += 1
    while end > start and text[end - 1] in _NOISE:
        end -= 1
    return start, end


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; apostrophes of either form, spaces of any kind."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("'", "['’]").replace(r"\ ", r"\s") for word in ordered) + ")"


@cache
def phrases(language: str) -> Phrases:
    """The phrases of a language, read once."""
    path = files("reliability.text.lexicon").joinpath(language, "phrases.toml")
    return Phrases(tomllib.loads(path.read_text(encoding="utf-8")))
