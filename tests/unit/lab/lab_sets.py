"""The fixtures as sets to rate again and again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reliability import Policy, api
from reliability.api import Outcome, read_reports
from reliability.io.sources import read_sources_file
from reliability.lab.rerating import Rerating

ROOT = Path(__file__).parents[3]
FIXTURES = ROOT / "fixtures"


@cache
def policy() -> Policy:
    """The shipped policy with the sources of all fixtures."""
    files = sorted(FIXTURES.glob("*/sources.*"))
    return Policy.load(ROOT / "rules", sources=[(str(file), one) for file in files for one in read_sources_file(file)])


@cache
def outcome() -> Outcome:
    """All fixtures' reports, rated as one set: claims of one don't touch those of another."""
    reports = [one for file in sorted(FIXTURES.glob("*/report*.*")) for one in read_reports(file)]
    usable, refused = api.check_reports(reports, policy())
    assert not refused
    return api.rate_reports(usable, policy())


def rerating() -> Rerating:
    """The set itself."""
    return Rerating.of(outcome())
