"""What sources said of settled claims and questions, read off reports as the scorer reads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from reliability.io.truths import Truth
from reliability.learning.records_evidence import LATER, Evidence, Said
from reliability.learning.records_questions import Questions, is_answer, settled_questions
from reliability.model.adjudication import Adjudication
from reliability.model.dates import date_span
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.scoring.coding import NONE_OF_THESE, STANCES, Coded, encode, unit_id
from reliability.scoring.origins import CLASS, FIGURE
from reliability.scoring.priors import priors_of
from reliability.scoring.provenance import Origins, SourceTable, find_origins
from reliability.scoring.trie import ABSENT

LEAST_GUESS = 1e-6
HINDSIGHT = "reports published after their claim was adjudicated"
OTHER_SAYINGS = {
    "hedged": "reports in which the origin hedges: neither right nor wrong",
    "nameless": "reports whose origin has no name",
    "contradicted": "answers to questions whose adjudications contradict one another",
    "open": "answers of which nobody says whether they are true",
    "overtaken": "reports that no longer count: repeats, superseded, retracted or silent",
}
Sayings = tuple[Said, Report, float]
"""A report's word, its truth still to be said; the report; the chance that who does not know says it."""


def from_reports(
    reports: Sequence[Report], settled: Iterable[Adjudication], policy: Policy, n_late: int = 0,
    answers: Iterable[Truth] = (),
) -> Evidence:  # fmt: skip
    """The origins' words on adjudicated claims: one a source and claim, its last; relays are not judged by them.

    Of a question with several alternatives that is one word a source as well: the last answer that it asserts, else
    the last that it denies. `answers` are questions that were settled to an alternative. What was published after the
    day of the adjudication is hindsight, and left out; so is what is neither right nor wrong.
    Raises InputError for reports that can't be coded: see `encode`.
    """
    known, named = {one.claim: one for one in settled}, list(answers)
    stated = [report for report in reports if report.kind == "statement"]
    questions = settled_questions(stated, known, named)
    left: Counter[str] = Counter({LATER: n_late})
    plain = [one for one in stated if not is_answer(one) and one.claim in known]
    asked = [one for one in stated if is_answer(one) and (one.question or "") in questions.settled]
    left[OTHER_SAYINGS["contradicted"]] = sum(
        one.question in questions.contradicted for one in stated if is_answer(one)
    )
    plain = _in_time(plain, lambda one: known[one.claim or ""].date, left)
    asked = _in_time(asked, lambda one: _settled_on(one, questions), left)
    said = [*_of_claims(plain, known, policy, left), *_of_questions(asked, questions, policy, left)]
    claims = {name for one in reports if not is_answer(one) for name in (unit_id(one), one.claim)}
    unknown = {*known} - claims - questions.used | {one.question for one in named} - questions.named.keys()
    return Evidence(tuple(sorted(said, key=lambda one: one.key)), {name: n for name, n in sorted(left.items()) if n},
                    tuple(sorted(unknown)), questions.not_given)  # fmt: skip


def _in_time(reports: Iterable[Report], day: Callable[[Report], str | None], left: Counter[str]) -> list[Report]:
    """Reports that were not published after what they speak of was settled."""
    found = []
    for one in reports:
        settled_on = day(one)
        if one.published and settled_on and date_span(one.published)[0] > date_span(settled_on)[1]:
            left[HINDSIGHT] += 1
        else:
            found.append(one)
    return found


def _settled_on(report: Report, questions: Questions) -> str | None:
    """When a report's answer was settled; of one that was not, when its question's first one was."""
    told = questions.settled[report.question or ""]
    own = told.get(report.alternative or "")
    if own is not None:
        return own.date
    return min((one.date for one in told.values() if one.date is not None), default=None)


def _of_claims(
    reports: Sequence[Report], known: Mapping[str, Adjudication], policy: Policy, left: Counter[str]
) -> list[Said]:  # fmt: skip
    found: dict[tuple[str, str], Said] = {}
    for one, report, _ in _said(reports, policy, left, {}) if reports else []:
        settled = known[report.claim or ""]
        own = replace(one, truth=settled.truth, date=settled.date, claim_class=settled.claim_class or one.claim_class)
        found[own.key] = own
    return list(found.values())


