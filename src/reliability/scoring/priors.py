"""What is believed before any report, and what channels of a claim guess when they don't know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.coding import Coded
from reliability.scoring.describe import describe, outcomes, settings
from reliability.scoring.provenance import Origins, SourceTable
from reliability.scoring.trie import ABSENT, Ints


@dataclass(frozen=True)
class Priors:
    """`prior` and `guess`, each (K, n_units), and `rule` (n_units,): the prior rule that set them, ABSENT if none."""

    prior: Floats
    guess: Floats
    rule: Ints


def priors_of(coded: Coded, origins: Origins, policy: Policy, table: SourceTable, k: int) -> Priors:
    """Priors of all claims.

    Plain claims have π = γ = ½ unless a prior rule fires on what their origins' links say; questions have equal
    priors over all alternatives and guess from them.
    """
    n_units = len(coded.units)
    if k > 2:
        even = np.full((k, n_units), 1.0 / k)
        return Priors(even, even, np.full(n_units, ABSENT, dtype=np.int64))
    counting = np.flatnonzero(origins.counts)
    prior, guess = np.full(n_units, 0.5), np.full(n_units, 0.5)
    rule = np.full(n_units, ABSENT, dtype=np.int64)
    if counting.size and policy.priors:
        units, groups = np.unique(coded.unit[counting], return_inverse=True)
        at = origins.first[counting]
        example = np.zeros(len(units), dtype=np.int64)
        example[groups] = counting
        described = describe(coded, policy, table, groups=groups, report=counting, link=at, passed_by=at,
                             source=origins.source[example], type_code=origins.origin_type[example])  # fmt: skip
        found = outcomes(policy.priors, described, policy)
        value, by = settings(policy.priors, found, "prior", len(units))
        fired = by >= 0
        prior[units[fired]] = value[fired]
        rule[units] = by
        for place, one in enumerate(policy.priors):
            stated = one.effect[0].guess
            mine = units[by == place]
            guess[mine] = prior[mine] if stated == "prior" else 0.5 if stated in ("even", None) else float(stated)
    return Priors(np.stack([prior, 1.0 - prior]), np.stack([guess, 1.0 - guess]), rule)
