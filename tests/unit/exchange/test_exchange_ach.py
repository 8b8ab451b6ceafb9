"""Competing answers: cells are the waterfall's own bars, and diagnosticity is what the likelihoods say."""

from __future__ import annotations

import csv
import io
import math
from itertools import pairwise

import pytest
from exchange_dossier import HOSTILE, Dossier, dossier_of, every, fixture, hostile

from reliability.exchange.ach import Matrix, ach_csv, matrices
from reliability.model.report import Report


def rows(dossier: Dossier) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(ach_csv(dossier.ratings))))


@pytest.mark.parametrize("dossier", every())
def test_each_column_adds_up_to_its_answers_weight(dossier: Dossier) -> None:
    for matrix in matrices(dossier.ratings):
        for at, answer in enumerate(matrix.answers):
            many = answer.alternatives is not None and len(answer.alternatives) > 2
            total = math.fsum(row.db[at] or 0.0 for row in matrix.evidence) + answer.waterfall[-1].db
            prior = 0.0 if many else answer.waterfall[0].db
            assert total + prior == pytest.approx(answer.rating.weight_db, abs=1e-9)


def likelihoods(matrix: Matrix) -> dict[str, list[float]]:
    """Log-likelihoods in dB up to a constant, read off the posteriors before and after each bar."""
    bars = matrix.answers[0].waterfall[:-1]
    found = {}
    for before, bar in pairwise(bars):
        assert isinstance(before.p_after, tuple)
        assert isinstance(bar.p_after, tuple)
        found[bar.label] = [10 * math.log10(b / a) for a, b in zip(before.p_after, bar.p_after, strict=True)]
    return found


def test_diagnosticity_is_the_range_of_the_log_likelihoods() -> None:
    (matrix,) = matrices(fixture("three-answers").ratings)
    expected = likelihoods(matrix)
    assert matrix.exclusive
    assert {row.label for row in matrix.evidence} == set(expected)
    for row in matrix.evidence:
        told = expected[row.label]
        assert row.diagnosticity_db == pytest.approx(max(told) - min(told), abs=0.03)


@pytest.mark.parametrize("answers", ["ab", "abc", "abb", "aabc"])
def test_so_it_is_where_answers_are_equally_likely(answers: str) -> None:
    reports = [
        Report.model_validate({"id": f"r{at}", "question": "q", "alternative": name, "text": name,
                               "provenance": [{"source": f"S{at}", "type": "expert"}]})
        for at, name in enumerate(answers)
    ]  # fmt: skip
    (matrix,) = matrices(dossier_of(reports).ratings)
    expected = likelihoods(matrix)
    for row in matrix.evidence:
        told = expected[row.label]
        assert row.diagnosticity_db == pytest.approx(max(told) - min(told), abs=0.03)


def test_the_most_telling_evidence_comes_first() -> None:
    for matrix in matrices(fixture("three-answers").ratings):
        told = [row.diagnosticity_db for row in matrix.evidence]
        assert told == sorted(told, reverse=True)


def test_the_table_holds_every_answer_and_all_evidence_of_each_question() -> None:
    found = rows(fixture("three-answers"))
    by_row = {one["row"]: one for one in found}
    texts = {rating.claim.id: rating for rating in fixture("three-answers").ratings}
    for column in ("h1", "h2", "h3", "h4"):
        rating = texts[by_row["claim"][column]]
        assert by_row["hypothesis"][column] == rating.claim.text
        assert float(by_row["p"][column]) == rating.p
        assert float(by_row["together"][column]) == rating.rating.weight_db
    assert sum(one["row"] == "evidence" for one in found) == len(fixture("three-answers").ratings[0].waterfall) - 2


def test_figures_that_may_overlap_are_held_against_their_negations() -> None:
    shared = [one for one in matrices(fixture("casualty-pairs").ratings) if len(one.answers) > 1]
    assert shared
    for matrix in shared:
        assert not matrix.exclusive
        for row in matrix.evidence:
            assert row.diagnosticity_db == max(abs(db) for db in row.db if db is not None)


def test_no_cell_is_a_formula_for_a_spreadsheet() -> None:
    texts = [cell for one in rows(hostile()) for name, cell in one.items() if name in ("question", "evidence") or
             one["row"] in ("claim", "hypothesis")]  # fmt: skip
    assert any(cell.startswith("'") for cell in texts)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in texts)
    assert set(HOSTILE) <= {cell.removeprefix("'") for cell in texts}
