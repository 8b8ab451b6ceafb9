"""Admiralty codes: a letter for the source, and a digit for what it says as rated without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from reliability.model.rating import Admiralty
from reliability.model.rounding import rounded
from reliability.reasoning.account import Account
from reliability.scoring.channel import Floats
from reliability.scoring.coding import STANCES
from reliability.scoring.trie import Ints

JUDGED_BY_NOBODY = "F"
TRUTH_CANNOT_BE_JUDGED = "6"


class Readable(Protocol):
    """What a rating in the making tells of itself with a part left out."""

    account: Account
    rows: Ints
    prior_db: float

    def about(self, row: int) -> bool:
        """Whether a report is about what is rated."""

    def p_without(self, node: int) -> float:
        """The rating without a node."""

    def db_without(self, node: int) -> float:
        """Its log-ratio without a node."""

    def bars_without(self, node: int) -> Floats:
        """The bars without a node."""

    def is_assessed(self, weight_db: float, bars: Callable[[], Floats]) -> bool:
        """Whether weight and bars are enough to speak."""


def admiralty_codes(reading: Readable) -> tuple[Admiralty, ...]:
    """One code a counting report on what is rated, in id order."""
    scored = reading.account.scored
    found: list[Admiralty] = []
    for row in reading.rows.tolist():
        spoke = scored.coded.stance[row] != STANCES["silent"]
        if reading.account.path_of[row] >= 0 and spoke and reading.about(row):
            node = int(reading.account.origin_of[scored.paths.trie.terminal[reading.account.path_of[row]]])
            letter, digit = _letter(reading.account, node), _digit(reading, node, row)
            found.append(Admiralty(report=scored.reports[row].key, source=letter, information=digit))
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


def _digit(reading: Readable, node: int, row: int) -> str:
    """What the report says, rated without its origin; 6 where the rest does not speak to it."""
    account = reading.account
    denies = account.scored.coded.stance[row] == STANCES["denies"]
    if not reading.is_assessed(reading.db_without(node) - reading.prior_db, lambda: reading.bars_without(node)):
        return TRUTH_CANNOT_BE_JUDGED
    left = reading.p_without(node)
    digit = account.scales.digits.word(rounded(1.0 - left if denies else left, 6))[0]
    if digit != "1":
        return digit
    bars = reading.bars_without(node)
    backed = (-bars if denies else bars) >= account.policy.constants["support-db"]
    return "1" if backed.any() else "2"
