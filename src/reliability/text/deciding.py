"""A condition as one function of a row: `conditions.evaluate` for who asks a row at a time, thousands of times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reliability.rules import conditions

Row = Mapping[str, Any]
Decider = Callable[[Row], bool | None]


def decider(condition: Mapping[str, Any]) -> Decider:
    """What a condition says of a row: yes, no or unknown (None) in Kleene's logic.

    A field that the row lacks, or has as None, is unknown.
    """
    parts = [_test(*one) for one in conditions.tests(condition)]
    parts += [decider(one) for one in condition.get("all", ())]
    if "any" in condition:
        parts.append(_either(condition["any"]))
    if "none" in condition:
        parts.append(_no(_either(condition["none"])))
    return parts[0] if len(parts) == 1 else _every(parts)


def _every(parts: Sequence[Decider]) -> Decider:
    def decide(row: Row) -> bool | None:
        unknown = False
        for part in parts:
            found = part(row)
            if found is False:
                return False
            unknown |= found is None
        return None if unknown else True

    return decide


def _either(alternatives: Sequence[Mapping[str, Any]]) -> Decider:
    """Whether one of several holds; those that only look for words in one field look together."""
    needles: dict[str, list[str]] = {}
    parts: list[Decider] = []
    for one in alternatives:
        tests = conditions.tests(one)
        if len(one) == len(tests) == 1 and tests[0][1] == "contains":
            needles.setdefault(tests[0][0], []).append(str(tests[0][2]).casefold())
        else:
            parts.append(decider(one))
    parts = [*(_contains(field, tuple(words)) for field, words in needles.items()), *parts]

    def decide(row: Row) -> bool | None:
        unknown = False
        for part in parts:
            found = part(row)
            if found:
                return True
            unknown |= found is None
        return None if unknown else False

    return parts[0] if len(parts) == 1 else decide


def _no(part: Decider) -> Decider:
    def decide(row: Row) -> bool | None:
        found = part(row)
        return None if found is None else not found

    return decide


def _contains(field: str, words: tuple[str, ...]) -> Decider:
    def decide(row: Row) -> bool | None:
        value = row.get(field)
        if not isinstance(value, str):
            return None if value is None else False
        value = value.casefold()
        return any(word in value for word in words)

    return decide


def _test(field: str, operator: str, wanted: Any) -> Decider:
    if operator == "contains":
        return _contains(field, (str(wanted).casefold(),))
    among = [wanted] if operator == "is" else wanted if operator == "in" else ()
    words = frozenset(one for one in among if isinstance(one, str))
    if words and len(words) == len(among) and field != "source":
        return _among(field, words)

    def decide(row: Row) -> bool | None:
        value = row.get(field)
        return None if value is None else conditions.holds(operator, wanted, value, _alone, field)

    return decide


def _among(field: str, wanted: frozenset[str]) -> Decider:
    def decide(row: Row) -> bool | None:
        value = row.get(field)
        return None if value is None else value in wanted

    return decide


def _alone(field: str, value: Any) -> tuple[Any, ...]:
    return (value,)
