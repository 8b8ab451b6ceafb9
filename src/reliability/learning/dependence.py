"""Sources that err together more often than their records explain: one of them, or someone behind both, is one voice.

Being right together shows nothing, as the truth is the same for all. An error that both make is telling when it is
rare: each source errs by its own record, more often on claims on which the others err too. Given that, errors of
independent sources meet by chance only, and how often is Poisson-binomial: the test is exact, one-sided, and takes
account of how many pairs could have been tested (Benjamini & Hochberg, 1995).
Sources: Dong, Berti-Équille & Srivastava (2009), on shared false values; Lazarsfeld & Henry (1968), local independence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reliability.learning.poisson_binomial import chances_of_counts
from reliability.learning.records_evidence import Said
from reliability.model.base import folded
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats

FALSE_DISCOVERIES = 0.05
LEAST_SHARED = 3
"""Fewer shared errors propose nothing, however unlikely they are."""
CROWDED = 40
"""A claim on which more sources err tells nothing of any two of them."""
CAUTION = 2.0
"""So many made-up reports at the overall rate of errors steady each rate."""
A_MINUTE = 60_000_000


@dataclass(frozen=True)
class Pair:
    """Two sources that err together: how many claims both speak of, errors of each and shared, those to be expected.

    `p` is the chance of so many shared errors or more from independent sources; `p_adjusted` the least share of false
    discoveries at which the pair is one. `same_text` and `same_minute` count claims that both told in the same words,
    or within a minute; None where no reports say so.
    """

    a: str
    b: str
    n_claims: int
    errors_a: int
    errors_b: int
    shared: int
    expected: float
    p: float
    p_adjusted: float
    same_text: int | None = None
    same_minute: int | None = None


@dataclass(frozen=True)
class Dependence:
    """Pairs below the asked share of false discoveries, the least likely first, and the groups that they make.

    `n_tested` pairs had errors enough in common; `n_possible` is what the adjustment takes account of.
    """

    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]
    n_tested: int
    n_possible: int


def find_dependence(said: Sequence[Said], false_discoveries: float = FALSE_DISCOVERIES) -> Dependence:
    """Pairs and groups that err together. Only truths of less than ½ and more are errors or not; ½ is neither.

    Answers to questions with several alternatives are left out: who asserts another one speaks of another claim.
    Candidates come from claims on which both err, so that the work grows with the reports and not with the pairs.
    """
    rows = {one.key: one for one in said if one.truth != 0.5 and one.question is None}
    errs: dict[str, dict[str, bool]] = defaultdict(dict)
    wrong_on: dict[str, list[str]] = defaultdict(list)
    for source, claim in sorted(rows):
        one = rows[source, claim]
        errs[source][claim] = (one.truth > 0.5) != (one.said == "asserts")
        if errs[source][claim]:
            wrong_on[claim].append(source)
    shared = Counter(pair for wrong in wrong_on.values() if len(wrong) <= CROWDED for pair in combinations(wrong, 2))
    rates = _Rates(errs)
    names = {key[0]: one.source for key, one in rows.items()}
    tested = [_tested(a, b, errs, rates, names) for (a, b), n in sorted(shared.items()) if n >= LEAST_SHARED]
    n_possible = len(errs) * (len(errs) - 1) // 2
    found = [one for one in _adjusted(tested, n_possible) if one.p_adjusted <= false_discoveries]
    return Dependence(tuple(found), _groups(found), len(tested), n_possible)


class _Rates:
    """How often each source errs, and on each claim."""

    def __init__(self, errs: dict[str, dict[str, bool]]) -> None:
        self._errs = errs
        n = sum(len(one) for one in errs.values())
        self.overall = (sum(sum(one.values()) for one in errs.values()) + 1.0) / (n + 2.0)
        self._on: Counter[str] = Counter()
        self._told: Counter[str] = Counter()
        for one in errs.values():
            self._told.update(list(one))
            self._on.update(claim for claim, wrong in one.items() if wrong)

    def of_source(self, source: str) -> float:
        """A source's rate, drawn to the overall one."""
        mine = self._errs[source]
        return (sum(mine.values()) + CAUTION * self.overall) / (len(mine) + CAUTION)

    def on_claims(self, claims: Sequence[str], *but: str) -> Floats:
        """The rate at which others than some sources err on each claim, drawn to the overall one."""
        found = []
        for claim in claims:
            wrong = self._on[claim] - sum(self._errs[source][claim] for source in but)
            told = self._told[claim] - len(but)
            found.append((wrong + CAUTION * self.overall) / (told + CAUTION))
        return np.array(found)


