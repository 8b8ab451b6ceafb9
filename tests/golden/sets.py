"""The sets that golden ratings are kept of, and how each is rated."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reliability import api
from reliability.io.groupings import read_grouping
from reliability.io.sources import read_sources_file
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.rules.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).resolve().parent
FIXTURES = ROOT / "fixtures"
SEED = ROOT / "seeds" / "000_00793e7f8cbc5f38.txt"
EDITOR = FIXTURES / "seed" / "grouping.toml"
NAMES = tuple(sorted(path.parent.name for path in FIXTURES.glob("*/reports.*")))
SEEDS = ("seed", "seed-grouped")


def reports_file(name: str) -> Path:
    """A set's reports, whichever format they are in."""
    return next(iter(sorted((FIXTURES / name).glob("reports.*"))))


def sources_file(name: str) -> Path | None:
    """A set's sources file, if it has one."""
    return next(iter(sorted((FIXTURES / name).glob("sources.*"))), None)


def expected(name: str) -> dict[str, float]:
    """What each claim of a set must rate, by id, as its expected.toml says."""
    with (FIXTURES / name / "expected.toml").open("rb") as file:
        return {one["id"]: one["p"] for one in tomllib.load(file)["claim"]}


@cache
def policy_of(name: str) -> Policy:
    """The shipped policy, with the set's own sources."""
    path = sources_file(name)
    own = [] if path is None else [(str(path), entry) for entry in read_sources_file(path)]
    return Policy.load(ROOT / "rules", sources=own)


@cache
def reports_of(name: str) -> tuple[Report, ...]:
    """The reports of a set, or of the seed article as the text extra reads it."""
    if name in SEEDS:
        return tuple(api.reports_of(api.read_article(SEED, publisher="ABC News"), policy_of("seed")))
    return tuple(api.read_reports(reports_file(name)))


@cache
def rate(name: str) -> dict[str, Rating]:
    """A set's ratings by claim id."""
    return rate_only(name, reports_of(name))


def rate_only(name: str, reports: Sequence[Report], as_of: date | None = None) -> dict[str, Rating]:
    """Ratings by claim id of some of a set's reports, under its policy and grouping."""
    policy = policy_of("seed" if name in SEEDS else name)
    usable, refused = api.check_reports(reports, policy)
    assert not refused
    grouping = read_grouping(EDITOR) if name == "seed-grouped" else None
    return {one.claim.id: one for one in api.rate_reports(usable, policy, grouping=grouping, as_of=as_of).ratings}


def compact(rating: Rating) -> dict[str, Any]:
    """What a golden file keeps of a rating."""
    verdict = rating.rating
    said = [f"{one.origin} {one.stance} {one.p}" for one in rating.said_so]
    return {
        "claim": rating.claim.id,
        "text": rating.claim.text,
        "p": verdict.p,
        "low": verdict.low,
        "high": verdict.high,
        "weight_db": verdict.weight_db,
        "icd203": verdict.icd203,
        "confidence": verdict.analytic_confidence.level,
        "origins": said if len(said) <= 12 else [*said[:3], f"… {len(said)} in all"],
        "flags": list(rating.flags),
        "bars": [f"{bar.kind} {bar.label} {bar.db:+.2f}" for bar in rating.waterfall],
    }


def golden_text(name: str) -> str:
    """A golden file's content: a line a claim, in id order."""
    lines = (json.dumps(compact(rating), ensure_ascii=False) for _, rating in sorted(rate(name).items()))
    return "".join(line + "\n" for line in lines)


def golden_file(name: str) -> Path:
    """Where a set's golden ratings are kept."""
    return GOLDEN / f"{name}.jsonl"
