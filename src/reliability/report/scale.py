"""Small pictures of ranges: p with its interval, and a figure's low, best and high with its density."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reliability.model.rating import Verdict
from reliability.report.canvas import Canvas

WIDTH = 380


def interval(verdict: Verdict) -> Markup:
    """p on a line from 0 to 1, with the interval as a thicker line."""
    canvas = Canvas(104, 12, "iv")
    canvas.path("M2 6H102", "rg")
    if verdict.low is not None and verdict.high is not None:
        canvas.path(f"M{2 + verdict.low * 100:.0f} 6H{2 + verdict.high * 100:.0f}", "in")
    canvas.dot(2 + verdict.p * 100, 6, 4, "pt")
    return canvas.markup()


def density(quantity: Mapping[str, Any]) -> Markup:
    """A figure's low, best and high on a logarithmic line, with what was stated; above it the density if there is one.

    `density` in the record is a list of [value, relative height] in rising order of value; the picture is drawn
    without it when the record has none.
    """
    low, best, high = (float(quantity[key]) for key in ("low", "best", "high"))
    stated = quantity.get("stated")
    curve = [(float(x), float(y)) for x, y in quantity.get("density") or ()]
    marks = [low, best, high, *([float(stated)] if stated is not None else []), *(x for x, y in curve if y > 0)]
    left, right = _position(min(marks)), _position(max(marks))
    room = WIDTH - 60

    def x_of(value: float) -> float:
        return 30 + (_position(value) - left) / (right - left or 1.0) * room

    base = 92 if curve else 34
    canvas = Canvas(WIDTH, base + 40, "dn")
    if curve:
        top = max(y for _, y in curve) or 1.0
        points = "L".join(f"{x_of(x):.1f} {base - y / top * 70:.1f}" for x, y in curve if left <= _position(x) <= right)
        canvas.path(f"M{x_of(min(marks)):.1f} {base}L{points}L"
                    f"{x_of(max(marks)):.1f} {base}Z", "area")  # fmt: skip
    canvas.path(f"M20 {base}H{WIDTH - 20}", "rg")
    canvas.path(f"M{x_of(low):.1f} {base}H{x_of(high):.1f}", "in")
    canvas.dot(x_of(best), base, 5, "pt")
    for value, name, kind in ((low, "low", "sm m"), (best, "best", "sm m st"), (high, "high", "sm m")):
        canvas.text(number(value), x_of(value), base + 18, kind)
        canvas.text(name, x_of(value), base + 32, "sm m")
    if stated is not None:
        canvas.path(f"M{x_of(float(stated)):.1f} {base - 12}v24", "said")
        canvas.text(f"stated {number(float(stated))}", x_of(float(stated)), 12, "sm m")
    return canvas.markup()


def _position(value: float) -> float:
    return math.log1p(max(value, 0.0))


def number(value: float) -> str:
    """A figure for people, with separators, as the record has it."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"
