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
SHARP, BY_SPREAD, BY_GAIN = 1.65, 4.0, 4.0
LEAST_SHARP, FIRST_SHARP, MOST_SHARP = 0.5, 1.4, 2.8
"""What evidence is worth, see `sharpness`. Measured on random parts of the public sets and on simulated kinds."""
VOTES = 0.15
"""The part of the vote shares in the result: no answer is more than ln(1/.15) less likely than by them."""


Models = Sequence[tuple[float, Floats]]
"""Each model's share and its log weights."""


def sharpness(table: Table, fidelity: Floats, models: Models) -> float:
    """What tempered evidence is worth: 1.65·exp(4·spread − 4·gain), from .5 to 2.8.

    `spread` is how much sources differ in how often they know, `fidelity` (n_sources,), over reports: where all are
    alike, evidence is hardly more than numbers, and what is wrong are questions that fool many; where they differ, it
    says who is right. `gain` is how much surer the models (log weights of cells) are of their first answers than votes
    are, when evidence is worth 1.4: who claims much more than the votes show is often too sure.
    """
    many = table.n >= 2.0
    gain = 0.0
    if many.any():
        surer = _first(table, mixed(table, models, FIRST_SHARP)) - _first(table, table.shares)
        gain = max(float(surer[many].mean()), 0.0)
    found = SHARP * np.exp(BY_SPREAD * fidelity[table.source].std() - BY_GAIN * gain)
    return float(np.clip(found, LEAST_SHARP, MOST_SHARP))


def mixed(table: Table, models: Models, sharp: float) -> Floats:
    """Probabilities of the claimed answers, (n_cells,), from models' shares and log weights of cells, (n_cells,).

    Models are mixed in probability: one that errs surely then costs less than in a sum of logs.
    """
    t = (sharp * worth(table.n_voices, N0))[table.cell_question]
    found = VOTES * table.shares
    for share, weight in models:
        found += (1.0 - VOTES) * share * claimed_only(table, t * weight)
    return found


def mixed_in_all(table: Table, models: Models, sharp: float) -> Floats:
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


def _first(table: Table, p: Floats) -> Floats:
    """Each question's greatest probability, (n_questions,)."""
    return np.maximum.reduceat(p, table.starts)
