"""The numbers of origins: base, shifts, clamp and guess of each, and the bloc and crowd it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reliability.rules.conditions import Outcome, evaluate
from reliability.rules.policy import Policy
from reliability.rules.schema import Modifier
from reliability.scoring.channel import Floats
from reliability.scoring.coding import Coded
from reliability.scoring.describe import Described, describe, outcomes, settings
from reliability.scoring.provenance import Mask, Origins, SourceTable
from reliability.scoring.recorded import Recorded, recorded
from reliability.scoring.trie import ABSENT, Codes, Ints

CLASS = "claim_class"
"""The fact that says of which class a claim is."""
FIGURE = "figure"
"""The class of claims with a figure, where nobody gives another."""


@dataclass(frozen=True)
class OriginLinks:
    """One row a counting origin of a claim, in (claim, source) order.

    `row` (n_reports,): the row of each report, ABSENT if it doesn't count. `base_db`, `record_db`, `shift_db`,
    `clamp_db`: the parts whose sum is `weight_db`, the origin's own weight from the world: its type's, what its own
    record makes of that, what rules shift, what the cap takes. `fidelity`: the same as φ, not yet
    divided by what stands above. `n_worth`: reports that what is known of it is worth, `type_worth`: of its
    type alone. `guess`: chance that it says what it
    says without knowing, NaN where no rule sets it. `p_by`, `guess_by`: the modifier that set them, ABSENT for the
    type. `worse_than_chance`: its record is no better than chance. `bloc`: row of `blocs`, ABSENT if none.
    """

    row: Ints
    unit: Codes
    source: Codes
    next: Codes
    type: Codes
    described: Described
    outcomes: Mapping[str, Outcome]
    base_db: Floats
    record_db: Floats
    recorded: Recorded
    shift_db: Floats
    clamp_db: Floats
    weight_db: Floats
    fidelity: Floats
    type_fidelity: Floats
    n_worth: Floats
    type_worth: Floats
    guess: Floats
    p_by: Ints
    guess_by: Ints
    worse_than_chance: Mask
    crowd: Mask
    bloc: Ints
    blocs: tuple[BlocInstance, ...]


@dataclass(frozen=True)
class BlocInstance:
    """A bloc as it stands in trees: its rule, its outer bloc (a place in the list, ABSENT if none), its order.

    `key` is (rule, value) in codes: a bloc by a fact is a bloc for each value.
    """

    id: str
    label: str
    ceiling: float
    outer: int
    key: tuple[int, int]


def fidelity_of(p: Floats, p0: Floats) -> Floats:
    """φ = (LR − 1)/(LR + 1) with LR = odds(p)/odds(p0), and 0 where p ≤ p0: a record no better than chance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (p / (1.0 - p)) / (p0 / (1.0 - p0))
        found = np.where(np.isinf(ratio), 1.0, (ratio - 1.0) / (ratio + 1.0))
    return np.maximum(found, 0.0)


def own_weight_db(fidelity: Floats) -> Floats:
    """A link's own weight in decibans, 10·log10((1 + φ)/(1 − φ)): infinite for φ = 1."""
    with np.errstate(divide="ignore"):
        weight: Floats = 10.0 * np.log10((1.0 + fidelity) / (1.0 - fidelity))
    return weight


def fidelity_of_weight(weight_db: Floats) -> Floats:
    """The φ whose own weight is `weight_db` ≥ 0: tanh of half the weight in natural units."""
    found: Floats = np.tanh(weight_db * (np.log(10.0) / 20.0))
    return found


def origin_links(coded: Coded, origins: Origins, policy: Policy, table: SourceTable) -> OriginLinks:
    """The origins of all claims with their numbers: type's record, modifiers, clamp, guess, bloc."""
    counting = np.flatnonzero(origins.counts)
    _, first_at, dense = np.unique(origins.group[counting], return_index=True, return_inverse=True)
    row = np.full(coded.n, ABSENT, dtype=np.int64)
    row[counting] = dense
    example = counting[first_at]
    source, kind = origins.source[example], origins.origin_type[example]
    at = np.where(origins.own_voice[counting], ABSENT, origins.first[counting])
    described = describe(coded, policy, table, groups=dense, report=counting, link=at, passed_by=at,
                         source=source, type_code=kind)  # fmt: skip
    found = outcomes(policy.modifiers, described, policy)
    n = len(example)
    effects = [policy.types[name].effect[0] for name in coded.type_ids]
    of_type = {
        key: np.array([getattr(e, key) for e in effects], dtype=float)[kind] for key in ("p", "p0", "n", "cap_db")
    }
    set_p, p_by = settings(policy.modifiers, found, "p", n)
    type_fidelity = fidelity_of(of_type["p"], of_type["p0"])
    p = np.where(np.isnan(set_p), of_type["p"], set_p)
    base_db = np.minimum(own_weight_db(fidelity_of(p, of_type["p0"])), 1e3)
    shift_db = shifts(policy.modifiers, found, n)
    record = recorded(policy, source, coded.unit[example], coded.source_keys, coded.units, type_fidelity, of_type["n"],
                      class_of(described))  # fmt: skip
    record_db = np.where(p_by < 0, earned_db(record, type_fidelity), 0.0)
    weight_db = np.clip(base_db + record_db + shift_db, 0.0, of_type["cap_db"])
    guess, guess_by = settings(policy.modifiers, found, "guess", n)
    bloc, blocs = _blocs(described, policy, table, source)
    return OriginLinks(
        row=row, unit=coded.unit[example], source=source, next=origins.next[example], type=kind,
        described=described, outcomes=found, base_db=base_db, record_db=record_db, recorded=record, shift_db=shift_db,
        clamp_db=weight_db - base_db - record_db - shift_db, weight_db=weight_db,
        fidelity=fidelity_of_weight(weight_db),
        type_fidelity=type_fidelity, n_worth=np.where(p_by < 0, record.worth, of_type["n"]),
        type_worth=of_type["n"], guess=guess, p_by=p_by, guess_by=guess_by,
        worse_than_chance=np.where(record.there & (p_by < 0), record.right < record.lucky, p <= of_type["p0"]),
        crowd=np.array([policy.types[name].crowd for name in coded.type_ids])[kind],
        bloc=bloc, blocs=blocs,
    )  # fmt: skip


