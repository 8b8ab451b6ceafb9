"""Analysis of competing hypotheses: the answers of one question against all the evidence, in decibans.

A cell is the bar that the answer's own waterfall has for that piece of evidence: how much it speaks for this answer
against the strongest rival, 10·log10 of the likelihood ratio. Diagnosticity is how far apart a piece of evidence sets
the answers: evidence that speaks alike for all of them tells nothing (Heuer 1999, chapter 8).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reliability.io.reports_out import csv_line
from reliability.io.writers import text_cell
from reliability.model.rating import BarKind, Rating
from reliability.model.rounding import rounded


@dataclass(frozen=True)
class Evidence:
    """A row: who speaks, and the decibans for each answer; `diagnosticity_db` is 0 where all answers fare alike."""

    label: str
    kind: BarKind
    db: tuple[float | None, ...]
    diagnosticity_db: float


@dataclass(frozen=True)
class Matrix:
    """The answers of a question (its ratings, in id order) and the evidence, the most diagnostic first.

    `exclusive`: one of the answers at most is true. Else (figures, which may overlap) each answer is held against
    its own negation.
    """

    question: str
    answers: tuple[Rating, ...]
    evidence: tuple[Evidence, ...]
    exclusive: bool


def matrices(ratings: Sequence[Rating]) -> list[Matrix]:
    """A matrix a question, in the order in which questions first come up; a plain claim is a question of its own."""
    by_question: dict[tuple[str, str], list[Rating]] = {}
    for rating in ratings:
        asked = ("question", rating.claim.question) if rating.claim.question else ("claim", rating.claim.id)
        by_question.setdefault(asked, []).append(rating)
    return [_matrix(name, found) for (_, name), found in by_question.items()]


def _matrix(question: str, found: list[Rating]) -> Matrix:
    answers = tuple(sorted(found, key=lambda rating: rating.claim.id))
    exclusive = all(rating.alternatives is not None for rating in answers)
    leader = max(range(len(answers)), key=lambda at: (answers[at].p, -_place(answers[at])))
    bars = [_bars(rating) for rating in answers]
    rows = []
    for key in dict.fromkeys(name for one in bars for name in one):
        db = tuple(one.get(key) for one in bars)
        rows.append(Evidence(key[0], key[1], db, _diagnosticity(db, leader if exclusive else None)))
    rows.sort(key=lambda row: -row.diagnosticity_db)
    return Matrix(question, answers, tuple(rows), exclusive)


def _bars(rating: Rating) -> dict[tuple[str, BarKind, int], float]:
    """The bars of the evidence by label and kind, those of one label told apart by their order."""
    found: dict[tuple[str, BarKind, int], float] = {}
    for bar in rating.waterfall[1:-1]:
        nth = sum(key[:2] == (bar.label, bar.kind) for key in found)
        found[bar.label, bar.kind, nth] = bar.db
    return found


def _place(rating: Rating) -> int:
    """Where an answer stands among its question's: the scorer takes the first of equally likely rivals."""
    names = rating.alternatives or ()
    return next(
        (at for at, name in enumerate(names) if rating.claim.id == f"{rating.claim.question}={name}"), len(names)
    )


def _diagnosticity(db: Sequence[float | None], leader: int | None) -> float:
    """How far apart the likelihoods of the answers are, in decibans.

    Of exclusive answers every other's bar is held against the leading one, which thus stands at 0; of others each
    bar is held against its own negation, and the largest counts.
    """
    given = [one for at, one in enumerate(db) if one is not None and at != leader]
    if leader is not None and len(db) > 1:
        return rounded(max([0.0, *given]) - min([0.0, *given]), 2)
    return rounded(max((abs(one) for one in db if one is not None), default=0.0), 2)


def ach_csv(ratings: Sequence[Rating]) -> str:
    """The matrices as one table: `row` says what a line is; a question's answers stand in columns h1, h2, ….

    Lines a question: claim (ids), hypothesis (texts), prior, evidence (one each), common-error, together (the weight)
    and p. Cells that a spreadsheet would take for a formula have an apostrophe before them.
    """
    found = matrices(ratings)
    width = max((len(one.answers) for one in found), default=0)
    head = ["question", "row", "evidence", "kind", "diagnosticity_db", *(f"h{at + 1}" for at in range(width))]
    lines = [head]
    for one in found:
        lines += [[*line, *[""] * (len(head) - len(line))] for line in _lines(one)]
    return "".join(csv_line(line) for line in lines)


def _lines(matrix: Matrix) -> Iterator[list[str]]:
    asked, answers = text_cell(matrix.question), matrix.answers
    yield [asked, "claim", "", "", "", *(text_cell(one.claim.id) for one in answers)]
    yield [asked, "hypothesis", "", "", "", *(text_cell(one.claim.text) for one in answers)]
    yield [asked, "prior", "", "", "", *(_number(one.waterfall[0].db) for one in answers)]
    for row in matrix.evidence:
        yield [asked, "evidence", text_cell(row.label), row.kind, _number(row.diagnosticity_db), *map(_number, row.db)]
    yield [asked, "common-error", "", "", "", *(_number(one.waterfall[-1].db) for one in answers)]
    yield [asked, "together", "", "", "", *(_number(one.rating.weight_db) for one in answers)]
    yield [asked, "p", "", "", "", *(_number(one.p) for one in answers)]


def _number(value: float | None) -> str:
    return "" if value is None else json.dumps(value)
