"""From models' evidence to probabilities: tempered, mixed with each other, and with the vote shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import softmax

from reliability.learning.confusing import of_cells
from reliability.learning.table import Table
from reliability.learning.tempered import claimed_only, worth
from reliability.scoring.channel import Floats

N0 = 1.0
"""Reports on one question depend on each other: ever so many count as one, of their mean."""
LEAST_SHARP, MOST_SHARP, BY_SPREAD = 1.35, 2.8, 4.0
"""What evidence is worth, see `sharpness`. Measured on random parts of the public sets and on simulated kinds."""
VOTES = 0.15
"""The part of the vote shares in the result: no answer is more than ln(1/.15) less likely than by them."""


def sharpness(table: Table, fidelity: Floats) -> float:
    """What tempered evidence is worth, from 1.35 to 2.8: the more, the more sources differ in how often they know.

    Where all sources are alike, evidence is hardly more than numbers, and what is wrong are questions that fool many;
    where they differ, it says who is right. `fidelity` (n_sources,); its spread is over reports.
    """
    return float(min(LEAST_SHARP * np.exp(BY_SPREAD * fidelity[table.source].std()), MOST_SHARP))


def mixed(table: Table, models: Sequence[tuple[float, Floats]], sharp: float) -> Floats:
    """Probabilities of the claimed answers, (n_cells,), from models' shares and log weights of cells, (n_cells,).

    Models are mixed in probability: one that errs surely then costs less than in a sum of logs.
    """
    t = (sharp * worth(table.n_voices, N0))[table.cell_question]
    found = VOTES * table.shares
    for share, weight in models:
        found += (1.0 - VOTES) * share * claimed_only(table, t * weight)
    return found


def mixed_in_all(table: Table, models: Sequence[tuple[float, Floats]], sharp: float) -> Floats:
    """The same for all answers, those that nobody gave among them: log weights and result are (K, n_questions).

    However well all agree, n reports in all leave a chance of 1/(n + 2) that the next is wrong, which any answer
    may be right in: the rule of succession.
    """
    t = sharp * worth(table.n_voices, N0)
    found = VOTES * of_cells(table, table.shares)
    for share, weight in models:
        found += (1.0 - VOTES) * share * softmax(t * weight, axis=0)
    open_to = 1.0 / (len(table.cell) + 2.0)
    return (1.0 - open_to) * found + open_to / table.k
