"""What stands in a rule, as text: conditions, examples' fields, and whatever else it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reliability.rules.conditions import COMBINATIONS, tests
from reliability.rules.schema import Rule

KNOWN = {"id", "question", "rationale", "references", "until", "test", "effect", "when"}
OPERATORS = {
    "is": "is", "in": "is one of", "not": "is not", "not_in": "is none of", "at_least": "is at least",
    "at_most": "is at most", "more_than": "is more than", "less_than": "is less than", "contains": "contains",
}  # fmt: skip
AROUND = {"all": "all of", "any": "any of", "none": "none of"}


def other_fields(rule: Rule) -> Iterator[tuple[str, str]]:
    """A rule's other fields that say something, by name."""
    for name, value in rule.model_dump(mode="json", exclude=KNOWN).items():
        if value in (None, False, [], {}, ""):
            continue
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            yield from ((f"{name} {at}", _json({k: v for k, v in one.items() if v not in (None, [], {})}))
                        for at, one in enumerate(value, start=1))  # fmt: skip
        else:
            yield name.replace("_", " "), ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def condition_lines(condition: Mapping[str, Any]) -> Iterator[str]:
    """A condition in words, a line a test that must hold."""
    for field, operator, wanted in tests(condition):
        told = ", ".join(map(_text, wanted)) if isinstance(wanted, list | tuple) else _text(wanted)
        yield f"{field} {OPERATORS[operator]} {told}"
    for word in COMBINATIONS:
        parts = (" and ".join(condition_lines(part)) for part in condition.get(word, ()))
        if told := "; ".join(parts):
            yield f"{AROUND[word]} ({told})"


def given_in(given: Mapping[str, Any]) -> str:
    """The fields that an example gives, on a line."""
    return ", ".join(f"{key} = {_text(value)}" for key, value in given.items()) or "nothing"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
