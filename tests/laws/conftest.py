"""Laws about records need no fine intervals: fewer draws, the same way."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def few_draws() -> Iterator[None]:
    """Intervals from 256 points throughout, for laws that compare records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reliability.reasoning.interval.MANY", 256)
        yield