def class_of(described: Described) -> Callable[[int], str]:
    """The class of a link's claim: the fact `claim_class`, else a figure if it is one, else no class of its own."""
    named, figures = described.columns.get(CLASS), described.columns["has_quantity"]

    def of(row: int) -> str:
        if named is not None and named.codes[row] >= 0:
            return str(named.values[named.codes[row]])
        return FIGURE if figures.codes[row] >= 0 and figures.values[figures.codes[row]] else ""

    return of


def earned_db(record: Recorded, type_fidelity: Floats) -> Floats:
    """What each link's own record adds to its type's weight, in decibans; 0 without one."""
    with_it, of_type = (np.minimum(own_weight_db(fidelity), 1e3) for fidelity in (record.fidelity, type_fidelity))
    found: Floats = np.where(record.there, with_it - of_type, 0.0)
    return found


def shifts(modifiers: Sequence[Modifier], found: Mapping[str, Outcome], n: int) -> Floats:
    """The sum of the shifts that fire on each of n links, in decibans, added in id order."""
    total = np.zeros(n)
    for rule in modifiers:
        if rule.effect[0].shift_db is not None:
            total[found[rule.id].yes] += rule.effect[0].shift_db
    return total


def graded_db(links: OriginLinks, policy: Policy, type_ids: Sequence[str]) -> Floats:
    """The decibans on origins' links, |base| + |record| + Σ|shift|: all, of grade A or B, of grade D, (3, n_origins).

    Links that end without weight have none: a source of φ = 0 never changes confidence.
    """
    of_type = np.array([_grade(policy.types[name].effect[0].grade) for name in type_ids])
    of_setter = np.array([*(_grade(rule.effect[0].grade) for rule in policy.modifiers), 0])
    found = np.zeros((3, len(links.unit)))

    def add(db: Floats, grade: Ints, rows: Mask) -> None:
        found[0, rows] += db[rows]
        for place in (1, 2):
            mine = rows & (grade == place)
            found[place, mine] += db[mine]

    grade = np.where(links.p_by >= 0, of_setter[links.p_by], of_type[links.type])
    add(np.abs(links.base_db), grade, links.weight_db > 0.0)
    if links.recorded.there.any():
        add(np.abs(links.record_db), np.array([_grade(one) for one in links.recorded.grade]), links.weight_db > 0.0)
    for place, rule in enumerate(policy.modifiers):
        if rule.effect[0].shift_db is not None:
            db = np.full(len(links.unit), abs(rule.effect[0].shift_db))
            add(db, np.full(len(links.unit), of_setter[place]), links.outcomes[rule.id].yes & (links.weight_db > 0.0))
    return found


def _grade(grade: str) -> int:
    """1 for measured numbers (A, B), 2 for elicited ones (D), 0 for others."""
    return 1 if grade in "AB" else 2 if grade == "D" else 0


def _blocs(
    described: Described, policy: Policy, table: SourceTable, source: Codes
) -> tuple[Ints, tuple[BlocInstance, ...]]:
    """Each origin's innermost bloc: the sources file's, else the one whose rule fires on it."""
    ids = table.bloc_ids
    rule_of = np.full(described.n, ABSENT, dtype=np.int64)
    value_of = np.full(described.n, ABSENT, dtype=np.int64)
    rule_of[:] = table.bloc[source]
    values: dict[tuple[int, int], str] = {}
    for code, name in enumerate(ids):
        rule = policy.blocs[name]
        if rule.when is None:
            continue
        joins = evaluate(rule.when, described.columns, described.n, policy.kin).yes & (rule_of < 0)
        if rule.by is not None:
            by = described.columns.get(rule.by)
            if by is None:
                continue
            joins &= by.codes >= 0
            value_of[joins] = by.codes[joins]
            for value in np.unique(by.codes[joins]):
                values[(code, int(value))] = str(by.values[value])
        rule_of[joins] = code
    stride = int(value_of.max(initial=ABSENT)) + 2
    pairs, pair_of = np.unique(np.where(rule_of >= 0, rule_of * stride + value_of + 1, ABSENT), return_inverse=True)
    place: dict[tuple[int, int], int] = {}
    found: list[BlocInstance] = []

    def instance(code: int, value: int) -> int:
        if (code, value) not in place:
            rule = policy.blocs[ids[code]]
            outer = ABSENT if rule.inside is None else instance(ids.index(rule.inside), ABSENT)
            label = f"{rule.label}: {values[(code, value)]}" if value >= 0 else rule.label
            place[(code, value)] = len(found)
            found.append(BlocInstance(rule.id, label, rule.effect[0].ceiling, outer, (code, value)))
        return place[(code, value)]

    of_pair = [instance(int(pair) // stride, int(pair) % stride - 1) if pair >= 0 else ABSENT for pair in pairs]
    return np.array(of_pair, dtype=np.int64)[pair_of.reshape(-1)], tuple(found)
