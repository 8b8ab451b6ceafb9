"""Figures in texts as ranges of one unit: how well two texts' figures agree, what they count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product, takewhile
from math import inf, log

from reliability.text.lexicon import lexicon
from reliability.text.number_words import MONTHS, SUFFIXES
from reliability.text.plain_words import plain, stem
from reliability.text.signature import signature, words_of

_MONTHS = frozenset(MONTHS) | {month[:3] for month in MONTHS} | {"sept"}
_SUFFIXED = re.compile(r"(?<=\d)\s?(k|mn?|bn?)\b", re.IGNORECASE)
_RANGES = {
    "about": (0.9, 1.1), "nearly": (0.9, 1.0), "almost": (0.9, 1.0), "over": (1.0, inf), "at-least": (1.0, inf),
    "under": (0.0, 1.0), "at-most": (0.0, 1.0),
}  # fmt: skip
_CURRENCIES = frozenset({"dollars", "euros", "pounds"})
_PERSONS = words_of("people persons man woman child boy soldier civilians residents passenger others police student")
_TURNING = frozenset({"no", "not"})
_MEASURES = words_of("year years month months week weeks day days hour hours minute minutes percent")
_REACH = 3
_SMALL_WORDS = words_of("in on at for by from to with and or as")
_FAR = 0.5
"""Figures whose natural logs differ by this or more (a factor of 1.65) don't agree at all."""
_LOOSE = 0.5
"""How much figures count against each other that no word beside them says to be of one thing."""
_LONE = 0.02
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text: its value, the range that its wording leaves, and the words right before and after.

    `harm` is "dead" or "wounded" where it counts those.
    """

    value: float
    low: float
    high: float
    before: str
    after: str
    harm: str = ""

    @property
    def is_calendar(self) -> bool:
        """Whether it is a year or a day of a month, of which none is nearly another."""
        return self.before in _MONTHS or (1900 <= self.value <= 2100 and self.value.is_integer())

    @property
    def unit(self) -> str:
        """What is counted: "dead" or "wounded", a currency, else the word after it; empty where none says so."""
        if self.is_calendar:
            return ""
        if self.harm or self.before in _CURRENCIES:
            return self.harm or self.before
        if self.after in _SMALL_WORDS or self.after in lexicon().claim_words("common") or self.after.startswith("#"):
            return ""
        return stem(plain(self.after))


@lru_cache(maxsize=20_000)
def figures(text: str) -> tuple[Figure, ...]:
    """A text's numbers in order; ordinals, and account numbers and such of 30 digits, are not among them."""
    words = signature(_SUFFIXED.sub(lambda match: f" {SUFFIXES[match[1].lower()]}", text))
    found = []
    for at, word in enumerate(words):
        if word.startswith("#") and not word.endswith(".") and len(word) <= _LONGEST:
            value = float(word[1:])
            before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
            low, high = _RANGES.get(before, (1.0, 1.0))
            if at > 1 and words[at - 2] in _TURNING:  # no more than 10 is at most 10
                low, high = {"over": (0.0, 1.0), "under": (1.0, inf)}.get(before, (low, high))
            high = value * high if value else 0.0
            found.append(Figure(value, value * low, high, before, after, _harm(words, at)))
    return tuple(found)


def _harm(words: Sequence[str], at: int) -> str:
    """What is told of those whom the number at a place counts: "12 people killed", "kills 12", "toll rises to 12"."""
    after = list(takewhile(lambda word: not word.startswith("#"), words[at + 1 : at + 1 + _REACH]))
    before = list(takewhile(lambda word: not word.startswith("#"), reversed(words[max(0, at - _REACH) : at])))
    if after and after[0] in _MEASURES:
        return ""
    if after and plain(after[0]) not in _PERSONS:
        after = after[:1]
    for word in (*after, *before):
        for harm in ("dead", "wounded"):
            if plain(word) in lexicon().claim_words(harm):
                return harm
    return ""


def agreement(a: str, b: str) -> float:
    """How well two texts' figures agree, 1 (no figure speaks against it) down to 0.

    Equal figures are paired off first, then those with a word beside them in common, the nearest first. With m equal
    pairs and the others' distances adding up to c it is 1 − c / (m + c + ½), less .02 a figure left over. A distance
    is |ln a/b| over ln 1.65, at most 1, halved where no word beside them is shared; between years or days it is 1.
    """
    one, two = list(figures(a)), list(figures(b))
    equal = 0
    for x in tuple(one):
        match = next((y for y in two if y.value == x.value), None)
        if match is not None:
            one.remove(x)
            two.remove(match)
            equal += 1
    apart, used = 0.0, (set[int](), set[int]())
    for loose, distance, i, j in sorted(
        (not _beside(one[i], two[j]), _distance(one[i], two[j]), i, j)
        for i, j in product(range(len(one)), range(len(two)))
    ):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            apart += distance * (_LOOSE if loose else 1.0)
    lone = len(one) + len(two) - 2 * len(used[0])
    return max(0.0, 1.0 - apart / (equal + apart + 0.5) - _LONE * lone)


def _beside(x: Figure, y: Figure) -> bool:
    return (x.before == y.before != "") or (x.after == y.after != "")


def _distance(x: Figure, y: Figure) -> float:
    if x.is_calendar or y.is_calendar or not x.value or not y.value:
        return 1.0
    return min(1.0, abs(log(x.value / y.value)) / _FAR)
