"""From reports alone to a probability for each answer: three models, tempered, pooled, and mixed with the votes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from reliability.learning.confusing import Rows, learn_confusions, of_cells, own_answers, settle
from reliability.learning.guessing import Fit, Settings, learn_guessing
from reliability.learning.known import Known
from reliability.learning.partial import spread_of
from reliability.learning.pooling import Candidate, left_out_score, pool_weights
from reliability.learning.table import Table
from reliability.learning.tempered import claimed_only, posteriors, worth
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

N0 = 1.0
"""Reports on one question depend on each other: ever so many count as one, of their mean."""
SHARPNESS = 1.4
"""What pooled evidence is worth: models agree where their errors don't. Measured on subsets of the public sets."""
VOTES = 0.15
"""The part of the vote shares in the result."""
EVEN_GUESSES = Settings(n0=N0)
EACH_ITS_OWN = Settings(n0=N0, a=0.5, b=0.5, learned_prior=False)
"""The same where nothing is thought of a source beforehand (Jeffreys' prior): sources have no common record."""
OWN_GUESSES = Settings(n0=np.inf, learned_guesses=True)
STAGES = 4
ALL_ALIKE = 99.0
"""Worth of a common record, in reports, at which it says of each source what it says of all."""


@dataclass(frozen=True)
class Learned:
    """How likely each answer is, and how often each source knows.

    Shapes: question, answer, p (n_rows,), in order of question and answer, p summing to 1 over a question's; fidelity
    (n_sources,), from own guesses where the vocabulary is closed. `weights` says how much each model counted: even
    guesses, own guesses, confusions (the last two for closed vocabularies alone).
    """

    question: Ints
    answer: Ints
    p: Floats
    fidelity: Floats
    weights: tuple[float, ...]


def estimate(
    table: Table, known: Known | None = None, *, every: bool = False, told: Callable[[int, int], None] | None = None
) -> Learned:
    """Learn from a table. The questions in `known` keep their truth, as far as somebody claimed it.

    The rows are the answers that somebody gave; with `every` (of a closed vocabulary) all answers of each question.
    `told` hears of every stage done, and of how many there are.
    """
    known = known or Known.nothing(table)
    told = told or (lambda done, of: None)
    if table.closed and table.k > 1:
        even = learn_guessing(table, known, EVEN_GUESSES)
        told(1, STAGES)
        found = _closed(table, known, even, every, told)
    else:
        even = _open(table, known, told)
        p = np.where(known.questions[table.cell_question], known.p, _mixed(table, even.evidence.cells))
        found = Learned(table.cell_question, table.cell_answer, p, even.fidelity, (1.0,))
    told(STAGES, STAGES)
    return found


def _closed(table: Table, known: Known, even: Fit, every: bool, told: Callable[[int, int], None]) -> Learned:
    own = learn_guessing(table, known, OWN_GUESSES)
    told(2, STAGES)
    weight_of_even, weight_of_own = _in_all(table, even), _in_all(table, own)
    start = of_cells(table, _mixed(table, _at_cells(table, weight_of_even), 1.0))
    confused = learn_confusions(table, known, start, Rows())
    told(3, STAGES)
    candidates = [
        Candidate(weight_of_even, posteriors(table, even.evidence, known, N0)[1], even.k, 0.5),
        Candidate(weight_of_own, posteriors(table, own.evidence, known, N0)[1], own.k, 0.25),
        Candidate(confused.evidence, own_answers(table, known, confused, N0), even.k, 0.25),
    ]
    shares = pool_weights(table, candidates)
    weight = np.zeros_like(weight_of_even)
    for one, share in zip(candidates, shares.tolist(), strict=True):
        weight += share * one.log_weight
    if every:
        n_questions = len(table.starts)
        question: Ints = np.repeat(np.arange(n_questions), table.k)
        answer: Ints = np.tile(np.arange(table.k), n_questions)
        p = settle(table, known, _all_mixed(table, weight)).T.ravel()
    else:
        question, answer = table.cell_question, table.cell_answer
        p = np.where(known.questions[question], known.p, _mixed(table, _at_cells(table, weight)))
    return Learned(question, answer, p, own.fidelity, tuple(shares.tolist()))


def _open(table: Table, known: Known, told: Callable[[int, int], None]) -> Fit:
    """The fit of an open vocabulary.

    Where it ends with all sources alike, as it may among many who know nothing, one without a common record stands
    against it: the one that foretells left-out reports better is taken, ties being the first's.
    """
    spread = spread_of(table)
    fits = [learn_guessing(table, known, EVEN_GUESSES, spread)]
    told(1, STAGES)
    if fits[0].a + fits[0].b < ALL_ALIKE:
        return fits[0]
    fits.append(learn_guessing(table, known, EACH_ITS_OWN, spread))
    return max(fits, key=lambda fit: left_out_score(table, posteriors(table, fit.evidence, known, N0)[1], fit.k))


def _in_all(table: Table, fit: Fit) -> Floats:
    """Log weights of all answers, (K, n_questions): evidence for those that somebody gave, and the prior."""
    found = of_cells(table, fit.evidence.cells)
    if fit.evidence.log_prior is not None:
        found += fit.evidence.log_prior[:, None]
    return found


def _at_cells(table: Table, in_all: Floats) -> Floats:
    found: Floats = in_all[table.cell_answer, table.cell_question]
    return found


def _mixed(table: Table, log_weight: Floats, sharpness: float = SHARPNESS) -> Floats:
    """Tempered posteriors of the claimed answers, and a part of the vote shares: (n_cells,)."""
    t = sharpness * worth(table.n, N0)
    return (1.0 - VOTES) * claimed_only(table, t[table.cell_question] * log_weight) + VOTES * table.shares


def _all_mixed(table: Table, log_weight: Floats) -> Floats:
    """The same for all answers, (K, n_questions), those that nobody gave among them.

    However well all agree, n reports in all leave a chance of 1/(n + 2) that the next is wrong, which any answer
    may be right in: the rule of succession.
    """
    tempered = SHARPNESS * worth(table.n, N0) * log_weight
    found: Floats = (1.0 - VOTES) * softmax(tempered, axis=0) + VOTES * of_cells(table, table.shares)
    open_to = 1.0 / (len(table.cell) + 2.0)
    return (1.0 - open_to) * found + open_to / table.k
