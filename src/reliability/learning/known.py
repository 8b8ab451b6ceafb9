"""Questions whose truth was settled: what is held fixed while the rest is learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reliability.learning.table import Table
from reliability.scoring.channel import Floats


@dataclass(frozen=True)
class Known:
    """What is settled. `questions` (n_questions,): which are; `p` (n_cells,): the truth of their cells, else 0.

    `unclaimed` holds (answer, question, p) of the vocabulary's answers that nobody gave. What is then left to 1
    belongs to answers outside the vocabulary.
    """

    questions: NDArray[np.bool_]
    p: Floats
    unclaimed: tuple[tuple[int, int, float], ...] = ()

    @classmethod
    def nothing(cls, table: Table) -> Known:
        """No question is settled."""
        return cls(np.zeros(len(table.starts), dtype=bool), np.zeros(len(table.cell_question)))

    @property
    def any(self) -> bool:
        """Whether anything is settled."""
        return bool(self.questions.any())


def hold(known: Known, table: Table, q: Floats, own: Floats) -> tuple[Floats, Floats]:
    """Posteriors of cells and of reports' own answers, with those of settled questions in their place."""
    if not known.any:
        return q, own
    cells, reports = known.questions[table.cell_question], known.questions[table.question]
    return np.where(cells, known.p, q), np.where(reports, known.p[table.cell], own)
