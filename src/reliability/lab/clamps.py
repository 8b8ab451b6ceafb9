"""Numbers that a type's floor or cap always cuts: of them less is used than is written, whatever the link."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reliability.rules.domains import link_domains
from reliability.rules.findings import Finding, teller
from reliability.rules.policy import Policy
from reliability.rules.reach import Reach
from reliability.rules.schema import Condition, Modifier, ModifierEffect, SourceType
from reliability.scoring.origins import fidelity_of, own_weight_db

_TOLERANCE_DB = 1e-6
_TOGETHER = 3


def clamps(policy: Policy) -> Iterator[Finding]:
    """Types whose own weight is above their cap, and shifts that are cut with every type and all that may help them."""
    tell = teller("clamp", policy.files, str(policy.folder))
    for kind in policy.types.values():
        weight, cap = _weight_db(kind, kind.effect[0].p), kind.effect[0].cap_db
        if weight > cap + _TOLERANCE_DB:
            yield tell(kind, ("effect", 0, "cap_db"), f"the type's own {weight:.2f} dB are always cut to {cap:g}",
                       "raise the cap, or lower p")  # fmt: skip
    reach = Reach(link_domains(policy), policy.kin)
    kinds = [(kind, {"source_type": kind.id}) for kind in policy.types.values()]
    for rule in policy.modifiers:
        shift = rule.effect[0].shift_db
        if shift is None or shift == 0.0:
            continue
        if any(_unused_db(shift, kind, []) <= _TOLERANCE_DB and reach.can_hold(rule.when, of)
               for kind, of in kinds):  # fmt: skip
            continue
        unused = [_unused_db(shift, kind, _along(rule, of, policy, reach)) for kind, of in kinds
                  if reach.can_hold(rule.when, of)]  # fmt: skip
        if unused and min(unused) > _TOLERANCE_DB:
            limit = "floor" if shift < 0.0 else "cap"
            yield tell(rule, ("effect", 0, "shift_db"),
                       f"is always cut: with every type the {limit} leaves {min(unused):.1f} dB or more unused",
                       f"write at most {abs(shift) - min(unused):.1f} dB, or move the {limit}")  # fmt: skip


def _along(rule: Modifier, of_type: Condition, policy: Policy, reach: Reach) -> list[ModifierEffect]:
    """The effects of all other modifiers that can fire together with a rule on a source of a type."""
    return [other.effect[0] for other in policy.modifiers
            if other is not rule and reach.can_hold(rule.when, other.when, of_type)]  # fmt: skip


def _unused_db(shift: float, kind: SourceType, along: list[ModifierEffect]) -> float:
    """What the clamp leaves unused of a shift in the best case: with the three effects along that help most."""
    weights = [_weight_db(kind, p) for p in (kind.effect[0].p, *(one.p for one in along if one.p is not None))]
    sign = 1.0 if shift < 0.0 else -1.0
    helping = sorted((max(sign * (one.shift_db or 0.0), 0.0) for one in along), reverse=True)[:_TOGETHER]
    if shift < 0.0:
        return -(max(weights) + sum(helping) + shift)
    return min(weights) - sum(helping) + shift - kind.effect[0].cap_db


def _weight_db(kind: SourceType, p: float) -> float:
    return float(own_weight_db(fidelity_of(np.array(p), np.array(kind.effect[0].p0))))
