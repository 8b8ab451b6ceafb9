"""Flags: what an editor should know about a rating at a glance. None of them touches a probability."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reliability.reasoning.account import Account
from reliability.rules.policy import UNKNOWN
from reliability.scoring.paths import BLOC, SILENCE, unknown_hedges
from reliability.scoring.trie import Ints

STALE_DAYS = "stale-days"
_MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True)
class Evidence:
    """What stands behind one rating. The counts named `supporting_` leave out sources without weight."""

    independent: int
    outlets: int
    supporting_origins: int
    supporting_outlets: int
    supporting_blocs: int
    supporting_reports: int
    anonymous_only: bool
    hearsay_only: bool
    superseded: bool
    worse_than_chance: bool
    unknown_outlet: bool
    unknown_hedge: bool
    inconsistent: bool
    unranged: bool
    beyond_range: bool
    newest_report: int | None
    stale_after: float
    contested: bool = False
    beyond: bool = False
    unreliable: bool = False
    newest: int | None = None

    @classmethod
    def of(cls, account: Account, unit: int, rows: Ints, nodes: Ints, supporting: Ints) -> Evidence:
        """Read a claim's evidence: its report rows, its nodes, and the children of the common error in support."""
        scored = account.scored
        coded, links, parent = scored.coded, scored.links, scored.paths.trie.parent
        under = np.zeros(scored.paths.trie.n_nodes, dtype=bool)
        under[supporting] = True
        for node in nodes.tolist():
            if parent[node] >= 0:
                under[node] |= under[parent[node]]
        row_of_node = scored.parameters.origin_row[nodes]
        origin_nodes = nodes[row_of_node >= 0]
        origin_rows = row_of_node[row_of_node >= 0]
        weighty = links.weight_db[origin_rows] > 0.0
        backing = set(origin_nodes[weighty & under[origin_nodes]].tolist())
        counting = rows[scored.origins.counts[rows]]
        places = scored.paths.trie.terminal[np.searchsorted(scored.paths.reports, counting)]
        supports = np.array([int(account.origin_of[place]) in backing for place in places], dtype=bool)
        outlet = coded.source[coded.length[counting] - 1, counting]
        outlet_type = scored.origins.type[coded.length[counting] - 1, counting]
        descriptor = np.array([account.policy.types[t].descriptor for t in coded.type_ids])[links.type[origin_rows]]
        strange = unknown_hedges(coded, account.policy)
        hedges = coded.hedge[:, counting]
        dated = coded.end[rows][coded.end[rows] >= 0]
        return cls(
            independent=int((scored.paths.kind[account.children[unit]] != SILENCE).sum()),
            outlets=len(np.unique(outlet)),
            supporting_origins=len(backing), supporting_outlets=len(np.unique(outlet[supports])),
            supporting_blocs=int((under[nodes] & (scored.paths.kind[nodes] == BLOC)).sum()),
            supporting_reports=int(supports.sum()),
            anonymous_only=bool(weighty.any() and descriptor[weighty].all()),
            hearsay_only=bool(weighty.any() and (descriptor | _second_hand(account, origin_rows))[weighty].all()),
            superseded=bool((scored.origins.superseded | scored.origins.retracted)[rows].any()),
            worse_than_chance=bool(links.worse_than_chance[origin_rows].any()),
            unknown_outlet=bool((outlet_type == coded.type_ids.index(UNKNOWN)).any()),
            unknown_hedge=bool(np.isin(hedges[hedges >= 0], [coded.hedges.index(w) for w in strange]).any()),
            inconsistent=_inconsistent(account, rows, nodes),
            unranged=_unranged(account, rows),
            beyond_range=_beyond_range(account, rows),
            newest_report=int(dated.max()) if dated.size else None,
            stale_after=account.policy.constants.get(STALE_DAYS, 365.0),
        )  # fmt: skip

    def judged(self, *, contested: bool, beyond: bool, unreliable: bool, newest: int | None) -> Evidence:
        """The same with what only the finished rating shows."""
        return replace(self, contested=contested, beyond=beyond, unreliable=unreliable, newest=newest)


def _second_hand(account: Account, origin_rows: Ints) -> np.ndarray:
    column = account.scored.links.described.columns.get("first_hand")
    if column is None:
        return np.zeros(len(origin_rows), dtype=bool)
    said_no = np.array([*(value is False for value in column.values), False])
    found: np.ndarray = said_no[column.codes[origin_rows]]
    return found


def _inconsistent(account: Account, rows: Ints, nodes: Ints) -> bool:
    scored = account.scored
    relays = scored.parameters.relays
    origin_rows = scored.parameters.origin_row[nodes]
    mine = np.isin(relays.node, nodes)
    return bool(
        scored.origins.inconsistent[rows].any()
        or scored.links.described.inconsistent[origin_rows[origin_rows >= 0]].any()
        or relays.described.inconsistent[mine].any()
    )


def _unranged(account: Account, rows: Ints) -> bool:
    """Whether a figure's unit has no rule that gives its range, so that it is rated as true or false."""
    coded = account.scored.coded
    units = {coded.quantity_units[code] for code in coded.unit_name[rows].tolist() if code >= 0}
    return any(account.policy.unit_of(unit) is None for unit in units)


def _beyond_range(account: Account, rows: Ints) -> bool:
    """Whether a figure lies beyond the greatest number that its unit's rule thinks possible."""
    for row in rows.tolist():
        quantity = account.scored.reports[row].quantity
        unit = None if quantity is None else account.policy.unit_of(quantity.unit)
        if quantity is not None and unit is not None and quantity.value > unit.effect[0].range:
            return True
    return False


def flags_of(evidence: Evidence) -> list[str]:
    """The flags that evidence raises, by the names of INTERFACE."""
    newest, mine = evidence.newest, evidence.newest_report
    old = newest is not None and mine is not None and newest - mine > evidence.stale_after * _MICROSECONDS_A_DAY
    raised = {
        "single-source": evidence.independent == 1,
        "single-outlet": evidence.outlets == 1,
        "contested": evidence.contested,
        "hearsay-only": evidence.hearsay_only,
        "superseded": evidence.superseded,
        "stale": old,
        "worse-than-chance": evidence.worse_than_chance,
        "unknown-outlet": evidence.unknown_outlet,
        "unknown-hedge": evidence.unknown_hedge,
        "inconsistent-link": evidence.inconsistent,
        "unit-without-range": evidence.unranged,
        "figure-beyond-range": evidence.beyond_range,
        "beyond-scale": evidence.beyond,
        "interval-unreliable": evidence.unreliable,
        "no-standing-report": evidence.independent == 0,
    }
    return [name for name, up in raised.items() if up]
