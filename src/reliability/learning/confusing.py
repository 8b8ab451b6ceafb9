"""A source mistakes some answers for others: Dawid and Skene's confusion rows, each shrunk to the source's own mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import psi

from reliability.learning.known import Known
from reliability.learning.table import Table, summed
from reliability.scoring.channel import Floats

LEAST = 1e-10
"""The least chance of an answer, where a row is estimated without a prior."""


@dataclass(frozen=True)
class Rows:
    """How rows are estimated: from reports of the source's, and `strength` more that are as expected of it.

    Expected is: right as often as the source is over all answers (itself shrunk by `of_source` reports), and wrong as
    everyone is wrong. `strength` 0 is Dawid and Skene's maximum likelihood, `rounds` EM rounds.
    """

    strength: float = 4.0
    of_source: float = 4.0
    rounds: int = 4


@dataclass(frozen=True)
class Confusions:
    """What was learned.

    Shapes: `evidence` (K, n_questions) log weights of all answers, priors within; `rows` (K, n_pairs) log chance that
    the pair's source gives the pair's answer when the first index is true; `q` (K, n_questions) posteriors;
    `bound` (rounds,) the log likelihood before each round's step, summed over questions.
    """

    evidence: Floats
    rows: Floats
    q: Floats
    bound: tuple[float, ...]


def learn_confusions(table: Table, known: Known, start: Floats, how: Rows) -> Confusions:
    """EM from posteriors `start` (K, n_questions). Few rounds: more of them drift to a single answer for everything.

    With `strength` 0 no round lowers the likelihood in `bound`; else expected logs are used, and nothing is claimed.
    K must be 2 or more. Source: Dawid & Skene (1979).
    """
    q, bound = settle(table, known, start), []
    for _ in range(how.rounds):
        rows = _rows(table, q, how)
        frequency = q.sum(axis=1) + (1.0 if how.strength else 0.0)
        prior = np.log(np.maximum(frequency / frequency.sum(), LEAST))
        evidence = _evidence(table, rows) + prior[:, None]
        high = evidence.max(axis=0)
        weights = np.exp(evidence - high)
        total = weights.sum(axis=0)
        bound.append(float((np.log(total) + high).sum()))
        q = settle(table, known, weights / total)
    return Confusions(evidence, rows, q, tuple(bound))


def of_cells(table: Table, q: Floats) -> Floats:
    """Posteriors of cells as (K, n_questions), 0 where nobody gave the answer."""
    found = np.zeros((table.k, len(table.starts)))
    found[table.cell_answer, table.cell_question] = q
    return found


def settle(table: Table, known: Known, q: Floats) -> Floats:
    """Posteriors (K, n_questions) with the truth of settled questions in their place."""
    if not known.any:
        return q
    settled = of_cells(table, known.p)
    for answer, question, p in known.unclaimed:
        settled[answer, question] = p
    return np.where(known.questions, settled, q)


def _rows(table: Table, q: Floats, how: Rows) -> Floats:
    """Log rows, (K, n_pairs): expected logs under the prior, or logs of shares without one."""
    pair, source, _ = table.pairs
    n_sources = len(table.names.sources)
    counts = np.stack([summed(pair, q[x, table.question], len(source)) for x in range(table.k)])
    given = np.stack([summed(source, counts[x], n_sources) for x in range(table.k)])
    if not how.strength:
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(given[:, source] > 0.0, counts / given[:, source], 0.0)
        logs: Floats = np.log(np.maximum(shares, LEAST))
        return logs
    expected = _expected(table, counts, how)
    found: Floats = psi(how.strength * expected + counts) - psi(how.strength + given)[:, source]
    return found


def _expected(table: Table, counts: Floats, how: Rows) -> Floats:
    """The rows that a source's record over all answers lets expect, (K, n_pairs)."""
    _, source, answer = table.pairs
    k, at = table.k, np.arange(len(source))
    together = np.stack([summed(answer, counts[x], k) for x in range(k)])
    right = summed(source, counts[answer, at], len(table.names.sources))
    everyone = (np.trace(together) + 1.0) / (together.sum() + 2.0)
    accuracy = (right + how.of_source * everyone) / (table.n_of_source + how.of_source)
    wrong = (together + 1.0 / k) * (1.0 - np.eye(k))
    wrong /= wrong.sum(axis=1, keepdims=True)
    rows: Floats = (1.0 - accuracy[source]) * wrong[:, answer]
    rows[answer, at] = accuracy[source]
    return rows


def _evidence(table: Table, rows: Floats) -> Floats:
    pair = table.pairs[0]
    return np.stack([summed(table.question, rows[x][pair] * table.voice, len(table.starts)) for x in range(table.k)])
