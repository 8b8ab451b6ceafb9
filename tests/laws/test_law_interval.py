"""The interval belongs to the rating: its draws, weighted by how well they explain what was read, average to it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from strategies import Case, cases, only

from reliability.reasoning.interval import dimensions, intervals

CLOSE, LOOSE = 1e-3, 0.05


@given(cases(k=None, max_reports=4))
def test_the_draws_average_to_the_rating(case: Case) -> None:
    """Weighted by their likelihood, to 1e-3; where too few fit there is no interval.

    The rating uses mean fidelities, exact where a source stands once in a claim. On several links one draw moves them
    all together, E[fg] is not E[f]·E[g], and the mean is near the rating only.
    """
    scored = only(case.reports, case.policy)
    found = intervals(scored)
    there = ~np.isnan(found.low)
    assert (there == ~np.isnan(found.high)).all()
    nodes, dimension = dimensions(scored)
    once = len(np.unique(dimension[nodes])) == len(nodes)
    assert np.abs(found.mean - scored.p)[there].max(initial=0.0) < (CLOSE if once else LOOSE)
    assert (found.low <= found.high)[there].all()
    phi, prior = case.policy.constants["common-error"], scored.priors.prior
    assert (found.low >= (1 - phi) * prior - 1e-9)[there].all()
    assert (found.high <= phi + (1 - phi) * prior + 1e-9)[there].all()
