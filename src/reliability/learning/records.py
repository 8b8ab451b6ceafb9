"""Track records, learned from claims that were settled: what each source got right, and what to expect of its kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from reliability.learning.records_by_class import Share, elsewhere, share_in_class, with_classes
from reliability.learning.records_classes import Classes, Divided, find_classes
from reliability.learning.records_evidence import Said
from reliability.learning.records_kinds import Alike, ByGuess, pools_of, two_digits
from reliability.learning.records_pools import Fitted, beta_ends, expected, fitted
from reliability.learning.records_worths import with_types
from reliability.model.base import folded
from reliability.model.dates import date_span
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import Pool, Settled, TrackRecord, tally
from reliability.scoring.trie import Ints

LISTED = 10_000
"""Of so many settled claims a record lists each, so that none counts for itself; the earlier ones are only counted.

Of answers to questions the latest so many are listed, and no others counted.
"""
PLACES = 6


@dataclass(frozen=True)
class LearnedSource:
    """A source's record as learned; `counts` as in `TrackRecord.by_guess`.

    `before`: what its kind lets expect of its share of true assertions, in hits and misses.
    """

    name: str
    kind: str
    group: str | None
    counts: ByGuess
    record: TrackRecord
    before: Share = (0.0, 0.0)


@dataclass(frozen=True)
class LearnedRecords:
    """Sources by folded name, pools from all to groups, the share of settled plain claims that are true, and worths.

    `worths` are of shares (what asserted claims are true): what the mean of all is worth to a type's, a type's to a
    group's, a group's to a source's, in reports, each with its 5 and 95 % points; None where there is but one.
    `classes` of claims, where they matter, of `n_classes`. `n_questions` settled questions are beside `n_claims`.
    """

    sources: dict[str, LearnedSource]
    pools: tuple[Pool, ...]
    base_rate: float
    n_claims: int
    worths: tuple[tuple[float, float, float] | None, ...]
    classes: Classes | None = None
    n_classes: int = 1
    n_questions: int = 0

    def p_true(
        self, source: str, kind: str | None = None, group: str | None = None, claim_class: str | None = None
    ) -> float:
        """The chance that what a source asserts next is true; of an unknown one, what its group, type or all have.

        Where classes matter, of a claim of a class.
        """
        found = self.sources.get(folded(source))
        if found is not None and found.record.p_true is not None:
            if self.classes is None:
                return found.record.p_true
            hits, misses = share_in_class(found.record, found.before, self.classes, claim_class or "")
            return hits / (hits + misses)
        pools = {(pool.type, pool.group): pool.p_true for pool in self.pools}
        p = next(pools[key] for key in ((kind, group), (kind, None), (None, None)) if key in pools)
        return p if self.classes is None else elsewhere(p, self.base_rate, self.classes.rate(claim_class or ""))

    def entries(self, policy: Policy | None = None, beside: Sequence[SourceEntry] = ()) -> list[SourceEntry]:
        """Entries of a sources file: each learned source as the policy knows it, with its record, and those `beside`.

        `beside` are the entries of the file that was in use, which this one takes the place of.
        """
        found: dict[str, SourceEntry] = {}
        for key, one in self.sources.items():
            known = None if policy is None else policy.sources.find(one.name)
            entry = known or SourceEntry(name=one.name, type=one.kind if policy is None or one.kind in policy.types
                                         else None)  # fmt: skip
            found[key] = entry.model_copy(update={"record": one.record})
        for entry in beside:
            found.setdefault(folded(entry.name), entry)
        return [found[key] for key in sorted(found)]


def learn_records(said: Sequence[Said], policy: Policy | None = None) -> LearnedRecords:
    """Learn track records: each source's φ and share of true assertions, shrunk to its group's, type's, and all.

    `said` has one row a source and claim (a later one takes an earlier one's place). `policy` says what to expect of
    source types before anything was settled. The result does not depend on the order of rows.
    Raises ValueError for no rows.
    """
    if not said:
        raise ValueError("nothing was said of any settled claim")
    rows = sorted({one.key: one for one in said}.values(), key=lambda one: one.key)
    truths = {one.claim: one.truth for one in rows if one.question is None}
    base = (sum(truths[claim] for claim in sorted(truths)) + 0.5) / (len(truths) + 1.0)
    of_source: dict[str, list[Said]] = defaultdict(list)
    for one in rows:
        of_source[one.key[0]].append(one)
    dates = [one.date for one in rows if one.date is not None]
    day = max(dates, key=lambda one: (date_span(one)[1], one), default=None)
    sources = {key: _plain(found, base, day) for key, found in of_source.items()}
    alike = Alike.of([(one.kind, one.group, two_digits(one.counts)) for one in sources.values()])
    by_share, by_fidelity, row = alike.by_share(), alike.by_fidelity(base, policy), alike.row
    shares, of_types = with_types(by_share, fitted(by_share))
    fidelities, _ = with_types(by_fidelity, fitted(by_fidelity))
    divided = Divided([_by_class(of_source[key]) for key in sources], alike, policy)
    classes = find_classes(divided, _truths(rows), base, fidelities.worths)
    if classes is not None:
        by_fidelity, row = divided.members(classes.base_rates, classes.worth), divided.row
        fidelities, _ = with_types(by_fidelity, fitted(by_fidelity))
    learned = _with_what_was_learned(sources, (shares, alike.row), (fidelities, row))
    if classes is not None:
        learned = {
            key: replace(one, record=with_classes(one.record, one.before, classes)) for key, one in learned.items()
        }
    given = (shares.worths.of_all, shares.worths.of_type, shares.worths.of_group)
    worths = tuple(None if worth is None or ends is None else (worth, *ends)
                   for worth, ends in zip(given, shares.worth_ends, strict=True))  # fmt: skip
    n_questions = len({one.question for one in rows if one.question is not None})
    return LearnedRecords(learned, pools_of(alike, shares, fidelities, of_types), base, len(truths), worths, classes,
                          len(divided.names), n_questions)  # fmt: skip


def _by_class(found: Sequence[Said]) -> dict[str, ByGuess]:
    """A source's counts by class of claim, and within it by the chance to guess."""
    words: dict[str, dict[float | None, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        words[one.claim_class or ""][one.guess].append((one.said, one.truth))
    return {name: two_digits({guess: tally(said) for guess, said in words[name].items()}) for name in sorted(words)}


def _truths(rows: Sequence[Said]) -> dict[str, list[float]]:
    """The truths of each class's plain claims, a claim once a class."""
    claims = {(one.claim_class or "", one.claim): one.truth for one in rows if one.question is None}
    found: dict[str, list[float]] = defaultdict(list)
    for (name, _), truth in sorted(claims.items()):
        found[name].append(truth)
    return dict(found)


def _plain(found: Sequence[Said], base: float, day: str | None) -> LearnedSource:
    """A source's record as it was counted. Its type and group are those that stand most often, ties by name."""
    kinds = Counter((one.kind, one.group) for one in found)
    kind, group = min(kinds, key=lambda pair: (-kinds[pair], pair[0], pair[1] or ""))
    by_date = sorted(found, key=lambda one: (one.date or "", one.claim))
    answers = [one for one in by_date if one.guess is not None][-LISTED:]
    plain = [one for one in by_date if one.guess is None]
    n_counted = max(len(plain) - (LISTED - len(answers)), 0)
    counted, listed = plain[:n_counted], [*plain[n_counted:], *answers]
    settled = tuple(Settled(claim=one.claim, said=one.said, truth=one.truth, date=one.date,
                            claim_class=one.claim_class, question=one.question, guess=one.guess)
                    for one in listed)  # fmt: skip
    first = tally((one.said, one.truth) for one in counted)
    names = ("asserted_true", "asserted_false", "denied_true", "denied_false")
    early = {name: round(count, PLACES) for name, count in zip(names, first, strict=True)}
    last = max((one.date for one in counted if one.date is not None), default=None)
    record = TrackRecord(**early, counted_on=last, settled=settled, base_rate=round(base, PLACES), learned_on=day)
    return LearnedSource(found[0].source, kind, group, record.by_guess(), record)


def _with_what_was_learned(
    sources: dict[str, LearnedSource], shares: tuple[Fitted, Ints], fidelities: tuple[Fitted, Ints]
) -> dict[str, LearnedSource]:
    """Each source's record, with what was to be expected of its kind (without itself), and its own share.

    `shares` and `fidelities` are hierarchies, and the row of each source in theirs.
    """
    share, share_worth = (one[shares[1]] for one in expected(shares[0].before, shares[0].worth))
    fidelity, worth = (one[fidelities[1]] for one in expected(fidelities[0].before, fidelities[0].worth))
    counts = np.array([one.record.counts() for one in sources.values()])
    hits, misses = share * share_worth + counts[:, 0], (1.0 - share) * share_worth + counts[:, 1]
    ends = beta_ends(hits, misses)
    found = {}
    for at, (key, one) in enumerate(sources.items()):
        told = {"fidelity": fidelity[at], "worth": worth[at], "p_true": hits[at] / (hits[at] + misses[at]),
                "p_true_low": ends[at, 0], "p_true_high": ends[at, 1]}  # fmt: skip
        record = one.record.model_copy(update={name: round(float(value), PLACES) for name, value in told.items()})
        before = float(share[at] * share_worth[at]), float((1.0 - share[at]) * share_worth[at])
        found[key] = replace(one, record=record, before=before)
    return found
