"""From reports to rating records: one a claim, one an alternative of a question, one a claim with a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reliability.model.rating import LinkAccount, Rating
from reliability.model.report import Report
from reliability.reasoning.account import Account
from reliability.reasoning.figure_reading import figure_readings
from reliability.reasoning.links import accounts_of_links
from reliability.reasoning.reading import Context, Reading
from reliability.scoring.families import by_figures
from reliability.scoring.score import score

__all__ = ["Context", "probabilities", "ratings_of"]


def ratings_of(reports: Sequence[Report], context: Context) -> list[Rating]:
    """Rate reports that all are statements with a claim (or question and alternative); claims in id order.

    Raises what `reliability.scoring.score.score` raises.
    """
    plain, stated = by_figures(reports, context.policy)
    found = [reading.rating() for reading in figure_readings(stated, context)]
    for scored in score(plain, context.policy, context.answers):
        account = Account.of(scored, context.policy, with_intervals=context.with_intervals)
        found.extend(reading.rating() for reading in _readings(account, accounts_of_links(account), context))
    return sorted(found, key=lambda rating: rating.claim.id)


def probabilities(reports: Sequence[Report], context: Context) -> dict[str, float]:
    """The rating of every claim by id, unrounded, without its reasons: for many policies on one set.

    Takes and raises what `ratings_of` does. Rounded to 1e-4 they are the p of its records.
    """
    plain, stated = by_figures(reports, context.policy)
    readings = list(figure_readings(stated, context))
    for scored in score(plain, context.policy, context.answers):
        readings += _readings(Account.of(scored, context.policy, with_intervals=False), {}, context)
    return {reading.claim(reading.read_in()).id: reading.exact_p for reading in readings}


def _readings(account: Account, links: dict[int, LinkAccount], context: Context) -> Iterator[Reading]:
    for unit, one in enumerate(account.scored.coded.units):
        for answer in range(account.scored.k) if one.alternatives else range(1):
            yield Reading(account, links, unit, answer, context)
