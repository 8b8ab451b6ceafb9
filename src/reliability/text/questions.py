"""Claims that answer one question: alike but for one number, one who did it, or when it happened once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from reliability.model.base import folded, sha256
from reliability.model.report import Report
from reliability.text.lexicon import lexicon
from reliability.text.nearly_same import by_event, situation
from reliability.text.number_words import MONTHS, WEEKDAYS
from reliability.text.signature import signature

_LONGEST_NAME = 6
_MOST = 100
_BOUNDS = frozenset({"about", "over", "under", "at-least", "at-most", "exactly", "only", "just", "nearly", "almost"})
_DAYS, _MONTH = "|".join(WEEKDAYS), "|".join(MONTHS)
_WHEN = re.compile(
    rf"\b(?:on|in)\s+(?:(?P<weekday>{_DAYS})(?:,\s*|\s+)?)?(?:(?:(?P<first>\d{{1,2}})\s+)?(?P<month>{_MONTH})\b"
    r"(?:\s+(?P<day>\d{1,2})\b)?"
    r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?|(?P<only>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(rf"\s+(?:on|in|at|during|after|before|last|this|yesterday|today)\b.*|\s*,.*|\s+{_DAYS}\b.*")


@dataclass(frozen=True)
class Answer:
    """What one text answers: the frame that it shares with its rivals, and what it fills in (words, or parts of dates).

    `said` is the answer for people; empty for figures, whose claims share a question and stay claims.
    """

    frame: tuple[str, ...]
    filled: frozenset[str]
    said: str


def questions(reports: Sequence[Report], claims: Sequence[str | None]) -> dict[int, tuple[str, str | None]]:
    """For reports of claims (by index) that answer one question: its id, and the alternative (None for figures).

    Only among reports that have neither a question nor an alternative; `claims` are theirs, None for those to be left
    alone. Two claims answer one question when their texts are alike (`signature`) but for a number of one unit, for
    who did what only one can have done (lexicon `one_doer`, `done_by`), or for the day on which something happens once
    (`once_only`); kinds are equal, pronouns point to the same, and events overlap. Answers that may be one ("Kim" and
    "Kim Jong Un", "Russia" and "Russian forces", January and 2025) make no question. An id is q- and hex digits of the
    SHA-256 of what the texts share.
    """
    frames: dict[tuple[str, ...], dict[int, Answer]] = defaultdict(dict)
    for at, report in enumerate(reports):
        if claims[at] is None or report.text is None or report.question is not None or report.alternative is not None:
            continue
        place = situation(report)
        for answer in _answers(report):
            frames[(*answer.frame, place.kind, place.points_to)][at] = answer
    found: dict[int, tuple[str, str | None]] = {}
    for frame in sorted(frames):
        answers = frames[frame]
        for group in by_event(sorted(answers), reports):
            mine = {at: answers[at] for at in group if at not in found}
            if len({claims[at] for at in mine}) > 1 and _apart(list(mine.values())):
                name = f"q-{sha256(' '.join(frame))[:8]}"
                found |= {at: (name, said) for at, said in _alternatives(mine).items()}
    return found


def _answers(report: Report) -> list[Answer]:
    text = " ".join((report.text or "").split()).rstrip(".!")
    if report.quantity is not None:
        return _figure(text, report.quantity.unit)
    return [*_doer(text), *_done_by(text), *_once(text)]


def _apart(answers: list[Answer]) -> bool:
    """Whether all answers exclude one another, equal ones aside; there are two at least."""
    distinct = sorted({answer.filled for answer in answers}, key=sorted)
    if not answers[0].said:
        return len(answers) > 1
    return 1 < len(distinct) <= _MOST and all(_exclude(a, b) for a, b in combinations(distinct, 2))


def _alternatives(answers: dict[int, Answer]) -> dict[int, str | None]:
    """What each is called: of equal answers the shortest name; None for figures."""
    names: dict[frozenset[str], str] = {}
    for answer in sorted(answers.values(), key=lambda one: (len(one.said), one.said)):
        names.setdefault(answer.filled, answer.said)
    return {at: names[answer.filled] or None for at, answer in answers.items()}


def _exclude(a: frozenset[str], b: frozenset[str]) -> bool:
    """Names without a word in common; dates with a part in common that differs."""
    parts = [dict(one.split("=", 1) for one in side if "=" in one) for side in (a, b)]
    if parts[0] or parts[1]:
        return any(parts[0][name] != parts[1][name] for name in parts[0].keys() & parts[1].keys())
    return a.isdisjoint(b)


def _figure(text: str, unit: str) -> list[Answer]:
    words = signature(text)
    numbers = [word for word in words if word.startswith("#")]
    rest = tuple(word for word in words if not word.startswith("#") and word not in _BOUNDS)
    if len(numbers) != 1 or len(rest) < 2:
        return []
    return [Answer(("how many", folded(unit), *rest), frozenset(numbers), "")]


@cache
def _phrases(name: str) -> re.Pattern[str]:
    longest_first = sorted(lexicon().words(name), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _doer(text: str) -> list[Answer]:
    """ "X shot down the plane": who shot down the plane?"""
    match = _phrases("one_doer").search(text)
    if match is None:
        return []
    who = re.sub(r"\s+(?:has|have|had)$", "", text[: match.start()].rstrip())
    return _named(who, ("who", *signature(f"somebody {text[match.start() :]}")))


def _done_by(text: str) -> list[Answer]:
    """ "The plane was shot down by X on Monday": by whom was it shot down on Monday?"""
    match = _phrases("done_by").search(text)
    if match is None or match.start() == 0:
        return []
    after = text[match.end() :]
    later = _TIME_AFTER.search(after)
    who = after[: later.start()] if later else after
    frame = signature(f"{text[: match.end()]} somebody{later.group() if later else ''}")
    return _named(who, ("by whom", *frame))


def _named(who: str, frame: tuple[str, ...]) -> list[Answer]:
    """An answer that names somebody; none for a long one, and for words that name nobody in particular."""
    words = signature(who)
    if not 1 <= len(words) <= _LONGEST_NAME or not lexicon().words("nobody_in_particular").isdisjoint(words):
        return []
    if any(word.startswith("#") for word in words) or not any(part[:1].isupper() for part in who.split()):
        return []
    countries = {lexicon().country_by_word[word] for word in words if word in lexicon().country_by_word}
    others = {word for word in words if word not in lexicon().country_by_word}
    if len(countries) == 1 and others <= lexicon().words("of_a_state"):
        (country,) = countries
        return [Answer(frame, frozenset([folded(country)]), country)]
    said = re.sub(r"^(?:the|a|an)\s+", "", who.strip(), flags=re.IGNORECASE)
    return [Answer(frame, frozenset(words) | frozenset(map(folded, countries)), said)]


def _once(text: str) -> list[Answer]:
    """ "He resigned on Monday": when did he resign?"""
    if _phrases("once_only").search(text) is None:
        return []
    dates = [match for match in _WHEN.finditer(text) if any(match.groups())]
    if len(dates) != 1:
        return []
    (match,) = dates
    parts = {name: folded(value) for name, value in match.groupdict().items() if value}
    parts = {{"only": "year", "first": "day"}.get(name, name): value.lstrip("0") for name, value in parts.items()}
    filled = frozenset(f"{name}={value}" for name, value in parts.items())
    rest = f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}"
    said = text[match.start() : match.end()].split(None, 1)[1]
    return [Answer(("when", *signature(rest)), filled, said)]
