"""Scenarios run: a few reports each, and what they must come to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reliability import api
from reliability.errors import InputError, ReliabilityError, RuleError
from reliability.io.reports import report_from
from reliability.model.base import Record
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.rules.fit import rule_error
from reliability.rules.policy import Policy
from reliability.rules.schema import Expectation, Scenario

BETWEEN = "/"


class Miss(Record):
    """A claim of a scenario that does not come to what is expected."""

    scenario: str
    claim: str
    expected: str
    got: str


def reports_of(policy: Policy) -> list[Report]:
    """The reports of all scenarios, with ids and claims of their own.

    Raises RuleError, with file and scenario, for a row that is no report.
    """
    return [report for scenario in policy.scenarios for report in _reports(scenario, policy)]


def _reports(scenario: Scenario, policy: Policy) -> list[Report]:
    found = []
    for n, row in enumerate(scenario.report, start=1):
        plain: dict[str, Any] = json.loads(json.dumps(row, default=str))
        name = plain.get("claim") or plain.get("question")
        for key in ("claim", "question"):
            if plain.get(key):
                plain[key] = f"{scenario.id}{BETWEEN}{plain[key]}"
        plain["id"] = f"{scenario.id}{BETWEEN}{n:02d}"
        try:
            if not name:
                raise InputError(problem="names no claim and no question", remedy="give it a claim")
            found.append(report_from(plain))
        except ReliabilityError as error:
            raise _fail(policy, scenario, n, error.problem, error.remedy) from None
    refused = api.check_reports(found, policy)[1]
    if refused:
        raise _fail(policy, scenario, found.index(refused[0][0]) + 1, refused[0][1], "mend the report")
    return found


def _fail(policy: Policy, scenario: Scenario, n: int, problem: str, remedy: str | None) -> RuleError:
    return rule_error(policy, scenario, ("report", n - 1), f"report {n}: {problem}", remedy or "mend the report")


def run(policy: Policy, reports: Sequence[Report] | None = None) -> list[Miss]:
    """What does not come out as expected, in order of scenarios and their expectations.

    Scenarios argue about rules: what trees come to is held to them, before any recalibration.
    """
    policy = replace(policy, recalibrations=())
    rated = api.rate_reports(reports_of(policy) if reports is None else reports, policy)
    return misses(policy, {rating.claim.id: rating for rating in rated.ratings})


def meets(p: float, expected: Expectation) -> bool:
    """Whether a rating, rounded as in its record, is as near as is asked."""
    return abs(p - expected.p) <= expected.within + 1e-9


def misses(policy: Policy, ratings: dict[str, Rating]) -> list[Miss]:
    """The expectations that ratings (by claim) don't meet."""
    found = []
    for scenario in policy.scenarios:
        for one in scenario.expect:
            rating = ratings.get(f"{scenario.id}{BETWEEN}{one.claim}")
            expected = f"{one.p:.4f} ± {one.within:g}" + (f", {one.icd203}" if one.icd203 else "")
            if rating is None:
                got = "no such claim"
            elif meets(rating.p, one) and one.icd203 in (None, rating.icd203):
                continue
            else:
                got = f"{rating.p:.4f}, {rating.icd203 or 'not assessed'}"
            found.append(Miss(scenario=scenario.id, claim=one.claim, expected=expected, got=got))
    return found