def _odds(p: Floats | float) -> Floats:
    return np.asarray(p / (1.0 - p))


def _tested(
    a: str, b: str, errs: dict[str, dict[str, bool]], rates: _Rates, names: dict[str, str]
) -> Pair:  # fmt: skip
    claims = sorted(errs[a].keys() & errs[b].keys())
    harder = _odds(rates.on_claims(claims, a, b)) / _odds(rates.overall)
    chance = np.ones(len(claims))
    for source in (a, b):
        odds = harder * _odds(rates.of_source(source))
        chance = chance * odds / (1.0 + odds)
    both = sum(errs[a][claim] and errs[b][claim] for claim in claims)
    tail = float(chances_of_counts(chance)[both:].sum())
    return Pair(names[a], names[b], len(claims), sum(errs[a][c] for c in claims), sum(errs[b][c] for c in claims), both,
                float(chance.sum()), min(tail, 1.0), 1.0)  # fmt: skip


def _adjusted(tested: Sequence[Pair], n_possible: int) -> list[Pair]:
    """Pairs in order of p, with Benjamini & Hochberg's adjustment: those that were not tested count as chance."""
    ordered = sorted(tested, key=lambda one: (one.p, one.a, one.b))
    found: list[Pair] = []
    least = 1.0
    for rank in range(len(ordered), 0, -1):
        one = ordered[rank - 1]
        least = min(least, one.p * n_possible / rank)
        found.append(Pair(**{**vars(one), "p_adjusted": least}))
    return found[::-1]


def _groups(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """What hangs together through pairs, each in order of names."""
    of: dict[str, set[str]] = {}
    for pair in pairs:
        joined = of.get(pair.a, {pair.a}) | of.get(pair.b, {pair.b})
        for name in joined:
            of[name] = joined
    return tuple(sorted({tuple(sorted(group)) for group in of.values()}))


def with_reports(found: Dependence, reports: Iterable[Report], policy: Policy) -> Dependence:
    """The pairs, with how often both told a claim in the same words, or within a minute of one another."""
    wanted = {policy.sources.canonical(name) for pair in found.pairs for name in (pair.a, pair.b)}
    told: dict[str, dict[str, Report]] = defaultdict(dict)
    for report in sorted(reports, key=lambda one: one.key):
        source = policy.sources.canonical(report.provenance[0].source)
        if source in wanted and report.claim is not None:
            told[source].setdefault(report.claim, report)
    pairs = []
    for pair in found.pairs:
        first, second = (told[policy.sources.canonical(name)] for name in (pair.a, pair.b))
        both = [(first[claim], second[claim]) for claim in sorted(first.keys() & second.keys())]
        texts = sum(x.text is not None and y.text is not None and folded(x.text) == folded(y.text) for x, y in both)
        minutes = sum(_moment(x) is not None and _moment(y) is not None
                      and abs((_moment(x) or 0) - (_moment(y) or 0)) <= A_MINUTE for x, y in both)  # fmt: skip
        pairs.append(Pair(**{**vars(pair), "same_text": texts, "same_minute": minutes}))
    return Dependence(tuple(pairs), found.groups, found.n_tested, found.n_possible)


def _moment(report: Report) -> int | None:
    """When a report was published, where that is known to the moment, in microseconds."""
    if report.published is None:
        return None
    first, last = date_span(report.published)
    return first if first == last else None
