"""What if: the same reports under other facts, types, numbers or blocs. Each change is made where it would stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reliability.errors import UsageError
from reliability.model.base import Record, folded
from reliability.model.rating import Rating
from reliability.model.report import Link, Report
from reliability.rules.changing import changed
from reliability.rules.directory import Directory
from reliability.rules.policy import Policy, near
from reliability.rules.schema import (
    Bloc,
    BlocEffect,
    FactKind,
    Modifier,
    ModifierEffect,
    Prior,
    PriorEffect,
    SourceEntry,
)
from reliability.scoring.coding import NONE_OF_THESE
from reliability.scoring.origins import fidelity_of_weight

ALWAYS = {"has_quantity": [True, False]}
NAME = "whatif"
REASON = "asked for by --{}"


@dataclass(frozen=True)
class Case:
    """Reports, and the policy that they are rated under."""

    reports: tuple[Report, ...]
    policy: Policy


class Moved(Record):
    """A bar before and after a change; None where it is not there."""

    label: str
    kind: str
    before_db: float | None
    after_db: float | None


def moved(before: Rating, after: Rating) -> list[Moved]:
    """Bars that differ, in the order in which they first stand."""
    bars: dict[tuple[str, str], list[float | None]] = {}
    for place, rating in enumerate((before, after)):
        for bar in rating.waterfall:
            bars.setdefault((bar.label, bar.kind), [None, None])[place] = bar.db
    return [Moved(label=label, kind=kind, before_db=old, after_db=new)
            for (label, kind), (old, new) in bars.items() if old != new]  # fmt: skip


def without(case: Case, source: str) -> Case:
    """The reports in whose chain a source does not stand."""
    key = _known(case, source)
    kept = tuple(r for r in case.reports if key not in _keys(case, r))
    if not kept:
        raise UsageError(f"--without {source}", problem="no report is left", remedy="leave out something smaller")
    return replace(case, reports=kept)


def typed(case: Case, source: str, kind: str) -> Case:
    """A source of another type."""
    if kind not in case.policy.types:
        raise UsageError(f"--type {source}={kind}", problem=f"no source type {kind!r}",
                         remedy=near(kind, case.policy.types))  # fmt: skip
    return _relinked(case, source, lambda link: link.model_copy(update={"type": kind}))


def shifted(case: Case, source: str, db: float) -> Case:
    """A source's own weight shifted by decibans, clamped as by any rule."""
    key = _known(case, source)
    effect = ModifierEffect(shift_db=db)
    names = sorted({link.source for r in case.reports for link in r.provenance
                    if case.policy.sources.canonical(link.source) == key} | {key})  # fmt: skip
    entry = case.policy.sources.find(source)
    rule = Modifier(id=f"{NAME}.shift.{len(case.policy.modifiers)}", rationale=REASON.format("shift"),
                    when={"source": [*names, *([entry.name] if entry else [])]}, effect=(effect,))  # fmt: skip
    return replace(case, policy=replace(case.policy, modifiers=(*case.policy.modifiers, rule)))


def prior(case: Case, p: float, before: Rating) -> Case:
    """Another prior of a claim, or of a question's "none of these"; channels go on guessing evenly."""
    if not 0.0 < p < 1.0:
        raise UsageError(f"--prior {p:g}", problem="a prior lies between 0 and 1", remedy="give something between")
    of = "claim" if before.alternatives is None else "none-of-these"
    if before.quantity is not None or (of == "none-of-these" and before.claim.text != NONE_OF_THESE):
        raise UsageError(
            f"--prior {p:g}", problem="a figure's cells and a question's named answers are equal at first",
            remedy="ask it of a claim that is true or false, or of a question's “none of these”",
        )  # fmt: skip
    others = tuple(rule.id for rule in case.policy.priors)
    effect = PriorEffect(of=of, prior=p, guess="even")
    rule = Prior(id=f"{NAME}.prior", rationale=REASON.format("prior"), when=ALWAYS, overrides=others, effect=(effect,))
    return replace(case, policy=replace(case.policy, priors=(*case.policy.priors, rule)))


