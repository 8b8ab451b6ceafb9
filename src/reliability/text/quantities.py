"""Figures that a proposition states: how many of what, and how it was worded."""

from __future__ import annotations

import re
from typing import Any

from reliability.model.report import Quantity, QuantityWord
from reliability.text.syntax import child, is_verb

Token = Any
_WORDS: tuple[tuple[str, QuantityWord], ...] = (
    ("more than", "more_than"), ("over", "more_than"), ("above", "more_than"), ("exceeding", "more_than"),
    ("upwards of", "more_than"), ("north of", "more_than"), ("in excess of", "more_than"),
    ("at least", "at_least"), ("no fewer than", "at_least"), ("no less than", "at_least"),
    ("not less than", "at_least"),
    ("fewer than", "less_than"), ("less than", "less_than"), ("under", "less_than"), ("below", "less_than"),
    ("at most", "at_most"), ("up to", "at_most"), ("no more than", "at_most"), ("as many as", "at_most"),
    ("as much as", "at_most"), ("a maximum of", "at_most"),
    ("around", "about"), ("about", "about"), ("some", "about"), ("roughly", "about"), ("approximately", "about"),
    ("nearly", "about"), ("almost", "about"), ("an estimated", "about"), ("estimated", "about"), ("close to", "about"),
    ("circa", "about"), ("or so", "about"),
)  # fmt: skip
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_SMALL = {
    word: float(n)
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_MONEY = {"$": "dollars", "US$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
_NOT_COUNTS = frozenset({"DATE", "TIME", "ORDINAL"})


def number(words: str) -> float | None:
    """The number that "12,000", "2.5 million", "two" or "three hundred" stand for, None for anything else."""
    total: float | None = None
    for word in words.lower().replace("-", " ").split():
        if _PLAIN.fullmatch(word):
            total = float(word.replace(",", ""))
        elif word in _SMALL:
            total = (total or 0.0) + _SMALL[word]
        elif word in _SCALES and total is not None:
            total *= _SCALES[word]
        else:
            return None
    return total


def quantity_of(root: Token) -> Quantity | None:
    """The figure that a clause is about: the count of its subject or object, by what befell or was done to it.

    Dates, times, ages and ordinals are no counts.
    """
    for dep in ("nsubjpass", "nsubj", "dobj", "attr"):
        noun = child(root, dep)
        if noun is None:
            continue
        figure = child(noun, "nummod") if noun.tag_ != "CD" else noun
        if (
            figure is None
            or figure.ent_type_ in _NOT_COUNTS
            or noun.lemma_ in ("year", "month", "day", "week", "hour", "minute", "time")
        ):
            continue
        found = figure_at(figure, _unit(root, noun, dep))
        if found is not None:
            return found
    return None


def _unit(root: Token, noun: Token, dep: str) -> str:
    """What is counted: for people to whom something was done, what was done ("killed")."""
    people = dep == "nsubjpass" and is_verb(root)
    if people:
        return str(root.lower_)
    if noun.tag_ == "CD":
        return str(root.lower_)
    return str(noun.lower_)


def figure_at(figure: Token, unit: str) -> Quantity | None:
    """The quantity that a number token states, with the words before it that say how exact it is."""
    group = sorted(
        [figure, *(c for c in figure.children if c.dep_ in ("compound", "nummod") and c.pos_ == "NUM")],
        key=lambda t: int(t.i),
    )
    value = number(" ".join(t.text for t in group))
    if value is None:
        return None
    doc = figure.doc
    start = group[0].i
    before = " ".join(t.lower_ for t in doc[max(figure.sent.start, start - 4) : start])
    if (
        start >= 2
        and doc[start - 1].lower_ in ("and", "to", "–", "-")
        and (low := number(doc[start - 2].text)) is not None
    ):
        led = doc[start - 3].lower_ if start >= 3 else ""
        if led in ("between", "from") and low <= value:
            return Quantity(value=low, high=value, op="between", unit=unit)
    money = _MONEY.get(doc[start - 1].text) if start > figure.sent.start else None
    if money is not None:
        unit = money
        before = " ".join(t.lower_ for t in doc[max(figure.sent.start, start - 5) : start - 1])
    for words, op in _WORDS:
        if before == words or before.endswith(" " + words):
            return Quantity(value=value, op=op, unit=unit)
    return Quantity(value=value, op="exact", unit=unit)


def modifier_start(figure: Token) -> int:
    """The index of the first token of a number with its "more than"."""
    doc = figure.doc
    start = min([figure.i, *(c.i for c in figure.subtree)])
    before = " ".join(t.lower_ for t in doc[max(figure.sent.start, start - 3) : start])
    longest = max(
        (words for words, _ in _WORDS if before == words or before.endswith(" " + words)), key=len, default=""
    )
    return int(start - len(longest.split()))
