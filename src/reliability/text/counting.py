"""Whether a number beside a noun counts what befell: not a name's number, a rate, or one part of a sum."""

from __future__ import annotations

from typing import Any

from reliability.text.syntax import together

Token = Any
TIMES = frozenset({"year", "month", "day", "week", "hour", "minute", "time"})
_NOT_QUITE = frozenset({"nearly", "almost", "narrowly", "practically", "virtually"})
_EACH = frozenset({"each", "apiece", "daily", "weekly", "monthly", "yearly", "annually", "nightly", "per"})
_EVERY = frozenset({"a", "an", "each", "every"})
_MEASURES = frozenset(
    {"lb", "lbs", "kg", "mg", "mm", "cm", "km", "ft", "mph", "kw", "mw", "gb", "mb", "pound", "kilogram", "ton"}
    | {"tonne", "foot", "feet", "inch", "metre", "meter", "mile", "watt", "volt", "millimetre", "millimeter"}
)  # fmt: skip


def is_count(root: Token, noun: Token, figure: Token) -> bool:
    """Whether the number says how many of the noun there were of which the verb tells.

    No counts are "Boeing 737 jets", "2,000 lb bombs", "12 a day", "12 villages lost … each", "were nearly killed", and
    "two boys and a man were killed", where it is one part of the whole.
    """
    if any(c.dep_ == "advmod" and c.lower_ in _NOT_QUITE and c.i < root.i for c in root.children):
        return False
    return not (_is_of_name(noun, figure) or _is_rate(root, noun, figure) or _is_part_of_sum(root, noun))


def _is_of_name(noun: Token, figure: Token) -> bool:
    """Whether it belongs to a name or measures one thing: "Boeing 737", "the 2024 Games bomber", "2,000 lb bombs"."""
    if noun.i <= figure.i:
        return False
    before = figure.nbor(-1) if figure.i > figure.sent.start else None
    if before is not None and before.pos_ == "PROPN" and before.head.i in (noun.i, figure.i):
        return True
    between = noun.doc[figure.i + 1 : noun.i]
    measured = len(between) > 0 and between[0].lower_ in _MEASURES
    return measured or (noun.tag_ == "NN" and any(t.pos_ == "PROPN" and t.head.i == noun.i for t in between))


def _is_rate(root: Token, noun: Token, figure: Token) -> bool:
    """Whether it is so many a time or for each: "12 a week", "died each day", "lost 12 people each"."""
    beside = [c for token in (root, noun, figure) for c in token.children if c.i > figure.i]
    timed = any(
        c.lemma_ in TIMES and any(d.lower_ in _EVERY for d in c.children) for c in beside if c.dep_ == "npadvmod"
    )
    return timed or any(t.lower_ in _EACH and t.dep_ not in ("det", "amod") and t.i > figure.i for t in root.subtree)


def _is_part_of_sum(root: Token, noun: Token) -> bool:
    """Whether others counted beside it make the whole: "two boys, three women and a man", "12 here and 30 there"."""
    fellows = together(noun)[1:]
    conjoined = (t for t in root.subtree if t.tag_ == "CD" and t.dep_ == "conj" and t.i > noun.i)
    elsewhere = any(t.i + 1 < len(t.doc) and t.nbor().tag_ == "IN" for t in conjoined)
    return elsewhere or any(
        c.dep_ == "nummod" or c.lower_ in ("a", "an", "another") for t in fellows for c in t.children
    )
