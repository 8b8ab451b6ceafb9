"""From reports alone to a probability for each answer: echoes found, then three models that are mixed, or one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from reliability.learning.confusing import Rows, learn_confusions, of_cells, settle
from reliability.learning.echoes import voices
from reliability.learning.guessing import Fit, Settings, learn_guessing
from reliability.learning.known import Known
from reliability.learning.left_out import left_out_score
from reliability.learning.mixing import N0, mixed, mixed_in_all, sharpness
from reliability.learning.partial import spread_of
from reliability.learning.table import Table
from reliability.learning.tempered import posteriors
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

EVEN, OWN, CONFUSED = 0.25, 0.25, 0.5
"""The shares of even guesses, own guesses and confusions in the result."""
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
    (n_sources,), from own guesses where the vocabulary is closed.
    """

    question: Ints
    answer: Ints
    p: Floats
    fidelity: Floats


def estimate(
    table: Table, known: Known | None = None, *, every: bool = False, told: Callable[[int, int], None] | None = None
) -> Learned:
    """Learn from a table. The questions in `known` keep their truth, as far as somebody claimed it.

    The rows are the answers that somebody gave; with `every` (of a closed vocabulary) all answers of each question.
    `told` hears of every stage done, and of how many there are.
    """
    known = known or Known.nothing(table)
    told = told or (lambda done, of: None)
    table = replace(table, voice=voices(table))
    told(1, STAGES)
    if table.closed and table.k > 1:
        found = _closed(table, known, every, told)
    else:
        fit = _open(table, known)
        models = [(1.0, fit.evidence.cells)]
        p = mixed(table, models, sharpness(table, fit.fidelity, models))
        found = _of_cells(table, known, p, fit)
    told(STAGES, STAGES)
    return found


def _closed(table: Table, known: Known, every: bool, told: Callable[[int, int], None]) -> Learned:
    even = learn_guessing(table, known, EVEN_GUESSES)
    told(2, STAGES)
    own = learn_guessing(table, known, OWN_GUESSES)
    told(3, STAGES)
    of_even, of_own = _in_all(table, even), _in_all(table, own)
    start = of_cells(table, mixed(table, [(1.0, _at_cells(table, of_even))], 1.0))
    confused = learn_confusions(table, known, start, Rows())
    models = [(EVEN, of_even), (OWN, of_own), (CONFUSED, confused.evidence)]
    claimed = [(share, _at_cells(table, weight)) for share, weight in models]
    sharp = sharpness(table, own.fidelity, claimed)
    if not every:
        return _of_cells(table, known, mixed(table, claimed, sharp), own)
    n_questions = len(table.starts)
    question: Ints = np.repeat(np.arange(n_questions), table.k)
    answer: Ints = np.tile(np.arange(table.k), n_questions)
    p = settle(table, known, mixed_in_all(table, models, sharp)).T.ravel()
    return Learned(question, answer, p, own.fidelity)


def _open(table: Table, known: Known) -> Fit:
    """The fit of an open vocabulary.

    Where it ends with all sources alike, as it may among many who know nothing, one without a common record stands
    against it: the one that foretells left-out reports better is taken, ties being the first's.
    """
    spread = spread_of(table)
    fits = [learn_guessing(table, known, EVEN_GUESSES, spread)]
    if fits[0].a + fits[0].b < ALL_ALIKE:
        return fits[0]
    fits.append(learn_guessing(table, known, EACH_ITS_OWN, spread))
    return max(fits, key=lambda fit: left_out_score(table, posteriors(table, fit.evidence, known, N0)[1], fit.k))


def _of_cells(table: Table, known: Known, p: Floats, fit: Fit) -> Learned:
    """The claimed answers' probabilities, settled questions keeping their truth."""
    kept = np.where(known.questions[table.cell_question], known.p, p)
    return Learned(table.cell_question, table.cell_answer, kept, fit.fidelity)


def _in_all(table: Table, fit: Fit) -> Floats:
    """Log weights of all answers, (K, n_questions): evidence for those that somebody gave, and the prior."""
    found = of_cells(table, fit.evidence.cells)
    if fit.evidence.log_prior is not None:
        found += fit.evidence.log_prior[:, None]
    return found


def _at_cells(table: Table, in_all: Floats) -> Floats:
    found: Floats = in_all[table.cell_answer, table.cell_question]
    return found
