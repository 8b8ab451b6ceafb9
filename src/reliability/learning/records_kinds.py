"""Sources that are alike, for what is learned of their kinds: by type, group and pattern of counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reliability.learning.records_pools import Fitted, Members, ends_of, expected
from reliability.learning.records_worths import TypeWorths
from reliability.rules.policy import UNKNOWN, Policy
from reliability.rules.track_record import Pool
from reliability.scoring.channel import Floats
from reliability.scoring.origins import fidelity_of
from reliability.scoring.provenance import Mask
from reliability.scoring.records import LEAST, Counts, outcomes_at
from reliability.scoring.scatter import around, edges, middles
from reliability.scoring.trie import Ints

PLACES = 6
DOUBT = 0.1
Group = tuple[str, str | None]
ByGuess = Mapping[float | None, Counts]
"""Counts by the chance to guess what was said; None: plain claims."""


@dataclass(frozen=True)
class Alike:
    """Sources by group and pattern of counts. `row` (n_sources,): the (group, pattern) of each, as a row of both.

    `patterns` (n_patterns, 4 · n_guesses) has the counts of each of `guesses` beside each other.
    """

    kinds: tuple[str, ...]
    groups: tuple[Group, ...]
    guesses: tuple[float | None, ...]
    patterns: Floats
    rows: Ints
    row: Ints

    @classmethod
    def of(cls, sources: Sequence[tuple[str, str | None, ByGuess]]) -> Alike:
        """Sources given by type, group and counts, in their order."""
        groups = tuple(sorted({(kind, group) for kind, group, _ in sources}, key=lambda pair: (pair[0], pair[1] or "")))
        place = {pair: at for at, pair in enumerate(groups)}
        guesses = guesses_in(counts for _, _, counts in sources)
        rounded = np.array([beside(counts, guesses) for _, _, counts in sources])
        patterns, pattern = np.unique(rounded, axis=0, return_inverse=True)
        group = np.array([place[kind, group] for kind, group, _ in sources])
        rows, row = np.unique(np.stack([group, pattern.reshape(-1)]), axis=1, return_inverse=True)
        return cls(tuple(sorted({kind for kind, _ in groups})), groups, guesses, patterns, rows, row.reshape(-1))

    @property
    def type_of(self) -> Ints:
        """The type of each group: (n_groups,)."""
        return np.array([self.kinds.index(kind) for kind, _ in self.groups])

    def by_share(self) -> Members:
        """The hierarchy of the shares of asserted claims that are true."""
        middle = middles()
        true, false = (self.patterns[:, at::4].sum(axis=1, keepdims=True) for at in (0, 1))
        return self._members(true * np.log(middle) + false * np.log1p(-middle))

    def by_fidelity(self, base_rate: float, policy: Policy | None) -> Members:
        """The hierarchy of φ, a type's being what the policy thinks of it until more is known."""
        return self._members(chances_of(self.patterns, self.guesses, base_rate), type_priors(self.kinds, policy))

    def _members(self, log_chance: Floats, type_prior: Floats | None = None) -> Members:
        times = np.bincount(self.row, minlength=self.rows.shape[1]).astype(float)
        return Members(log_chance, self.rows[0], self.rows[1], times, self.type_of, type_prior)


def two_digits(counts: ByGuess) -> ByGuess:
    """Counts as kinds are learned from them: chances to guess to two digits, at most .99, so that there are few."""
    found: dict[float | None, Counts] = {}
    for guess, own in counts.items():
        rough = None if guess is None else min(float(f"{guess:.2g}"), 0.99)
        found[rough] = tuple(a + b for a, b in zip(found.get(rough, (0.0,) * 4), own, strict=True))  # type: ignore[assignment]
    return found


def guesses_in(counts: Iterable[ByGuess]) -> tuple[float | None, ...]:
    """The chances to guess that occur, in order, None first."""
    return None, *sorted({guess for one in counts for guess in one if guess is not None})


def beside(counts: ByGuess, guesses: Sequence[float | None]) -> list[float]:
    """Counts beside each other in the order of `guesses`, as kinds are learned from them: (4 · n_guesses,)."""
    return [three_digits(count) for guess in guesses for count in counts.get(guess, (0.0, 0.0, 0.0, 0.0))]


