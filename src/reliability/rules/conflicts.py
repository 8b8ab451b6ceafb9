"""Rules that set the same thing: only where one overrides the other, or where both can't hold together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

from reliability.model.base import folded
from reliability.rules.conditions import holds, tests

Kin = Callable[[str, Any], tuple[Any, ...]]


class Setting(Protocol):
    """A rule that sets a parameter under a condition."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def when(self) -> Mapping[str, Any] | None:
        """Its condition."""


def conflicts(rules: Iterable[Setting], kin: Kin) -> list[tuple[str, str]]:
    """Pairs of rules, in id order, that could set one parameter of one link with nothing to say which wins."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    return [
        (a.id, b.id)
        for a, b in ((ordered[i], ordered[j]) for i, j in pairs(ordered, kin))
        if a.id not in _overrides(b) and b.id not in _overrides(a) and not disjoint(a.when or {}, b.when or {}, kin)
    ]


def pairs(rules: Sequence[Setting], kin: Kin) -> list[tuple[int, int]]:
    """Places of the rules that must be compared, in order: all but those that name other values of one field.

    The field is the one that leaves the fewest, so that thousands of rules, each on a source of its own, stay few.
    """
    n = len(rules)
    named: dict[str, dict[int, set[Any]]] = defaultdict(dict)
    for i, rule in enumerate(rules):
        for field, operator, wanted in tests(rule.when or {}):
            if operator in ("is", "in") and i not in named[field]:
                values = wanted if operator == "in" else [wanted]
                named[field][i] = {folded(str(v)) if field == "source" else kin(field, v)[-1] for v in values}
    alike = {field: _alike(values, n) for field, values in sorted(named.items())}
    best = min(alike.values(), key=lambda groups: sum(len(one) ** 2 for one in groups), default=[list(range(n))])
    return sorted({pair for group in best for pair in combinations(group, 2)})


def _alike(named: Mapping[int, set[Any]], n: int) -> list[list[int]]:
    """Groups of rules (of n) that share a value of a field; those that name none of it are in every group."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for i, values in named.items():
        for value in values:
            groups[value].append(i)
    free = [i for i in range(n) if i not in named]
    return [sorted([*group, *free]) for group in groups.values()]


def _overrides(rule: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = getattr(rule, "overrides", ())
    return found


def disjoint(a: Mapping[str, Any], b: Mapping[str, Any], kin: Kin) -> bool:
    """Whether two conditions are seen to exclude each other: on some field no value meets both.

    Looks at the fields both name, their `is`, `in` and order operators; what it can't decide is not disjoint.
    """
    for field in sorted({f for f, _, _ in tests(a)} & {f for f, _, _ in tests(b)}):
        mine = [(op, value) for f, op, value in tests(a) if f == field]
        theirs = [(op, value) for f, op, value in tests(b) if f == field]
        if _apart(field, mine, theirs, kin) or _apart(field, theirs, mine, kin):
            return True
    return False


def _apart(field: str, mine: list[tuple[str, Any]], theirs: list[tuple[str, Any]], kin: Kin) -> bool:
    """Every value that `mine` admits by name fails `theirs` (a descendant of an admitted type counts too)."""
    named = [value if op == "in" else [value] for op, value in mine if op in ("is", "in")]
    if named:
        admitted = [value for value in named[0] if all(value in other for other in named[1:])]
        return not any(_could_meet(field, value, theirs, kin) for value in admitted)
    floor = max((v for op, v in mine if op in ("at_least", "more_than")), default=None)
    roof = min((v for op, v in theirs if op in ("at_most", "less_than")), default=None)
    if floor is None or roof is None:
        return False
    strict = any(op == "more_than" for op, _ in mine) or any(op == "less_than" for op, _ in theirs)
    return bool(floor > roof or (strict and floor == roof))


def _could_meet(field: str, value: Any, theirs: list[tuple[str, Any]], kin: Kin) -> bool:
    """Whether the value, or a kind of it, could meet all of `theirs`."""
    if all(holds(op, wanted, value, kin, field) for op, wanted in theirs):
        return True
    kinds = [w for op, wanted in theirs if op in ("is", "in") for w in (wanted if op == "in" else [wanted])]
    return any(value in kin(field, kind) and value != kind for kind in kinds)
