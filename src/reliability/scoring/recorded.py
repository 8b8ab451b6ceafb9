"""Links' own records, claim by claim: what was settled of the claim that is rated never counts for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reliability.rules.policy import Policy
from reliability.rules.track_record import Settled, TrackRecord, tally
from reliability.scoring.channel import Floats
from reliability.scoring.coding import Unit
from reliability.scoring.provenance import Mask
from reliability.scoring.records import Counts, Told, expected_in_class, posterior_of, right_of
from reliability.scoring.trie import Codes

NOTHING: Counts = (0.0, 0.0, 0.0, 0.0)
Key = tuple[str, float]
"""A class of claims, and the chance to guess answers of it; PLAIN for claims that are no answers."""
PLAIN = 0.0
ANY = "*"
"""What stands for all classes, where a record does not tell them apart, and for counts whose class nobody says."""


@dataclass(frozen=True)
class InClass:
    """A class of claims, and how many of so many settled reports on it were right."""

    name: str
    right: float
    total: float


@dataclass(frozen=True)
class Recorded:
    """Links' records: `there` (n,) has one that counts; φ and worth with it; `right` of `total` settled reports.

    `lucky` (n,): how many would be right by chance. `of_class`: where a record tells
    classes of claims apart, how many of how many of the claim's own class were right.
    """

    there: Mask
    fidelity: Floats
    worth: Floats
    right: Floats
    total: Floats
    lucky: Floats
    grade: tuple[str, ...]
    of_class: Mapping[int, InClass]


def recorded(
    policy: Policy, source: Codes, unit: Codes, keys: Sequence[str], units: Sequence[Unit],
    expected: Floats, worth: Floats, class_of: Callable[[int], str],
) -> Recorded:  # fmt: skip
    """Each link's record, what was settled of the link's own claim left out.

    Of whom nothing else was settled the link has no record: that it stands in the file is what the claim taught.
    Shapes: source, unit (n,) codes into keys and units; expected, worth (n,) the φ and worth of each link's type.
    `class_of` says of which class a link's claim is.
    """
    n = len(source)
    there = np.zeros(n, dtype=bool)
    fidelity, new_worth = expected.copy(), worth.copy()
    right, total, lucky = np.zeros((3, n))
    grade = ["D"] * n
    of_class: dict[int, InClass] = {}
    known = {code: ByClass(entry.record) for code, key in enumerate(keys)
             if (entry := policy.sources.entries.get(key)) is not None and entry.record is not None}  # fmt: skip
    for row in np.flatnonzero(np.isin(source, list(known))).tolist():
        of_source = known[int(source[row])]
        record = of_source.record
        counts = of_source.without(units[int(unit[row])].claims)
        in_all = in_sum(counts)
        if not any(in_all) and (any(record.counts()) or record.fidelity is None):
            continue
        before = (float(expected[row]), float(worth[row])) if record.fidelity is None or record.worth is None else (
            record.fidelity, record.worth)  # fmt: skip
        there[row], grade[row] = True, record.grade
        name = ANY if record.class_worth is None else class_of(row)
        fidelity[row], new_worth[row] = of_source.fidelity(before, counts, name)
        right[row], total[row] = right_of(in_all), sum(in_all)
        lucky[row] = sum(one.lucky for one in of_source.told(counts))
        mine = of_class_in(counts, name)
        if record.class_worth is not None and any(mine):
            of_class[row] = InClass(name, right_of(mine), sum(mine))
    return Recorded(there, fidelity, new_worth, right, total, lucky, tuple(grade), of_class)


class ByClass:
    """A record's counts by class of claim and chance to guess, without some claims, and without counting all again."""

    def __init__(self, record: TrackRecord) -> None:
        self.record = record
        counted = (record.asserted_true, record.asserted_false, record.denied_true, record.denied_false)
        words: dict[Key, list[tuple[str, float]]] = {(ANY, PLAIN): []}
        for one in record.settled:
            words.setdefault(self._key(one), []).append((one.said, one.truth))
        self._all = {key: tally(said, counted if key[0] == ANY and key[1] == PLAIN else NOTHING)
                     for key, said in words.items()}  # fmt: skip
        self._of = {one.claim: one for one in record.settled}
        self._of |= {one.question: one for one in record.settled if one.question is not None}

    def _key(self, one: Settled) -> Key:
        name = ANY if self.record.class_worth is None else one.claim_class or ""
        return name, PLAIN if one.guess is None else one.guess

    def base_rate(self, name: str) -> float:
        """The share of a class's settled claims that were true."""
        return self.record.class_base_rates.get(name, self.record.base_rate)

    def without(self, claims: frozenset[str]) -> dict[Key, Counts]:
        """The counts, what was settled of these claims and questions left out; never below 0 by rounding."""
        found = dict(self._all)
        left = {self._of[name].claim: self._of[name] for name in sorted(claims & self._of.keys())}
        for one in left.values():
            key, own = self._key(one), tally([(one.said, one.truth)])
            found[key] = tuple(max(0.0, a - b) for a, b in zip(found[key], own, strict=True))  # type: ignore[assignment]
        return found

    def told(self, counts: Mapping[Key, Counts]) -> tuple[Told, ...]:
        """Counts with what they are measured against, in the order of their keys."""
        return tuple(Told(counts[key], self.base_rate(key[0]), None if key[1] == PLAIN else key[1])
                     for key in sorted(counts))  # fmt: skip

    def fidelity(self, before: tuple[float, float], counts: Mapping[Key, Counts], name: str) -> tuple[float, float]:
        """φ's mean and worth on claims of a class, given counts and what was expected `before`.

        The φ of each class has a Beta of worth `class_worth` around the source's, of which other classes tell.
        """
        scatter = self.record.class_worth
        if scatter is None:
            return posterior_of(*before, self.told(counts))
        told = {one: self.told({key: counts[key] for key in counts if key[0] == one}) for one in classes_in(counts)}
        own = told.pop(name, (Told(NOTHING, self.base_rate(name)),))
        return posterior_of(*expected_in_class(*before, tuple(told.values()), scatter), own)


def classes_in(counts: Mapping[Key, Counts]) -> tuple[str, ...]:
    """The classes of some counts, in order."""
    return tuple(sorted({name for name, _ in counts}))


def of_class_in(counts: Mapping[Key, Counts], name: str) -> Counts:
    """A class's counts, answers to questions with them."""
    return in_sum({key: one for key, one in counts.items() if key[0] == name})


def in_sum(counts: Mapping[Key, Counts]) -> Counts:
    """All counts together, added in the order of their keys."""
    found = NOTHING
    for key in sorted(counts):
        found = tuple(a + b for a, b in zip(found, counts[key], strict=True))  # type: ignore[assignment]
    return found
