"""A source knows the truth, or guesses: how often each knows, without anyone telling, by variational EM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, psi

from reliability.learning.known import Known, hold
from reliability.learning.table import Table, summed
from reliability.learning.tempered import Evidence, posteriors
from reliability.scoring.channel import Floats

Spread = Callable[[Floats], Floats]
"""What evidence for some cells says of others: (n_cells,) to (n_cells,)."""
ROUNDS, STILL = 40, 1e-4
FIRST_LEARNED = 3
"""The round from which on the sources' common record is learned; before it, posteriors are too raw."""


@dataclass(frozen=True)
class Settings:
    """Which model of the family it is.

    `n0`: reports' dependence, see `tempered.worth`. `learned_guesses`: each source has its own guesses and answers
    have frequencies, as against even ones; these guesses are worth `guess_worth`·K reports of everyone's and
    `guess_floor` of each answer. `a`, `b`: the fidelities' Beta at the start, kept if not `learned_prior`.
    """

    n0: float = 1.0
    learned_guesses: bool = False
    guess_worth: float = 3.0
    guess_floor: float = 0.1
    a: float = 2.0
    b: float = 2.0
    learned_prior: bool = True
    learned_answers: bool = True


@dataclass(frozen=True)
class Fit:
    """What was learned: q (n_cells,), each report's chance k to have been known (n_reports,), Beta(a, b) of sources.

    `evidence` led to q; `fidelity` (n_sources,) is the mean chance that a source knows; `rounds` how many were run.
    """

    evidence: Evidence
    q: Floats
    k: Floats
    a: float
    b: float
    fidelity: Floats
    rounds: int


def learn_guessing(table: Table, known: Known, settings: Settings, spread: Spread | None = None) -> Fit:
    """Run EM from the vote shares until no posterior moves by 1e-4, at most 40 rounds.

    Without tempering, learned priors and `spread` no round lowers the variational bound; with them nothing is claimed.
    Source: Hovy et al. (2013), section 2; LEARNING's rounds for tempering and leave-one-out.
    """
    shares = table.voice_of_cell / table.n_voices[table.cell_question]
    q, k = hold(known, table, shares, shares[table.cell])
    a, b = settings.a, settings.b
    log_prior = np.full(table.k, -np.log(table.k)) if table.closed else None
    rounds = 0
    for rounds in range(1, ROUNDS + 1):
        if settings.learned_prior and rounds > FIRST_LEARNED:
            a, b = common_record(table, k, a, b)
        if settings.learned_guesses and settings.learned_answers and log_prior is not None and rounds > 1:
            log_prior = _frequencies(table, q)
        before = q
        ratio = log_ratio(table, k, a, b, settings)
        evidence = weigh(table, ratio, log_prior, spread)
        q, own = posteriors(table, evidence, known, settings.n0)
        k = knew(table, own, ratio, expit(_log_odds(table, k, a, b)))
        if np.abs(q - before).max() < STILL:
            break
    n = table.n_of_source
    return Fit(evidence, q, k, a, b, (a + _by_source(table, k)) / (a + b + n), rounds)


def weigh(table: Table, ratio: Floats, log_prior: Floats | None, spread: Spread | None = None) -> Evidence:
    """What every report says for its answer, ln(1 + e^ρ), and together for each cell, echoes for a part.

    A report is later left out in full, whatever part of it counts: with it go those that echo it.
    """
    each = np.logaddexp(0.0, ratio)
    cells = summed(table.cell, each * table.voice, len(table.cell_question))
    return Evidence(cells if spread is None else cells + spread(cells), each, log_prior)


def knew(table: Table, own: Floats, ratio: Floats, fidelity: Floats) -> Floats:
    """The chance that each report's source knew, (n_reports,): own·e^ρ / (1 + own·e^ρ), or relays garbled what it knew.

    `own` (n_reports,) is how likely all other reports make its answer, `fidelity` (n_sources,).
    """
    with np.errstate(divide="ignore"):
        found: Floats = expit(np.log(own) + ratio)
    if (table.passed < 1.0).any():
        f = fidelity[table.source]
        found = found + (1.0 - found) * f * (1.0 - table.passed) / (1.0 - f * table.passed)
    return found


def common_record(table: Table, k: Floats, a: float, b: float) -> tuple[float, float]:
    """The Beta that sources' fidelities come from, by moments; sources weigh by how much is known of them."""
    n = table.n_of_source
    mean = (a + _by_source(table, k)) / (a + b + n)
    weight = n / (a + b + n)
    weight = weight / weight.sum()
    m = float((weight * mean).sum())
    spread = float((weight * ((mean - m) ** 2 + mean * (1.0 - mean) / (a + b + n + 1.0))).sum())
    worth = float(np.clip(m * (1.0 - m) / max(spread, 1e-12) - 1.0, 0.5, 100.0))
    return max(m * worth, 1e-6), max((1.0 - m) * worth, 1e-6)


def log_ratio(table: Table, k: Floats, a: float, b: float, settings: Settings) -> Floats:
    """ρ, (n_reports,): known and passed on, against guessed, for the answer that was given."""
    odds = _log_odds(table, k, a, b)[table.source]
    if (table.passed < 1.0).any():
        log_f = log_expit(odds) + np.log(np.maximum(table.passed, 1e-300))
        odds = log_f - np.log1p(-np.minimum(np.exp(log_f), 1.0 - 1e-12))
    ratio: Floats = odds - log_guess(table, k, settings)
    return ratio


def _log_odds(table: Table, k: Floats, a: float, b: float) -> Floats:
    """Expected log odds that a source knows, (n_sources,)."""
    known = _by_source(table, k)
    found: Floats = psi(a + known) - psi(np.maximum(b + table.n_of_source - known, 1e-9))
    return found


def log_guess(table: Table, k: Floats, settings: Settings) -> Floats:
    """The log of the chance that who guesses gives the answer that was given, (n_reports,)."""
    if not table.closed:
        return -np.log1p(table.n_claimed)[table.question]
    if not settings.learned_guesses:
        return np.full(len(table.question), -np.log(table.k))
    pair, source, answer = table.pairs
    guessed = 1.0 - k
    base = 1.0 + summed(table.answer, guessed, table.k)
    of_answer = settings.guess_worth * table.k * base / base.sum() + settings.guess_floor
    counts = summed(pair, guessed, len(source)) + of_answer[answer]
    in_all = summed(table.source, guessed, len(table.names.sources)) + of_answer.sum()
    found: Floats = (psi(counts) - psi(in_all)[source])[pair]
    return found


def _frequencies(table: Table, q: Floats) -> Floats:
    found = 1.0 + summed(table.cell_answer, q, table.k)
    logs: Floats = np.log(found / found.sum())
    return logs


def _by_source(table: Table, of_reports: Floats) -> Floats:
    return summed(table.source, of_reports, len(table.names.sources))
