"""Conditions are data: fields, operators, values. They compile to masks that are yes, no or unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reliability.model.base import folded

Mask = NDArray[np.bool_]
OPERATORS = ("is", "in", "not", "not_in", "at_least", "at_most", "more_than", "less_than", "contains")
COMBINATIONS = ("all", "any", "none")


@dataclass(frozen=True)
class Column:
    """A field over n rows: codes into `values`; code -1 is a value that nobody knows.

    Conditions are evaluated once a distinct value, then spread over the rows by one gather.
    """

    codes: NDArray[np.int64]
    values: tuple[Any, ...]

    @property
    def by_name(self) -> Mapping[str, list[int]]:
        """Codes of each value, by its folded text: thousands of rules, each on a name, need not look at every value."""
        return _by_name(self.values)


@lru_cache(maxsize=8)
def _by_name(values: tuple[Any, ...]) -> Mapping[str, list[int]]:
    """Kept for several calls: many columns have the very same values, as claims are rated block by block."""
    found: dict[str, list[int]] = {}
    for code, value in enumerate(values):
        found.setdefault(folded(str(value)), []).append(code)
    return found


Columns = Mapping[str, Column]


@dataclass(frozen=True)
class Outcome:
    """Yes, no or unknown a row, as two masks; `missing` names, a row, the fields that were needed and unknown."""

    yes: Mask
    unknown: Mask
    missing: Mapping[str, Mask]

    @property
    def no(self) -> Mask:
        """Neither yes nor unknown."""
        return ~(self.yes | self.unknown)


def holds(operator: str, wanted: Any, value: Any, kin: Callable[[str, Any], tuple[Any, ...]], field: str) -> bool:
    """Whether one known value meets one operator. `kin` gives a value's ancestors (a wire agency is a media)."""
    family = kin(field, value)
    if field == "source":
        family, wanted = (folded(str(value)),), _folded(wanted)
    match operator:
        case "is":
            return _among((wanted,), family)
        case "in":
            return _among(wanted, family)
        case "not":
            return not _among((wanted,), family)
        case "not_in":
            return not _among(wanted, family)
        case "contains":
            return isinstance(value, str) and str(wanted).casefold() in value.casefold()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if operator == "at_least":
        return bool(value >= wanted)
    if operator == "at_most":
        return bool(value <= wanted)
    return bool(value > wanted) if operator == "more_than" else bool(value < wanted)


def _folded(wanted: Any) -> Any:
    """Names are compared NFKC, casefolded, with spaces folded."""
    return [folded(str(one)) for one in wanted] if isinstance(wanted, list | tuple) else folded(str(wanted))


def _among(wanted: Sequence[Any], family: tuple[Any, ...]) -> bool:
    """Whether any of a family is wanted; true is not 1, and only a text equals a text."""
    return any(one in wanted and (isinstance(one, str) or any(_same(each, one) for each in wanted)) for one in family)


def _same(wanted: Any, value: Any) -> bool:
    return isinstance(wanted, bool) == isinstance(value, bool) and wanted == value


def _no_kin(field: str, value: Any) -> tuple[Any, ...]:
    return (value,)


