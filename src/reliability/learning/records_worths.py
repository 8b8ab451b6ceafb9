"""What a group's mean is worth to a source's, by source type: some types' members are more alike than others'.

Each type has its own worth, whose logarithm scatters around that of all types. How widely is learned as well: where
counts don't show that types differ, the worth of all is that of each.
Source: Gelman et al. (2013), Bayesian Data Analysis, chapter 5: partial pooling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from reliability.learning.records_pools import (
    LEAST_WORTH,
    MOST_WORTH,
    SPREAD,
    USUAL_WORTH,
    Fitted,
    Members,
    Worths,
    by_type,
    refitted,
)
from reliability.scoring.channel import Floats
from reliability.scoring.scatter import TINY

LINE = np.linspace(np.log(LEAST_WORTH), np.log(MOST_WORTH), 41)
SPREADS = (0.25, 0.5, 1.0, 2.0)
"""How widely types' worths may scatter, in natural units of their logarithm."""
MENTION = float(np.log(3.0))
"""Types differ where counts are three times as likely with that."""


@dataclass(frozen=True)
class TypeWorths:
    """Each type's worth, with its 5 and 95 % points; `differ`: whether types are told apart."""

    worths: Floats
    ends: Floats
    differ: bool


def with_types(members: Members, found: Fitted) -> tuple[Fitted, TypeWorths]:
    """A fitted hierarchy with each type's own worth, where types differ."""
    curves = np.stack([by_type(members, replace(found.worths, of_group=worth)) for worth in np.exp(LINE).tolist()])
    told = _told(curves.T, found.worths)
    if not told.differ:
        return found, told
    return refitted(members, replace(found.worths, of_types_members=tuple(told.worths.tolist())), found), told


def _told(curves: Floats, worths: Worths) -> TypeWorths:
    """Worths from each type's log evidence along the line, (n_types, 41)."""
    usual = -(((LINE - np.log(USUAL_WORTH)) / SPREAD) ** 2) / 2.0
    usual -= logsumexp(usual)
    same = float(logsumexp(usual + curves.sum(axis=0)))
    centres = -((LINE[None, :] - LINE[:, None]) ** 2) / 2.0
    tried = []
    for spread in SPREADS:
        around = centres / spread**2
        around -= logsumexp(around, axis=1, keepdims=True)
        tried.append(usual + logsumexp(around[:, None, :] + curves[None, :, :], axis=2).sum(axis=1))
    differ = float(logsumexp(np.array(tried))) - np.log(len(SPREADS)) - same > MENTION
    if not differ:
        chance = np.broadcast_to(usual + curves.sum(axis=0), curves.shape)
        return TypeWorths(np.full(len(curves), worths.of_group), _ends(chance), differ)
    at, centre = np.unravel_index(np.argmax(np.array(tried)), (len(SPREADS), len(LINE)))
    chance = centres[centre] / SPREADS[at] ** 2 + curves
    weight = np.exp(chance - logsumexp(chance, axis=1, keepdims=True))
    return TypeWorths(np.exp(weight @ LINE), _ends(chance), differ)


def _ends(log_chance: Floats) -> Floats:
    """The 5 and 95 % points of worths whose chances are told along the line: (n_types, 2)."""
    chance = np.exp(log_chance - log_chance.max(axis=1, keepdims=True))
    steps = (chance[:, 1:] + chance[:, :-1]) / 2.0
    reached = np.concatenate([np.zeros((len(chance), 1)), np.cumsum(steps, axis=1)], axis=1)
    reached /= np.maximum(reached[:, -1:], TINY)
    found: Floats = np.exp(np.array([np.interp([0.05, 0.95], row, LINE) for row in reached]))
    return found
