"""Dawid–Skene and Hovy's model as special cases, against crowd-kit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from learning_sets import knows_or_guesses, table
from scipy.special import logit

from reliability.learning.confusing import Rows, learn_confusions, of_cells
from reliability.learning.guessing import Settings, knew, log_ratio, weigh
from reliability.learning.known import Known
from reliability.learning.table import Table
from reliability.learning.tempered import posteriors

HOVY = Settings(n0=np.inf, learned_guesses=True, guess_worth=0.0, guess_floor=10.0, a=0.5, b=0.5, learned_prior=False,
                learned_answers=False)  # fmt: skip
"""As crowd-kit has it: each source's guesses from 10 of every answer, fidelities from Beta(½, ½), answers alike."""
pytestmark = pytest.mark.filterwarnings("ignore")  # crowd-kit's own, about pandas


@pytest.fixture(scope="module")
def answered() -> Table:
    rows = knows_or_guesses(60, (0.9, 0.7, 0.5, 0.2, 0.0, 0.6), 3, seed=3, each=0.8).rows
    return table(rows)


def frame(laid: Table) -> Any:
    pandas = pytest.importorskip("pandas")
    names = laid.names
    made = pandas.DataFrame(
        {"task": [names.questions[q] for q in laid.question], "worker": [names.sources[s] for s in laid.source],
         "label": [names.answers[a] for a in laid.answer]}
    )  # fmt: skip
    return made.sort_values(["label", "worker", "task"])  # crowd-kit's MACE mixes up names that don't appear in order


@pytest.mark.parametrize("rounds", [1, 4, 25])
def test_without_a_prior_confusions_are_dawid_and_skene(answered: Table, rounds: int) -> None:
    peers = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is not installed")
    theirs = peers.DawidSkene(n_iter=rounds, tol=-1.0).fit_predict_proba(frame(answered))
    shares = of_cells(answered, answered.shares)
    ours = learn_confusions(answered, Known.nothing(answered), shares, Rows(strength=0.0, rounds=rounds)).q
    assert (
        np.abs(theirs.loc[list(answered.names.questions), list(answered.names.answers)].to_numpy().T - ours).max()
        < 1e-6
    )


def test_without_a_prior_no_round_of_confusions_lowers_the_likelihood(answered: Table) -> None:
    shares = of_cells(answered, answered.shares)
    bound = learn_confusions(answered, Known.nothing(answered), shares, Rows(strength=0.0, rounds=60)).bound
    assert all(after >= before - 1e-9 for before, after in pairwise(bound))
    assert bound[-1] > bound[0] + 1.0


def test_own_guesses_without_tempering_are_hovys_model(answered: Table) -> None:
    peers = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is not installed")
    data, names = frame(answered), answered.names
    before, after = (peers.MACE(n_restarts=1, n_iter=n).fit(data) for n in (12, 13))
    theirs, then = (one.probas_.loc[list(names.questions), list(names.answers)].to_numpy().T for one in (before, after))
    knows = before.spamming_[:, 1][answered.source]
    guess = (before.spamming_[:, :1] * before.thetas_)[answered.source, answered.answer]
    k = theirs[answered.answer, answered.question] * knows / (knows + guess)
    nothing, even = Known.nothing(answered), np.full(answered.k, -np.log(answered.k))
    ratio = log_ratio(answered, k, HOVY.a, HOVY.b, HOVY)
    q, _ = posteriors(answered, weigh(answered, ratio, even), nothing, np.inf)
    assert np.abs(q - then[answered.cell_answer, answered.cell_question]).max() < 1e-6, (
        "a round of theirs is one of ours"
    )
    assert np.abs(q - theirs[answered.cell_answer, answered.cell_question]).max() > 1e-4, "and it does move"


def test_no_round_of_own_guesses_lowers_the_variational_bound(answered: Table) -> None:
    bounds = []
    q, k = answered.shares, answered.shares[answered.cell]
    even = np.full(answered.k, -np.log(answered.k))
    for _ in range(30):
        ratio = log_ratio(answered, k, HOVY.a, HOVY.b, HOVY)
        bounds.append(bound_of(answered, k, ratio))
        q, own = posteriors(answered, weigh(answered, ratio, even), Known.nothing(answered), np.inf)
        k = knew(answered, own, ratio, np.zeros(len(answered.names.sources)))
    assert np.isfinite(logit(np.clip(q, 1e-12, 1 - 1e-12))).all()
    assert all(after >= before - 1e-9 for before, after in pairwise(bounds))
    assert bounds[-1] > bounds[0]


def bound_of(laid: Table, k: np.ndarray, ratio: np.ndarray) -> float:
    """The evidence's variational bound at the best posterior of truths under Beta and Dirichlet posteriors made of k.

    Written out from Hovy et al.: the log of Σ_x Π_r (exp E[ln f]·[x = a_r] + exp E[ln(1 − f)] exp E[ln g]), less what
    the Beta and Dirichlet posteriors are away from their priors.
    """
    from scipy.special import betaln, gammaln, psi

    n_sources, n = len(laid.names.sources), laid.n_of_source
    known = np.bincount(laid.source, k, n_sources)
    guesses = np.zeros((n_sources, laid.k))
    np.add.at(guesses, (laid.source, laid.answer), 1.0 - k)
    a, b, c = HOVY.a + known, HOVY.b + n - known, HOVY.guess_floor + guesses
    log_f, log_not = psi(a) - psi(a + b), psi(b) - psi(a + b)
    log_g = psi(c) - psi(c.sum(axis=1, keepdims=True))
    total = 0.0
    for question in range(len(laid.starts)):
        here = np.flatnonzero(laid.question == question)
        s, v = laid.source[here], laid.answer[here]
        guess = log_not[s] + log_g[s, v]
        per_answer = [np.where(v == x, np.logaddexp(log_f[s], guess), guess).sum() for x in range(laid.k)]
        total += float(np.logaddexp.reduce(per_answer)) - np.log(laid.k)
    away_f = (a - HOVY.a) * log_f + (b - HOVY.b) * log_not - betaln(a, b) + betaln(HOVY.a, HOVY.b)
    away_g = ((c - HOVY.guess_floor) * log_g).sum(axis=1) + gammaln(c.sum(axis=1)) - gammaln(c).sum(axis=1)
    away_g += gammaln(HOVY.guess_floor) * laid.k - gammaln(HOVY.guess_floor * laid.k)
    return total - float(away_f.sum() + away_g.sum())
