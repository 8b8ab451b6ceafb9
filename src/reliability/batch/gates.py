"""Analytic confidence and gates for many claims at once, as `reasoning.confidence` finds them for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reliability.reasoning.confidence import LEVELS
from reliability.rules.conditions import Column, evaluate
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

LOW, MODERATE, HIGH = range(len(LEVELS))


@dataclass(frozen=True)
class Gated:
    """Levels as places in LEVELS, (m,), and which claims a gate's flag is raised on."""

    level: Ints
    support: Ints
    robustness: Ints
    basis: Ints
    flags: Mapping[str, NDArray[np.bool_]]


def gated(policy: Policy, *, support: Ints, moved: Ints, measured: Floats, fields: Mapping[str, Any]) -> Gated:
    """Confidence from the three readings, then the gates, in their order. `fields` (m,) each are what gates may ask."""
    enough = (support >= 3) & (fields["outlets"] >= 2)
    by_support = np.where(support <= 1, LOW, np.where(enough, HIGH, MODERATE))
    robustness = np.where(moved >= 2, LOW, np.where(moved == 1, MODERATE, HIGH))
    low, high = policy.constants["basis-low"], policy.constants["basis-high"]
    basis = np.where(measured < low, LOW, np.where(measured < high, MODERATE, HIGH))
    level = np.minimum(np.minimum(by_support, robustness), basis)
    known = {"support": support, "independent": support, **fields}
    columns = {name: _column(values) for name, values in known.items()}
    for name, places in (("support", by_support), ("robustness", robustness), ("basis", basis)):
        columns[f"{name}_level"] = Column(places.astype(np.int64), LEVELS)
    flags: dict[str, NDArray[np.bool_]] = {}
    for gate in policy.gates:
        fires = evaluate(gate.when, columns, len(support)).yes
        most, flag = gate.effect[0].confidence_at_most, gate.effect[0].flag
        if most is not None:
            level = np.where(fires, np.minimum(level, LEVELS.index(most)), level)
        if flag is not None:
            flags[flag] = flags.get(flag, np.zeros(len(support), dtype=bool)) | fires
    return Gated(level, by_support, robustness, basis, flags)


def _column(values: NDArray[Any]) -> Column:
    distinct, codes = np.unique(values, return_inverse=True)
    return Column(codes.reshape(-1).astype(np.int64), tuple(distinct.tolist()))
