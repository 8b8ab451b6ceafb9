"""Figures that a proposition states: how many of what, and how it was worded."""

from __future__ import annotations

import re
from typing import Any

from reliability.model.report import Quantity, QuantityWord
from reliability.text.counting import TIMES, is_count
from reliability.text.number_words import ONES, SCALES, SUFFIXES, TENS
from reliability.text.signature import words_of
from reliability.text.syntax import child, is_verb

Token = Any
_WORDS: tuple[tuple[str, QuantityWord], ...] = (
    ("more than", "more_than"), ("over", "more_than"), ("above", "more_than"), ("exceeding", "more_than"),
    ("upwards of", "more_than"), ("north of", "more_than"), ("in excess of", "more_than"),
    ("at least", "at_least"), ("no fewer than", "at_least"), ("no less than", "at_least"),
    ("not less than", "at_least"), ("not fewer than", "at_least"), ("not more than", "at_most"),
    ("fewer than", "less_than"), ("less than", "less_than"), ("under", "less_than"), ("below", "less_than"),
    ("at most", "at_most"), ("up to", "at_most"), ("no more than", "at_most"), ("as many as", "at_most"),
    ("as much as", "at_most"), ("a maximum of", "at_most"),
    ("around", "about"), ("about", "about"), ("some", "about"), ("roughly", "about"), ("approximately", "about"),
    ("nearly", "about"), ("almost", "about"), ("an estimated", "about"), ("estimated", "about"), ("close to", "about"),
    ("circa", "about"), ("or so", "about"),
)  # fmt: skip
_SMALL = ONES | TENS
_MANY = {
    "dozens": (24.0, 99.0), "scores": (40.0, 99.0), "hundreds": (200.0, 999.0), "thousands": (2_000.0, 9_999.0),
    "millions": (2e6, 9_999_999.0), "tens of thousands": (20_000.0, 99_999.0),
    "hundreds of thousands": (200_000.0, 999_999.0), "tens of millions": (2e7, 99_999_999.0),
}  # fmt: skip
_NOBODY = frozenset({"nobody", "none"})
_DONE_TO_PEOPLE = {
    "kill": "killed", "wound": "wounded", "injure": "injured", "arrest": "arrested", "detain": "detained",
    "capture": "captured", "displace": "displaced",
}  # fmt: skip
_PEOPLE = words_of(
    "people person persons man men woman women child children soldier soldiers troops civilian civilians fighter"
    " fighters militant militants officer officers policeman policemen member members resident residents villager"
    " villagers worker workers prisoner prisoners passenger passengers student students migrant migrants protester"
    " protesters journalist journalists others"
)
_TOLLS = {"toll": "killed", "loss": "losses", "losses": "losses", "casualty": "casualties", "casualties": "casualties"}
_TO = frozenset({"to", "–", "-", "—"})
_PLAIN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_AND_A_HALF = re.compile(r"(?P<whole>\w+) and a half(?: (?P<scale>hundred|thousand|million|billion|trillion))?")
_AS_MANY = re.compile(r"(?P<low>[\w,]+)(?:,? (?:and|or|but))?(?:,? (?:possibly|perhaps|maybe))? (?:as many as|up to)$")
_SHORT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(k|mn?|bn?)")
_ONE_TOKEN = re.compile(r"(\d[\d,]*)[–—-](\d[\d,]*)")
_MONEY = {"$": "dollars", "US$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
_NOT_COUNTS = frozenset({"DATE", "TIME", "ORDINAL"})


def number(words: str) -> float | None:
    """The number that "12,000", "2.5 million", "a dozen" or "three hundred" stand for, None for anything else."""
    if match := _AND_A_HALF.fullmatch(words.lower()):
        found = number(match["whole"])
        return None if found is None else (found + 0.5) * SCALES.get(match["scale"] or "", 1.0)
    total: float | None = None
    whole = 0.0
    for word in words.lower().replace("-", " ").split():
        if _PLAIN.fullmatch(word):
            total = float(word.replace(",", ""))
        elif match := _SHORT.fullmatch(word):
            total = float(match[1].replace(",", "")) * SCALES[SUFFIXES[match[2]]]
        elif word in SUFFIXES and total is not None:
            total *= SCALES[SUFFIXES[word]]
        elif word in _SMALL and not (total is not None and words[:1].isdigit()):  # "2 two-man crews"
            total = (total or 0.0) + _SMALL[word]
        elif word == "and" and total is not None and total + whole >= 100.0:
            continue
        elif word in SCALES and total is not None and SCALES[word] >= 1_000.0:
            whole, total = whole + total * SCALES[word], 0.0
        elif word == "half" and total is None:
            total = 0.5
        elif word in ("a", "an") and total in (None, 0.5):
            total = total or 1.0
        elif word in SCALES and total is not None:
            total *= SCALES[word]
        else:
            return None
    return None if total is None else total + whole


def quantity_of(root: Token) -> Quantity | None:
    """The figure that a clause is about: the count of its subject or object, by what befell or was done to it.

    "Dozens", "hundreds" and the like are ranges, "no people" and "nobody" are none. Dates, times, ages and ordinals
    are no counts; what a negation denies is no count either.
    """
    if child(root, "neg") is not None:
        return None
    for dep in ("nsubjpass", "nsubj", "dobj", "attr"):
        noun = child(root, dep)
        if noun is None:
            continue
        found = _many(root, noun, dep) or _none(root, noun, dep)
        if found is not None:
            return found
        figure = child(noun, "nummod") if noun.tag_ != "CD" else noun
        if figure is None or noun.lemma_ in TIMES or figure.i > noun.i:  # flight 370 is one flight
            continue
        if (noun is figure and root.lemma_ == "be") or _is_share(figure):
            continue
        if figure.ent_type_ in _NOT_COUNTS and (noun is figure or noun.ent_type_ in _NOT_COUNTS):
            continue
        if not is_count(root, noun, figure):
            continue
        found = figure_at(_part(figure), _unit(root, noun, dep))
        if found is not None and not (noun.lower_ in _PEOPLE and found.value % 1):  # "1.200 people" is 1,200 or a slip
            return found
    return None


def _part(figure: Token) -> Token:
    """Of "22 of 31 drones" the 22, else the number itself."""
    parts = (c for c in figure.children if c.dep_ == "quantmod" and c.tag_ == "CD" and c.i + 2 == figure.i)
    return next((c for c in parts if c.nbor().lower_ == "of"), figure)


def _is_share(figure: Token) -> bool:
    """Whether a number is one of a share's: "five out of ten soldiers", "one in ten"."""
    doc, at = figure.doc, int(figure.i)
    around = [t.lower_ if t.tag_ != "CD" else "#" for t in doc[max(figure.sent.start, at - 3) : at + 4]]
    shares = (["#", "out", "of", "#"], ["#", "in", "#"])
    return any(around[n : n + len(share)] == share for share in shares for n in range(len(around)))


def put_at(total: Token) -> Quantity | None:
    """The figure at which somebody puts a total: "put the toll at nine", "the number of dead at between 30 and 40"."""
    at = next((c for c in total.head.children if c.dep_ == "prep" and c.lower_ == "at" and c.i > total.i), None)
    goal = child(at, "pobj") if at is not None else None
    figure = goal if goal is None or goal.tag_ == "CD" else child(goal, "nummod")
    of = child(total, "prep")
    counted = child(of, "pobj") if of is not None and of.lower_ == "of" else None
    unit = counted.lower_ if counted is not None else _TOLLS.get(total.lemma_.lower())
    return figure_at(figure, str(unit)) if figure is not None and unit is not None else None


def _unit(root: Token, noun: Token, dep: str) -> str:
    """What is counted: for people to whom something was done, what was done ("killed")."""
    if (dep == "nsubjpass" and is_verb(root)) or noun.tag_ == "CD":
        return str(root.lower_)
    if dep == "dobj" and noun.lower_ in _PEOPLE and root.lemma_ in _DONE_TO_PEOPLE:
        return _DONE_TO_PEOPLE[root.lemma_]
    return str(noun.lower_)


def _many(root: Token, noun: Token, dep: str) -> Quantity | None:
    """ "Dozens of people were killed": a range."""
    doc = noun.doc
    longer = " ".join(t.lower_ for t in doc[max(noun.sent.start, noun.i - 2) : noun.i + 1])
    low, high = _MANY.get(longer) or _MANY.get(noun.lower_) or (0.0, 0.0)
    if not high:
        return None
    of = next((c for c in noun.children if c.dep_ == "prep" and c.lower_ == "of"), None)
    counted = child(of, "pobj") if of is not None else None
    if counted is not None and counted.lemma_ in TIMES:
        return None
    unit = _unit(root, counted, dep) if counted is not None else str(root.lower_)
    return Quantity(value=low, high=high, op="between", unit=unit)


def _none(root: Token, noun: Token, dep: str) -> Quantity | None:
    """ "No people were killed", "nobody was hurt", "no deaths": none of what people count."""
    det = child(noun, "det")
    no = det is not None and det.lower_ == "no"
    one = noun.lower_ in _NOBODY or (no and noun.lower_ == "one")
    if one and is_verb(root):
        if dep == "nsubjpass":
            return Quantity(value=0.0, op="exact", unit=str(root.lower_))
        if dep == "dobj" and root.lemma_ in _DONE_TO_PEOPLE:
            return Quantity(value=0.0, op="exact", unit=_DONE_TO_PEOPLE[root.lemma_])
        return None
    counted = noun.lower_ in _PEOPLE or (dep == "attr" and noun.tag_ == "NNS")
    return Quantity(value=0.0, op="exact", unit=_unit(root, noun, dep)) if no and counted else None


def figure_at(figure: Token, unit: str) -> Quantity | None:
    """The quantity that a number token states, with the words around it that say how exact it is, or its other end."""
    doc, (first, last) = figure.doc, _group(figure)
    value = _value(doc, first, last)
    if value is None:
        return _joined(figure, unit)
    before = " ".join(t.lower_ for t in doc[max(figure.sent.start, first - 5) : first])
    several = re.search(r"\b(?:several|a few)$", before)
    if several and f"{doc[last - 1].lower_}s" in _MANY and last - first == 1:
        low, high = _MANY[f"{doc[last - 1].lower_}s"]
        return Quantity(value=low, high=high, op="between", unit=unit)
    if before.endswith("couple of"):  # "a couple of dozen"
        return Quantity(value=value * 2, op="about", unit=unit)
    ends = _ends(figure, first, last) or _as_many(figure, first, value)
    if ends is not None:
        return Quantity(value=ends[0], high=ends[1], op="between", unit=unit)
    money = _MONEY.get(doc[first - 1].text) if first > figure.sent.start else None
    if money is not None:
        unit = money
        before = " ".join(t.lower_ for t in doc[max(figure.sent.start, first - 5) : first - 1])
    worded = [(words, op) for words, op in _WORDS if before == words or before.endswith(" " + words)]
    _, op = max(worded, key=lambda pair: len(pair[0]), default=("", "exact"))
    if op == "exact" and doc[last : last + 2].text.lower() in ("-plus", "or more"):
        op = "at_least"
    return Quantity(value=value, op=op, unit=unit)


def _is_part(token: Token) -> bool:
    word = token.lower_
    return word in _SMALL or word in SCALES or _PLAIN.fullmatch(word) is not None or number(word) is not None


def _group(token: Token) -> tuple[int, int]:
    """The tokens [first, last) of one number around a token of it ("half a million", "2,700")."""
    doc, sent = token.doc, token.sent
    first, last = token.i, token.i + 1
    if [t.lower_ for t in doc[last : last + 3]] == ["and", "a", "half"]:
        last += 3
    while last < sent.end and (_is_part(doc[last]) or (doc[last].lower_ == "and" and _goes_on(doc, last))):
        last += 1
    if last < sent.end and doc[last].lower_ in SUFFIXES and not doc[last - 1].whitespace_:  # 3.5m
        last += 1
    while first > sent.start and _is_part(doc[first - 1]) and doc[first - 1].lower_ not in ("a", "an"):
        first -= 1
    if first > sent.start and doc[first].lower_ in SCALES and doc[first - 1].lower_ in ("a", "an"):
        first -= 1
        if first > sent.start and doc[first - 1].lower_ == "half":
            first -= 1
    return first, last


def _goes_on(doc: Any, last: int) -> bool:
    """Whether an "and" joins two parts of one number: "two hundred and fifty"."""
    return doc[last - 1].lower_ in SCALES and last + 1 < len(doc) and doc[last + 1].lower_ in _SMALL


def _value(doc: Any, first: int, last: int) -> float | None:
    words = " ".join(t.text for t in doc[first:last])
    found = number(words)
    if found is None and words.lower() in SCALES:  # "several hundred"
        found = SCALES[words.lower()]
    return found


def _ends(figure: Token, first: int, last: int) -> tuple[float, float] | None:
    """Both ends of "between 20 and 30", "20 to 30", "two or three", seen from either number; None for one number."""
    doc, sent = figure.doc, figure.sent
    for middle, beyond in ((last, last + 1), (first - 1, first - 2)):
        if not (sent.start <= min(middle, beyond) and max(middle, beyond) < sent.end):
            continue
        joint, other = doc[middle].lower_, doc[beyond]
        if joint not in _TO and joint not in ("and", "or"):
            continue
        if not _is_part(other) or other.lower_ in ("a", "an"):
            continue
        left, right = sorted([(first, last), _group(other)])
        low, high = _value(doc, *left), _value(doc, *right)
        led = doc[left[0] - 1].lower_ if left[0] > sent.start else ""
        if joint == "and" and led != "between":
            continue
        if low is not None and high is not None:
            if low < 1_000 <= high and (scale := SCALES.get(doc[right[1] - 1].lower_)) and left[1] - left[0] == 1:
                low *= scale  # "two to three thousand"
            if low <= high:
                return low, high
    return None


def _as_many(figure: Token, first: int, value: float) -> tuple[float, float] | None:
    """Both ends of "at least 12 and possibly as many as 20", seen from the second."""
    match = _AS_MANY.search(" ".join(t.lower_ for t in figure.doc[max(figure.sent.start, first - 8) : first]))
    low = number(match["low"]) if match is not None else None
    return (low, value) if low is not None and low < value else None


def _joined(figure: Token, unit: str) -> Quantity | None:
    """ "20–30" as one token."""
    match = _ONE_TOKEN.fullmatch(figure.text)
    if match is None:
        return None
    low, high = (float(part.replace(",", "")) for part in match.groups())
    return Quantity(value=low, high=high, op="between", unit=unit) if low <= high else None


def modifier_start(figure: Token) -> int:
    """The index of the first token of a number with its "more than"."""
    doc = figure.doc
    start = min([figure.i, *(c.i for c in figure.subtree)])
    before = " ".join(t.lower_ for t in doc[max(figure.sent.start, start - 3) : start])
    longest = max(
        (words for words, _ in _WORDS if before == words or before.endswith(" " + words)), key=len, default=""
    )
    return int(start - len(longest.split()))
