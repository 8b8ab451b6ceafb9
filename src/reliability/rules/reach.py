"""Whether a condition can hold, can fail, implies another: exact, as fields are independent of one another.

A condition is written as alternatives (a disjunction of conjunctions of tests); an alternative can hold when on each
of its fields some value meets all tests. Values to try come from the field's domain and from the tests themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from reliability.model.base import folded
from reliability.rules.conditions import COMBINATIONS, holds, tests
from reliability.rules.conflicts import Kin
from reliability.rules.domains import ANY_TEXT, Domain
from reliability.rules.positions import Keys

MAX_ALTERNATIVES = 4_096
"""More than this many are not looked into: what is undecided counts as possible."""


class Asked(NamedTuple):
    """A field's test, or (`meant` false) that it fails."""

    field: str
    operator: str
    wanted: Any
    meant: bool


Alternatives = list[tuple[Asked, ...]]


class TooMany(Exception):
    """A condition with more alternatives than are looked into."""


class Reach:
    """What conditions over fields with these domains can do; `kin` as in `conditions.evaluate`."""

    def __init__(self, domains: Mapping[str, Domain], kin: Kin) -> None:
        self.domains = domains
        self.kin = kin
        self._known: dict[tuple[int, bool], tuple[Mapping[str, Any], Alternatives]] = {}

    def can_hold(self, *conditions: Mapping[str, Any], failing: Mapping[str, Any] | None = None) -> bool:
        """Whether some known values meet all conditions at once, while `failing` fails."""
        try:
            found: Alternatives = [()]
            for one in conditions:
                found = _both(found, self._written(one, True))
            if failing is not None:
                found = _both(found, self._written(failing, False))
        except TooMany:
            return True
        return any(self._possible(one) for one in found)

    def can_fail(self, condition: Mapping[str, Any]) -> bool:
        """Whether some known values don't meet a condition."""
        return self.can_hold(failing=condition)

    def implies(self, narrow: Mapping[str, Any], wide: Mapping[str, Any]) -> bool:
        """Whether the wide condition holds wherever the narrow one does."""
        return not self.can_hold(narrow, failing=wide)

    def _written(self, condition: Mapping[str, Any], meant: bool) -> Alternatives:
        """A condition's alternatives, kept by its identity (and with it, so that the identity stays its own)."""
        key = (id(condition), meant)
        if key not in self._known:
            self._known[key] = condition, _alternatives(condition, meant=meant)
        return self._known[key][1]

    def _possible(self, alternative: tuple[Asked, ...]) -> bool:
        by_field: dict[str, list[Asked]] = {}
        for test in alternative:
            by_field.setdefault(test.field, []).append(test)
        return all(self._value(field, tests) for field, tests in by_field.items())

    def _value(self, field: str, tests: list[Asked]) -> bool:
        """Whether some value of a field meets all tests of it."""
        domain = self.domains.get(field, ANY_TEXT)
        return any(
            all(holds(one.operator, one.wanted, value, self.kin, field) is one.meant for one in tests)
            for value in _candidates(domain, tests, field)
        )


def _candidates(domain: Domain, tests: list[Asked], field: str) -> list[Any]:
    """Values of a domain that stand for all others, as far as these tests can tell them apart."""
    if domain.kind == "boolean":
        return [False, True]
    wanted = [value for one in tests for value in (one.wanted if isinstance(one.wanted, list) else [one.wanted])]
    if domain.kind == "number":
        bounds = {domain.low, domain.high} - {float("-inf"), float("inf")}
        cuts = sorted({float(v) for v in wanted if isinstance(v, int | float) and not isinstance(v, bool)} | bounds)
        near = [*cuts, *((a + b) / 2.0 for a, b in pairwise(cuts))]
        near += [cuts[0] - 1.0, cuts[-1] + 1.0] if cuts else [0.0]
        return [value for value in near if domain.admits(value)]
    if domain.values:
        return list(domain.values)
    joined = "\0".join(str(one.wanted) for one in tests if one.operator == "contains" and one.meant)
    texts = [str(value) for value in wanted]
    return ["", "\0", joined, f"{joined}\0\0", *(folded(text) if field == "source" else text for text in texts)]


def _both(a: Alternatives, b: Alternatives) -> Alternatives:
    if len(a) * len(b) > MAX_ALTERNATIVES:
        raise TooMany
    return [(*one, *other) for one in a for other in b]


def _alternatives(condition: Mapping[str, Any], *, meant: bool) -> Alternatives:
    """A condition (or its failing) as alternatives of tests that hold together."""
    parts: list[Alternatives] = [[(Asked(*one, meant),)] for one in tests(condition)]
    parts += [_alternatives(one, meant=meant) for one in condition.get("all", ())]
    for word, inner in (("any", meant), ("none", not meant)):
        if word in condition:
            each = [_alternatives(one, meant=inner) for one in condition[word]]
            parts.append(_either(each) if inner else _every(each))
    return _every(parts) if meant else _either(parts)


def _either(parts: list[Alternatives]) -> Alternatives:
    return [one for part in parts for one in part]


def _every(parts: list[Alternatives]) -> Alternatives:
    found: Alternatives = [()]
    for part in parts:
        found = _both(found, part)
    return found


def placed_tests(condition: Mapping[str, Any], at: Keys = ("when",)) -> Iterator[tuple[Keys, str, str, Any]]:
    """Every test of a condition at any depth: where it stands, field, operator, wanted."""
    for field, operator, wanted in tests(condition):
        spelled = isinstance(condition[field], Mapping)
        yield (*at, field, operator) if spelled else (*at, field), field, operator, wanted
    for word in COMBINATIONS:
        for n, part in enumerate(condition.get(word, ())):
            yield from placed_tests(part, (*at, word, n))
