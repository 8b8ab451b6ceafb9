"""Small pictures of ranges: p with its interval, and a figure's low, best and high under its density."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reliability.model.rating import Verdict
from reliability.reasoning.sentences import people
from reliability.report.canvas import LETTER, Canvas

WIDTH, MARGIN = 344, 24
SEEN = 0.02
"""The picture ends where the density falls under this share of its peak."""


def interval(verdict: Verdict) -> Markup:
    """p on a line from 0 to 1, with the interval as a thicker line."""
    canvas = Canvas(104, 12, "iv")
    canvas.path("M2 6H102", "rg")
    if verdict.low is not None and verdict.high is not None:
        canvas.path(f"M{2 + verdict.low * 100:.0f} 6H{2 + verdict.high * 100:.0f}", "inn")
    canvas.dot(2 + verdict.p * 100, 6, 4, "pt")
    return canvas.markup()


def density(quantity: Mapping[str, Any]) -> Markup:
    """A figure's low, best and high on a logarithmic line, with what was stated, under its density.

    `quantity` is the record's; its `density` a list of [value, height] in rising order of value, drawn if it is there.
    """
    low, best, high = (float(quantity[key]) for key in ("low", "best", "high"))
    stated = [float(quantity[key]) for key in ("stated", "stated_high") if quantity.get(key) is not None]
    curve = _seen([(float(x), float(y)) for x, y in quantity.get("density") or ()], (low, high, *stated))
    values = [low, best, high, *stated, *(x for x, _ in curve)]
    left, right = _place(min(values)), _place(max(values))

    def x_of(value: float) -> float:
        share = (_place(value) - left) / (right - left) if right > left else 0.5
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    base = 108 if curve else 34
    canvas = Canvas(WIDTH, base + 38, "ds")
    if curve:
        peak = max(y for _, y in curve) or 1.0
        line = "L".join(f"{x_of(x):.1f} {base - y / peak * 82:.1f}" for x, y in curve)
        canvas.path(f"M{x_of(curve[0][0]):.1f} {base}L{line}L{x_of(curve[-1][0]):.1f} {base}Z", "area")
    canvas.path(f"M{MARGIN} {base}H{WIDTH - MARGIN}", "rg")
    canvas.path(f"M{x_of(low):.1f} {base}H{x_of(high):.1f}", "inn")
    for at in stated:
        canvas.path(f"M{x_of(at):.1f} 16V{base + 6}", "said")
    if stated:
        told = "stated: " + " to ".join(f"{value:,g}" for value in stated)
        x = (x_of(stated[0]) + x_of(stated[-1])) / 2
        canvas.text(told, min(max(x, len(told) * LETTER / 2), WIDTH - len(told) * LETTER / 2), 11, "sm mid")
    canvas.dot(x_of(best), base, 5, "pt")
    _labels(canvas, [(x_of(low), people(low), "low"), (x_of(best), people(best), "best"),
                     (x_of(high), people(high), "high")], base)  # fmt: skip
    return canvas.markup()


def _labels(canvas: Canvas, labels: Sequence[tuple[float, str, str]], base: float) -> None:
    """Numbers under the line, moved apart where they would touch."""
    ends: list[float] = []
    for x, figure, _ in labels:
        half = max(len(figure), 4) * LETTER / 2 + 3
        ends.append(max(x, half, ends[-1] + 2 * half if ends else half))
    over = max(0.0, ends[-1] + max(len(labels[-1][1]), 4) * LETTER / 2 + 3 - WIDTH)
    for x, (_, figure, name) in zip(ends, labels, strict=True):
        canvas.text(figure, x - over, base + 19, "mid st" if name == "best" else "mid")
        canvas.text(name, x - over, base + 33, "sm mid")


def _seen(curve: Sequence[tuple[float, float]], marks: Sequence[float]) -> list[tuple[float, float]]:
    """The part of a density that is high enough to be seen, or that lies between what is marked."""
    least = SEEN * max((y for _, y in curve), default=0.0)
    kept = [i for i, (x, y) in enumerate(curve) if y >= least or min(marks) <= x <= max(marks)]
    return list(curve[kept[0] : kept[-1] + 1]) if kept else []


def _place(value: float) -> float:
    return math.log1p(max(value, 0.0))
