"""The interval belongs to the rating: its draws, weighted by how well they explain what was read, average to it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from strategies import Case, cases, only

from reliability.reasoning.interval import intervals

A_FEW = 1e-3


@given(cases(k=None, max_reports=4))
def test_the_draws_average_to_the_rating(case: Case) -> None:
    """Weighted by their likelihood, to 1e-3; where too few fit there is no interval."""
    scored = only(case.reports, case.policy)
    found = intervals(scored)
    there = ~np.isnan(found.low)
    assert (there == ~np.isnan(found.high)).all()
    assert np.abs(found.mean - scored.p)[there].max(initial=0.0) < A_FEW
    assert (found.low <= found.high)[there].all()
    phi, prior = case.policy.constants["common-error"], scored.priors.prior
    assert (found.low >= (1 - phi) * prior - 1e-9)[there].all()
    assert (found.high <= phi + (1 - phi) * prior + 1e-9)[there].all()
