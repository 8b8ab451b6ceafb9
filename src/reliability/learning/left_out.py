"""How well a fit of an open vocabulary foretells each report from all others."""

from __future__ import annotations

import numpy as np

from reliability.learning.table import Table, summed
from reliability.scoring.channel import Floats

ROUNDS = 10


def left_out_score(table: Table, own: Floats, k: Floats) -> float:
    """The mean log chance of a report given all others, over questions with two reports or more; 0 if there is none.

    Each source's fidelity comes from its other reports, in ten rounds from k (n_reports,), the chance that each report
    was known; who doesn't know guesses evenly. `own` (n_reports,) is how likely all others make each report's answer.
    Echoes count for a part.
    """
    many = table.n[table.question] >= 2.0
    if not many.any():
        return 0.0
    guessed = 1.0 / (1.0 + table.n_claimed)[table.question]
    chance = own
    for _ in range(ROUNDS):
        known = summed(table.source, k, len(table.names.sources))
        f = (1.0 + known[table.source] - k) / (1.0 + table.n_of_source[table.source])
        chance = own * f + (1.0 - f) * guessed
        k = own * f / np.maximum(chance, 1e-300)
    return float(np.average(np.log(np.maximum(chance[many], 1e-300)), weights=table.voice[many]))
