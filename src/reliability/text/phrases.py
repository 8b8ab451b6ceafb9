"""Who says what by a language's phrases alone, without a parse: verbs of saying, "according to", quotations."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reliability.model.report import Stance, Via
from reliability.text.attribution import Range
from reliability.text.phrase_cues import MAX_SPEAKER, NOISE, STOP, Cues, stripped
from reliability.text.quotes import Quote

_COLON = re.compile(r"\s*:")


@dataclass(frozen=True)
class Utterance:
    """Somebody's words: who (`source`, a range that may be empty), by which words (`cue`), what (`content`).

    `wording` is what is said where it is not worded so in the text; empty elsewhere.
    """

    source: Range
    cue: Range
    content: tuple[Range, ...]
    stance: Stance = "asserts"
    via: Via = "paraphrase"
    wording: str = ""


class Phrases(Cues):
    """Who says what in one language, by the phrases of its `phrases.toml`."""

    def utterances(self, text: str, start: int, end: int, quoted: list[Quote]) -> Iterator[Utterance]:
        """What is said in one sentence [start, end), in which the quotations `quoted` stand; nothing in a question.

        Of its cues the first counts, and each after a comma or semicolon that has a speaker and a "que" of its own.
        """
        if self.is_asked(text, start, end, quoted):
            return
        for first, last in self._parts(text, start, end, quoted):
            yield from self._of_part(text, first, last, quoted)

    def _of_part(self, text: str, start: int, end: int, quoted: list[Quote]) -> Iterator[Utterance]:
        for match in self._cues(text, start, end, quoted):
            if self._is_unreal(text, start, end, match):
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
        stance = self._stances[(match.group("done") or match.group("now")).casefold()]
        that = self._that.match(text, cue[1], end)
        if that is not None or _COLON.match(text, cue[1], end):
            source = self._before(text, start, cue[0])
            content = (that.end() if that is not None else text.index(":", cue[1]) + 1, end)
            return self._made(text, source, cue, [content], stance, quoted)
        infinitive = self._infinitive.match(text, cue[1], end)
        if infinitive is not None:
            return self._of_oneself(text, start, end, match, infinitive, stance)
        inverted = next((form for form in self.data["inverted"] if words.startswith(form)), None)
        before = text[start : cue[0]].rstrip(NOISE)
        if not before or not (before[-1] in '»”"' or "," in text[start + len(before) : cue[0]]):
            return None
        if not inverted and self._is_object.match(text, cue[1], end):  # "X, le porte-parole, a nié toute implication"
            return None
        source = (cue[0], cue[0]) if inverted else self._after_verb(text, cue[1], end)
        if inverted:
            pronoun = match.start() + len(inverted) - len(inverted.rsplit("-", 1)[1])
            source = (pronoun, match.start() + len(inverted))
        later = [(quote.start, quote.end) for quote in quoted if quote.start >= cue[1]]
        return self._made(text, source, cue, [(start, start + len(before)), *later], stance, quoted)

    def _of_oneself(
        self, text: str, start: int, end: int, match: re.Match[str], infinitive: re.Match[str], stance: Stance
    ) -> Utterance | None:
        """ "X dément avoir bombardé la ville" says of X itself: "X a bombardé la ville", which it denies."""
        source = stripped(text, *self._before(text, start, match.start()))
        who = text[source[0] : source[1]]
        content = stripped(text, infinitive.start("be"), end)
        if not who:
            return None
        many = re.split(r"[\s'’]", who.casefold())[0] in self.data["plurals"]
        be = self.data["infinitives"][infinitive["be"].casefold()][many]
        said = f"{who} {be} {text[infinitive.end() : content[1]].rstrip(' .')}"
        return Utterance(source, match.span(), (content,), stance, wording=said)

    def _by_preposition(
        self, text: str, start: int, end: int, match: re.Match[str], quoted: list[Quote]
    ) -> Iterator[Utterance]:
        stop = STOP.search(text, match.end(), min(end, match.end() + MAX_SPEAKER))
        limit = stop.start() if stop is not None else end
        source, cue = (match.end(), limit), (match.start(), match.start() + len(match.group().rstrip()))
        content = (limit, end) if not text[start : match.start()].strip(NOISE) else (start, match.start())
        if limit - match.end() <= MAX_SPEAKER and (
            found := self._made(text, source, cue, [content], "asserts", quoted)
        ):
            yield found

    def _after_verb(self, text: str, start: int, end: int) -> Range:
        stop = STOP.search(text, start, min(end, start + MAX_SPEAKER))
        limit = stop.start() if stop is not None else min(end, start + MAX_SPEAKER)
        word = self._after.search(text, start + 1, limit)
        if word is not None:
            return (start, word.start())
        if stop is not None and stop.group() == "," and self._described.match(text, stop.end(), end):
            further = STOP.search(text, stop.end(), min(end, stop.end() + MAX_SPEAKER))
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


@cache
def phrases(language: str) -> Phrases:
    """The phrases of a language, read once."""
    path = files("reliability.text.lexicon").joinpath(language, "phrases.toml")
    return Phrases(tomllib.loads(path.read_text(encoding="utf-8")))
