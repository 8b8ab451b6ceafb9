"""Posteriors of answers from evidence that is worth less the more reports there are: reports depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from reliability.learning.known import Known, hold
from reliability.learning.table import Table
from reliability.scoring.channel import Floats


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
    w, t = _weights(table, evidence, table.n, n0)
    q = expit(w - others(table, w, _unclaimed(table, evidence, t)))
    w, t = _weights(table, evidence, np.maximum(table.n - 1.0, 0.0), n0)
    rest = others(table, w, _unclaimed(table, evidence, t))
    own = expit((w - rest)[table.cell] - t[table.question] * evidence.reports)
    return hold(known, table, q, own)


def claimed_only(table: Table, log_weight: Floats) -> Floats:
    """Posteriors of the claimed answers alone, (n_cells,), from their log weights."""
    found: Floats = expit(log_weight - others(table, log_weight, np.full(len(table.starts), -np.inf)))
    return found / table.by_question(found)[table.cell_question]


def _weights(table: Table, evidence: Evidence, n: Floats, n0: float) -> tuple[Floats, Floats]:
    t = worth(n, n0)
    prior = 0.0 if evidence.log_prior is None else evidence.log_prior[table.cell_answer]
    return t[table.cell_question] * (evidence.cells + prior), t


def _unclaimed(table: Table, evidence: Evidence, t: Floats) -> Floats:
    """The log weight of all answers that nobody gave to each question, (n_questions,)."""
    if evidence.log_prior is None:
        return np.zeros(len(t))
    levels, level = np.unique(t, return_inverse=True)
    by_level = np.exp(np.outer(levels, evidence.log_prior))
    in_all = by_level.sum(axis=1)[level]
    claimed = table.by_question(by_level[level[table.cell_question], table.cell_answer])
    left = np.where(table.n_claimed < table.k, np.maximum(in_all - claimed, 0.0), 0.0)
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
