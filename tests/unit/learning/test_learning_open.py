"""Open vocabularies with many spammers: who agrees among many answers is not taken for one who guessed."""

import numpy as np
import pytest

from reliability.learning.estimate import estimate
from reliability.learning.table import Names, Table, lay_table


def simulated(seed: int) -> tuple[Table, np.ndarray]:
    """Five of sixty sources on each of 600 questions with a hundred answers; half of the sources never know."""
    rng = np.random.default_rng(seed)
    truth, fidelity = rng.integers(0, 100, 600), rng.beta(3.0, 2.0, 60) * (rng.random(60) < 0.5)
    source = np.concatenate([rng.choice(60, 5, replace=False) for _ in range(600)])
    question = np.repeat(np.arange(600), 5)
    answer = np.where(rng.random(3_000) < fidelity[source], truth[question], rng.integers(0, 100, 3_000))
    names = (tuple(f"{letter}{n:04}" for n in range(size)) for letter, size in (("q", 600), ("s", 60), ("a", 100)))
    return lay_table(question, source, answer, Names(*names)), truth


@pytest.mark.parametrize("seed", range(3))
def test_the_truth_is_likelier_than_its_share_of_votes(seed: int) -> None:
    table, truth = simulated(seed)
    right = table.cell_answer == truth[table.cell_question]
    p, shares = estimate(table).p, table.shares
    assert np.log(p[right]).mean() > np.log(shares[right]).mean() + 0.1
