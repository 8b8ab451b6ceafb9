"""Paragraphs from the lines of pages: lines joined, words mended that were broken at a line's end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from reliability.io.documents.english import is_word

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_FRAGMENT = re.compile(r"[^\W\d_]+")
LONGEST = 100
"""Of a word before a hyphen at most so many characters are looked at."""

_ENDS = frozenset('.!?:…"”’»)]')
SHORT = 0.85
"""A line that ends a sentence ends a paragraph too when it is shorter than this share of the usual width."""

HEADING = 0.7
"""A line that ends no sentence may be a heading when it is shorter than this share of the usual width."""

_HYPHENED = frozenset({"anti", "self", "well", "non", "ex", "half", "all", "semi", "pro", "cross", "ill", "so", "mid"})
_SHORT_WORD = 4


def _is_heading(now: Sequence[str], following: str, usual: int) -> bool:
    """Whether the lines before one that begins with a capital are a heading: at most three, the last one short and
    without an end, and more than one only if most of their words have capitals.
    """  # fmt: skip
    last = now[-1]
    ends_short = len(last) < HEADING * usual and last[-1] not in _ENDS and last[-1] not in ",;-–—"
    if not ends_short or not following[:1].isupper() or len(now) > 3:
        return False
    words = [word for line in now for word in line.split() if word[0].isalpha() and len(word) > 3]
    return len(now) == 1 or sum(word[0].isupper() for word in words) * 10 >= 7 * len(words)


def paragraphs_of(pages: Iterable[Sequence[str]]) -> list[str]:
    """The paragraphs of pages given as lines, spaces folded.

    A paragraph ends at an empty line, after a heading (a short line without an end, before a capital), and where a
    sentence ends on a line that is clearly shorter than most. One that ends a page in mid-sentence
    goes on when the next page begins with a small letter.
    """
    lines = [" ".join(line.split()) for page in _joined(pages) for line in page]
    known = _whole_words(lines)
    widths = sorted(len(line) for line in lines if line)
    usual = widths[len(widths) * 3 // 4] if widths else 0
    out: list[str] = []
    now: list[str] = []
    for line in lines:
        if now and line and _is_heading(now, line, usual):
            out.append(mended(now, known))
            now = []
        if line:
            now.append(line)
        if now and (not line or (len(line) < SHORT * usual and line[-1] in _ENDS)):
            out.append(mended(now, known))
            now = []
    return [*out, mended(now, known)] if now else out


def _joined(pages: Iterable[Sequence[str]]) -> Iterable[list[str]]:
    """Pages as lines, an empty one between two pages unless a sentence runs over."""
    open_end = False
    for page in pages:
        lines = list(page)
        while lines and not lines[0].strip():
            lines.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        if lines:
            runs_on = open_end and lines[0].strip()[0].islower()
            yield lines if runs_on else ["", *lines]
            open_end = lines[-1].strip()[-1] not in _ENDS


def _whole_words(lines: Sequence[str]) -> set[str]:
    """The words that no line's end broke, in small letters."""
    known: set[str] = set()
    after_break = False
    for line in lines:
        begin = match.end() if after_break and (match := _FRAGMENT.match(line)) else 0
        broken = _BROKEN.search(line, max(begin, len(line) - LONGEST))
        known.update(word.casefold() for word in _WORD.findall(line, begin, broken.start() if broken else len(line)))
        after_break = broken is not None
    return known


def mended(lines: Sequence[str], known: set[str], is_word: Callable[[str], bool] = is_word) -> str:
    """Lines as one, with what a line's end broke whole again; `known` are the document's words, in small letters.

    "opera-/tion" is "operation". The document tells first: a hyphen goes when it has the whole word elsewhere, and
    stays when it has the hyphened word, or both halves as words. Else the dictionary (`is_word`): it stays before a
    word after "anti", "self" and the like, goes where both make a word, and stays between two words ("well-/known").
    Else it goes. Soft hyphens always go. Linear in the length.
    """
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        broken = _BROKEN.search(line, max(0, len(line) - LONGEST))
        fragment = _FRAGMENT.match(following)
        if line.endswith("\xad"):
            parts.append(line)
        elif broken is None or fragment is None:
            parts.append(f"{line} ")
        elif not following[0].islower():
            parts.append(line)
        else:
            first, second = broken[1].casefold(), fragment[0].casefold()
            parts.append(line if _is_compound(first, second, known, is_word) else line[:-1])
    return "".join(parts).replace("\xad", "").strip()


def _is_compound(first: str, second: str, known: set[str], is_word: Callable[[str], bool]) -> bool:
    """Whether the hyphen between two parts of a word is its own, not a line's."""
    if first + second in known:
        return False
    if f"{first}-{second}" in known or (first in known and second in known):
        return True
    if first in _HYPHENED and len(second) > _SHORT_WORD and is_word(second):
        return True
    return not is_word(first + second) and is_word(first) and is_word(second)
