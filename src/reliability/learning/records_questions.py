"""Questions with several alternatives, as they were settled: how true each answer is, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reliability.io.truths import Truth
from reliability.model.adjudication import Adjudication
from reliability.model.dates import date_span
from reliability.model.report import Report

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

    `named` has every alternative of every question that reports are about, settled or not.
    """

    settled: Mapping[str, Mapping[str, Answer]]
    contradicted: frozenset[str]
    named: Mapping[str, frozenset[str]]


def is_answer(report: Report) -> bool:
    """Whether a report answers a question with alternatives."""
    return report.question is not None and report.alternative is not None


def names_of(report: Report) -> tuple[str, ...]:
    """The ids by which an adjudication may name a report's answer: its claim's, and question=alternative."""
    own = f"{report.question}={report.alternative}"
    return (own,) if report.claim is None else (own, report.claim)


def settled_questions(
    reports: Sequence[Report], known: Mapping[str, Adjudication], answers: Iterable[Truth]
) -> Questions:
    """What adjudications of answers (`claim, truth`) and of questions (`question, alternative`) say of questions.

    Alternatives exclude one another: where one is true, all others are false. Adjudications that give more than 1 in
    all, or one answer two truths, contradict one another; none of them counts.
    """
    found: dict[str, dict[str, set[Answer]]] = defaultdict(lambda: defaultdict(set))
    named: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.question is not None and report.alternative is not None:
            named[report.question].add(report.alternative)
            for one in (known[name] for name in names_of(report) if name in known):
                given = Answer(one.truth, one.date, one.claim_class)
                found[report.question][report.alternative].add(given)
    for settled in answers:
        if settled.question in named and isinstance(settled.settled, str):
            found[settled.question][settled.settled].add(Answer(1.0, settled.date))
            named[settled.question].add(settled.settled)
    contradicted = {question for question, told in found.items() if _contradict(told)}
    whole = {question: _whole(told, named[question]) for question, told in sorted(found.items())
             if question not in contradicted}  # fmt: skip
    return Questions(whole, frozenset(contradicted), {name: frozenset(one) for name, one in sorted(named.items())})


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
