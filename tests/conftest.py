"""How hard Hypothesis tries: `dev` is quick, `ci` is thorough and the same every time. Algebra has one thread."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before anything loads numpy

settings.register_profile("dev", max_examples=50, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "ci", max_examples=500, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture(scope="module")
def few_draws() -> Iterator[None]:
    """Intervals from 256 points throughout, for laws that compare records and need no fine intervals."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reliability.reasoning.interval.MANY", 256)
        yield
