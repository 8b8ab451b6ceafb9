"""Blocs that are proposed: a sources file that a person reads, accepts, or throws away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability.learning.dependence import Dependence, Pair
from reliability.learning.records import LearnedRecords
from reliability.rules.conditions import Column, evaluate
from reliability.rules.policy import Policy
from reliability.rules.schema import Bloc, SourceEntry
from reliability.scoring.records import Told, posterior_of

HIGHEST = 0.98


@dataclass(frozen=True)
class Proposal:
    """Entries that put members into blocs, remarks that say why, and what bloc rules have to stand in the policy."""

    entries: tuple[SourceEntry, ...]
    remarks: tuple[str, ...]


def propose(found: Dependence, learned: LearnedRecords, policy: Policy) -> Proposal:
    """A bloc a group. Who is of one bloc already is not proposed again.

    Where the policy has a bloc for members' types that goes by a fact (as `same-group` by `group`), the entries give
    that fact, and the file works as it is. Else they name a bloc, and its rule stands in the remarks, to be saved.
    """
    entries: list[SourceEntry] = []
    remarks: list[str] = []
    for group in found.groups:
        known = [_entry(name, learned, policy) for name in group]
        blocs = {entry.bloc for entry in known}
        if len(blocs) == 1 and None not in blocs:
            continue
        name = "errs-together." + re.sub(r"[^a-z0-9]+", "-", group[0].lower()).strip("-")[:60]
        rule = _by_fact(known, name, policy)
        remarks += [f"{name}: {', '.join(group)}", *(_told(pair) for pair in found.pairs if pair.a in group)]
        if rule is not None and rule.by is not None:
            entries += [e.model_copy(update={"facts": {**e.facts, rule.by: name}}) for e in known]
        else:
            entries += [entry.model_copy(update={"bloc": name}) for entry in known]
            remarks += _rule(name, group, _ceiling(group, learned))
    return Proposal(tuple(entries), tuple(remarks))


def _entry(name: str, learned: LearnedRecords, policy: Policy) -> SourceEntry:
    known = policy.sources.find(name)
    if known is not None:
        return known
    kind = next(one.kind for one in learned.sources.values() if one.name == name)
    return SourceEntry(name=name, type=kind if kind in policy.types else None)


def _by_fact(members: Sequence[SourceEntry], name: str, policy: Policy) -> Bloc | None:
    """A bloc rule by a fact that all members join once the fact has this name as its value."""
    if any(entry.bloc is not None or entry.type is None for entry in members):
        return None
    for bloc in policy.blocs.values():
        if bloc.by is None or bloc.when is None:
            continue
        facts = [{**entry.facts, "source_type": entry.type, bloc.by: name} for entry in members]
        if all(evaluate(bloc.when, {key: _one(value) for key, value in known.items()}, 1, policy.kin).yes[0]
               for known in facts):  # fmt: skip
            return bloc
    return None


def _one(value: Any) -> Column:
    """A condition's column of one row."""
    return Column(np.zeros(1, dtype=np.int64), (value,))


def _ceiling(group: Sequence[str], learned: LearnedRecords) -> float:
    """What all members together can weigh: the φ of the best of them."""
    found = [0.01]
    for one in learned.sources.values():
        record = one.record
        if one.name in group and record.fidelity is not None and record.worth is not None:
            told = tuple(Told(counts, record.base_rate, guess) for guess, counts in one.counts.items())
            found.append(posterior_of(record.fidelity, record.worth, told)[0])
    return min(max(found), HIGHEST)


def _told(pair: Pair) -> str:
    text = (f"  {pair.a} and {pair.b}: {pair.shared} shared errors of {pair.errors_a} and {pair.errors_b} on "
            f"{pair.n_claims} claims, {pair.expected:.2f} expected; "
            f"chance {pair.p:.2g}, adjusted {pair.p_adjusted:.2g}")  # fmt: skip
    if pair.same_text is not None:
        text += f"; {pair.same_text} in the same words, {pair.same_minute} within a minute"
    return text


def _rule(name: str, group: Sequence[str], ceiling: float) -> list[str]:
    label = re.sub(r"[\x00-\x1f\x7f\"\\]", " ", ", ".join(group))[:200]
    return [f"  save as blocs/{name}.toml in a rules folder of your own:", f'    id = "{name}"',
            f'    label = "err together: {label}"',
            '    rationale = "They share errors that their records do not explain."', "    [effect]",
            f"    ceiling = {ceiling:.3f}"]  # fmt: skip
