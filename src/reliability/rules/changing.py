"""A policy with one rule other than it is, or without it: for what-if, and for what rules do to ratings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reliability.rules.directory import Directory
from reliability.rules.policy import PLACES, Policy
from reliability.rules.schema import Bloc, Rule


def changed(policy: Policy, rule: Rule, other: Rule) -> Policy:
    """The policy with another rule in the place of one of its own; both have one kind and id."""
    return _with(policy, rule, other)


def without(policy: Policy, rule: Rule) -> Policy:
    """The policy without one of its rules. What hung in a bloc hangs where the bloc hung.

    Whether a policy can do without it shows when it rates: RuleError where a number is then left unset.
    """
    left = _with(policy, rule, None)
    if not isinstance(rule, Bloc):
        return left
    blocs = {name: one.model_copy(update={"inside": rule.inside}) if one.inside == rule.id else one
             for name, one in left.blocs.items()}  # fmt: skip
    entries = {name: one.model_copy(update={"bloc": rule.inside}) if one.bloc == rule.id else one
               for name, one in left.sources.entries.items()}  # fmt: skip
    return replace(left, blocs=blocs, sources=Directory(entries))


def _with(policy: Policy, rule: Rule, other: Rule | None) -> Policy:
    place = PLACES[type(rule)]
    rules = getattr(policy, place)
    kept: Any
    if isinstance(rules, dict):
        kept = {name: other if name == rule.id else one for name, one in rules.items() if name != rule.id or other}
    else:
        kept = tuple(other if one.id == rule.id else one for one in rules if one.id != rule.id or other)
    return replace(policy, **{place: kept})
