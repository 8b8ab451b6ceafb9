"""The policy: all rules as they stand on a day, checked against one another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from reliability.errors import RuleError
from reliability.model.base import folded
from reliability.rules import conditions
from reliability.rules.conflicts import conflicts
from reliability.rules.directory import Directory
from reliability.rules.load import Loaded, load_folder, place_key
from reliability.rules.named import SHIPPED, policy_folder
from reliability.rules.schema import (
    Bias,
    Bloc,
    Check,
    Constant,
    Effect,
    FactKind,
    Gate,
    Hedge,
    Modifier,
    Prior,
    QuantityUnit,
    Relay,
    Rule,
    Scale,
    Scenario,
    Silence,
    SourceEntry,
    SourceType,
    Typing,
)
from reliability.rules.uncollected import uncollected

LINK_FIELDS = frozenset(
    (
        "source_type", "source", "bloc", "country", "via", "hedge", "hedged", "stance", "has_quantity", "unit", "party",
        "claim_class", "n_links",
    )
)  # fmt: skip
GATE_FIELDS = frozenset(
    (
        "support", "origins", "outlets", "independent", "blocs", "reports", "support_level", "robustness_level",
        "basis_level", "elicited_share", "anonymous_only", "hearsay_only", "contested", "p",
    )
)  # fmt: skip
TYPING_FIELDS = frozenset(["head", "words", "title", "appositive", "entity", "named", "plural", "nationality"])
REQUIRED_CONSTANTS = (
    "common-error",
    "said-so-prior",
    "assessed-db",
    "support-db",
    "basis-low",
    "basis-high",
    "unknown-hedge",
    "figure-knows",
    "figure-about",
    "figure-at-least-tail",
    "figure-more-than-tail",
    "figure-spread",
    "figure-gross-factor",
    "figure-within",
)
REQUIRED_SCALES = ("icd203", "phia", "admiralty-reliability", "admiralty-credibility")
PLACES: dict[type[Rule], str] = {
    SourceType: "types", Modifier: "modifiers", Relay: "relays", Bloc: "blocs", Prior: "priors", Hedge: "hedges",
    Gate: "gates", Scale: "scales", Typing: "typing", QuantityUnit: "quantities", Bias: "biases", Silence: "silences",
    Check: "checks", Constant: "numbers", FactKind: "facts", Scenario: "scenarios",
}  # fmt: skip
"""The field of a policy that holds each kind of rule."""
UNKNOWN = "unknown"
UNATTRIBUTED = "unattributed"


@dataclass(frozen=True)
class Policy:
    """Rules in force on one day, in id order, with their numbers of that day.

    Load one with `Policy.load()`; `digest` fingerprints every byte of the rules folder and the user's sources.
    """

    types: dict[str, SourceType]
    modifiers: tuple[Modifier, ...]
    relays: tuple[Relay, ...]
    blocs: dict[str, Bloc]
    priors: tuple[Prior, ...]
    hedges: tuple[Hedge, ...]
    gates: tuple[Gate, ...]
    scales: dict[str, Scale]
    numbers: tuple[Constant, ...]
    facts: dict[str, FactKind]
    typing: tuple[Typing, ...]
    quantities: tuple[QuantityUnit, ...]
    biases: tuple[Bias, ...]
    silences: tuple[Silence, ...]
    checks: tuple[Check, ...]
    scenarios: tuple[Scenario, ...]
    sources: Directory
    digest: str
    folder: Path
    as_of: date | None = None
    files: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def load(
        cls,
        folder: str | Path | None = None,
        *,
        sources: Sequence[tuple[str, SourceEntry]] = (),
        as_of: date | None = None,
        scenarios: bool = True,
    ) -> Policy:
        """The policy of a folder or a package (default: the shipped one), with a user's (file, entry) sources on top.

        `as_of` takes the numbers of that day. `scenarios` False leaves those unread, which only tests of the policy
        need; the digest covers them all the same. Raises RuleError for anything that is not a policy: see
        `load_folder` and `check`.
        """
        place = policy_folder(SHIPPED if folder is None else folder)
        with uncollected():
            loaded = load_folder(place, scenarios=scenarios)
            policy = cls._of(loaded, place, sources, as_of)
            check(policy, [*loaded.sources, *sources])
        return policy

    @classmethod
    def _of(cls, loaded: Loaded, place: Path, sources: Iterable[tuple[str, SourceEntry]], as_of: date | None) -> Policy:
        def of(kind: type[Rule]) -> Any:
            return tuple(_on(rule, as_of) for rule in loaded.rules[kind] if _in_force(rule, as_of))

        mine = list(sources)
        digest = loaded.digest
        if mine:
            from reliability.model.base import canonical_json, sha256

            digest = sha256(digest + canonical_json([entry.model_dump(mode="json") for _, entry in mine]))
        return cls(
            types={rule.id: rule for rule in of(SourceType)},
            modifiers=of(Modifier),
            relays=of(Relay),
            blocs={rule.id: rule for rule in of(Bloc)},
            priors=of(Prior),
            hedges=of(Hedge),
            gates=of(Gate),
            scales={rule.id: rule for rule in of(Scale)},
            numbers=of(Constant),
            facts={rule.id: rule for rule in of(FactKind)},
            typing=of(Typing),
            quantities=of(QuantityUnit),
            biases=of(Bias),
            silences=of(Silence),
            checks=of(Check),
            scenarios=of(Scenario),
            sources=Directory.of([*loaded.sources, *mine], as_of),
            digest="sha256:" + digest,
            folder=place,
            as_of=as_of,
            files=loaded.files,
        )

    def rules(self) -> tuple[Rule, ...]:
        """Every rule, by kind and id."""
        found: list[Rule] = []
        for place in PLACES.values():
            kept = getattr(self, place)
            found += kept.values() if isinstance(kept, dict) else kept
        return tuple(found)

    @cached_property
    def constants(self) -> dict[str, float]:
        """The tree's own numbers, by rule id."""
        return {rule.id: rule.effect[0].value for rule in self.numbers}

    def kin(self, field: str, value: Any) -> tuple[Any, ...]:
        """A value and its ancestors: a wire agency is a media; every other field's value is only itself."""
        if field != "source_type":
            return (value,)
        line = [value]
        while line[-1] in self.types and (parent := self.types[line[-1]].parent) is not None and parent not in line:
            line.append(parent)
        return tuple(line)

    def hedge_of(self, words: str) -> Hedge | None:
        """The hedge rule that has these words as a term, else None: an unknown hedge is not guessed at."""
        return self._terms.get(folded(words))

    @cached_property
    def _terms(self) -> dict[str, Hedge]:
        return {folded(term): hedge for hedge in self.hedges for term in hedge.terms}

    def unit_of(self, name: str) -> QuantityUnit | None:
        """The unit rule that has this name, else None: a figure in an unknown unit has no range."""
        return self._units.get(folded(name))

    @cached_property
    def _units(self) -> dict[str, QuantityUnit]:
        return {folded(name): unit for unit in self.quantities for name in unit.names}


