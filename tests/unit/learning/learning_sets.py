"""Small tables to learn from, and tables simulated from the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reliability.learning.estimate import Learned
from reliability.learning.table import Names, Table, lay_table

Triple = tuple[str, str, str]


def table(rows: Sequence[Triple], answers: Sequence[str] = ()) -> Table:
    """A table of (question, source, answer); `answers` stand also when nobody gives them."""
    questions, sources, given = (sorted({row[i] for row in rows}) for i in range(3))
    given = sorted({*given, *answers})
    columns = [np.array([names.index(row[i]) for row in rows], dtype=np.int64)
               for i, names in enumerate((questions, sources, given))]  # fmt: skip
    return lay_table(*columns, Names(tuple(questions), tuple(sources), tuple(given)))


def probabilities(of: Table, learned: Learned) -> dict[tuple[str, str], float]:
    """The result by question and answer."""
    questions = [of.names.questions[code] for code in learned.question]
    answers = [of.names.answers[code] for code in learned.answer]
    return dict(zip(zip(questions, answers, strict=True), learned.p.tolist(), strict=True))


@dataclass(frozen=True)
class Simulated:
    """Reports and what is true of them."""

    rows: list[Triple]
    truth: dict[str, str]
    fidelity: dict[str, float]


def knows_or_guesses(
    n_questions: int, fidelities: Sequence[float], k: int, *, seed: int, each: float = 1.0
) -> Simulated:
    """Sources that know with their fidelity, and else guess evenly; each answers a share of the questions."""
    rng = np.random.default_rng(seed)
    rows: list[Triple] = []
    truth = {f"q{i:04}": f"a{rng.integers(k)}" for i in range(n_questions)}
    for j, fidelity in enumerate(fidelities):
        for question, true in truth.items():
            if rng.random() < each:
                said = true if rng.random() < fidelity else f"a{rng.integers(k)}"
                rows.append((question, f"s{j:02}", said))
    return Simulated(rows, truth, {f"s{j:02}": fidelity for j, fidelity in enumerate(fidelities)})
