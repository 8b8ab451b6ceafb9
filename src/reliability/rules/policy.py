"""The policy: all rules as they stand on a day, checked against one another."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from reliability.model.base import folded
from reliability.rules.directory import Directory
from reliability.rules.load import Loaded, load_folder
from reliability.rules.named import SHIPPED, policy_folder
from reliability.rules.places import Say, refuse
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
    Recalibration,
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

PLACES: dict[type[Rule], str] = {
    SourceType: "types", Modifier: "modifiers", Relay: "relays", Bloc: "blocs", Prior: "priors", Hedge: "hedges",
    Gate: "gates", Scale: "scales", Typing: "typing", QuantityUnit: "quantities", Bias: "biases", Silence: "silences",
    Check: "checks", Constant: "numbers", FactKind: "facts", Recalibration: "recalibrations",
    Scenario: "scenarios",
}  # fmt: skip
"""The field of a policy that holds each kind of rule."""
UNKNOWN = "unknown"
UNATTRIBUTED = "unattributed"
_DAYS = 8
"""Of how many days a folder's policies are kept."""


@dataclass(frozen=True)
class Policy:
    """Rules in force on one day, in id order, with their numbers of that day.

    Load one with `Policy.load()`; `digest` fingerprints every byte of the rules folder and the user's sources,
    `folder_digest` those of the folder alone (hex).
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
    recalibrations: tuple[Recalibration, ...]
    scenarios: tuple[Scenario, ...]
    sources: Directory
    digest: str
    folder: Path
    folder_digest: str = ""
    as_of: date | None = None
    files: dict[str, str] = field(default_factory=dict, repr=False)
    written: tuple[Rule, ...] = field(default=(), repr=False)
    """Every rule as it is written, by kind and id: with all its dated values, and those that are not in force."""

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
        `load_folder` and `fit.faults`.
        """
        from reliability.rules.fit import faults

        place = policy_folder(SHIPPED if folder is None else folder)
        with uncollected():
            loaded = load_folder(place, scenarios=scenarios)
            if not sources and as_of in loaded.policies:
                return cast(Policy, loaded.policies[as_of])
            policy = cls.of(loaded, place, sources, as_of)
            for fault in faults(policy, [*loaded.sources, *sources]):
                raise fault
        if not sources and len(loaded.policies) < _DAYS:
            loaded.policies[as_of] = policy
        return policy

    @classmethod
    def of(
        cls, loaded: Loaded, place: Path, sources: Iterable[tuple[str, SourceEntry]] = (), as_of: date | None = None,
        say: Say = refuse,
    ) -> Policy:  # fmt: skip
        """The policy of what was read, not yet checked: `load` is the way to one that can be used."""

        def those(kind: type[Rule]) -> Any:
            return tuple(_on(rule, as_of) for rule in loaded.rules[kind] if _in_force(rule, as_of))

        mine = list(sources)
        digest = loaded.digest
        if mine:
            from reliability.model.base import canonical_json, sha256

            digest = sha256(digest + canonical_json([_dumped(entry) for _, entry in mine]))
        return cls(
            types={rule.id: rule for rule in those(SourceType)},
            modifiers=those(Modifier),
            relays=those(Relay),
            blocs={rule.id: rule for rule in those(Bloc)},
            priors=those(Prior),
            hedges=those(Hedge),
            gates=those(Gate),
            scales={rule.id: rule for rule in those(Scale)},
            numbers=those(Constant),
            facts={rule.id: rule for rule in those(FactKind)},
            typing=those(Typing),
            quantities=those(QuantityUnit),
            biases=those(Bias),
            silences=those(Silence),
            checks=those(Check),
            recalibrations=those(Recalibration),
            scenarios=those(Scenario),
            sources=Directory.of([*loaded.sources, *mine], as_of, say),
            digest="sha256:" + digest,
            folder=place,
            folder_digest=loaded.digest,
            as_of=as_of,
            files=loaded.files,
            written=tuple(rule for kind in PLACES for rule in loaded.rules[kind]),
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
        return self._lines.get(value, (value,)) if field == "source_type" else (value,)

    @cached_property
    def _lines(self) -> dict[str, tuple[str, ...]]:
        """Each source type and its ancestors."""
        found = {}
        for name in self.types:
            line = [name]
            while (above := self.types.get(line[-1])) is not None and above.parent is not None:
                if above.parent in line:
                    break
                line.append(above.parent)
            found[name] = tuple(line)
        return found

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


def _dumped(entry: SourceEntry) -> dict[str, Any]:
    """An entry as JSON types; what records could not yet say leaves the fingerprint of those that do not say it."""
    found: dict[str, Any] = entry.model_dump(mode="json", exclude={"record"} if entry.record is None else None)
    if entry.record is not None:
        told = found["record"]
        for name in ("class_worth", "class_base_rates", "by_class", "learned_on"):
            if not told[name]:
                del told[name]
        for one in told["settled"]:
            if one["claim_class"] is None:
                del one["claim_class"]
    return found


def near(word: str, known: Iterable[str]) -> str:
    """A remedy that names what was probably meant."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"there are {', '.join(names[:30])}"