def tests(condition: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """A plain condition as (field, operator, wanted) triples; all must hold."""
    found: list[tuple[str, str, Any]] = []
    for field, wanted in condition.items():
        if field in COMBINATIONS:
            continue
        if isinstance(wanted, Mapping):
            found.extend((field, operator, value) for operator, value in wanted.items())
        elif isinstance(wanted, list | tuple):
            found.append((field, "in", wanted))
        else:
            found.append((field, "is", wanted))
    return found


def fields(condition: Mapping[str, Any]) -> set[str]:
    """Every field that a condition looks at, at any depth."""
    found = {field for field, _, _ in tests(condition)}
    for word in COMBINATIONS:
        for part in condition.get(word, ()):
            found |= fields(part)
    return found


def problem(condition: Any, depth: int = 0) -> str | None:
    """What is wrong with a condition's form, or None."""
    if not isinstance(condition, Mapping):
        return "a condition is a table of fields"
    if not condition:
        return "an empty condition would always fire"
    if depth > 4:
        return "conditions nest at most four deep"
    for field, wanted in condition.items():
        if field in OPERATORS:
            around = ", ".join(COMBINATIONS)
            return f"`{field}` stands under a field: {{ field = {{ {field} = … }} }}; around conditions stand {around}"
        if field in COMBINATIONS:
            if not isinstance(wanted, list) or not wanted:
                return f"`{field}` holds a list of conditions"
            for part in wanted:
                if (found := problem(part, depth + 1)) is not None:
                    return found
        elif isinstance(wanted, Mapping):
            for operator, value in wanted.items():
                if (found := _operator_problem(field, operator, value)) is not None:
                    return found
        elif isinstance(wanted, list):
            if (found := _operator_problem(field, "in", wanted)) is not None:
                return found
        elif not isinstance(wanted, str | bool | int | float):
            return f"`{field}` is compared with a text, a number or true/false"
    return None


def _operator_problem(field: str, operator: str, value: Any) -> str | None:
    if operator not in OPERATORS:
        return f"`{field}` has the operator `{operator}`; there are {', '.join(OPERATORS)}"
    if operator in ("in", "not_in"):
        if not isinstance(value, list) or not value:
            return f"`{field}` {operator} needs a list with at least one value"
    elif operator in ("is", "not", "contains"):
        if not isinstance(value, str | bool | int | float):
            return f"`{field}` {operator} needs one value"
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return f"`{field}` {operator} needs a number"
    return None


def evaluate(
    condition: Mapping[str, Any],
    columns: Columns,
    n_rows: int,
    kin: Callable[[str, Any], tuple[Any, ...]] = _no_kin,
) -> Outcome:
    """A condition over n rows, in three-valued (Kleene) logic: unknown unless what is known decides it.

    A field that no row has is unknown everywhere. Returns masks of shape (n_rows,).
    """
    no = np.zeros(n_rows, dtype=bool)
    parts: list[Outcome] = []
    for field, operator, wanted in tests(condition):
        column = columns.get(field)
        if column is None:
            parts.append(Outcome(no, ~no, {field: ~no}))
            continue
        table = _table(field, operator, wanted, column, kin)
        unknown = column.codes < 0
        parts.append(Outcome(table[column.codes] & ~unknown, unknown, {field: unknown}))
    parts += [evaluate(part, columns, n_rows, kin) for part in condition.get("all", ())]
    if "any" in condition:
        parts.append(_or([evaluate(part, columns, n_rows, kin) for part in condition["any"]]))
    if "none" in condition:
        either = _or([evaluate(part, columns, n_rows, kin) for part in condition["none"]])
        parts.append(Outcome(either.no, either.unknown, either.missing))
    yes, false = ~no, no
    for one in parts:
        yes, false = yes & one.yes, false | one.no
    unknown = ~yes & ~false
    return Outcome(yes, unknown, _missing(parts, unknown))


def _table(field: str, operator: str, wanted: Any, column: Column, kin: Callable[[str, Any], tuple[Any, ...]]) -> Mask:
    """Which of a column's values meet a test, and False at the end, for what is unknown."""
    if field == "source" and operator in ("is", "in"):
        table = np.zeros(len(column.values) + 1, dtype=bool)
        for name in wanted if operator == "in" else [wanted]:
            table[column.by_name.get(folded(str(name)), [])] = True
        return table
    return np.array([holds(operator, wanted, value, kin, field) for value in column.values] + [False])


def _or(parts: list[Outcome]) -> Outcome:
    yes, false = parts[0].yes, parts[0].no
    for one in parts[1:]:
        yes, false = yes | one.yes, false & one.no
    unknown = ~yes & ~false
    return Outcome(yes, unknown, _missing(parts, unknown))


def _missing(parts: list[Outcome], unknown: Mask) -> dict[str, Mask]:
    missing: dict[str, Mask] = {}
    for part in parts:
        for field, mask in part.missing.items():
            missing[field] = missing[field] | (mask & unknown) if field in missing else mask & unknown
    return missing
