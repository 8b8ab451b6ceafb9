"""Posteriors of answers from evidence that is worth less the more reports there are: reports depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from reliability.learning.known import Known, hold
from reliability.learning.table import Table
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints


@dataclass(frozen=True)
class Evidence:
    """What a model makes of the reports.

    Shapes: `cells` (n_cells,) evidence for each cell; `reports` (n_reports,) the part of it that each report brings;
    `log_prior` (K,) of a closed vocabulary's answers, None for an open one, where there is one more answer, of weight
    1, that nobody gave. Units: natural logs.
    """

    cells: Floats
    reports: Floats
    log_prior: Floats | None


def worth(n: Floats, n0: float) -> Floats:
    """How much of n reports' evidence counts, 1/(1 + n/n0): with many it is that of n0 reports of their mean."""
    return 1.0 / (1.0 + n / n0)


def posteriors(table: Table, evidence: Evidence, known: Known, n0: float) -> tuple[Floats, Floats]:
    """Each cell's posterior, (n_cells,), and of each report's answer as all other reports have it, (n_reports,).

    Answers that nobody gave keep their prior's share. n0 = ∞ counts every report in full.
    """
    odds, t = _log_odds(table, evidence, n0, fewer=0.0)
    q = expit(odds)
    if np.isfinite(n0):
        odds, t = _log_odds(table, evidence, n0, fewer=1.0)
    own = expit(odds[table.cell] - t[table.question] * evidence.reports)
    return hold(known, table, q, own)


def claimed_only(table: Table, log_weight: Floats) -> Floats:
    """Posteriors of the claimed answers alone, (n_cells,), from their log weights."""
    found: Floats = expit(log_weight - others(table, log_weight, np.full(len(table.starts), -np.inf)))
    return found / table.by_question(found)[table.cell_question]


def _log_odds(table: Table, evidence: Evidence, n0: float, *, fewer: float) -> tuple[Floats, Floats]:
    """Each cell's log odds, (n_cells,), and what evidence is worth, (n_questions,), with so many reports fewer."""
    numbers, level = table.levels
    worths = worth(np.maximum(numbers - fewer, 0.0), n0)
    t = worths[level]
    w = evidence.cells
    unclaimed = np.zeros(len(t))
    if evidence.log_prior is not None:
        w = w + evidence.log_prior[table.cell_answer]
        unclaimed = _unclaimed(table, np.exp(np.outer(worths, evidence.log_prior)), level)
    w = t[table.cell_question] * w
    return w - others(table, w, unclaimed), t


def _unclaimed(table: Table, weights: Floats, level: Ints) -> Floats:
    """The log weight of all answers that nobody gave to each question, (n_questions,).

    `weights` (n_levels, K) are the answers' weights for a question with so many reports.
    """
    claimed = table.by_question(weights[level[table.cell_question], table.cell_answer])
    left = np.where(table.n_claimed < table.k, np.maximum(weights.sum(axis=1)[level] - claimed, 0.0), 0.0)
    with np.errstate(divide="ignore"):
        found: Floats = np.log(left)
    return found


def others(table: Table, w: Floats, unclaimed: Floats) -> Floats:
    """The log weight of everything but each cell, (n_cells,): its question's other cells, and the unclaimed.

    What stands beside the heaviest cell is summed by itself, as a difference would lose it.
    """
    most = np.maximum.reduceat(w, table.starts)
    heaviest = _first_at(table, w == most[table.cell_question])
    high = np.maximum(most, unclaimed)
    scaled = np.exp(w - high[table.cell_question])
    total = table.by_question(scaled) + np.exp(unclaimed - high)
    without = w.copy()
    without[heaviest] = -np.inf
    second = np.maximum(np.maximum.reduceat(without, table.starts), unclaimed)
    base = np.where(np.isfinite(second), second, 0.0)
    beside = table.by_question(np.exp(without - base[table.cell_question])) + np.exp(unclaimed - base)
    with np.errstate(divide="ignore"):
        rest = np.log(np.maximum(total[table.cell_question] - scaled, 0.0)) + high[table.cell_question]
        rest[heaviest] = np.log(beside) + base
    return rest


def _first_at(table: Table, chosen: np.ndarray) -> np.ndarray:
    """Each question's first chosen cell."""
    place = np.where(chosen, np.arange(len(chosen)), len(chosen))
    found: np.ndarray = np.minimum.reduceat(place, table.starts)
    return found
