"""The same reports under many policies: p alone, without reasons, some ten times as fast as a rating."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reliability.api import ENGINE, Outcome
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.rationale import Context, probabilities
from reliability.rules.policy import Policy


@dataclass(frozen=True)
class Rerating:
    """Statements with their claims set, to be rated again and again."""

    statements: tuple[Report, ...]

    @classmethod
    def of(cls, outcome: Outcome, ratings: Iterable[Rating] | None = None) -> Rerating:
        """The statements behind an outcome's ratings, or behind some of them, grouped as they were there."""
        kept = {key for rating in (outcome.ratings if ratings is None else ratings) for key in rating.reports}
        return cls(tuple(one for one in outcome.reports if one.kind == "statement" and one.key in kept))

    def p(self, policy: Policy) -> dict[str, float]:
        """The rating of each claim by id, unrounded. Raises RuleError where the policy leaves a number unset."""
        return probabilities(self.statements, Context(policy, ENGINE, {}))
