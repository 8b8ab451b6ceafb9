"""A hierarchy of sources: source in group in source type in all, each level a Beta around the one above it.

What is alike among sources (a share, or a fidelity) lies in [0, 1]. A source's has a Beta with its group's mean, a
group's with its type's, a type's with that of all; how much each level's mean is worth, in reports, is learned by
empirical Bayes: the worths that make what was counted most likely. Given these, everything is a tree and exact: sums
and products over a grid, from the sources up and down again, as in the scorer.
Source: Robbins (1956); Gelman et al. (2013), Bayesian Data Analysis, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import betaincinv

from reliability.scoring.channel import Floats
from reliability.scoring.scatter import TINY, edges, moments, normal, scatter, through
from reliability.scoring.trie import Ints

LEAST_WORTH, MOST_WORTH = 0.3, 1e5
USUAL_WORTH, SPREAD = 10.0, 2.0
"""What is thought of a worth beforehand: its logarithm is normal. It holds where the counts say nothing."""


@dataclass(frozen=True)
class Members:
    """Sources by pattern: those of a group with the same counts are one row.

    `log_chance` (n_patterns, CELLS): natural logs of what was counted, at each point of the grid, up to a constant a
    row. `group`, `pattern`, `times` (n_rows,): so many sources of a group have a pattern. `type_of` (n_groups,).
    `type_prior` (n_types, CELLS): what is thought of each type's mean; None: types scatter about a mean of all.
    """

    log_chance: Floats
    group: Ints
    pattern: Ints
    times: Floats
    type_of: Ints
    type_prior: Floats | None = None

    @property
    def n_types(self) -> int:
        """How many types there are."""
        return int(self.type_of.max()) + 1

    @cached_property
    def by_group(self) -> csr_matrix:
        """How many sources of each group have each pattern: (n_groups, n_patterns)."""
        shape = (len(self.type_of), len(self.log_chance))
        return csr_matrix((self.times, (self.group, self.pattern)), shape=shape)

    @cached_property
    def by_type(self) -> csr_matrix:
        """Which groups are of which type: (n_types, n_groups)."""
        n = len(self.type_of)
        return csr_matrix((np.ones(n), (self.type_of, np.arange(n))), shape=(self.n_types, n))


@dataclass(frozen=True)
class Worths:
    """What a mean is worth to what lies below it, in reports; None where a level has but one member throughout.

    `of_types_members`: where types differ, what a group's mean is worth to a source's in each type.
    """

    of_all: float | None
    of_type: float | None
    of_group: float
    of_types_members: tuple[float, ...] | None = None

    def in_types(self, types: Ints) -> Floats:
        """What a group's mean is worth to a source's, in groups of some types: (n,)."""
        every = self.of_types_members
        return np.full(len(types), self.of_group) if every is None else np.array(every)[types]


@dataclass(frozen=True)
class Fitted:
    """The hierarchy once counts are known, as chances of cells: of all (CELLS,), types, groups (n, CELLS).

    `before` (n_rows, CELLS): a group's mean as it is without one source of the row. `worth_ends`: the 5 and 95 %
    points of each worth, the others held. `worth` (n_rows,): what that mean is worth to the row's sources.
    """

    worths: Worths
    worth_ends: tuple[tuple[float, float] | None, ...]
    of_all: Floats
    of_types: Floats
    of_groups: Floats
    before: Floats
    worth: Floats


def fitted(members: Members) -> Fitted:
    """Learn the worths, then all means."""
    worths = _best(members)
    upward = _Upward(members, worths)
    return upward.fitted(_ends(members, worths))


def by_type(members: Members, worths: Worths) -> Floats:
    """How likely each type's counts are, given those of all others: (n_types,), in nats up to a constant a type."""
    upward = _Upward(members, worths)
    found: Floats = np.logaddexp.reduce(np.log(np.maximum(normal(upward.above_type), TINY)) + upward.at_type, axis=1)
    return found


def refitted(members: Members, worths: Worths, before: Fitted) -> Fitted:
    """The hierarchy with other worths; the ends of worths stay as they were found."""
    return _Upward(members, worths).fitted(before.worth_ends)


def log_evidence(members: Members, worths: Worths) -> float:
    """How likely counts are under the hierarchy, in nats up to a constant of the counts."""
    return _Upward(members, worths).log_evidence


def _levels(members: Members) -> tuple[bool, bool]:
    """Whether types, and groups, are more than one: else that level's worth means nothing."""
    several_groups = len(members.type_of) > members.n_types
    return members.type_prior is None and members.n_types > 1, several_groups


def _unpacked(x: Floats, members: Members) -> Worths:
    values = iter(np.exp(x).tolist())
    types, groups = _levels(members)
    return Worths(next(values) if types else None, next(values) if groups else None, next(values))


def _loss(x: Floats, members: Members) -> float:
    prior = float((((x - np.log(USUAL_WORTH)) / SPREAD) ** 2).sum()) / 2.0
    return prior - _Upward(members, _unpacked(x, members)).log_evidence


def _best(members: Members) -> Worths:
    n = sum(_levels(members)) + 1
    bounds = [(np.log(LEAST_WORTH), np.log(MOST_WORTH))] * n
    found = minimize(_loss, np.full(n, np.log(USUAL_WORTH)), args=(members,), method="L-BFGS-B", bounds=bounds,
                     options={"maxiter": 60, "ftol": 1e-9, "eps": 1e-3})  # fmt: skip
    return _unpacked(np.asarray(found.x), members)


