"""The accounts of links: base, shifts, clamp, guess, which rules fired, and which could not be decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from reliability.model.rating import LinkAccount, Shift, Undecided
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.rules.conditions import Outcome
from reliability.scoring.origins import own_weight_db
from reliability.scoring.trie import Ints

FLOOR, CAP, BLOC_CEILING = "floor reached", "cap of the type reached", "ceiling of the bloc reached"
HIGHEST_DB = 300.0


def accounts_of_links(account: Account) -> dict[int, LinkAccount]:
    """An account for every origin and relay node, by node."""
    return {**_origins(account), **_relays(account)}


def _fired(rules: Iterable[Any], outcomes: Mapping[str, Outcome], matters: str | None = None) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for rule in rules:
        if matters is None or getattr(rule.effect[0], matters) is not None:
            for row in np.flatnonzero(outcomes[rule.id].yes).tolist():
                found[row].append(rule)
    return found


def _undecided(outcomes: Mapping[str, Outcome]) -> dict[int, list[Undecided]]:
    found: dict[int, list[Undecided]] = defaultdict(list)
    for name in sorted(outcomes):
        for field in sorted(outcomes[name].missing):
            one = Undecided(rule=name, missing=field)
            for row in np.flatnonzero(outcomes[name].missing[field]).tolist():
                found[row].append(one)
    return found


def _origins(account: Account) -> dict[int, LinkAccount]:
    scored, policy = account.scored, account.policy
    links, rows = scored.links, scored.parameters.origin_row
    shifts = _fired(policy.modifiers, links.outcomes, "shift_db")
    undecided = _undecided(links.outcomes)
    found: dict[int, LinkAccount] = {}
    for node in np.flatnonzero(rows >= 0).tolist():
        row = int(rows[node])
        weight, base = float(links.weight_db[row]), float(links.base_db[row])
        own, rules = _own_record(account, row), shifts[row]
        shift = float(links.shift_db[row]) + float(links.record_db[row])
        clamp = None
        if links.clamp_db[row] > 1e-9:
            clamp = f"{FLOOR}, {-(base + shift):.1f} dB unused"
        elif links.clamp_db[row] < -1e-9:
            clamp = f"{CAP}, {base + shift - weight:.1f} dB unused"
        if scored.parameters.over_bloc[node] > 1e-9:
            held = float(own_weight_db(scored.parameters.above[node]))
            clamp = f"{BLOC_CEILING}, {weight - held:.1f} dB unused"
            weight = held
        by = [int(p) for p in (links.p_by[row], links.guess_by[row]) if p >= 0]
        found[node] = LinkAccount(
            label=account.labels[node], kind="origin", type=scored.coded.type_ids[int(links.type[row])],
            base_db=rounded(base, 2),
            shifts=(*own, *(Shift(rule=rule.id, db=rounded(rule.effect[0].shift_db, 2)) for rule in rules)),
            clamp_db=_shown(base + shift, weight), clamp=clamp, weight_db=rounded(weight, 2),
            guess=rounded(float(scored.parameters.channels.guess[0, node]), 4),
            set_by=tuple(sorted({policy.modifiers[p].id for p in by})), undecided=tuple(undecided[row]),
        )  # fmt: skip
    return found


def _shown(before: float, after: float) -> float:
    """A row between two weights as it is shown: what lies between these as they are shown, so that rows add up."""
    return rounded(rounded(after, 2) - rounded(before, 2), 2)


def _own_record(account: Account, row: int) -> tuple[Shift, ...]:
    """The row that says how a source's own record shifts its type's weight, if it has one that acts."""
    links = account.scored.links
    record = links.recorded
    if not record.there[row] or links.p_by[row] >= 0:
        return ()
    told = "shifted by its kind's record"
    if record.total[row]:
        told = f"shifted by its record: {_right(float(record.right[row]), float(record.total[row]))} right"
    if row in record.of_class:
        mine = record.of_class[row]
        told += f", {_right(mine.right, mine.total)} " + (f"of class {mine.name}" if mine.name else "without a class")
    base = float(links.base_db[row])
    return (Shift(rule=told, db=_shown(base, base + float(links.record_db[row]))),)


def _right(right: float, total: float) -> str:
    return f"{rounded(right, 1):,g} of {rounded(total, 1):,g}"


def _relays(account: Account) -> dict[int, LinkAccount]:
    scored, policy = account.scored, account.policy
    relays = scored.parameters.relays
    factors = _fired(policy.relays, relays.outcomes, "factor")
    undecided = _undecided(relays.outcomes)
    kinds = relays.described.columns["source_type"].codes
    found: dict[int, LinkAccount] = {}
    for row, node in enumerate(relays.node.tolist()):
        fidelity = float(relays.base[row])
        base = weight = own_db(fidelity)
        shifts = []
        for rule in factors[row]:
            fidelity *= rule.effect[0].factor
            shifts.append(Shift(rule=rule.id, db=rounded(own_db(fidelity) - weight, 2)))
            weight = own_db(fidelity)
        found[node] = LinkAccount(
            label=account.labels[node], kind="outlet" if account.outlet[node] else "relay",
            type=scored.coded.type_ids[int(kinds[row])], base_db=rounded(base, 2), shifts=tuple(shifts),
            weight_db=rounded(weight, 2), guess=rounded(float(scored.parameters.channels.guess[0, node]), 4),
            set_by=(policy.relays[int(relays.set_by[row])].id,), undecided=tuple(undecided[row]),
        )  # fmt: skip
    return found


def own_db(fidelity: float) -> float:
    """A fidelity's own weight in decibans, at most 300."""
    return float(np.minimum(own_weight_db(np.array(fidelity)), HIGHEST_DB))


def grades(account: Account, rows: Ints) -> tuple[float, float]:
    """Of the weight on some origins' links (Σ|base| + Σ|shift|), the shares with grade A or B and with grade D.

    Links that end without weight are left out: a source of φ = 0 never changes confidence. (0, 0) without weight.
    """
    total, measured, elicited = (float(np.cumsum(part)[-1]) if len(rows) else 0.0 for part in account.graded[:, rows])
    return (measured / total, elicited / total) if total else (0.0, 0.0)
