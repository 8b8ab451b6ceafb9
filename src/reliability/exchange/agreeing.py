"""How far raters agree: α over all of them and over each pair, on three levels of measurement.

Nominal: the same label or not; who gives a probability alone has the scale's word for it. Ordinal: labels in the order
of the scale (or in an order of one's own). Interval: probabilities; labels alone are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reliability.errors import InputError, UsageError
from reliability.exchange.alpha import LEVELS, Agreement, Floats, Level, agreement
from reliability.exchange.raters import MAX_LABELS, Rater, Value
from reliability.model.base import Record, folded
from reliability.model.rounding import rounded
from reliability.reasoning.words import Wording
from reliability.rules.schema import Scale

MOST_RATERS = 50


class Alpha(Record):
    """α of some raters on one level, its interval, how many units and values it rests on; None, and why, without."""

    raters: tuple[str, ...]
    level: Level
    alpha: float | None
    low: float | None = None
    high: float | None = None
    units: int = 0
    values: int = 0
    draws: int = 0
    note: str | None = None


class Agreed(Record):
    """All that `agree` tells: raters with how many claims each valued, α of all together, and of each pair."""

    raters: dict[str, int]
    scale: str
    seed: int
    together: tuple[Alpha, ...]
    pairs: tuple[Alpha, ...]


@dataclass(frozen=True)
class Order:
    """Labels in order, lowest first: a published scale's words with their synonyms, or one's own."""

    name: str
    places: Mapping[str, int]
    wording: Wording | None

    @classmethod
    def of_scale(cls, scale: Scale) -> Order:
        """The bands of a scale; a probability has the place of its band."""
        bands = sorted(scale.band, key=lambda band: band.low)
        places = {folded(word): at for at, band in enumerate(bands) for word in (band.word, *band.synonyms)}
        return cls(scale.id, places, Wording.of(scale))

    @classmethod
    def given(cls, text: str) -> Order:
        """Labels with commas between them, lowest first.

        Raises UsageError for fewer than two, too many, or one twice.
        """
        labels = [folded(part) for part in text.split(",")]
        if not 2 <= len(labels) <= MAX_LABELS or "" in labels or len({*labels}) < len(labels):
            raise UsageError("--order", problem=f"needs two different labels or more, {MAX_LABELS} at most",
                             remedy="write them lowest first: false,half true,true")  # fmt: skip
        return cls("given", {label: at for at, label in enumerate(labels)}, None)

    def place(self, value: Value) -> int | None:
        """Where a value stands: its label, else the word for its probability; None where it has no place."""
        if value.label is not None:
            return self.places.get(value.label)
        return None if value.p is None or self.wording is None else self.wording.place(value.p)

    def label(self, value: Value) -> str | None:
        """A value's label, synonyms as one; a probability's word."""
        at = self.place(value)
        if at is None:
            return value.label
        return next(word for word, place in self.places.items() if place == at)


def agreed(raters: Sequence[Rater], order: Order, *, draws: int, seed: int) -> Agreed:
    """α of all raters together and of each pair, on each level, claims in id order.

    Raises InputError where no claim is valued by two raters, and for more labels than a scale has.
    """
    if len(raters) > MOST_RATERS:
        raise UsageError("agree", problem=f"{len(raters)} raters", remedy=f"give {MOST_RATERS} at most")
    claims = sorted({claim for one in raters for claim in one.values})
    tables = {level: _table(raters, claims, level, order) for level in LEVELS}
    if all(((~np.isnan(table)).sum(axis=0) < 2).all() for table in tables.values()):
        raise InputError(raters[0].name, problem="no claim is rated by two raters",
                         remedy="claims are matched by id, or by the text that `rate` has for an id")  # fmt: skip
    names = tuple(one.name for one in raters)
    unplaced = _unplaced(raters, order)

    def alphas(of: Sequence[int]) -> list[Alpha]:
        found = []
        for level in LEVELS:
            told = agreement(tables[level][list(of)], level, draws=draws, seed=seed)
            who = tuple(names[at] for at in of)
            missing = next((unplaced[at] for at in of if at in unplaced), None) if level == "ordinal" else None
            found.append(_alpha(who, level, told, missing))
        return found

    everyone = range(len(raters))
    pairs = [one for pair in combinations(everyone, 2) for one in alphas(pair)] if len(raters) > 2 else []
    counts = {one.name: sum(value != Value(None, None) for value in one.values.values()) for one in raters}
    return Agreed(raters=counts, scale=order.name, seed=seed, together=tuple(alphas(everyone)), pairs=tuple(pairs))


def _alpha(who: tuple[str, ...], level: Level, told: Agreement | None, missing: str | None) -> Alpha:
    if told is None:
        why = "fewer than two of them give a probability" if level == "interval" else "no claim has two values"
        return Alpha(raters=who, level=level, alpha=None, note=missing or why)
    low, high = (None if end is None else rounded(end, 4) for end in (told.low, told.high))
    same = None if told.varied else "all values are the same: 1 by convention, and no evidence of agreement"
    return Alpha(raters=who, level=level, alpha=rounded(told.alpha, 4), low=low, high=high, units=told.units,
                 values=told.values, draws=told.draws, note=missing or same)  # fmt: skip


def _table(raters: Sequence[Rater], claims: Sequence[str], level: Level, order: Order) -> Floats:
    """(raters, claims): codes, places or probabilities, NaN for what is missing."""
    codes: dict[str, int] = {}
    found = np.full((len(raters), len(claims)), np.nan)
    for row, rater in enumerate(raters):
        for column, claim in enumerate(claims):
            value = rater.values.get(claim)
            cell = None if value is None else _cell(value, level, order, codes)
            if cell is not None:
                found[row, column] = cell
    if len(codes) > MAX_LABELS:
        raise InputError(problem=f"{len(codes):,} different labels", remedy="labels are a scale's words, not free text")
    return found


def _cell(value: Value, level: Level, order: Order, codes: dict[str, int]) -> float | None:
    if level == "interval":
        return value.p
    if level == "ordinal":
        return order.place(value)
    label = order.label(value)
    return None if label is None else codes.setdefault(label, len(codes))


def _unplaced(raters: Sequence[Rater], order: Order) -> dict[int, str]:
    """By rater, a note on the labels that have no place in the order."""
    found = {}
    for at, rater in enumerate(raters):
        labels = sorted({v.label for v in rater.values.values() if v.label is not None and v.label not in order.places})
        if labels:
            more = f" and {len(labels) - 1:,} more" if len(labels) > 1 else ""
            found[at] = f"{labels[0]!r}{more} of {rater.name} has no place in the order {order.name}: say --order"
    return found
