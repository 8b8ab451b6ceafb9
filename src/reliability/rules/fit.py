"""Whether rules fit together: names that exist, forests without circles, conditions of known fields, no conflicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from reliability.errors import RuleError
from reliability.model.base import folded
from reliability.rules import conditions
from reliability.rules.conflicts import conflicts
from reliability.rules.domains import GATE, TYPING, Domain, link_domains
from reliability.rules.findings import is_own
from reliability.rules.load import place_key
from reliability.rules.places import rule_fault
from reliability.rules.policy import UNATTRIBUTED, UNKNOWN, Policy, near
from reliability.rules.positions import Keys
from reliability.rules.reach import placed_tests
from reliability.rules.schema import Rule, SourceEntry

REQUIRED_CONSTANTS = (
    "common-error", "said-so-prior", "assessed-db", "support-db", "basis-low", "basis-high", "unknown-hedge",
    "figure-knows", "figure-about", "figure-at-least-tail", "figure-more-than-tail", "figure-spread",
    "figure-gross-factor", "figure-within",
)  # fmt: skip
REQUIRED_SCALES = ("icd203", "phia", "admiralty-reliability", "admiralty-credibility")


def faults(
    policy: Policy, sources: Sequence[tuple[str, SourceEntry]], broken: frozenset[str] = frozenset()
) -> Iterator[RuleError]:
    """What makes rules that are right one by one no policy, each with its place, key and remedy.

    `broken` are ids that faulty files were to define: that these are missing is not said again.
    """
    for check in (_types, _blocs, _conditions, _settings, _joining, _terms, _units, _maps):
        yield from check(policy, broken)
    yield from _sources(policy, sources, broken)
    for needed, have, folder in (
        (REQUIRED_CONSTANTS, policy.constants, "constants"),
        (REQUIRED_SCALES, policy.scales, "scales"),
        ((UNKNOWN, UNATTRIBUTED), policy.types, "source-types"),
    ):
        for name in needed:
            if name not in have and name not in broken:
                yield RuleError(policy.folder / folder, problem=f"the rule {name!r} is missing",
                                remedy=f"add {folder}/{name}.toml")  # fmt: skip


def rule_error(policy: Policy, rule: Rule, at: Keys, problem: str, remedy: str) -> RuleError:
    """A fault of one rule of a policy, with the place of the key that it is about."""
    return rule_fault(policy.files.get(place_key(rule), str(policy.folder)), rule.id, at, problem, remedy)


def conditioned(policy: Policy) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Domain]]]:
    """The rules that have conditions, kind by kind, with the fields that these may test."""
    link = link_domains(policy)
    for rules in (policy.modifiers, policy.relays, policy.priors, policy.biases, policy.silences):
        yield rules, link
    yield tuple(bloc for bloc in policy.blocs.values() if bloc.when is not None), link
    yield policy.gates, GATE
    yield policy.typing, TYPING


def _maps(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    for rule in policy.recalibrations[1:]:
        yield rule_error(policy, rule, ("id",), f"maps ratings, and so does {policy.recalibrations[0].id!r}",
                         "keep one recalibration: give the other an `until`, or take it out")  # fmt: skip


def _types(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    for kind in policy.types.values():
        if kind.parent is not None and kind.parent not in policy.types and kind.parent not in broken:
            remedy = near(kind.parent, policy.types)
            yield rule_error(policy, kind, ("parent",), f"no source type {kind.parent!r}", remedy)
        if _first_of_circle(kind.id, lambda name: policy.types[name].parent if name in policy.types else None):
            yield rule_error(policy, kind, ("parent",), "the types go in a circle", "let one of them have no parent")
    if UNKNOWN in policy.types and policy.types[UNKNOWN].carries:
        yield rule_error(policy, policy.types[UNKNOWN], ("carries",),
                         "an unknown source can't be trusted with origins", "set it to false")  # fmt: skip


def _first_of_circle(start: str, outer: Callable[[str], str | None]) -> bool:
    """Whether going outward leads back to the start, which is the first of the circle by id."""
    seen = [start]
    while (following := outer(seen[-1])) is not None and following not in seen:
        seen.append(following)
    return following == start == min(seen)


def _blocs(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    blocs = policy.blocs
    for bloc in blocs.values():
        if bloc.by is not None and bloc.when is None:
            yield rule_error(policy, bloc, ("by",), "goes with `when`", "say which origins are meant")
        if bloc.inside is None:
            continue
        if bloc.inside not in blocs:
            if bloc.inside not in broken:
                yield rule_error(policy, bloc, ("inside",), f"no bloc {bloc.inside!r}", near(bloc.inside, blocs))
            continue
        if _first_of_circle(bloc.id, lambda name: blocs[name].inside if name in blocs else None):
            yield rule_error(policy, bloc, ("inside",), "the blocs go in a circle", "a bloc has at most one outer bloc")
        mine, its = bloc.effect[0].ceiling, blocs[bloc.inside].effect[0].ceiling
        if mine > its:
            yield rule_error(policy, bloc, ("effect", 0, "ceiling"), f"{mine:g} is above the {its:g} of {bloc.inside}",
                             "ceilings rise outward")  # fmt: skip


def _conditions(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    for rules, known in conditioned(policy):
        for rule in rules:
            wrong = conditions.problem(rule.when)
            if wrong is not None:
                named = re.search(r"`([^`]+)`", wrong)
                at = _key(rule.when, named[1] if named else "", ("when",)) or ("when",)
                yield rule_error(policy, rule, at, wrong, "write fields with the values that they must have")
                continue
            for at, name, _, wanted in placed_tests(rule.when):
                if name not in known and name not in broken:
                    yield rule_error(policy, rule, at[: at.index(name) + 1], "no such field", near(name, known))
                for n, value in enumerate(wanted if isinstance(wanted, list) else [wanted]):
                    if name == "source_type" and value not in policy.types and value not in broken:
                        where = (*at, n) if isinstance(wanted, list) else at
                        yield rule_error(policy, rule, where, f"no source type {value!r}",
                                         near(str(value), policy.types))  # fmt: skip
    for rule in policy.typing:
        kind = rule.effect[0].type
        if kind is not None and kind not in policy.types and kind not in broken:
            yield rule_error(policy, rule, ("effect", 0, "type"), f"no source type {kind!r}", near(kind, policy.types))


def _key(value: Any, name: str, at: Keys) -> Keys | None:
    """Where in a condition a key with a name stands first."""
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        if key == name:
            return (*at, key)
        if (found := _key(inner, name, (*at, key))) is not None:
            return found
    return None


def _settings(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    groups: list[tuple[tuple[Any, ...], tuple[str, ...]]] = [
        (policy.modifiers, ("guess", "p")), (policy.relays, ("fidelity",)), (policy.priors, ("prior",)),
        (policy.biases, ("low",)), (policy.silences, ("coverage",)),
    ]  # fmt: skip
    for rules, parameters in groups:
        by_id = {rule.id: rule for rule in rules}
        for rule in rules:
            for key in ("overrides", "beside"):
                for n, other in enumerate(getattr(rule, key, ())):
                    if other not in by_id and other not in broken:
                        yield rule_error(policy, rule, (key, n), f"no rule {other!r}", near(other, by_id))
        for parameter in parameters:
            setting = [
                rule for rule in rules
                if getattr(rule.effect[0], parameter) is not None and conditions.problem(rule.when) is None
            ]  # fmt: skip
            for a, b in conflicts(setting, policy.kin):
                yield rule_error(policy, by_id[a], ("effect", 0, parameter),
                                 f"{b} sets it too, and both can hold on one link",
                                 "name one in the other's `overrides`, or let their conditions exclude each other",
                                 )  # fmt: skip


def _joining(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    joining = [bloc for bloc in policy.blocs.values()
               if bloc.when is not None and conditions.problem(bloc.when) is None]  # fmt: skip
    for a, b in conflicts(joining, policy.kin):
        yield rule_error(policy, policy.blocs[a], ("when",), f"an origin could join {b} too; a source has one bloc",
                         "let their conditions exclude each other, or name members in a sources file")  # fmt: skip


def _terms(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    yield from _once(policy, [(hedge, "terms", hedge.terms) for hedge in policy.hedges], "keep a term in one rule")


def _units(policy: Policy, broken: frozenset[str]) -> Iterator[RuleError]:
    yield from _once(policy, [(unit, "names", unit.names) for unit in policy.quantities], "keep it in one")


def _once(policy: Policy, rules: list[tuple[Any, str, tuple[str, ...]]], remedy: str) -> Iterator[RuleError]:
    """Names that stand in two rules; what the policy inherits was there first."""
    seen: dict[str, str] = {}
    for rule, key, names in sorted(rules, key=lambda one: is_own(policy, one[0])):
        for n, name in enumerate(names):
            first = seen.setdefault(folded(name), rule.id)
            if first != rule.id:
                yield rule_error(policy, rule, (key, n), f"{name!r} stands in {first} too", remedy)


def _sources(
    policy: Policy, sources: Sequence[tuple[str, SourceEntry]], broken: frozenset[str]
) -> Iterator[RuleError]:  # fmt: skip
    for path, entry in sources:
        if entry.type is not None and entry.type not in policy.types and entry.type not in broken:
            yield rule_fault(path, entry.name, ("type",), f"no source type {entry.type!r}",
                             near(entry.type, policy.types), entry.since)  # fmt: skip
        if entry.bloc is not None and entry.bloc not in policy.blocs and entry.bloc not in broken:
            yield rule_fault(path, entry.name, ("bloc",), f"no bloc {entry.bloc!r}",
                             near(entry.bloc, policy.blocs), entry.since)  # fmt: skip
