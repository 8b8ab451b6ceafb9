"""Claims and their negation in other reports: one claim, of which the negation denies what the other asserts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from reliability.model.report import Report
from reliability.text.nearly_same import Situation, situation
from reliability.text.plain_words import stem
from reliability.text.signature import signature, words_of

_HELPERS = words_of("is was will would can could shall should may might must has have had do does did")
_DO = words_of("do does did")
_PERFECT = words_of("has have had")
_NOT_OF_ALL = words_of(
    "only all just even yet every everyone everything always entirely more less over under about alone"
)
_CLAUSES = words_of("if when because while although though unless until since who whom whose which where but and or so")
_LONGEST = 25


def affirmed(text: str) -> tuple[str, ...] | None:
    """The stems of what a text denies by one "not" after a helping verb of its first clause; None for other texts.

    "The ferry was not overloaded" denies "the ferry was overloaded", "it did not sink" denies "it sinked": stems hide
    most of how verbs change, so that `stems` of an assertion in regular verbs are equal to it.
    """
    words = signature(text)
    if words.count("not") != 1 or len(words) > _LONGEST:
        return None
    at = words.index("not")
    helper, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    if helper not in _HELPERS or not after or after in _NOT_OF_ALL or after.startswith("#"):
        return None
    if not _CLAUSES.isdisjoint(words[:at]):
        return None
    if helper in _PERFECT:
        rest = ("was", *words[at + 2 :]) if after == "been" else words[at + 1 :]
        return tuple(map(stem, (*words[: at - 1], *rest)))
    kept = words[: at - 1] if helper in _DO else words[:at]
    return tuple(map(stem, (*kept, *words[at + 1 :])))


def with_negations(
    groups: list[list[int]], reports: Sequence[Report], is_headline: Sequence[bool]
) -> tuple[list[list[int]], frozenset[int]]:
    """The groups (of indices), those of a negation put to those of what it negates; and the reports that negate.

    Situations are equal and without a figure, and events were told apart before: where several groups assert it, a
    negation stays alone. Headlines are left to their own ways.
    """
    said: dict[tuple[Situation, tuple[str, ...]], list[int]] = defaultdict(list)
    open_to = [at for at, one in enumerate(groups) if not any(is_headline[i] or reports[i].quantity for i in one)]
    for at in open_to:
        first = reports[groups[at][0]]
        said[situation(first), tuple(map(stem, signature(first.text or "")))].append(at)
    joined: dict[int, list[int]] = {}
    denying: set[int] = set()
    for at in open_to:
        first = reports[groups[at][0]]
        key = affirmed(first.text or "")
        found = said.get((situation(first), key), []) if key else []
        if len(found) == 1:
            joined.setdefault(found[0], []).append(at)
            denying.update(groups[at])
    moved = {at for all_of in joined.values() for at in all_of}
    result = [
        one + [i for other in joined.get(at, ()) for i in groups[other]]
        for at, one in enumerate(groups)
        if at not in moved
    ]
    return result, frozenset(denying)
