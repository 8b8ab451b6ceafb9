"""Quoted passages of a text, whatever their marks, in one pass over the characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = re.compile("\"|''|``|[“”„«»‟‘’'‚‹›]")
_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‟": "”"}
_SPEECH = re.compile(r"[.?!,;:…—–-]\W*$")
_WORD = re.compile(r"\w+")
_SMALL = frozenset({"with", "from", "into", "over"})


@dataclass(frozen=True)
class Quote:
    """A quotation: [start, end) with its marks, [inner, outer) without; `closed` is false when its mark is missing.

    `continues` says that it goes on from the quotation of the paragraph before, which was left open.
    """

    start: int
    end: int
    inner: int
    outer: int
    closed: bool = True
    continues: bool = False


def quotes(text: str, places: list[tuple[int, int]]) -> list[Quote]:
    """All quotations inside the paragraphs `places`, in order, none inside another.

    A mark without its partner quotes to the end of the paragraph where the next one opens with a mark again (a
    quotation over several paragraphs), else it is no quotation. Time is linear in the length.
    """
    single = _quotes_singly(text)
    found: list[Quote] = []
    for number, (start, end) in enumerate(places):
        inside, left_open = _in_paragraph(text, start, end, single or _is_heading_with_quote(text, start, end))
        if found and not found[-1].closed and inside:
            inside[0] = _continuing(inside[0])
        if left_open is not None:
            opened, width = left_open
            after = places[number + 1] if number + 1 < len(places) else (end, end)
            again = text[after[0] : after[0] + 1] == text[opened] and text[opened] in "\"“„«'`"
            closing = None if again or text[opened] != "“" else _closing(text, *after)
            ends = start + len(text[start:end].rstrip())
            if again or closing is not None or len(_WORD.findall(text[opened : opened + 400])) > 3:
                quote = Quote(opened, ends, opened + width, ends, closed=not again and closing is None)
                was_open = bool(found) and not found[-1].closed and not inside
                inside.append(_continuing(quote) if was_open else quote)
            if closing is not None:
                inside.append(Quote(after[0], closing + 1, after[0], closing, continues=True))
        found.extend(inside)
    return found


def _continuing(quote: Quote) -> Quote:
    return Quote(quote.start, quote.end, quote.inner, quote.outer, quote.closed, continues=True)


def _closing(text: str, start: int, end: int) -> int | None:
    """Where a paragraph closes a quotation that the one before left open: at its first mark."""
    first = re.search("[“”]", text[start:end])
    return start + first.start() if first is not None and first.group() == "”" else None


def _quotes_singly(text: str) -> bool:
    """Whether single marks are this text's quotation marks: it has hardly any double ones."""
    double = len(re.findall("\"|[“”„«»]|''|``", text))
    single = len(re.findall(r"(?:^|[\s(\[—–])[‘'](?=\w)", text))
    return single > 2 * double


def _is_heading_with_quote(text: str, start: int, end: int) -> bool:
    """ "NAME: 'We did'": a short line without double marks that quotes with single ones."""
    return (
        end - start < 200
        and not re.search("\"|[“”„«»]|''|``", text[start:end])
        and bool(re.match(r"(?:.*[:,] )?[‘'](?=\w).*\w[.?!,]?[’']", text[start:end]))
    )


def _in_paragraph(text: str, start: int, end: int, single: bool) -> tuple[list[Quote], tuple[int, int] | None]:
    """The closed quotations of a paragraph, and where one was left open with the width of its mark."""
    found: list[Quote] = []
    opened: tuple[int, int, str] | None = None
    inner = 0
    for match in _MARKS.finditer(text, start, end):
        mark, at, after = match.group(), match.start(), match.end()
        before = text[at - 1] if at > start else " "
        following = text[after] if after < end else " "
        if mark in ("'", "‘", "’", "‚", "‹", "›") and not single:
            continue
        if opened is None:
            if _opens(mark, before, following):
                opened, inner = (at, after, mark), 0
        elif opened[2] == '"' and mark in "“”" and (inner or mark == "“"):
            inner = max(0, inner + (1 if mark == "“" else -1))
        elif _closes(opened[2], mark, before, following):
            if opened[1] < at:
                found.append(Quote(opened[0], after, opened[1], at))
            opened = None
        elif mark == opened[2] and mark in _PAIRS and _opens(mark, before, following):
            opened = (at, after, mark)
    return found, (opened[0], opened[1] - opened[0]) if opened else None


def _opens(mark: str, before: str, following: str) -> bool:
    if mark in ("”", "’", "›"):
        return False
    if mark in ("“", "„", "«", "‟", "``"):
        return True
    if mark in ("'", "‘", "‚"):
        return not (before.isalnum() or following.isspace())
    if mark == "»":
        return not before.isalnum() and not following.isspace()
    return not before.isalnum() or before.isspace() or not following.isspace()


def _closes(opening: str, mark: str, before: str, following: str) -> bool:
    if opening in _PAIRS:
        return mark in _PAIRS[opening] or (mark == '"' and opening in "“„")
    if opening in ("'", "‘"):
        return mark in ("'", "’") and not following.isalnum() and not before.isspace()
    if opening == "``":
        return mark in ("''", '"')
    return mark == opening or (opening == '"' and mark == "”")


def is_speech(text: str, quote: Quote) -> bool:
    """Whether a quotation is long or finished enough to be an utterance, not a word in scare quotes or a title."""
    inside = text[quote.inner : quote.outer]
    words = _WORD.findall(inside[:400])
    if (
        inside.rstrip()[-1:] not in ("?", "!")
        and _is_title(words)
        and text[max(0, quote.start - 2) : quote.start].strip()[-1:] not in (",", ":", "", ".", "—")
    ):
        return False
    return len(words) > 5 or (bool(words) and bool(_SPEECH.search(inside[-20:])))


def _is_title(words: list[str]) -> bool:
    """Whether words are written as titles are: "Saturday Night Live"."""
    return 1 < len(words) < 9 and all(word[0].isupper() or len(word) < 4 or word in _SMALL for word in words)