def _in_force(rule: Rule, as_of: date | None) -> bool:
    """Whether a rule holds on a day; without one, when all days have come: what has an end has ended."""
    if as_of is None:
        return rule.until is None
    return (rule.since is None or rule.since <= as_of) and (rule.until is None or as_of < rule.until)


def _on(rule: Rule, as_of: date | None) -> Rule:
    """The rule with the one effect that holds on a day: the latest begun, before the first `since` the first."""
    effects: tuple[Effect, ...] = getattr(rule, "effect", ())
    if len(effects) < 2:
        return rule
    ordered = sorted(effects, key=lambda e: e.since or date.min)
    begun = [e for e in ordered if as_of is None or (e.since or date.min) <= as_of]
    return rule.model_copy(update={"effect": ((begun or ordered[:1])[-1],)})


def check(policy: Policy, sources: Sequence[tuple[str, SourceEntry]]) -> None:
    """Raise RuleError where the rules don't fit together: names, forests, conditions, conflicts, scales."""
    _check_types(policy)
    _check_blocs(policy)
    _check_conditions(policy)
    _check_conflicts(policy)
    _check_hedges(policy)
    _check_units(policy)
    _check_sources(policy, sources)
    for needed, have, folder in (
        (REQUIRED_CONSTANTS, policy.constants, "constants"),
        (REQUIRED_SCALES, policy.scales, "scales"),
        ((UNKNOWN, UNATTRIBUTED), policy.types, "source-types"),
    ):
        for name in needed:
            if name not in have:
                raise RuleError(policy.folder / folder, problem=f"the rule {name!r} is missing",
                                remedy=f"add {folder}/{name}.toml")  # fmt: skip


def _fail(policy: Policy, rule: Rule, key: str, problem: str, remedy: str) -> RuleError:
    place = policy.files.get(place_key(rule), rule.id)
    return RuleError(place, key=f"{rule.id}: {key}", problem=problem, remedy=remedy)