def _of_questions(
    reports: Sequence[Report], questions: Questions, policy: Policy, left: Counter[str]
) -> list[Said]:  # fmt: skip
    """Answers, a number of alternatives at a time, as priors and guesses have that many rows."""
    by_number: dict[int, list[Report]] = defaultdict(list)
    for report in reports:
        by_number[len(questions.named[report.question or ""] - {NONE_OF_THESE}) + 1].append(report)
    found: dict[tuple[str, str], Said] = {}
    for k in sorted(by_number):
        for one, report, guess in _said(by_number[k], policy, left, questions.named, k):
            settled = questions.settled[report.question or ""].get(report.alternative or "")
            if settled is None:
                left[OTHER_SAYINGS["open"]] += 1
                continue
            own = replace(one, claim=f"{report.question}={report.alternative}", truth=settled.truth,
                          date=settled.date, claim_class=settled.claim_class or one.claim_class,
                          question=report.question, guess=_inside(guess))  # fmt: skip
            if own.said == "asserts" or own.key not in found or found[own.key].said == "denies":
                found[own.key] = own
    return list(found.values())


def _said(
    reports: Sequence[Report], policy: Policy, left: Counter[str], named: Mapping[str, Iterable[str]], k: int = 2
) -> list[Sayings]:  # fmt: skip
    """Words that count, a report's each, the last of a source last; their truth is still to be said.

    With each its report, and the chance that who does not know says it of the alternatives `named`, k a question.
    """
    coded = encode(reports, policy, answers={name: sorted(one) for name, one in named.items()})
    table = SourceTable.of(coded, policy)
    origins = find_origins(coded, policy, table)
    guess = priors_of(coded, origins, policy, table, k).guess
    usable = origins.counts.copy()
    left[OTHER_SAYINGS["overtaken"]] += int((~usable).sum())
    for name, mask in (("nameless", _nameless(coded, origins, policy)), ("hedged", _hedged(coded, origins))):
        left[OTHER_SAYINGS[name]] += int((usable & mask).sum())
        usable &= ~mask
    of_report = _classes(coded, origins)
    found = []
    for row in np.lexsort((coded.rank, coded.start)).tolist():
        if usable[row]:
            code = int(origins.source[row])
            entry = policy.sources.entries.get(coded.source_keys[code])
            name = _as_reported(reports[row], coded.source_keys[code], policy) if entry is None else entry.name
            one = Said(
                source=name, kind=coded.type_ids[int(origins.origin_type[row])],
                group=None if entry is None else entry.bloc, claim=coded.units[int(coded.unit[row])].id,
                said="denies" if coded.stance[row] == STANCES["denies"] else "asserts", truth=0.0,
                claim_class=of_report[row],
            )  # fmt: skip
            found.append((one, reports[row], float(guess[coded.alternative[row], coded.unit[row]])))
    return found


def _classes(coded: Coded, origins: Origins) -> list[str | None]:
    """Each report's class of claim as the scorer has it: the fact CLASS, else a figure if it is one."""
    codes, values = coded.fact_values.get(CLASS, (np.array([ABSENT]), ()))
    row = np.where(origins.own_voice, 0, coded.facts[origins.first, np.arange(coded.n)])
    named = codes[np.minimum(np.maximum(row, 0), len(codes) - 1)].tolist()
    figure = (coded.unit_name >= 0).tolist()
    return [str(values[code]) if code >= 0 else FIGURE if is_figure else None
            for code, is_figure in zip(named, figure, strict=True)]  # fmt: skip


def _as_reported(report: Report, key: str, policy: Policy) -> str:
    return next((link.source for link in report.provenance if policy.sources.canonical(link.source) == key), key)


def _nameless(coded: Coded, origins: Origins, policy: Policy) -> np.ndarray:
    descriptor = np.array([policy.types[name].descriptor for name in coded.type_ids])
    found: np.ndarray = descriptor[origins.origin_type]
    return found


def _hedged(coded: Coded, origins: Origins) -> np.ndarray:
    found: np.ndarray = coded.hedge[origins.first, np.arange(coded.n)] >= 0
    return found


def _inside(guess: float) -> float:
    return round(min(max(guess, LEAST_GUESS), 1.0 - LEAST_GUESS), 6)
