"""The simulation of coverage in small: nine in ten, within what chance allows."""

import pytest
from measure.coverage import simulate, table


def test_intervals_cover_nine_in_ten_of_few_claims() -> None:
    """250 claims: .9 ± .019; five standard errors either way."""
    found = simulate(250, seed=5)
    wide = found.wide
    assert wide.mean() > 0.9
    assert found.covered[wide].mean() == pytest.approx(0.9, abs=0.095)
    assert found.off[wide & ~found.twice].max() <= 1e-3
    assert found.off[wide & found.twice].max() <= 0.05, "one quantile for two links: no longer the mean"
    assert len(table(found).splitlines()) == 10
