"""Competing answers on the page: the bars of the waterfalls, with links to the claims."""

from __future__ import annotations

import pytest
from page_material import Element, fixture, material, page, parsed
from payloads import PAYLOADS

from reliability.exchange.ach import matrices
from reliability.model.report import Report
from reliability.reasoning.sentences import percent
from reliability.report.figures import decibans
from reliability.report.material import Material


def tables(made: Material) -> list[Element]:
    return [one for one in parsed(page(made)).all("div", **{"class": "ach"}) for one in one.all("table")]


@pytest.mark.parametrize("name", ["three-answers", "casualty-pairs"])
def test_the_matrix_shows_the_bars_and_probabilities_of_every_answer(name: str) -> None:
    made = material(fixture(name))
    several = [one for one in matrices(made.ratings) if len(one.answers) > 1]
    assert len(tables(made)) == len(several) > 0
    for table, matrix in zip(tables(made), several, strict=True):
        rows = [[cell.text for cell in row.children] for row in table.all("tr")]
        assert rows[0][2:] == [one.claim.text for one in matrix.answers]
        assert [link.attributes["href"] for link in table.all("a")] == [
            f"#{made.claim_anchors[one.claim.id]}" for one in matrix.answers
        ]
        for row, evidence in zip(rows[1:], matrix.evidence, strict=False):
            assert row[0] == f"{evidence.label} {evidence.kind}"
            assert row[1] == f"{evidence.diagnosticity_db:.2f}"
            assert row[2:] == ["–" if db is None else decibans(db) for db in evidence.db]
        assert rows[-1][2:] == [percent(one.p) for one in matrix.answers]


def test_a_page_without_questions_has_no_such_section() -> None:
    made = material(fixture("circular-reporting"))
    assert tables(made) == []
    assert "Competing answers" not in page(made)


def test_hostile_questions_answers_and_sources_are_text() -> None:
    def said(at: int, text: str) -> Report:
        chain = [{"source": f"{text} x", "type": "expert"}, {"source": "Lantern", "type": "media"}]
        return Report.model_validate({"id": f"r{at}", "question": PAYLOADS[0], "alternative": text, "text": text,
                                      "provenance": chain})  # fmt: skip

    made = material([said(at, text) for at, text in enumerate(PAYLOADS[:12])])
    (table,) = tables(made)
    assert {one.tag for one in table.all()} <= {"thead", "tbody", "tr", "th", "td", "a", "small"}
