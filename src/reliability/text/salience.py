"""Whom a text is about at a place, so that pronouns after it may mean them."""

from __future__ import annotations

from collections.abc import Iterator

from reliability.text.members import Member

_PERSONAL = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m", "himself": "m", "herself": "f"}
_MANY = frozenset({"they", "them", "their"})
_THING = frozenset({"it", "its"})
_RECENT = 200


class Salience:
    """The sources that sentences were about, in text order."""

    def __init__(self) -> None:
        self._salient: list[tuple[int, Member]] = []

    def recent(self) -> Iterator[Member]:
        """The latest sources first."""
        return (member for _, member in reversed(self._salient[-_RECENT:]))

    def mark(self, member: Member, at: int) -> None:
        """A member is what the text is about at a place: pronouns after it may mean it."""
        self._salient.append((at, member))
        member.last = at

    def pronoun(self, word: str, at: int) -> Member | None:
        """The latest source before a place that a pronoun may stand for: whose gender and number fit."""
        gender = _PERSONAL.get(word)
        for place, member in reversed(self._salient[-_RECENT:]):
            if place >= at:
                continue
            if gender is not None:
                one = member.entity == "person" or (member.entity == "none" and member.named)
                if one and not member.plural and member.gender in ("", gender):
                    member.gender = gender
                    return member
            elif (word in _MANY and (member.plural or member.entity in ("organisation", "place"))) or (
                word in _THING and member.entity in ("organisation", "place") and not member.plural
            ):
                return member
        return None
