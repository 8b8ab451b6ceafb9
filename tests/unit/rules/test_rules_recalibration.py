"""What a recalibration rule may say."""

from typing import Any

import pytest
from pydantic import ValidationError

from reliability.rules.schema import RecalibrationEffect

GOOD: list[list[float]] = [[0.0, 0.1], [0.5, 0.4], [1.0, 0.9]]


@pytest.mark.parametrize(("effect", "told"), [
    ({"method": "beta", "points": GOOD}, "a beta map has none"),
    ({"method": "isotonic"}, "needs `points`"),
    ({"method": "isotonic", "points": [[0.0, 0.1], [0.5, 0.4]]}, "from p = 0 to p = 1"),
    ({"method": "isotonic", "points": [[0.0, 0.1], [0.5, 0.4], [0.505, 0.6], [1.0, 0.9]]}, "at least .01 apart"),
    ({"method": "isotonic", "points": [[0.0, 0.5], [0.5, 0.4], [1.0, 0.9]]}, "fall"),
    ({"method": "isotonic", "points": [[0.0, 0.5], [1.0, 1.1]]}, "less than or equal to 1"),
    ({"method": "beta", "a": -0.1}, "greater than or equal to 0"),
    ({"method": "beta", "c": float("nan")}, "finite"),
    ({"method": "platt"}, "'beta' or 'isotonic'"),
])  # fmt: skip
def test_a_map_that_is_none_is_refused(effect: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        RecalibrationEffect.model_validate(effect)


def test_points_and_numbers_are_taken_as_they_stand() -> None:
    assert RecalibrationEffect.model_validate({"method": "isotonic", "points": GOOD}).points[1] == (0.5, 0.4)
    assert RecalibrationEffect.model_validate({"method": "beta", "a": 0.5}).b == 1.0
