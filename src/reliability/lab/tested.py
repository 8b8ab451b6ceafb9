"""Adjudicated claims and how a policy rates them, without hindsight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reliability import api
from reliability.api import Outcome
from reliability.lab.rerating import Rerating
from reliability.model.adjudication import Adjudication
from reliability.model.dates import date_span
from reliability.model.rating import Rating
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats


@dataclass(frozen=True)
class Tested:
    """Adjudicated claims under one policy, in claim-id order: p as the record has it, truth, and what was left out.

    `group` is a claim's question, else its own id: what stands or falls together. `unmatched` are adjudications of
    claims that are not rated, `n_open` rated claims without an adjudication, `n_late` reports that were set apart.
    """

    ratings: tuple[Rating, ...]
    truth: Floats
    rerating: Rerating
    unmatched: tuple[str, ...]
    n_open: int
    n_late: int

    @property
    def p(self) -> Floats:
        """(n,) the ratings."""
        return np.array([one.p for one in self.ratings])

    @property
    def assessed(self) -> NDArray[np.bool_]:
        """(n,) whether there was evidence enough for a word."""
        return np.array([one.rating.assessed for one in self.ratings], dtype=bool)

    @property
    def group(self) -> list[str]:
        """(n,) what each claim stands or falls with."""
        return [one.claim.question or one.claim.id for one in self.ratings]


def adjudicated(outcome: Outcome, policy: Policy, found: Iterable[Adjudication]) -> Tested:
    """An outcome's claims held to adjudications. Reports later than their claim's adjudication are set apart first.

    Who rates with hindsight proves nothing: what was published after the day of the adjudication does not count, and
    claims that then have no report left are not rated. Undated reports count, and so does all on undated adjudications.
    """
    known = {one.claim: one for one in found}
    late = _late(outcome, known)
    if late:
        outcome = _without(late, outcome, policy)
    ratings = tuple(one for one in outcome.ratings if one.claim.id in known)
    rated = {one.claim.id for one in ratings}
    return Tested(
        ratings=ratings, truth=np.array([known[one.claim.id].truth for one in ratings], dtype=float),
        rerating=Rerating.of(outcome, ratings), unmatched=tuple(claim for claim in known if claim not in rated),
        n_open=len(outcome.ratings) - len(ratings), n_late=len(late),
    )  # fmt: skip


def _without(late: set[str], outcome: Outcome, policy: Policy) -> Outcome:
    """The outcome without some reports: what they stood behind is rated again."""
    touched = {key for one in outcome.ratings if not late.isdisjoint(one.reports) for key in one.reports}
    kept = tuple(report for report in outcome.reports if report.key not in late)
    again = api.rate_reports([report for report in kept if report.key in touched], policy)
    ratings = [*(one for one in outcome.ratings if late.isdisjoint(one.reports)), *again.ratings]
    return Outcome(tuple(sorted(ratings, key=lambda one: one.claim.id)), kept)


def _late(outcome: Outcome, known: Mapping[str, Adjudication]) -> set[str]:
    """The ids of reports that were published after their claim was adjudicated."""
    ends: dict[str, int] = {}
    for rating in outcome.ratings:
        one = known.get(rating.claim.id)
        if one is not None and one.date is not None:
            for key in rating.reports:
                ends[key] = min(date_span(one.date)[1], ends.get(key, date_span(one.date)[1]))
    published = {report.key: report.published for report in outcome.reports}
    return {key for key, end in ends.items() if (day := published[key]) is not None and date_span(day)[0] > end}
