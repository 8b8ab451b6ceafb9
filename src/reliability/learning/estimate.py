"""From reports alone to a probability for each answer: three models, tempered, and mixed with the votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import softmax

from reliability.learning.confusing import Rows, learn_confusions, of_cells, own_answers, settle
from reliability.learning.echoes import voices
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
LEAST_SHARP, MOST_SHARP, BY_SPREAD = 1.35, 2.8, 4.0
"""What evidence is worth in the result, see `sharpness`. Measured on subsets of the public sets and on simulations."""
TRUST = 0.3, 0.3, 0.4
"""The weights of even guesses, own guesses and confusions before anything is known."""
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
    table = replace(table, voice=voices(table))
    told = told or (lambda done, of: None)
    if table.closed and table.k > 1:
        even = learn_guessing(table, known, EVEN_GUESSES)
        told(1, STAGES)
        found = _closed(table, known, even, every, told)
    else:
        even = _open(table, known, told)
        p = _claimed(table, known, [even.evidence.cells], [1.0], sharpness(table, even.fidelity))
        found = Learned(table.cell_question, table.cell_answer, p, even.fidelity, (1.0,))
    told(STAGES, STAGES)
    return found


def _closed(table: Table, known: Known, even: Fit, every: bool, told: Callable[[int, int], None]) -> Learned:
    own = learn_guessing(table, known, OWN_GUESSES)
    told(2, STAGES)
    weight_of_even, weight_of_own = _in_all(table, even), _in_all(table, own)
    start = of_cells(table, _mixed(table, [_at_cells(table, weight_of_even)], [1.0], 1.0))
    confused = learn_confusions(table, known, start, Rows())
    told(3, STAGES)
    candidates = [
        Candidate(weight_of_even, posteriors(table, even.evidence, known, N0)[1], even.k, TRUST[0]),
        Candidate(weight_of_own, posteriors(table, own.evidence, known, N0)[1], own.k, TRUST[1]),
        Candidate(confused.evidence, own_answers(table, known, confused, N0), even.k, TRUST[2]),
    ]
    shares = pool_weights(table, candidates).tolist()
    weights = [one.log_weight for one in candidates]
    sharp = sharpness(table, own.fidelity)
    if every:
        n_questions = len(table.starts)
        question: Ints = np.repeat(np.arange(n_questions), table.k)
        answer: Ints = np.tile(np.arange(table.k), n_questions)
        p = settle(table, known, _all_mixed(table, weights, shares, sharp)).T.ravel()
    else:
        question, answer = table.cell_question, table.cell_answer
        p = _claimed(table, known, [_at_cells(table, one) for one in weights], shares, sharp)
    return Learned(question, answer, p, own.fidelity, tuple(shares))


def sharpness(table: Table, fidelity: Floats) -> float:
    """What tempered evidence is worth, from 1.35 to 2.8: the more, the more sources differ in how often they know.

    Where all sources are alike, evidence is little but numbers, and questions that fool many are all that can be wrong;
    where they differ, it says who is right. `fidelity` (n_sources,); its spread is over reports.
    """
    each = fidelity[table.source]
    return float(min(LEAST_SHARP * np.exp(BY_SPREAD * each.std()), MOST_SHARP))


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


def _claimed(table: Table, known: Known, weights: Sequence[Floats], shares: Sequence[float], sharp: float) -> Floats:
    """Each cell's probability, (n_cells,), settled questions keeping their truth."""
    return np.where(known.questions[table.cell_question], known.p, _mixed(table, weights, shares, sharp))


def _mixed(table: Table, weights: Sequence[Floats], shares: Sequence[float], sharp: float) -> Floats:
    """Tempered posteriors of the claimed answers by each model, (n_cells,), mixed, with a part of the vote shares."""
    t = (sharp * worth(table.n_voices, N0))[table.cell_question]
    found = VOTES * table.shares
    for weight, share in zip(weights, shares, strict=True):
        found += (1.0 - VOTES) * share * claimed_only(table, t * weight)
    return found


def _all_mixed(table: Table, weights: Sequence[Floats], shares: Sequence[float], sharp: float) -> Floats:
    """The same for all answers, (K, n_questions), those that nobody gave among them.

    However well all agree, n reports in all leave a chance of 1/(n + 2) that the next is wrong, which any answer
    may be right in: the rule of succession.
    """
    t = sharp * worth(table.n_voices, N0)
    found = VOTES * of_cells(table, table.shares)
    for weight, share in zip(weights, shares, strict=True):
        found += (1.0 - VOTES) * share * softmax(t * weight, axis=0)
    open_to = 1.0 / (len(table.cell) + 2.0)
    return (1.0 - open_to) * found + open_to / table.k
