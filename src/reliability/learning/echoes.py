"""Who repeats whom: sources that agree with each other more than their agreement with all others explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from reliability.learning.table import Table
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

SHARED = 10.0
"""Questions that two sources must share for anything to be said of them."""
MOST_SOURCES = 500
"""Sources that are compared: those with most reports, up to twice as many where equals in number come last."""
ROUNDS = 30
BEYOND_CHANCE = 2.0
"""Standard errors that an agreement must be beyond what is explained."""
STEEPNESS = 5.0
"""Copies agree nearly always; good sources among poor ones agree more than expected too, but not so much."""
AT_ONCE = 4096
"""Cells that are looked at together, to bound memory."""


@dataclass(frozen=True)
class Agreement:
    """How often pairs of sources agree, beyond chance, as a part of how often they could.

    Shapes: all (S, S). `shared` questions, 0 for a pair that shares too few; `beyond` 1 if they always agree, 0 if as
    often as their answers' frequencies alone would have it; `chance` is that frequency; `scale` the greatest excess.
    """

    shared: Floats
    beyond: Floats
    chance: Floats
    scale: float


def voices(table: Table) -> Floats:
    """How much of each report is its source's own, (n_reports,): 1 down to 1/n where n sources always say the same.

    A report counts 1/(1 + Σ c) with c how far each other source of the same answer echoes this one. Reports of sources
    with few reports count in full.
    """
    found = np.ones(len(table.question))
    place = _compared(table)
    n = int(place.max(initial=-1)) + 1
    if n < 3:
        return found
    mine = place[table.source] >= 0
    source, cell = place[table.source[mine]], table.cell[mine]
    echo = echoes(_agreement(table, source, mine, n))
    if echo.any():
        found[mine] = 1.0 / (1.0 + _echoed(echo, source, cell, len(table.cell_question)))
    return found


def echoes(agreement: Agreement) -> Floats:
    """How far each source repeats each other, (S, S), from 0 to 1.

    If nobody repeats anybody, two sources agree beyond chance as often as the product of their fidelities; the
    fidelities are fitted to all pairs, those that agree too well counting little. c of the rest is what stands out by
    more than two standard errors, as a part of what could, and raised to a power: who agrees nearly always is a copy.
    Source: Dong, Berti-Équille, Srivastava (2009), whose copiers share errors; here no truth is needed.
    """
    f = _fidelities(agreement)
    explained = np.outer(f, f)
    pairs = agreement.shared > 0.0
    shared = np.maximum(agreement.shared, 1.0)
    rate = agreement.beyond * agreement.scale + agreement.chance
    drawn = (rate * shared + 1.0) / (shared + 2.0)
    error = np.sqrt(drawn * (1.0 - drawn) / shared) / agreement.scale
    out = (agreement.beyond - explained - BEYOND_CHANCE * error) / np.maximum(1.0 - explained, 0.05)
    found: Floats = np.where(pairs, np.clip(out, 0.0, 1.0), 0.0) ** STEEPNESS
    return found


def _compared(table: Table) -> Ints:
    """Places of the sources that are compared, (n_sources,), -1 for others; equals in number are all in or all out."""
    n = table.n_of_source
    least = SHARED
    if len(n) > MOST_SOURCES:
        last = float(np.sort(n)[-MOST_SOURCES])
        least = max(least, last if (n >= last).sum() <= 2 * MOST_SOURCES else last + 1.0)
    found = np.full(len(n), -1, dtype=np.int64)
    chosen = np.flatnonzero(n >= least)
    found[chosen] = np.arange(len(chosen))
    return found


def _agreement(table: Table, source: Ints, mine: NDArray[np.bool_], n: int) -> Agreement:
    def by(codes: Ints, size: int) -> sparse.csr_matrix:
        return sparse.csr_matrix((np.ones(len(source)), (source, codes[mine])), shape=(n, size))

    said, asked = by(table.cell, len(table.cell_question)), by(table.question, len(table.starts))
    asked.data[:] = 1.0
    given = by(table.answer, table.k)
    given = given.multiply(1.0 / np.asarray(given.sum(axis=1))).tocsr()
    shared = (asked @ asked.T).toarray()
    np.fill_diagonal(shared, 0.0)
    shared[shared < SHARED] = 0.0
    agreed = np.minimum((said @ said.T).toarray() / np.maximum(shared, 1.0), 1.0)  # who gives several may agree twice
    chance = (given @ given.T).toarray()
    frequency = np.bincount(table.answer, minlength=table.k) / len(table.answer)
    scale = max(1.0 - float((frequency**2).sum()), 1e-3)
    return Agreement(shared, np.where(shared > 0.0, (agreed - chance) / scale, 0.0), chance, scale)


def _fidelities(agreement: Agreement) -> Floats:
    """The fidelities whose products are nearest to agreements beyond chance, (S,); pairs far above hardly count."""
    shared, beyond = agreement.shared, agreement.beyond
    mean = float((shared * beyond).sum() / max(shared.sum(), 1.0))
    f = np.full(len(shared), np.sqrt(max(mean, 0.01)))
    some = shared.any(axis=1)
    for _ in range(ROUNDS):
        explained = np.outer(f, f)
        rate = np.clip(explained * agreement.scale + agreement.chance, 0.02, 0.98)
        error = np.sqrt(rate * (1.0 - rate) / np.maximum(shared, 1.0)) / agreement.scale
        above = np.maximum(beyond - explained, 0.0) / error
        weight = shared / (1.0 + (above / BEYOND_CHANCE) ** 2)
        fitted = (weight * beyond * f).sum(axis=1) / np.maximum((weight * f**2).sum(axis=1), 1e-9)
        f = np.where(some, np.clip(0.5 * (f + fitted), 0.02, 1.0), f)
    return f


def _echoed(echo: Floats, source: Ints, cell: Ints, n_cells: int) -> Floats:
    """The sum of echoes by all others that give a report's answer, (n_reports,); reports stand in order of cells."""
    found = np.zeros(len(source))
    edges = np.searchsorted(cell, np.arange(0, n_cells + AT_ONCE, AT_ONCE))
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if start < end:
            here, s = cell[start:end] - cell[start], source[start:end]
            said = sparse.csr_matrix((np.ones(end - start), (here, s)), shape=(int(here[-1]) + 1, len(echo)))
            found[start:end] = (said @ echo)[here, s]
    return found
