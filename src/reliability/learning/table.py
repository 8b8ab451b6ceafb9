"""Who said what, as arrays: the flat table that all learning works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

CLOSED = 20
"""With at most so many answers in all, every answer is one that every question could have had."""


@dataclass(frozen=True)
class Names:
    """What codes stand for, each in order: code c of a question is questions[c], and so on."""

    questions: tuple[str, ...]
    sources: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Reports in order of question, answer, source; one source gives one answer to one question once.

    Shapes: question, source, answer, cell, passed, voice (n_reports,); cell_question, cell_answer, cell_n (n_cells,),
    where a cell is an answer that somebody gave to a question; starts (n_questions,), each question's first cell.
    Units: `passed` is the chance that what the source said came through its relays, 1 without any; `voice` is how much
    of a report is the source's own, 1 if nobody repeats it (see `echoes`).
    """

    names: Names
    question: Ints
    source: Ints
    answer: Ints
    passed: Floats
    voice: Floats
    cell: Ints
    cell_question: Ints
    cell_answer: Ints
    cell_n: Floats
    starts: Ints

    @property
    def k(self) -> int:
        """How many answers there are in all."""
        return len(self.names.answers)

    @property
    def closed(self) -> bool:
        """Whether every answer could be given to every question."""
        return self.k <= CLOSED

    @cached_property
    def n(self) -> Floats:
        """Reports on each question, (n_questions,)."""
        return self.by_question(self.cell_n)

    @cached_property
    def levels(self) -> tuple[Floats, Ints]:
        """The numbers of reports that questions have, in order, and which of them each has, (n_questions,)."""
        found, level = np.unique(self.n, return_inverse=True)
        return found, level.reshape(-1)

    @cached_property
    def n_claimed(self) -> Floats:
        """Distinct answers to each question, (n_questions,)."""
        return np.diff(np.append(self.starts, len(self.cell_question))).astype(float)

    @cached_property
    def n_of_source(self) -> Floats:
        """Reports of each source, (n_sources,)."""
        return np.bincount(self.source, minlength=len(self.names.sources)).astype(float)

    @cached_property
    def shares(self) -> Floats:
        """Each cell's share of its question's reports, (n_cells,)."""
        return self.cell_n / self.n[self.cell_question]

    @cached_property
    def n_voices(self) -> Floats:
        """How many reports on each question are somebody's own, (n_questions,)."""
        return self.by_question(self.voice_of_cell)

    @cached_property
    def voice_of_cell(self) -> Floats:
        """How many reports for each cell are somebody's own, (n_cells,)."""
        return summed(self.cell, self.voice, len(self.cell_question))

    @cached_property
    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Which (source, answer) pair each report is, (n_reports,), and each pair's source and answer, (n_pairs,)."""
        key = self.source * self.k + self.answer
        distinct, pair = np.unique(key, return_inverse=True)
        return pair.reshape(-1), distinct // self.k, distinct % self.k

    def by_question(self, of_cells: Floats) -> Floats:
        """Sums over each question's cells, in their order."""
        return np.add.reduceat(of_cells, self.starts)


def lay_table(question: Ints, source: Ints, answer: Ints, names: Names, passed: Floats | None = None) -> Table:
    """Put reports in order, whatever order and codes they come in; of repeats the one that passed best counts.

    `names` may stand in any order; the table's are sorted, so that the same reports give the same table.
    Questions without reports are left out; answers that nobody gives are kept.
    """
    if passed is None:
        passed = np.ones(len(question))
    answered = np.bincount(question, minlength=len(names.questions)) > 0
    questions, question = _sorted(names.questions, question, answered)
    sources, source = _sorted(names.sources, source, np.ones(len(names.sources), dtype=bool))
    answers, answer = _sorted(names.answers, answer, np.ones(len(names.answers), dtype=bool))
    order = np.lexsort((-passed, source, answer, question))
    question, source, answer, passed = question[order], source[order], answer[order], passed[order]
    new_cell = _changes(question, answer)
    kept = new_cell | _changes(source)
    question, source, answer, passed = question[kept], source[kept], answer[kept], passed[kept]
    new_cell = new_cell[kept]
    cell = np.cumsum(new_cell) - 1
    cell_question = question[new_cell]
    return Table(
        Names(questions, sources, answers), question, source, answer, passed, np.ones(len(question)), cell,
        cell_question, answer[new_cell], np.bincount(cell).astype(float), np.flatnonzero(_changes(cell_question)),
    )  # fmt: skip


def summed(codes: Ints, weights: Floats, n: int) -> Floats:
    """Sums of weights by code, (n,), in the order of the rows."""
    return np.bincount(codes, weights, n).astype(float, copy=False)


def _sorted(names: Sequence[str], codes: Ints, kept: NDArray[np.bool_]) -> tuple[tuple[str, ...], Ints]:
    """The kept names in order, and the codes of each report that go with them."""
    order = [code for code in sorted(range(len(names)), key=names.__getitem__) if kept[code]]
    place = np.zeros(len(names), dtype=np.int64)
    place[order] = np.arange(len(order))
    return tuple(names[code] for code in order), place[codes]


def _changes(*columns: Ints) -> NDArray[np.bool_]:
    """Where a row differs from the one before it; the first does."""
    found = np.zeros(len(columns[0]), dtype=bool)
    found[:1] = True
    for column in columns:
        found[1:] |= column[1:] != column[:-1]
    return found
