"""From reports alone to a probability for each answer: three models, tempered, pooled, and mixed with the votes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reliability.learning.confusing import Rows, learn_confusions, of_cells, own_answers
from reliability.learning.guessing import Fit, Settings, learn_guessing
from reliability.learning.known import Known
from reliability.learning.partial import spread_of
from reliability.learning.pooling import Candidate, left_out_score, pool_weights
from reliability.learning.table import Table
from reliability.learning.tempered import claimed_only, posteriors, worth
from reliability.scoring.channel import Floats

N0 = 1.0
"""Reports on one question depend on each other: ever so many count as one, of their mean."""
SHARPNESS = 1.4
"""What pooled evidence is worth: models agree where their errors don't. Measured on subsets of the public sets."""
VOTES = 0.2
"""The part of the vote shares in the result."""
EVEN_GUESSES = Settings(n0=N0)
OWN_GUESSES = Settings(n0=np.inf, learned_guesses=True)
STAGES = 4


@dataclass(frozen=True)
class Learned:
    """p (n_cells,): each claimed answer's probability, summing to 1 over a question's. fidelity (n_sources,).

    `weights` says how much each model counted: even guesses, own guesses, confusions (the last two: closed
    vocabularies alone).
    """

    p: Floats
    fidelity: Floats
    weights: tuple[float, ...]


def estimate(table: Table, known: Known | None = None, told: Callable[[int, int], None] | None = None) -> Learned:
    """How likely each answer is; the questions in `known` keep their truth (`p` of what nobody claimed is left out).

    `told` hears of every stage done, and of how many there are.
    """
    known = known or Known.nothing(table)
    told = told or (lambda done, of: None)
    even = learn_guessing(table, known, EVEN_GUESSES, None if table.closed else spread_of(table))
    told(1, STAGES)
    if table.closed and table.k > 1:
        weight, shares, fidelity = _pooled(table, known, even, told)
    else:
        weight, shares, fidelity = _log_weight(table, even), np.ones(1), even.fidelity
    p = _mixed(table, weight)
    p = np.where(known.questions[table.cell_question], known.p, p)
    told(STAGES, STAGES)
    return Learned(p, fidelity, tuple(shares.tolist()))


def _pooled(
    table: Table, known: Known, even: Fit, told: Callable[[int, int], None]
) -> tuple[Floats, Floats, Floats]:
    own = learn_guessing(table, known, OWN_GUESSES)
    told(2, STAGES)
    start = of_cells(table, _mixed(table, _log_weight(table, even), 1.0))
    confused = learn_confusions(table, known, start, Rows())
    told(3, STAGES)
    candidates = [
        Candidate(_log_weight(table, even), posteriors(table, even.evidence, known, N0)[1], 0.5),
        Candidate(_log_weight(table, own), posteriors(table, own.evidence, known, N0)[1], 0.25),
        Candidate(confused.evidence[table.cell_answer, table.cell_question],
                  own_answers(table, known, confused, N0), 0.25),
    ]  # fmt: skip
    first_k = (even.k, own.k, even.k)
    scores = [left_out_score(table, one.own, k) for one, k in zip(candidates, first_k, strict=True)]
    shares = pool_weights(candidates, scores)
    weight = np.zeros(len(table.cell_question))
    for one, share in zip(candidates, shares.tolist(), strict=True):
        weight += share * one.log_weight
    return weight, shares, own.fidelity


def _log_weight(table: Table, fit: Fit) -> Floats:
    prior = fit.evidence.log_prior
    return fit.evidence.cells if prior is None else fit.evidence.cells + prior[table.cell_answer]


def _mixed(table: Table, log_weight: Floats, sharpness: float = SHARPNESS) -> Floats:
    """Tempered posteriors of the claimed answers, and a part of the vote shares."""
    t = sharpness * worth(table.n, N0)
    return (1.0 - VOTES) * claimed_only(table, t[table.cell_question] * log_weight) + VOTES * table.shares
