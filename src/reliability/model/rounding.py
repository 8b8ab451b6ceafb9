"""Rounding, once, when a record is made: half to even, blind to the noise of the last bits."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

_PLAIN, _NEAR_HALF = 1e8, 1e-4


def rounded(value: float, places: int) -> float:
    """A finite number to so many decimal places, half to even.

    The number is first read to 12 places, so that .97075 computed as .97074999999999996 still is a half.
    """
    scaled = abs(value) * 10.0**places
    if scaled < _PLAIN and abs(scaled % 1.0 - 0.5) > _NEAR_HALF:
        return round(value, places) + 0.0
    exact = Decimal(f"{value:.12f}").quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return float(exact) + 0.0


def six(value: float) -> float:
    """A number to six significant digits."""
    return float(f"{value:.6g}")
