"""Conditions that make sense: they ask for values that there are, can hold, and can fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reliability.rules.domains import Domain
from reliability.rules.findings import Finding, Tell, teller
from reliability.rules.fit import conditioned
from reliability.rules.policy import Policy, near
from reliability.rules.reach import Reach, placed_tests
from reliability.rules.schema import Rule

_ORDERING = ("at_least", "at_most", "more_than", "less_than")


def sound(policy: Policy) -> Iterator[Finding]:
    """Values that a field can't have; else rules that can never fire, and those that fire wherever they are asked."""
    tell = teller("condition", policy.files, str(policy.folder))
    for rules, domains in conditioned(policy):
        reach = Reach(domains, policy.kin)
        for rule in rules:
            wrong = list(_values(rule, rule.when, domains, tell))
            yield from wrong
            if wrong:
                continue
            if not reach.can_hold(rule.when):
                yield tell(rule, ("when",), "can never fire: its tests contradict one another",
                           "mend the condition, or take the rule out")  # fmt: skip
            elif not reach.can_fail(rule.when):
                yield tell(rule, ("when",), "always fires where its fields are known",
                           "ask for something that can be otherwise")  # fmt: skip


def _values(rule: Rule, condition: Any, domains: Mapping[str, Domain], tell: Tell) -> Iterator[Finding]:
    for at, field, operator, wanted in placed_tests(condition):
        domain = domains[field]
        if operator in _ORDERING:
            if domain.kind != "number":
                yield tell(rule, at, f"`{field}` is {domain.described()}, and has no `{operator}`",
                           "compare it with a value")  # fmt: skip
            continue
        if operator == "contains":
            if domain.kind != "text":
                yield tell(rule, at, f"`{field}` is {domain.described()}, and contains nothing",
                           "compare it with a value")  # fmt: skip
            continue
        listed = isinstance(wanted, list)
        for n, value in enumerate(wanted if listed else [wanted]):
            if not domain.admits(value):
                names = list(map(str, domain.values))
                remedy = near(value, names) if names and isinstance(value, str) else f"it is {domain.described()}"
                yield tell(rule, (*at, n) if listed else at, f"`{field}` is never {value!r}", remedy)
