from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from learning_sets import probabilities

from reliability.io.answers import Answers, Coded
from reliability.learning.estimate import estimate
from reliability.learning.from_reports import flatten
from reliability.learning.learn import table_of
from reliability.learning.table import Table
from reliability.model.report import Link, Report
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry

RULES = Path(__file__).resolve().parents[3] / "rules"
AGENCIES = ("North Agency", "South Agency", "East Agency")


@cache
def policy(bloc: bool = False) -> Policy:
    name = sorted(Policy.load(RULES, scenarios=False).blocs)[0] if bloc else None
    agency = {"type": "intelligence-agency", "bloc": name}
    entries = [("here", SourceEntry(name=one, **agency)) for one in (*AGENCIES, "West Agency")]  # type: ignore[arg-type]
    return Policy.load(RULES, sources=entries, scenarios=False)


def told(claim: str, *chain: str, stance: str = "asserts", via: str = "direct-quote", day: str | None = None) -> Report:
    links = tuple(Link(source=name, type="media" if at else "expert", via=via if at == 0 else None)  # type: ignore[arg-type]
                  for at, name in enumerate(chain))  # fmt: skip
    return Report(id=f"{claim} {chain} {stance} {day}", claim=claim, stance=stance, published=day,  # type: ignore[arg-type]
                  provenance=links)  # fmt: skip


def claims(reports: list[Report], rules: Policy | None = None) -> Table:
    found = flatten(reports, rules or policy())
    assert found.claims is not None
    return found.claims


def answers(table: Table) -> list[tuple[str, str, str]]:
    names = table.names
    rows = zip(table.question.tolist(), table.source.tolist(), table.answer.tolist(), strict=True)
    return [(names.questions[q], names.sources[s].casefold(), names.answers[a]) for q, s, a in rows]


def test_an_origin_quoted_by_ten_outlets_counts_once() -> None:
    ten = [told("c1", "Dr. Holt", f"Paper {i}") for i in range(10)]
    assert answers(claims(ten)) == [("c1", "dr. holt", "true")]


def test_a_denial_is_the_answer_false_and_both_answers_stand() -> None:
    table = claims([told("c1", "Dr. Holt", "Paper"), told("c1", "Dr. Reeve", "Paper", stance="denies")])
    assert answers(table) == [("c1", "dr. reeve", "false"), ("c1", "dr. holt", "true")]
    assert table.names.answers == ("false", "true")


def test_relays_garble_and_the_best_of_several_chains_counts() -> None:
    near = claims([told("c1", "Dr. Holt", "Paper")]).passed[0]
    far = claims([told("c1", "Dr. Holt", "Wire", "Paper", "Site")]).passed[0]
    both = claims([told("c1", "Dr. Holt", "Paper"), told("c1", "Dr. Holt", "Wire", "Paper", "Site")]).passed[0]
    assert far < near < 1.0
    assert both == near


def test_what_was_taken_back_or_said_otherwise_later_is_left_out() -> None:
    reports = [told("c1", "Dr. Holt", "Paper", day="2025-01-01"), told("c1", "Dr. Holt", "Paper", stance="denies",
               day="2025-02-01"), told("c2", "Dr. Holt", "Paper")]  # fmt: skip
    found = flatten(reports, policy())
    assert found.claims is not None
    assert answers(found.claims) == [("c1", "dr. holt", "false"), ("c2", "dr. holt", "true")]
    assert sum(found.set_aside.values()) == 1


def test_sources_of_one_bloc_are_one_voice_however_many() -> None:
    others = [told(f"c{i}", name, "Paper") for i in range(6) for name in ("Dr. Holt", "Dr. Reeve")]

    def with_agencies(*names: str) -> dict[tuple[str, str], float]:
        said = [Report(id=f"{i} {name}", claim=f"c{i}", stance="denies" if i % 2 else "asserts",
                       provenance=(Link(source=name, type="intelligence-agency", via="direct-quote"),
                                   Link(source="Paper", type="media")))
                for i in range(6) for name in names]  # fmt: skip
        table = claims([*others, *said], policy(bloc=True))
        return probabilities(table, estimate(table, every=True))

    assert with_agencies(*AGENCIES) == pytest.approx(with_agencies("North Agency"), abs=1e-12)


def test_of_a_flat_table_too() -> None:
    def table(*names: str) -> Table:
        columns = Coded(), Coded(), Coded()
        for i in range(8):
            for name in ("Ann", "Bob", *names):
                for column, text in zip(columns, (f"q{i}", name, "y" if (i + len(name)) % 3 else "n"), strict=True):
                    column.add(text)
        return table_of(Answers(*columns, rejects=()), policy(bloc=True))

    three, one = table("East Agency", "West Agency"), table("East Agency")
    assert probabilities(three, estimate(three)) == pytest.approx(probabilities(one, estimate(one)), abs=1e-12)
    assert len(one.names.sources) == 3
