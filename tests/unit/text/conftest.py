"""One policy and one reading of the seed for all tests of the text part."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

SEED = Path(__file__).parents[3] / "seeds" / "000_00793e7f8cbc5f38.txt"


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.load()


@pytest.fixture(scope="session")
def seed() -> Article:
    text = SEED.read_text(encoding="utf-8")
    return Article(id="a1", text=text, publisher="ABC News", publisher_type="media", published="2025-03-12")


@pytest.fixture(scope="session")
def seed_reports(seed: Article, policy: Policy) -> list[Report]:
    return read_reports_of(seed, policy)
