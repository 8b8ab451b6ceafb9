"""From reports to rating records: one a claim, one an alternative of a question, one a claim with a figure."""

from __future__ import annotations

from collections.abc import Sequence

from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.account import Account
from reliability.reasoning.figure_reading import figure_ratings
from reliability.reasoning.links import accounts_of_links
from reliability.reasoning.reading import Context, Reading
from reliability.scoring.families import families
from reliability.scoring.score import score

__all__ = ["Context", "ratings_of"]


def ratings_of(reports: Sequence[Report], context: Context) -> list[Rating]:
    """Rate reports that all are statements with a claim (or question and alternative); claims in id order.

    Raises what `reliability.scoring.score.score` raises.
    """
    family_of = families(reports, context.policy)
    plain = [report for report, family in zip(reports, family_of, strict=True) if family is None]
    stated = [(report, family) for report, family in zip(reports, family_of, strict=True) if family is not None]
    found: list[Rating] = figure_ratings(stated, context)
    for scored in score(plain, context.policy):
        account = Account.of(scored, context.policy)
        links = accounts_of_links(account)
        for unit in range(len(scored.coded.units)):
            answers = range(scored.k) if scored.coded.units[unit].alternatives else range(1)
            found.extend(Reading(account, links, unit, answer, context).rating() for answer in answers)
    return sorted(found, key=lambda rating: rating.claim.id)
