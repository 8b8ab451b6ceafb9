"""Analytic confidence: support, robustness and basis, the worst of which wins; then gates, which never touch p."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reliability.model.rating import Confidence, Level
from reliability.rules.conditions import Column, evaluate
from reliability.rules.policy import Policy

LEVELS: tuple[Level, ...] = ("low", "moderate", "high")


@dataclass(frozen=True)
class Standing:
    """What confidence is read from. Sources without weight are in none of these counts."""

    support: int
    outlets: int
    bands_moved: int
    moved_by: str | None
    share_measured: float
    share_elicited: float


def support_level(standing: Standing) -> Level:
    """0–1 children of the common error in support are low, 2 moderate, 3 or more through two outlets high."""
    if standing.support <= 1:
        return "low"
    return "high" if standing.support >= 3 and standing.outlets >= 2 else "moderate"


def robustness_level(standing: Standing) -> Level:
    """Leaving one part out moves the word two bands or more: low; one: moderate; none: high."""
    return "low" if standing.bands_moved >= 2 else "moderate" if standing.bands_moved == 1 else "high"


def basis_level(standing: Standing, policy: Policy) -> Level:
    """By the share of the weight whose numbers have grade A or B."""
    if standing.share_measured < policy.constants["basis-low"]:
        return "low"
    return "moderate" if standing.share_measured < policy.constants["basis-high"] else "high"


def confidence(
    standing: Standing, policy: Policy, fields: Mapping[str, Any], gated: bool = True
) -> tuple[Confidence, list[str]]:
    """The level with its reasons, and the flags that gates raise."""
    support, robustness = support_level(standing), robustness_level(standing)
    basis = basis_level(standing, policy)
    n = standing.support
    reasons = ["no independent origin in support" if n == 0 else
               "one independent origin" if n == 1 else f"{n} independent origins"]  # fmt: skip
    if standing.bands_moved:
        bands = "one band" if standing.bands_moved == 1 else f"{standing.bands_moved} bands"
        reasons.append(f"without {standing.moved_by} the word moves {bands}")
    else:
        reasons.append("no single part moves the word")
    reasons.append(f"{standing.share_measured:.0%} of the weight rests on measured numbers (grade A or B)")
    level = LEVELS[min(LEVELS.index(support), LEVELS.index(robustness), LEVELS.index(basis))]
    flags: list[str] = []
    if gated:
        known = {**fields, "support_level": support, "robustness_level": robustness, "basis_level": basis}
        columns = {name: Column(np.zeros(1, dtype=np.int64), (value,)) for name, value in known.items()}
        for gate in policy.gates:
            if not evaluate(gate.when, columns, 1).yes[0]:
                continue
            effect = gate.effect[0]
            most = effect.confidence_at_most
            if most is not None and LEVELS.index(most) < LEVELS.index(level):
                level = most
                reasons.append(f"held at {most} by the gate {gate.id}")
            if effect.flag is not None:
                flags.append(effect.flag)
    found = Confidence(level=level, support=support, robustness=robustness, basis=basis, reasons=tuple(reasons))
    return found, flags