def _ends(members: Members, worths: Worths) -> tuple[tuple[float, float] | None, ...]:
    """Where 90 % of each worth's likelihood lies, the other worths held."""
    given = (worths.of_all, worths.of_type, worths.of_group)
    known = [np.log(one) for one in given if one is not None]
    found: list[tuple[float, float] | None] = []
    at = 0
    for one in given:
        found.append(None if one is None else _ends_of_one(members, known, at))
        at += one is not None
    return tuple(found)


def _ends_of_one(members: Members, known: list[float], at: int) -> tuple[float, float]:
    """The 5 and 95 % points of one worth: over its whole range first, then where its likelihood is."""
    low, high = np.log(LEAST_WORTH), np.log(MOST_WORTH)
    for n in (25, 33):
        line = np.linspace(low, high, n)
        tried = np.array([-_loss(np.array([*known[:at], x, *known[at + 1 :]]), members) for x in line.tolist()])
        there = np.flatnonzero(tried > tried.max() - 12.0)
        low, high = line[max(there[0] - 1, 0)], line[min(there[-1] + 1, n - 1)]
    chance = np.exp(tried - tried.max())
    reached = np.concatenate([[0.0], np.cumsum((chance[1:] + chance[:-1]) / 2.0)])
    ends: tuple[float, float] = tuple(np.exp(np.interp([0.05, 0.95], reached / reached[-1], line)).tolist())
    return ends


class _Upward:
    """What is heard from below at each level, in natural logs, for some worths."""

    def __init__(self, members: Members, worths: Worths) -> None:
        self.members, self.worths = members, worths
        self._from_type = None if worths.of_type is None else scatter(worths.of_type)
        self._from_all = None if worths.of_all is None else scatter(worths.of_all)
        self.pattern, self.sent_by_pattern, counted = _patterns(members, worths)
        self.at_group = np.asarray(counted @ self.sent_by_pattern)
        self.sent_by_group = through(self._from_type, self.at_group)
        self.at_type = np.asarray(members.by_type @ self.sent_by_group)
        if members.type_prior is None:
            self.sent_by_type = through(self._from_all, self.at_type)
            self.at_all = np.log(np.diff(edges())) + self.sent_by_type.sum(axis=0)
            self.log_evidence = float(np.logaddexp.reduce(self.at_all))
        else:
            self.sent_by_type = np.zeros_like(self.at_type)
            self.at_all = np.log(np.maximum(members.type_prior.mean(axis=0), TINY))
            self.log_evidence = float(np.logaddexp.reduce(np.log(members.type_prior) + self.at_type, axis=1).sum())

    @property
    def above_type(self) -> Floats:
        """What is expected of each type's mean without its own members, in logs: (n_types, CELLS)."""
        if self.members.type_prior is None:
            return _down(self.at_all - self.sent_by_type, self._from_all)
        return np.log(self.members.type_prior)

    def fitted(self, ends: tuple[tuple[float, float] | None, ...]) -> Fitted:
        """Downwards: each part's mean, from all that is below it and all that is not."""
        members = self.members
        of_all = normal(self.at_all[None, :])[0]
        at_type = self.above_type + self.at_type
        above_group = _down(at_type[members.type_of] - self.sent_by_group, self._from_type)
        at_group = above_group + self.at_group
        before = normal(at_group[members.group] - self.sent_by_pattern[self.pattern])
        return Fitted(self.worths, ends, of_all, normal(at_type), normal(at_group), before,
                      self.worths.in_types(members.type_of[members.group]))  # fmt: skip


def _patterns(members: Members, worths: Worths) -> tuple[Ints, Floats, csr_matrix]:
    """What each row's sources say of their group's mean: the place of each row, (n_rows,), and logs by place.

    Third, how many sources of each group stand at each place.
    """
    if worths.of_types_members is None:
        return members.pattern, through(scatter(worths.of_group), members.log_chance), members.by_group
    pairs = np.stack([members.type_of[members.group], members.pattern])
    distinct, place = np.unique(pairs, axis=1, return_inverse=True)
    said = np.empty((distinct.shape[1], members.log_chance.shape[1]))
    for kind, worth in enumerate(worths.of_types_members):
        mine = distinct[0] == kind
        said[mine] = through(scatter(worth), members.log_chance[distinct[1, mine]])
    place = place.reshape(-1)
    shape = (len(members.type_of), len(said))
    return place, said, csr_matrix((members.times, (members.group, place)), shape=shape)


def _down(log_above: Floats, kernel: Floats | None) -> Floats:
    """Logs of what is expected a level down, rows (n, CELLS)."""
    return log_above if kernel is None else np.log(np.maximum(normal(log_above) @ kernel, TINY))


def expected(chance: Floats, *worths: float | Floats | None) -> tuple[Floats, Floats]:
    """What to expect of one that lies so many levels below means (n, CELLS): the mean, and what it is worth, (n,).

    The Beta has the mean and the variance of the mixture: what is not known of the mean, and the scatter below it.
    """
    for worth in worths[:-1]:
        chance = chance if worth is None else chance @ scatter(float(worth))
    return moments(chance, worths[-1])


def ends_of(chance: Floats) -> Floats:
    """The 5 and 95 % points of means (n, CELLS): (n, 2)."""
    reached = np.cumsum(chance, axis=1)
    found = [np.interp([0.05, 0.95], np.concatenate([[0.0], row]), edges()) for row in reached]
    return np.array(found)


def beta_ends(hits: Floats, misses: Floats) -> Floats:
    """The 5 and 95 % points of Beta(hits, misses): (n, 2)."""
    found: Floats = np.stack([betaincinv(hits, misses, share) for share in (0.05, 0.95)], axis=1)
    return found
