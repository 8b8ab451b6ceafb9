"""The cues of a language that is read by its phrases, as patterns that take time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from reliability.model.report import Stance
from reliability.text.attribution import Range
from reliability.text.quotes import Quote

STOP = re.compile(r"[,;:.!?()«»“”\"\n]| [—–-] ")
NOISE = " ,;:—–-\t\n\xa0\u202f"
MAX_SPEAKER = 120
"""A speaker's name and description have at most so many characters."""


class Cues:
    """Where a text says who says what, and whether it only says that somebody did not, or might."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.heads: dict[str, str] = {word: noun for noun, words in data["heads"].items() for word in words}
        self._stances: dict[str, Stance] = {}
        participles: list[str] = []
        finite: list[str] = []
        for row in data["class"]:
            for form in (*row["participles"], *row["finite"]):
                self._stances.setdefault(form, row["stance"])
            participles += row["participles"]
            finite += row["finite"]
        helper = _any_of((*data["helpers"], *data["inverted"]))
        between = rf"(?:\s+(?P<between>{_any_of((*data['nots'], *data['adverbs']))}))?"
        self._cue = re.compile(
            rf"(?:(?<![\w'’-])|(?<=\b[nl]['’]))(?:{helper}{between}\s+(?P<done>{_any_of(participles)})|(?P<now>{_any_of(finite)}))(?![\w-])",
            re.IGNORECASE,
        )
        self._nots = re.compile(rf"\s*{_any_of(data['nots'])}(?!\w)", re.IGNORECASE)
        self._infinitive = re.compile(rf"\s+(?P<be>{_any_of(data['infinitives'])})\s+(?=\w)", re.IGNORECASE)
        self._condition = re.compile(rf"{_any_of(data['conditions'])}(?!\w)", re.IGNORECASE)
        self._apart = re.compile(rf"\s*[,;]\s+(?:{_any_of(data['joiners'])}\s*)?", re.IGNORECASE)
        told_on = rf"(?:\s+{_any_of(data['days'])}(?:\s(?:matin|soir))?)?"
        self._that = re.compile(rf"{told_on}\s+{_any_of(data['that'])}\s*", re.IGNORECASE)
        nobody = rf"(?!{_any_of(data['nobodies'])})"
        self._according = re.compile(rf"(?<![\w'’-]){_any_of(data['according'])}\s*{nobody}(?=\w)", re.IGNORECASE)
        self._is_object = re.compile(rf"\s+{_any_of(data['objects'])}(?!\w)", re.IGNORECASE)
        self._after = re.compile(rf"\s{_any_of(data['after_speaker'])}(?!\w)", re.IGNORECASE)
        self._described = re.compile(
            rf"\s*(?:{_any_of(data['determiners'])}\s*)?{_any_of(self.heads)}(?!\w)", re.IGNORECASE
        )
        between_not = rf"(?:{_any_of(data['clitics'])}\s*)*"
        self._not_before = re.compile(rf"(?<!\w){_any_of(data['nots'])}\s+$", re.IGNORECASE)
        self._negated = re.compile(rf"(?<!\w){_any_of(data['negations'])}\s*{between_not}$", re.IGNORECASE)

    def is_asked(self, text: str, start: int, end: int, quoted: list[Quote]) -> bool:
        """Whether a sentence is a question, and not just what is quoted in it."""
        last = start + len(text[start:end].rstrip()) - 1
        return text[last : last + 1] == "?" and not any(quote.start <= last < quote.end for quote in quoted)

    def is_unsaid(self, text: str, start: int, end: int, quoted: list[Quote]) -> bool:
        """Whether a sentence tells what somebody did not say, or only might: "n'a pas dit que …", "si X dit que …"."""
        return any(
            self._is_unreal(text, start, end, match) and self._leads(text, match, end)
            for match in self._cues(text, start, end, quoted)
        )

    def _parts(self, text: str, start: int, end: int, quoted: list[Quote]) -> Iterator[tuple[int, int]]:
        """The parts of a sentence that each say who says what: "X dit que …, mais Y affirme que …"."""
        cues = [m.start() for m in self._cues(text, start, end, quoted) if self._leads(text, m, end)]
        for before, cue in pairwise(cues):
            marks = [m for m in self._apart.finditer(text, before, cue) if text[m.end() : cue].strip()]
            if marks:
                yield start, marks[-1].start()
                start = marks[-1].end()
        yield start, end

    def _leads(self, text: str, match: re.Match[str], end: int) -> bool:
        """Whether what is said follows a cue, as a "que …" or an infinitive."""
        negated = self._nots.match(text, match.end(), end)
        that = self._that.match(text, negated.end() if negated is not None else match.end(), end)
        return that is not None or self._infinitive.match(text, match.end(), end) is not None

    def _cues(self, text: str, start: int, end: int, quoted: list[Quote]) -> Iterator[re.Match[str]]:
        for match in self._cue.finditer(text, start, end):
            if not any(quote.start <= match.start() < quote.end for quote in quoted):
                yield match

    def _is_unreal(self, text: str, start: int, end: int, match: re.Match[str]) -> bool:
        between = match.group("between")
        near = max(start, match.start() - 20)
        source = stripped(text, *self._before(text, start, match.start()))
        return (
            self._negated.search(text, near, match.start()) is not None
            or self._not_before.search(text, near, match.start()) is not None
            or self._nots.match(text, match.end()) is not None
            or (between is not None and between.casefold() in self.data["nots"])
            or (self._leads(text, match, end) and self._condition.match(text, source[0], match.start()) is not None)
        )

    def _before(self, text: str, start: int, end: int) -> Range:
        """The speaker that ends before a verb: from the last comma, or around an aside between commas."""
        first = max(start, end - MAX_SPEAKER)
        marks = [one.end() for one in STOP.finditer(text, first, end)]
        if marks and not text[marks[-1] : end].strip():  # "X, the minister, said"
            return (marks[-3] if len(marks) > 2 else first, marks[-1] - 1)
        return (marks[-1] if marks else first, end)


def stripped(text: str, start: int, end: int) -> Range:
    """A range without the spaces, commas and dashes at its edges."""
    while start < end and text[start] in NOISE:
        start += 1
    while end > start and text[end - 1] in NOISE:
        end -= 1
    return start, end


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first; apostrophes of either form, spaces of any kind."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace("'", "['’]").replace(r"\ ", r"\s") for word in ordered) + ")"