def same_bloc(case: Case, sources: Sequence[str], before: Iterable[Rating]) -> Case:
    """Sources that speak as one: a bloc whose ceiling is the φ of the weightiest of them."""
    keys = [_known(case, source) for source in sources]
    if len(set(keys)) < 2:
        raise UsageError("--same-bloc", problem="names one source", remedy="name two or more, with a comma between")
    origins = [link for rating in before for link in rating.links if link.kind == "origin"]
    fidelities = [float(fidelity_of_weight(np.array(link.weight_db))) for link in origins
                  if case.policy.sources.canonical(_without_outlet(link.label)) in keys]  # fmt: skip
    ceiling = max([0.01, *fidelities])
    bloc = Bloc(id=f"{NAME}.bloc.{len(case.policy.blocs)}", label="as one: " + ", ".join(sources),
                rationale=REASON.format("same-bloc"), effect=(BlocEffect(ceiling=ceiling),))  # fmt: skip
    entries = dict(case.policy.sources.entries)
    for source, key in zip(sources, keys, strict=True):
        old = case.policy.sources.find(source) or SourceEntry(name=source)
        new = old.model_copy(update={"bloc": bloc.id})
        for name in {key, *(folded(alias) for alias in (new.name, *new.aliases))}:
            entries[name] = new
    policy = replace(case.policy, blocs={**case.policy.blocs, bloc.id: bloc}, sources=Directory(entries))
    return replace(case, policy=policy)


def _without_outlet(label: str) -> str:
    """A link's source, without whom it spoke to."""
    return label.rsplit(" (to ", 1)[0] if label.endswith(")") else label


def set_value(case: Case, key: str, text: str) -> Case:
    """`SOURCE.FACT=VALUE` fills in a fact; `RULE.NUMBER=VALUE` changes a rule's number."""
    name, dot, part = key.rpartition(".")
    if not dot:
        raise UsageError(f"--set {key}", problem="is neither SOURCE.FACT nor RULE.NUMBER", remedy="give one of the two")
    if part in case.policy.facts and any(case.policy.sources.canonical(name) in _keys(case, r) for r in case.reports):
        value = _value(text, case.policy.facts[part], key)
        return _relinked(case, name, lambda link: link.model_copy(update={"facts": {**link.facts, part: value}}))
    return replace(case, policy=_renumbered(case, name, part, text))


def _renumbered(case: Case, rule: str, number: str, text: str) -> Policy:
    policy = case.policy
    for one in policy.rules():
        if one.id == rule and hasattr(one, "effect"):
            return changed(policy, one, _changed(one, number, text))
    facts = [f"{link.source}.{fact}" for r in case.reports for link in r.provenance for fact in policy.facts]
    ids = [f"{one.id}.{number}" for one in (*policy.modifiers, *policy.relays, *policy.numbers)]
    raise UsageError(f"--set {rule}.{number}", problem="no such source with such a fact, and no such rule",
                     remedy=near(f"{rule}.{number}", {*facts, *ids}))  # fmt: skip


def _changed(rule: Any, number: str, text: str) -> Any:
    effect = rule.effect[0]
    fields = [name for name in type(effect).model_fields if name not in ("since", "basis", "grade")]
    if number not in fields:
        raise UsageError(
            f"--set {rule.id}.{number}", problem="the rule has no such number", remedy=near(number, fields)
        )
    try:
        new = type(effect).model_validate({**effect.model_dump(), number: float(text)})
        type(rule).model_validate({**rule.model_dump(), "effect": [new]})
    except ValueError:
        raise UsageError(f"--set {rule.id}.{number}={text}", problem="is no value that the number can have",
                         remedy=f"it is {getattr(effect, number)} now") from None  # fmt: skip
    return rule.model_copy(update={"effect": (new,)})


def _value(text: str, fact: FactKind, key: str) -> Any:
    if fact.kind == "boolean":
        known = {"true": True, "yes": True, "false": False, "no": False}
        if text.casefold() not in known:
            raise UsageError(f"--set {key}={text}", problem="is true or false", remedy="write true or false")
        return known[text.casefold()]
    if fact.kind == "number":
        try:
            return float(text)
        except ValueError:
            raise UsageError(f"--set {key}={text}", problem="is a number", remedy="write a number") from None
    if fact.values and text not in fact.values:
        raise UsageError(f"--set {key}={text}", problem="is none of the fact's values", remedy=near(text, fact.values))
    return text


def _keys(case: Case, report: Report) -> list[str]:
    return [case.policy.sources.canonical(link.source) for link in report.provenance]


def _known(case: Case, source: str) -> str:
    key = case.policy.sources.canonical(source)
    names = {link.source for report in case.reports for link in report.provenance}
    if all(key not in _keys(case, report) for report in case.reports):
        raise UsageError(source, problem="no such source in these reports", remedy=near(source, names))
    return key


def _relinked(case: Case, source: str, change: Callable[[Link], Link]) -> Case:
    key = _known(case, source)
    changed = []
    for report in case.reports:
        links = tuple(change(link) if case.policy.sources.canonical(link.source) == key else link
                      for link in report.provenance)  # fmt: skip
        record = {**report.model_dump(), "id": report.key, "provenance": [link.model_dump() for link in links]}
        changed.append(Report.model_validate(record))
    return replace(case, reports=tuple(changed))
