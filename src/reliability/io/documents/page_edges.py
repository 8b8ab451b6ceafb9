"""Running heads and page numbers: lines at the edges of pages that belong to no article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

DEPTH = 2
"""How many lines from the top and from the bottom are looked at."""

_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite|página)?\s*(\d{1,4})(?:\s*(?:of|/|von|sur|de)\s*\d{1,4})?\W*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")


def without_edges(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages' lines without those that are surely no text.

    A running head stands, its digits aside, at the same edge of three pages or more and of two in five (left and right
    pages may differ). A page number is a line of its own that counts with the pages, on two pages or more and on half.
    """
    filled = [[n for n, line in enumerate(page) if line.strip()] for page in pages]
    heads: Counter[tuple[bool, str]] = Counter()
    numbers: Counter[int] = Counter()
    for at, (page, places) in enumerate(zip(pages, filled, strict=True)):
        found = {(top, _shape(page[n])) for top, n in _edges(places)}
        heads.update(found)
        numbers.update({int(match[1]) - at for _, n in _edges(places) if (match := _NUMBER.fullmatch(page[n].strip()))})
    running = {key for key, count in heads.items() if count >= 3 and count * 5 >= 2 * len(pages)}
    counting = {step for step, count in numbers.items() if count >= 2 and count * 2 >= len(pages)}
    kept: list[list[str]] = []
    for at, (page, places) in enumerate(zip(pages, filled, strict=True)):
        out = {
            n for top, n in _edges(places)
            if (top, _shape(page[n])) in running
            or ((match := _NUMBER.fullmatch(page[n].strip())) and int(match[1]) - at in counting)
        }  # fmt: skip
        kept.append([line for n, line in enumerate(page) if n not in out])
    return kept


def _edges(places: list[int]) -> list[tuple[bool, int]]:
    """The lines at the top (True) and at the bottom; none of a page of so few lines that they are its text."""
    if len(places) < 2 * DEPTH:
        return [(False, places[-1])] if len(places) > 1 else []
    return [*((True, n) for n in places[:DEPTH]), *((False, n) for n in places[-DEPTH:])]


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split())).casefold()
