"""Questions with several alternatives, as they were settled: how true each answer is, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reliability.io.truths import Truth, as_answers
from reliability.model.adjudication import Adjudication
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.scoring.coding import NONE_OF_THESE

ALMOST = 1e-9


@dataclass(frozen=True)
class Answer:
    """One alternative of a settled question: its truth from 0 to 1, when that was known, and the class of the claim."""

    truth: float
    date: str | None = None
    claim_class: str | None = None


@dataclass(frozen=True)
class Questions:
    """Settled answers by question and alternative; questions whose adjudications contradict one another.

    `named` has every alternative of every question that reports are about, settled or not; `used` the ids of claims
    that were read as answers: a report's own, or `question=alternative`, also of one that nobody gave. `not_given`
    are questions whose true answer nobody gave, but for “none of these”.
    """

    settled: Mapping[str, Mapping[str, Answer]]
    contradicted: frozenset[str]
    named: Mapping[str, frozenset[str]]
    used: frozenset[str]
    not_given: tuple[str, ...]


def is_answer(report: Report) -> bool:
    """Whether a report answers a question with alternatives."""
    return report.question is not None and report.alternative is not None


def settled_questions(
    reports: Sequence[Report], known: Mapping[str, Adjudication], answers: Iterable[Truth]
) -> Questions:
    """What adjudications of answers (`claim, truth`) and of questions (`question, alternative`) say of questions.

    Alternatives exclude one another: where one is true, all others are false. Adjudications that give more than 1 in
    all, or one answer two truths, contradict one another; none of them counts.
    """
    found: dict[str, dict[str, set[Answer]]] = defaultdict(lambda: defaultdict(set))
    named: dict[str, set[str]] = defaultdict(set)
    by_claim: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for report in reports:
        if report.question is not None and report.alternative is not None:
            named[report.question].add(report.alternative)
            if report.claim is not None:
                by_claim[report.claim].add((report.question, report.alternative))
    used = set()
    for name, one in known.items():
        answered = {*by_claim.get(name, ()), *(pair for pair in as_answers(name) if pair[0] in named)}
        for question, alternative in answered:
            used.add(name)
            found[question][alternative].add(Answer(one.truth, one.date, one.claim_class))
    for settled in answers:
        if settled.question in named and isinstance(settled.settled, str):
            found[settled.question][settled.settled].add(Answer(1.0, settled.date))
    not_given = sorted(name for name, told in found.items() if _true(told) - named[name] - {NONE_OF_THESE})
    for question, told in found.items():
        named[question] |= told.keys()
    contradicted = {question for question, told in found.items() if _contradict(told)}
    whole = {question: _whole(told, named[question]) for question, told in sorted(found.items())
             if question not in contradicted}  # fmt: skip
    return Questions(whole, frozenset(contradicted), {name: frozenset(one) for name, one in sorted(named.items())},
                     frozenset(used), tuple(not_given))  # fmt: skip


def _true(told: Mapping[str, set[Answer]]) -> set[str]:
    return {name for name, given in told.items() if any(one.truth > 0.0 for one in given)}


def _contradict(told: Mapping[str, set[Answer]]) -> bool:
    truths = [{one.truth for one in given} for given in told.values()]
    return any(len(one) > 1 for one in truths) or sum(max(one) for one in truths) > 1.0 + ALMOST


def _whole(told: Mapping[str, set[Answer]], named: Iterable[str]) -> dict[str, Answer]:
    """Every alternative that is settled: those that were adjudicated, and where these make 1, all others."""
    own = {name: min(given, key=_earliest) for name, given in sorted(told.items())}
    if sum(one.truth for one in own.values()) < 1.0 - ALMOST:
        return own
    last = max((one for one in own.values() if one.truth > 0.0), key=_earliest)
    return {name: own.get(name, Answer(0.0, last.date, last.claim_class)) for name in sorted(named)}


def _earliest(one: Answer) -> tuple[bool, int, str, str]:
    """Dated ones first, by the end of what they name."""
    return one.date is None, 0 if one.date is None else date_span(one.date)[1], one.date or "", one.claim_class or ""
