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

    Plain claims have π = γ = ½ unless a prior rule fires on what their origins' links say. Questions have equal priors
    over all alternatives and guess from them, unless a rule of "none of these" fires: then the others share the rest.
    """
    n_units = len(coded.units)
    prior, guess = np.full((k, n_units), 1.0 / k), np.full((k, n_units), 1.0 / k)
    rule = np.full(n_units, ABSENT, dtype=np.int64)
    of_question = np.array([one.alternatives is not None for one in coded.units], dtype=bool)
    counting = np.flatnonzero(origins.counts)
    if not (counting.size and policy.priors):
        return Priors(prior, guess, rule)
    units, groups = np.unique(coded.unit[counting], return_inverse=True)
    at = origins.first[counting]
    example = np.zeros(len(units), dtype=np.int64)
    example[groups] = counting
    described = describe(coded, policy, table, groups=groups, report=counting, link=at, passed_by=at,
                         source=origins.source[example], type_code=origins.origin_type[example])  # fmt: skip
    for about, whose in (("claim", ~of_question), ("none-of-these", of_question)):
        rules = tuple(one for one in policy.priors if one.effect[0].of == about)
        value, by = settings(rules, outcomes(rules, described, policy), "prior", len(units))
        for place, one in enumerate(rules):
            mine = units[(by == place) & whose[units]]
            if not mine.size:
                continue
            chosen = np.array([0 if about == "claim" else k - 1] * len(mine))
            prior[:, mine] = leaning(prior[:, mine], chosen, np.full(len(mine), value[by == place][0]))
            rule[mine] = policy.priors.index(one)
            stated = one.effect[0].guess
            if stated == "prior":
                guess[:, mine] = prior[:, mine]
            elif isinstance(stated, float):
                guess[:, mine] = leaning(guess[:, mine], chosen, np.full(len(mine), stated))
    return Priors(prior, guess, rule)


def leaning(chances: Floats, chosen: Ints, chance: Floats) -> Floats:
    """Distributions (K, n) in which the alternative `chosen` (n,) has a chance of its own, NaN where it keeps its.

    The rest is shared as `chances` has it.
    """
    found: Floats = chances.copy()
    at = np.flatnonzero(~np.isnan(chance))
    if not at.size:
        return found
    own, place = chance[at], (chosen[at], np.arange(len(at)))
    rest = found[:, at]
    rest[place] = 0.0
    rest[:, rest.sum(axis=0) <= 0.0] = 1.0
    rest[place] = 0.0
    found[:, at] = rest / rest.sum(axis=0) * (1.0 - own)
    found[chosen[at], at] = own
    return found
