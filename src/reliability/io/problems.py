"""What pydantic found wrong, as one plain sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from reliability.io.visible import visible

_PLAIN = {
    "missing": "is missing",
    "string_type": "must be a text",
    "string_too_short": "is empty",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "string_unicode": "holds a lone surrogate, which is no character",
    "string_pattern_mismatch": "must match {pattern}",
    "string_too_long": "is longer than {max_length} characters",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "literal_error": "must be {expected}",
    "too_long": "has {actual_length} entries; at most {max_length} are read",
    "too_short": "has too few entries: at least {min_length} is needed",
}
_WITHOUT_VALUE = {
    "missing",
    "value_error",
    "extra_forbidden",
    "too_long",
    "too_short",
    "string_too_short",
    "string_too_long",
}


def near(name: str, known: Iterable[str]) -> str:
    """ "; did you mean `x` or `y`?" for the names nearest to a wrong one, or nothing."""
    close = difflib.get_close_matches(name[:200], sorted(set(known)), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(f'`{visible(one)}`' for one in close)}?" if close else ""


def plain_reason(error: ValidationError, known: Mapping[str, Iterable[str]]) -> str:
    """The first problem of a validation error with its field's path, and how many more there are.

    `known` has the right keys by the first part of the path ("" at the top): a wrong one is told its nearest.
    """
    problems: dict[str, dict[str, Any]] = {}
    for problem in error.errors(include_url=False):
        problems.setdefault(_path(problem["loc"]), dict(problem))
    if len(problems) > 1:  # a chain with one bad link is also too short: that says nothing
        problems = {path: one for path, one in problems.items() if one["type"] != "too_short"} or problems
    path, first = next(iter(problems.items()))
    if first["type"] == "missing":  # a misspelt key is why, if there is one
        beside = ((p, one) for p, one in problems.items() if one["type"] == "extra_forbidden")
        path, first = next((pair for pair in beside if pair[1]["loc"][:-1] == first["loc"][:-1]), (path, first))
    more = len(problems) - 1
    text = f"{path}: {_says(first, known)}" if path else _says(first, known)
    return f"{text} (and {more} more)" if more else text


def _path(loc: tuple[int | str, ...]) -> str:
    if "facts" in loc:  # below a fact stand the members of its union
        loc = loc[: loc.index("facts") + 2]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{visible(str(part))[:100]}" for part in loc)[1:]


def _says(problem: dict[str, Any], known: Mapping[str, Iterable[str]]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if "facts" in problem["loc"][:-1]:
        if kind == "string_pattern_mismatch":
            return "a fact's name must be lower-case letters, digits and _, and start with a letter"
        return f"must be true, false, a finite number, a text or null{_found(problem)}"
    if kind == "value_error":
        return visible(str(context["error"]))
    if kind == "extra_forbidden":
        loc = problem["loc"]
        return f"is not a field{near(str(loc[-1]), known.get(str(loc[0]) if len(loc) > 1 else '', ()))}"
    text = (
        _PLAIN[kind].format(**{k: f"{v:g}" if isinstance(v, float) else v for k, v in context.items()})
        if kind in _PLAIN
        else problem["msg"].replace("Input should", "must")
    )
    return text if kind in _WITHOUT_VALUE else text + _found(problem)


def _found(problem: dict[str, Any]) -> str:
    value = problem["input"]
    if isinstance(value, list | tuple | dict):
        return f", not {'an object' if isinstance(value, dict) else 'a list'}"
    if value is None or isinstance(value, bool):
        return f", not {str(value).lower().replace('none', 'null')}"
    if isinstance(value, int) and abs(value) > 10**20:
        return ", not an integer that large"
    return f", not `{visible(str(value))[:60]}`"
