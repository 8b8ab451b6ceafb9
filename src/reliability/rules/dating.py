"""Dates that make sense: values in the order of their days, ends after beginnings, no day twice; sources' days too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from reliability.rules.findings import Finding, Tell, teller
from reliability.rules.load import Loaded
from reliability.rules.places import rule_place
from reliability.rules.schema import Effect, Rule, SourceEntry

FIRST, LAST = date(1900, 1, 1), date(2100, 1, 1)
"""A policy's dates lie between: what lies outside is a slip of the pen."""


def dates(loaded: Loaded, folder: str) -> Iterator[Finding]:
    """What is wrong with the days of all rules and sources of a folder."""
    tell = teller("dates", loaded.files, folder)
    for rules in loaded.rules.values():
        for rule in rules:
            yield from _of_rule(rule, tell)
    for file, entry in loaded.sources:
        yield from _of_source(file, entry)


def _of_rule(rule: Rule, tell: Tell) -> Iterator[Finding]:
    effects: tuple[Effect, ...] = getattr(rule, "effect", ())
    for n, effect in enumerate(effects):
        at = ("effect", n, "since")
        if effect.since is None:
            if n:
                yield tell(rule, at, "a later value has no day from which it holds", "add `since`")
        elif not FIRST <= effect.since < LAST:
            yield tell(rule, at, f"{effect.since} is not a day of any policy", "mend the year")
        elif rule.until is not None and effect.since >= rule.until:
            yield tell(rule, at, f"begins on {effect.since}, and the rule ends on {rule.until}",
                       "let `until` be later, or take the value out")  # fmt: skip
    for n, (before, after) in enumerate(pairwise(effects), start=1):
        if before.since is not None and after.since is not None and after.since <= before.since:
            yield tell(rule, ("effect", n, "since"), f"{after.since} is not after {before.since}, the value before it",
                       "give each value a day of its own, the oldest first")  # fmt: skip
    if rule.since is not None and rule.until is not None and rule.until <= rule.since:
        yield tell(rule, ("until",), f"ends on {rule.until}, and begins on {rule.since}",
                   "let `until` be later than `since`")  # fmt: skip
    for key, day in (("since", rule.since), ("until", rule.until)):
        if day is not None and not FIRST <= day < LAST:
            yield tell(rule, (key,), f"{day} is not a day of any policy", "mend the year")


def _of_source(file: str, entry: SourceEntry) -> Iterator[Finding]:
    def tell(check: str, key: str, problem: str, remedy: str) -> Finding:
        line, column = rule_place(file, entry.name, (key,), entry.since) or (None, None)
        return Finding(check, file, line, column, entry.name, key, problem, remedy)

    if entry.since is not None and entry.until is not None and entry.until <= entry.since:
        yield tell("dates", "until", f"ends on {entry.until}, and begins on {entry.since}",
                   "let `until` be later than `since`")  # fmt: skip
    for key, day in (("since", entry.since), ("until", entry.until)):
        if day is not None and not FIRST <= day < LAST:
            yield tell("dates", key, f"{day} is not a day of any policy", "mend the year")
    domain = entry.domain
    if domain is not None and (any(sign in domain for sign in "/:@ ") or "." not in domain.strip(".")):
        yield tell("source", "domain", f"{domain!r} is no domain", "write only the name: example.org")
    reference = entry.reference
    if reference is not None and reference.startswith("http") and any(sign.isspace() for sign in reference):
        yield tell("source", "reference", f"{reference!r} has a space", "write an address without spaces")
