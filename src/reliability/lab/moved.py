"""A number of a rule, a deciban up and down: what that means for each kind of number."""

from __future__ import annotations

from math import log10
from typing import Literal

import numpy as np

from reliability.rules.schema import Bias, Constant, Rule
from reliability.scoring.origins import fidelity_of_weight, own_weight_db

Meaning = Literal["decibans", "chance", "fidelity", "amount"]
_DECIBANS = ("shift_db", "cap_db", "assessed-db", "support-db")
_FIDELITIES = ("fidelity", "factor", "ceiling", "common-error", "figure-knows")
_CHANCES = ("p", "p0", "guess", "prior", "low", "high", "coverage", "said-so-prior", "unknown-hedge", "basis-low",
            "basis-high")  # fmt: skip


def meaning(rule: Rule, number: str) -> Meaning:
    """What kind of number it is: decibans, a chance, a fidelity, or an amount (a ratio, a count, a cost)."""
    name = rule.id if isinstance(rule, Constant) else number
    if name in _DECIBANS:
        return "decibans"
    if name in _FIDELITIES:
        return "fidelity"
    return "chance" if name in _CHANCES and not isinstance(rule, Bias) else "amount"


def moved(kind: Meaning, value: float) -> dict[str, float]:
    """The number a deciban up (+) and down (−): decibans as they stand, chances by their odds, fidelities by their own
    weight (at least 0), amounts by a factor of 10^(1/10). Chances and fidelities of 0 and 1 don't move.
    """  # fmt: skip
    found = {}
    for way, db in (("+", 1.0), ("−", -1.0)):
        if kind == "decibans":
            found[way] = value + db
        elif kind == "amount":
            found[way] = value * 10.0 ** (db / 10.0)
        elif 0.0 < value < 1.0 and kind == "fidelity":
            found[way] = float(fidelity_of_weight(np.maximum(own_weight_db(np.array(value)) + db, 0.0)))
        elif 0.0 < value < 1.0:
            odds = 10.0 ** (log10(value / (1.0 - value)) + db / 10.0)
            found[way] = odds / (1.0 + odds)
    return found
