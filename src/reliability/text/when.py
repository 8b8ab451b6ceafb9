"""When something happened, from the words of its clause and the day that the article was published."""

from __future__ import annotations

import re
from typing import Any

from reliability.text.number_words import MONTHS
from reliability.text.syntax import child

Token = Any
_MONTHS = {name: n for n, name in enumerate(MONTHS, start=1)}
_DATE = re.compile(
    r"^(?:(?P<month>[a-z]+)\.?(?: (?P<day>\d{1,2})(?:st|nd|rd|th)?)?(?:,? (?P<year>\d{4}))?|(?P<only>\d{4}))$"
)


def event_of(root: Token | None, cue: Token | None, published: str | None) -> str | None:
    """The date of what a clause tells: from "in January 2025" in it, else beside its cue.

    A month or day without a year is the latest one up to `published`; without that it is left out (None).
    """
    for verb in (root, cue):
        if verb is None:
            continue
        for prep in verb.children:
            if prep.dep_ == "prep" and prep.lower_ in ("in", "on"):
                day = child(prep, "pobj")
                found = date_of(day, published) if day is not None and day.ent_type_ == "DATE" else None
                if found is not None:
                    return found
    return None


def date_of(token: Token, published: str | None) -> str | None:
    """The date that a noun phrase names, as a year, month or day; None when it can't be resolved."""
    words = " ".join(t.lower_ for t in token.subtree if not t.is_punct)
    match = _DATE.match(words)
    if match is None:
        return None
    if match["only"]:
        return match["only"] if 1000 <= int(match["only"]) <= 2999 else None
    month = _MONTHS.get(match["month"]) or next(
        (n for name, n in _MONTHS.items() if len(match["month"]) == 3 and name.startswith(match["month"])), None
    )
    day = int(match["day"]) if match["day"] else None
    if month is None or (day is not None and not 1 <= day <= 28 + (month != 2) * 2):
        return None
    year = match["year"] or _year(month, day, published)
    if year is None:
        return None
    return f"{year}-{month:02d}" + (f"-{day:02d}" if day is not None else "")


def _year(month: int, day: int | None, published: str | None) -> str | None:
    stamp = re.match(r"(\d{4})-(\d{2})(?:-(\d{2}))?", published or "")
    if stamp is None:
        return None
    later = (month, day or 0) > (int(stamp[2]), int(stamp[3] or 31))
    return str(int(stamp[1]) - later)
