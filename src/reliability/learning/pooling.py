"""Several models of the same reports, each weighed by how well it foretells reports that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reliability.learning.table import Table, summed
from reliability.scoring.channel import Floats

ROUNDS = 10
KEENNESS = 10.0
"""How fast a model's weight falls with its mean log score a report."""
_SHARED_GUESS = 0.5
"""Reports of everyone's, per answer, that a source's guesses are worth when they are judged."""


@dataclass(frozen=True)
class Candidate:
    """A model's result, and its `trust`, the weight that it has before anything is known.

    Shapes: log_weight (K, n_questions); own (n_reports,) how likely all others make each report's answer; k
    (n_reports,) how likely each was known, where judging begins.
    """

    log_weight: Floats
    own: Floats
    k: Floats
    trust: float


def left_out_score(table: Table, own: Floats, k: Floats) -> float:
    """The mean log chance of a report given all others, over questions with two reports or more; 0 if there is none.

    Each source's fidelity and guesses come from its other reports, in ten rounds from k (n_reports,), the chance that
    each report was known. Closed vocabularies have learned guesses, open ones even ones.
    """
    many = table.n[table.question] >= 2.0
    if not many.any():
        return 0.0
    chance = own
    for _ in range(ROUNDS):
        known = summed(table.source, k, len(table.names.sources))
        f = (1.0 + known[table.source] - k) / (1.0 + table.n_of_source[table.source])
        chance = own * f + (1.0 - f) * _guesses(table, k)
        k = own * f / np.maximum(chance, 1e-300)
    logs = np.log(np.maximum(chance[many], 1e-300))
    return float(np.average(logs, weights=table.voice[many]))


def _guesses(table: Table, k: Floats) -> Floats:
    if not table.closed:
        return 1.0 / (1.0 + table.n_claimed)[table.question]
    pair, source, _ = table.pairs
    guessed = 1.0 - k
    base = summed(table.answer, guessed, table.k) + 1e-12
    shared = _SHARED_GUESS * table.k * base / base.sum()
    given = summed(pair, guessed, len(source))[pair] - guessed + shared[table.answer]
    in_all = summed(table.source, guessed, len(table.names.sources))[table.source] - guessed
    found: Floats = np.maximum(given, 1e-12) / (in_all + _SHARED_GUESS * table.k)
    return found


def pool_weights(table: Table, candidates: Sequence[Candidate]) -> Floats:
    """Each candidate's share, summing to 1: its trust, less e-fold for every tenth of a nat that it scores behind."""
    score = np.array([left_out_score(table, one.own, one.k) for one in candidates])
    weight = np.array([one.trust for one in candidates]) * np.exp(KEENNESS * (score - score.max()))
    shares: Floats = weight / weight.sum()
    return shares
