"""Short names that an article spells out: "Joint Chiefs of Staff (JCS)"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPELLED = re.compile(r"(?<![\w&'’.-])(?P<words>(?:[\w&'’.-]{1,40} ){1,9})\((?P<short>[A-Z][A-Za-z]{1,8})\)")
_SMALL = frozenset({"of", "for", "and", "the", "on", "in", "to", "a", "an", "&", "at"})


def abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """From each short name to the words that it stands for, where their capitals spell it; the first of several.

    Time is linear in the length of the texts.
    """
    found: dict[str, str] = {}
    for text in texts:
        for match in _SPELLED.finditer(text):
            full = _spelling(match["words"].split(), match["short"])
            if full is not None:
                found.setdefault(match["short"], full)
    return found


def _spelling(words: list[str], short: str) -> str | None:
    """The last of the words whose first letters are the short name's, small words aside."""
    letters = list(short)
    for n in range(len(words) - 1, -1, -1):
        first = words[n][0]
        if words[n] in _SMALL:
            if letters[-1] == first:
                letters.pop()
            continue
        if not first.isupper() or first != letters[-1].upper():
            return None
        letters.pop()
        if not letters:
            return " ".join(words[n:])
    return None
