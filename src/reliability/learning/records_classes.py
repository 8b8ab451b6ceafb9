"""Classes of claims: where what sources know differs by class by more than luck, their records are kept by class.

A source's φ on the claims of one class scatters around the source's own: a level more of the hierarchy. A class has its
own share of true claims, against which being right is measured. Whether there is such scatter is asked of the counts:
classes are used where these are likelier with it, by three to one at least.
Source: Kass & Raftery (1995), Bayes factors: three to one is where evidence is worth a mention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import betaln, logsumexp

from reliability.learning.records_kinds import Alike, ByGuess, beside, chances_of, type_priors
from reliability.learning.records_pools import (
    SPREAD,
    USUAL_WORTH,
    Members,
    Worths,
    log_evidence,
)
from reliability.rules.policy import Policy
from reliability.rules.track_record import MOST_CLASSES
from reliability.scoring.channel import Floats
from reliability.scoring.scatter import CELLS, scatter, through
from reliability.scoring.trie import Ints

MENTION = float(np.log(3.0))
WORTHS = np.exp(np.linspace(0.0, np.log(1_000.0), 15))
"""Worths of a source's mean for its classes that are tried."""


@dataclass(frozen=True)
class Classes:
    """Classes that matter: each one's share of true claims, and what a source's mean is worth to a class, in reports.

    `gain`: how much likelier counts are with them, in nats.
    """

    base_rates: Mapping[str, float]
    worth: float
    gain: float

    def rate(self, name: str) -> float:
        """A class's share of true claims; of an unknown class, what classes have on average."""
        return self.base_rates.get(name, float(np.mean(list(self.base_rates.values()))))


class Divided:
    """Sources' counts by class, in the order of `alike`'s sources: rows of the hierarchy with classes in it."""

    def __init__(self, by_class: Sequence[Mapping[str, ByGuess]], alike: Alike, policy: Policy | None) -> None:
        self.alike, self.priors = alike, type_priors(alike.kinds, policy)
        rounded = [tuple((name, tuple(beside(one[name], alike.guesses))) for name in sorted(one))
                   for one in by_class]  # fmt: skip
        self.names = tuple(sorted({name for one in rounded for name, _ in one}))
        parts = sorted({part for one in rounded for part in one})
        place = {part: at for at, part in enumerate(parts)}
        self.of_part = np.array([self.names.index(name) for name, _ in parts])
        self.counts = np.array([counts for _, counts in parts])
        distinct = {one: at for at, one in enumerate(sorted(set(rounded)))}
        ends = np.cumsum([0, *(len(one) for one in distinct)])
        inner = np.array([place[part] for one in distinct for part in one], dtype=np.int64)
        self.sums = csr_matrix((np.ones(len(inner)), inner, ends), shape=(len(distinct), len(parts)))
        group = alike.rows[0][alike.row]
        pattern = np.array([distinct[one] for one in rounded])
        self.rows: Ints
        self.rows, row = np.unique(np.stack([group, pattern]), axis=1, return_inverse=True)
        self.row: Ints = row.reshape(-1)

    def members(self, base_rates: Mapping[str, float], worth: float | None) -> Members:
        """The hierarchy of φ, a class's scattering around its source's with a worth; None: not at all."""
        chances = np.zeros((len(self.counts), CELLS))
        for at, name in enumerate(self.names):
            mine = self.of_part == at
            chances[mine] = chances_of(self.counts[mine], self.alike.guesses, base_rates[name])
        heard = chances if worth is None else through(scatter(worth), chances)
        times = np.bincount(self.row, minlength=self.rows.shape[1]).astype(float)
        return Members(
            np.asarray(self.sums @ heard), self.rows[0], self.rows[1], times, self.alike.type_of, self.priors
        )


def find_classes(
    divided: Divided, truths: Mapping[str, Sequence[float]], base_rate: float, worths: Worths
) -> Classes | None:
    """The classes, if counts are likelier where a source's φ scatters by class than where it has the same in each.

    None with one class, or too many to be told apart. `truths` has the truths of each class's claims, `worths` are
    those of the hierarchy without classes.
    """
    if not 1 < len(divided.names) <= MOST_CLASSES:
        return None
    rates = class_base_rates(truths, base_rate)
    rates |= {name: base_rate for name in divided.names if name == "" or name not in rates}
    alike = log_evidence(divided.members(rates, None), worths)
    tried = np.array([log_evidence(divided.members(rates, worth), worths) for worth in WORTHS.tolist()])
    prior = -(((np.log(WORTHS) - np.log(USUAL_WORTH)) / SPREAD) ** 2) / 2.0
    prior -= logsumexp(prior)
    gain = float(logsumexp(prior + tried)) - alike
    return Classes(rates, float(WORTHS[np.argmax(prior + tried)]), gain) if gain > MENTION else None


def class_base_rates(truths: Mapping[str, Sequence[float]], base_rate: float) -> dict[str, float]:
    """Each class's share of true claims, drawn to that of all by as much as classes are alike."""
    counts = {name: (sum(found), len(found) - sum(found)) for name, found in sorted(truths.items())}
    line = np.linspace(0.0, np.log(1e5), 60)
    worth = np.exp(line)
    a, b = base_rate * worth, (1.0 - base_rate) * worth
    chance: Floats = -(((line - np.log(USUAL_WORTH)) / SPREAD) ** 2) / 2.0
    for true, false in counts.values():
        chance = chance + betaln(a + true, b + false) - betaln(a, b)
    best = float(worth[np.argmax(chance)])
    return {name: float((base_rate * best + true) / (best + true + false)) for name, (true, false) in counts.items()}