def near(word: str, known: Iterable[str]) -> str:
    """A remedy that names what was probably meant."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"there are {', '.join(names[:30])}"


def _check_types(policy: Policy) -> None:
    for kind in policy.types.values():
        if kind.parent is not None and kind.parent not in policy.types:
            raise _fail(policy, kind, "parent", f"no source type {kind.parent!r}", near(kind.parent, policy.types))
        line, seen = kind.parent, {kind.id}
        while line is not None:
            if line in seen:
                raise _fail(policy, kind, "parent", "the types go in a circle", "let one of them have no parent")
            seen.add(line)
            line = policy.types[line].parent if line in policy.types else None
    if UNKNOWN in policy.types and policy.types[UNKNOWN].carries:
        raise _fail(
            policy,
            policy.types[UNKNOWN],
            "carries",
            "an unknown source can't be trusted with origins",
            "set it to false",
        )


def _check_blocs(policy: Policy) -> None:
    for bloc in policy.blocs.values():
        outer, seen = bloc, {bloc.id}
        while outer.inside is not None:
            if outer.inside not in policy.blocs:
                raise _fail(policy, outer, "inside", f"no bloc {outer.inside!r}", near(outer.inside, policy.blocs))
            if outer.inside in seen:
                raise _fail(policy, bloc, "inside", "the blocs go in a circle", "a bloc has at most one outer bloc")
            inner, outer = outer, policy.blocs[outer.inside]
            seen.add(outer.id)
            if outer.effect[0].ceiling < inner.effect[0].ceiling:
                raise _fail(policy, inner, "effect.ceiling", f"{inner.effect[0].ceiling:g} is above the "
                            f"{outer.effect[0].ceiling:g} of {outer.id}", "ceilings rise outward")  # fmt: skip
        if bloc.by is not None and bloc.when is None:
            raise _fail(policy, bloc, "by", "goes with `when`", "say which origins are meant")


def _check_conditions(policy: Policy) -> None:
    link = LINK_FIELDS | set(policy.facts)
    kinds: list[tuple[Iterable[Any], frozenset[str] | set[str]]] = [
        (policy.modifiers, link), (policy.relays, link), (policy.priors, link), (policy.biases, link),
        (policy.silences, link),
        ([bloc for bloc in policy.blocs.values() if bloc.when is not None], link),
        (policy.gates, GATE_FIELDS), (policy.typing, TYPING_FIELDS),
    ]  # fmt: skip
    for rules, known in kinds:
        for rule in rules:
            wrong = conditions.problem(rule.when)
            if wrong is not None:
                raise _fail(policy, rule, "when", wrong, "write fields with the values that they must have")
            for name in sorted(conditions.fields(rule.when) - known):
                raise _fail(policy, rule, f"when.{name}", "no such field", near(name, known))
            for name, _, wanted in conditions.tests(rule.when):
                for value in wanted if isinstance(wanted, list) else [wanted]:
                    if name == "source_type" and value not in policy.types:
                        raise _fail(policy, rule, "when.source_type", f"no source type {value!r}",
                                    near(str(value), policy.types))  # fmt: skip
    for rule in policy.typing:
        kind = rule.effect[0].type
        if kind is not None and kind not in policy.types:
            raise _fail(policy, rule, "effect.type", f"no source type {kind!r}", near(kind, policy.types))


def _check_conflicts(policy: Policy) -> None:
    def those(rules: Iterable[Any], parameter: str) -> list[Any]:
        return [rule for rule in rules if getattr(rule.effect[0], parameter) is not None]

    for rules, parameter in (
        (policy.modifiers, "guess"), (policy.modifiers, "p"), (policy.relays, "fidelity"), (policy.priors, "prior"),
        (policy.biases, "low"), (policy.silences, "coverage"),
    ):  # fmt: skip
        known = {rule.id for rule in rules}
        for rule in rules:
            for other in rule.overrides:
                if other not in known:
                    raise _fail(policy, rule, "overrides", f"no rule {other!r}", near(other, known))
        for a, b in conflicts(those(rules, parameter), policy.kin):
            first = next(rule for rule in rules if rule.id == a)
            raise _fail(policy, first, f"effect.{parameter}", f"{b} sets it too, and both can hold on one link",
                        "name one in the other's `overrides`, or let their conditions exclude each other")  # fmt: skip

    joining = [bloc for bloc in policy.blocs.values() if bloc.when is not None]
    for a, b in conflicts(joining, policy.kin):
        raise _fail(policy, policy.blocs[a], "when", f"an origin could join {b} too; a source has one bloc",
                    "let their conditions exclude each other, or name members in a sources file")  # fmt: skip


def _check_units(policy: Policy) -> None:
    seen: dict[str, str] = {}
    for unit in policy.quantities:
        for name in unit.names:
            if seen.setdefault(folded(name), unit.id) != unit.id:
                raise _fail(policy, unit, "names", f"{name!r} stands in {seen[folded(name)]} too", "keep it in one")


def _check_hedges(policy: Policy) -> None:
    seen: dict[str, str] = {}
    for hedge in policy.hedges:
        for term in hedge.terms:
            if seen.setdefault(folded(term), hedge.id) != hedge.id:
                raise _fail(policy, hedge, "terms", f"{term!r} stands in {seen[folded(term)]} too",
                            "keep a term in one rule")  # fmt: skip


def _check_sources(policy: Policy, sources: Sequence[tuple[str, SourceEntry]]) -> None:
    for path, entry in sources:
        if entry.type is not None and entry.type not in policy.types:
            raise RuleError(path, key=f"{entry.name}: type", problem=f"no source type {entry.type!r}",
                            remedy=near(entry.type, policy.types))  # fmt: skip
        if entry.bloc is not None and entry.bloc not in policy.blocs:
            raise RuleError(path, key=f"{entry.name}: bloc", problem=f"no bloc {entry.bloc!r}",
                            remedy=near(entry.bloc, policy.blocs))  # fmt: skip
