"""Which reports state figures, and which figures answer one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reliability.model.dates import date_span
from reliability.model.report import Quantity, Report
from reliability.rules.policy import Policy

SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Family:
    """A report's place among figures: the question (or claim) and unit that it is about, and the figure it states."""

    question: str
    unit: str
    quantity: Quantity

    @property
    def id(self) -> str:
        """What the family is called in codes: question and unit rule."""
        return f"{self.question}{SEPARATOR}{self.unit}"


def families(reports: Sequence[Report], policy: Policy) -> list[Family | None]:
    """Each report's family, None for what states no figure (or one in a unit without a range).

    Claims that share a `question` and a unit are one family. A report on a figure's claim that gives no figure itself
    speaks of the claim's, which is that of its earliest report (undated first, ties by id).
    """
    stated: dict[str, tuple[tuple[int, str], Quantity]] = {}
    question: dict[str, str] = {}
    for report in reports:
        if report.claim is None or report.alternative is not None:
            continue
        if report.question is not None:
            question[report.claim] = min(report.question, question.get(report.claim, report.question))
        if report.quantity is not None and policy.unit_of(report.quantity.unit) is not None:
            age = (date_span(report.published)[0] if report.published else -1, report.key)
            if report.claim not in stated or age < stated[report.claim][0]:
                stated[report.claim] = (age, report.quantity)
    found: list[Family | None] = []
    for report in reports:
        if report.claim is None or report.alternative is not None or report.claim not in stated:
            found.append(None)
            continue
        quantity = report.quantity or stated[report.claim][1]
        unit = policy.unit_of(quantity.unit)
        name = question.get(report.claim, report.claim)
        found.append(None if unit is None else Family(name, unit.id, quantity))
    return found


def by_figures(reports: Sequence[Report], policy: Policy) -> tuple[list[Report], list[tuple[Report, Family]]]:
    """Reports on what is true or false, and those that are about figures with their families, both in order."""
    found = list(zip(reports, families(reports, policy), strict=True))
    plain = [report for report, family in found if family is None]
    return plain, [(report, family) for report, family in found if family is not None]
