"""How hard Hypothesis tries: `dev` is quick, `ci` is thorough and the same every time."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("dev", max_examples=50, derandomize=True, deadline=None, database=None)
settings.register_profile(
    "ci", max_examples=500, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