def chances_of(counts: Floats, guesses: Sequence[float | None], base_rate: float) -> Floats:
    """How likely counts (n, 4 · n_guesses) are at each point of the grid, in logs: (n, CELLS)."""
    known, unknown = np.log(middles()), np.log1p(-middles())
    found = np.zeros((len(counts), len(known)))
    for at, guess in enumerate(guesses):
        found += counts[:, 4 * at : 4 * at + 4] @ outcomes_at(known, unknown, base_rate, guess)
    return found


def three_digits(count: float) -> float:
    """A count as kinds are learned from it: three digits, so that alike sources are one row."""
    return float(f"{count:.3g}")


def type_priors(kinds: Sequence[str], policy: Policy | None) -> Floats:
    """What is thought of each type's φ beforehand, as chances of the grid's cells: (n_types, CELLS)."""
    return np.array([_type_prior(kind, policy) for kind in kinds])


def _type_prior(kind: str, policy: Policy | None) -> Floats:
    """What the policy thinks of a type's φ, as chances of the grid's cells; evenly, where it has no such type.

    A tenth of it is even: where the counts speak against the policy, they win.
    """
    rule = None if policy is None or kind == UNKNOWN else policy.types.get(kind)
    if rule is None:
        return np.diff(edges())
    effect = rule.effect[0]
    fidelity = fidelity_of(np.array([effect.p]), np.array([effect.p0]))
    found: Floats = around(np.clip(fidelity, LEAST, 1.0 - LEAST), effect.n)[0]
    return (1.0 - DOUBT) * found + DOUBT * np.diff(edges())


def pools_of(alike: Alike, shares: Fitted, fidelities: Fitted, of_types: TypeWorths) -> tuple[Pool, ...]:
    """What to expect of a source that was never seen: of all, of each type, of each group that has a name."""
    size = np.bincount(alike.row, minlength=alike.rows.shape[1]).astype(float)
    settled = alike.patterns.sum(axis=1)[alike.rows[1]] * size
    group_of = alike.rows[0]
    type_of = alike.type_of[group_of]
    everyone = np.ones(len(size), dtype=bool)
    levels: list[tuple[str, str | None, str | None, Mask, int, int]] = [("all", None, None, everyone, 0, 0)]
    levels += [("type", kind, None, type_of == at, 1, at) for at, kind in enumerate(alike.kinds)]
    levels += [("group", kind, group, group_of == at, 2, at) for at, (kind, group) in enumerate(alike.groups) if group]
    found = []
    for level, kind, group, mine, depth, at in levels:
        of = (None, at, int(alike.type_of[at]))[depth]
        p, _ = _expected_at(shares, depth, at, of)
        fidelity, worth = _expected_at(fidelities, depth, at, of)
        told = [None] * 3 if depth != 1 else [float(of_types.worths[at]), *of_types.ends[at].tolist()]
        names = ("source_worth", "source_worth_low", "source_worth_high")
        low, high = ends_of((shares.of_all[None], shares.of_types, shares.of_groups)[depth][at : at + 1])[0].tolist()
        found.append(Pool.model_validate({
            "level": level, "type": kind, "group": group, "n_sources": int(size[mine].sum()),
            "n_settled": round(float(settled[mine].sum()), PLACES), "p_true": round(p, PLACES),
            "p_true_low": round(min(low, p), PLACES), "p_true_high": round(max(high, p), PLACES),
            "fidelity": round(fidelity, PLACES), "worth": round(worth, PLACES),
            **{name: None if one is None else round(one, PLACES) for name, one in zip(names, told, strict=True)},
        }))  # fmt: skip
    return tuple(found)


def _expected_at(found: Fitted, depth: int, at: int, of: int | None) -> tuple[float, float]:
    """What to expect of a source below a part, of the type `of`."""
    of_group = found.worths.of_group if of is None else float(found.worths.in_types(np.array([of]))[0])
    worths = (found.worths.of_all, found.worths.of_type, of_group)
    chance = (found.of_all[None], found.of_types, found.of_groups)[depth][at : at + 1]
    mean, worth = expected(chance, *worths[depth:])
    return float(mean[0]), float(worth[0])
