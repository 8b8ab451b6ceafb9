"""Whether texts' figures exclude one another: ranges of one unit that do not overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from reliability.text.figures import Figure, figures

_AGE = re.compile(r",\s*\d{1,3}(?=\s*,)")


def by_unit(text: str) -> dict[str, list[Figure]]:
    """A text's figures by what they count; those of no unit, and ages between commas, are left out."""
    found: dict[str, list[Figure]] = {}
    for figure in figures(_AGE.sub("", text)):
        if figure.unit:
            found.setdefault(figure.unit, []).append(figure)
    return found


def by_figures(members: list[int], texts: Sequence[str]) -> list[list[int]]:
    """The members (indices of `texts`) in parts such that no part holds figures of one unit that exclude each other.

    Texts whose ranges overlap stay together. The largest such part (ties: the lower figure) keeps the texts that state
    no such figure; the parts are lists like `members`, in its order.
    """
    stated = {at: by_unit(texts[at]) for at in members}
    for unit in sorted({unit for one in stated.values() for unit in one}):
        parts: list[list[int]] = []
        bearing = [at for at in members if unit in stated[at]]
        for at in sorted(bearing, key=lambda at: (_width(stated[at][unit]), at)):
            fits = [part for part in parts if all(_overlap(stated[at][unit], stated[other][unit]) for other in part)]
            if fits:
                max(fits, key=len).append(at)
            else:
                parts.append([at])
        if len(parts) > 1:
            largest = max(parts, key=lambda part: (len(part), -stated[part[0]][unit][0].value))
            others = [sorted(part) for part in parts if part is not largest]
            rest = [at for at in members if not any(at in part for part in others)]
            return [found for part in (rest, *others) for found in by_figures(part, texts)]
    return [members]


def _overlap(one: list[Figure], two: list[Figure]) -> bool:
    return any(x.low <= y.high and y.low <= x.high for x, y in product(one, two))


def _width(stated: list[Figure]) -> tuple[float, float]:
    """How wide the widest range is, narrow before wide; the first figure decides between alike ones."""
    return max(one.high - one.low for one in stated), stated[0].value
