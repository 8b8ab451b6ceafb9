"""Ledgers made for tests: quick ratings of made-up reports, and what tests do to a store."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from reliability import Policy, Rating, Report, api
from reliability.ledger.chain import Placed
from reliability.ledger.details import Decision, Options
from reliability.ledger.given import given_files
from reliability.ledger.overrides import record_override
from reliability.ledger.recording import Evidence, record_run
from reliability.ledger.store import Ledger

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "fixtures" / "ledger" / "ledger"
KEPT_HEAD = "e207e2342a6117c680a6fd832278eecca93baec0fe1f88aefadf3a0231c553b5"
BEGAN = datetime(2026, 11, 26, 12, tzinfo=UTC)


@cache
def policy() -> Policy:
    return Policy.load(ROOT / "rules", scenarios=False)


def said(claim: str, source: str = "Harbour Office of Quillport", kind: str = "government", **more: Any) -> Report:
    chain = [{"source": source, "type": kind}, {"source": "The Quay", "type": "media"}]
    return Report.model_validate({"claim": claim, "text": f"{claim} is closed", "provenance": chain, **more})


@cache
def rated(claim: str = "bridge") -> tuple[tuple[Report, ...], tuple[Rating, ...]]:
    reports = (said(claim),)
    return reports, api.rate_reports(reports, policy()).ratings


def record(ledger: Ledger, claim: str = "bridge", *, number: int = 0, by: str | None = None) -> Placed:
    """Records a rating of a claim, `number` seconds after the first."""
    reports, ratings = rated(claim)
    evidence = Evidence(given=(), policy=policy(), reports=reports, options=Options(max_chars=1_000))
    return record_run(ledger, evidence, ratings, at=BEGAN + timedelta(seconds=number), by=by, note=f"run {number}")


def record_many(ledger: Ledger, claims: int = 100, *, note: str | None = None) -> Placed:
    """Records ratings of so many claims, each of a source of its own, as one entry."""
    reports = tuple(said(f"claim-{number:03}", f"Source {number:03}") for number in range(claims))
    evidence = Evidence(given=(), policy=policy(), reports=reports, options=Options(max_chars=1_000))
    return record_run(ledger, evidence, api.rate_reports(reports, policy()).ratings, at=BEGAN, note=note)


def record_file(ledger: Ledger, path: Path) -> Placed:
    """Records the ratings of a file of reports, as the command does."""
    given = given_files([str(path)], ledger=ledger.folder)
    reports = api.read_reports(path)
    evidence = Evidence(given=given, policy=policy(), reports=reports, options=Options(max_chars=1_000))
    return record_run(ledger, evidence, api.rate_reports(reports, policy()).ratings, at=BEGAN)


def decide(ledger: Ledger, subject: str = "bridge", *, number: int = 0, by: str = "A. Editor") -> Placed:
    """Records a decision."""
    decision = Decision(subject=subject, old="likely", new="settled: true", why=f"seen, {number}")
    return record_override(ledger, "adjudication", decision, at=BEGAN + timedelta(seconds=number), by=by)


def some(folder: Path, count: int = 6) -> Ledger:
    """A ledger of so many entries: ratings and decisions in turn."""
    ledger = Ledger.open(folder, create=True)
    for number in range(count):
        if number % 2:
            decide(ledger, f"claim-{number // 2}", number=number)
        else:
            record(ledger, f"claim-{number // 2}", number=number, by="B. Desk")
    return ledger


def copied(source: Path, target: Path) -> Ledger:
    """A copy of a ledger, to be spoilt."""
    shutil.copytree(source, target)
    return Ledger.open(target)


def files(ledger: Ledger) -> Iterator[Path]:
    """Every file of a store, in order."""
    return iter(sorted(path for path in ledger.folder.rglob("*") if path.is_file()))
