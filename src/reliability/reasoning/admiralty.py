"""Admiralty codes: a letter for the source, and a digit for what it says as rated without it."""

from __future__ import annotations

import numpy as np

from reliability.model.rating import Admiralty
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account, log_odds_db
from reliability.scoring.coding import STANCES
from reliability.scoring.trie import Ints

JUDGED_BY_NOBODY = "F"
TRUTH_CANNOT_BE_JUDGED = "6"


def admiralty_codes(account: Account, rows: Ints, children: Ints, removable: list[int]) -> tuple[Admiralty, ...]:
    """One code a counting report of a claim, in id order."""
    scored = account.scored
    place = {int(row): i for i, row in enumerate(scored.paths.reports.tolist())}
    found: list[Admiralty] = []
    for row in rows.tolist():
        if row not in place:
            continue
        node = int(account.origin_of[scored.paths.trie.terminal[place[row]]])
        found.append(Admiralty(report=scored.reports[row].key, source=_letter(account, node),
                               information=_digit(account, node, row, children)))  # fmt: skip
    return tuple(found)


def _letter(account: Account, node: int) -> str:
    """From the origin's φ; F where there is no record and the basis is judgement (grade D)."""
    links, policy = account.scored.links, account.policy
    row = int(account.scored.parameters.origin_row[node])
    setter = int(links.p_by[row])
    kind = policy.types[account.scored.coded.type_ids[int(links.type[row])]]
    grade = (policy.modifiers[setter] if setter >= 0 else kind).effect[0].grade
    if grade == "D":
        return JUDGED_BY_NOBODY
    return account.scales.letters.word(rounded(float(links.fidelity[row]), 6))[0]


def _digit(account: Account, node: int, row: int, children: Ints) -> str:
    """What the report says, rated without its origin; 6 where the rest does not speak to it."""
    scored, policy = account.scored, account.policy
    coded, parent = scored.coded, scored.paths.trie.parent
    alternative = int(coded.alternative[row])
    denies = coded.stance[row] == STANCES["denies"]
    unit = int(coded.unit[row])
    rival = account.rival(unit, alternative)
    above = node
    while parent[above] != children[0] and parent[parent[above]] >= 0:
        above = int(parent[above])
    bars = account.bar_db(scored.up.sent[:, children], alternative, rival)
    top = float(account.bar_db(account.without_top[:, [node]], alternative, rival)[0])
    bars = np.where(children == above, 0.0 if above == node else top, bars)
    left = float(account.without_p[alternative, node])
    weight = log_odds_db(left) - log_odds_db(float(scored.priors.prior[alternative, unit]))
    least = policy.constants["assessed-db"]
    if abs(weight) < least and not (np.abs(bars) >= least).any():
        return TRUTH_CANNOT_BE_JUDGED
    p = rounded(1.0 - left if denies else left, 6)
    digit = account.scales.digits.word(p)[0]
    backed = (-bars if denies else bars) >= policy.constants["support-db"]
    return "2" if digit == "1" and not backed.any() else digit
