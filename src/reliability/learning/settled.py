"""Adjudications of questions: what each was settled to, and what of it the reports can be held to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from reliability.learning.known import Known
from reliability.learning.table import Table

Truth = Mapping[str, float]
"""How likely each alternative is, as adjudicated; those not named are 0."""
YES_NO = (("false", "true"), ("0", "1"), ("no", "yes"))
"""Pairs of alternatives for which a truth from 0 to 1 tells how likely the second is."""


@dataclass(frozen=True)
class Row:
    """A row of the result: an alternative of a question and how likely it is."""

    question: str
    alternative: str
    p: float


def of_claim(truth: float, alternatives: Iterable[str]) -> Truth | None:
    """What a truth from 0 to 1 says of a yes/no question's alternatives; None where they are not such a pair."""
    given = {one.casefold(): one for one in alternatives}
    for no, yes in YES_NO:
        if given and given.keys() <= {no, yes}:
            return {given.get(yes, yes): truth, given.get(no, no): 1.0 - truth}
    return None


def known_of(table: Table, settled: Mapping[str, Truth]) -> tuple[Known, list[Row]]:
    """What holds the table's questions, and rows for true alternatives that nobody claimed.

    Questions that nobody reports on are left out.
    """
    questions, p = np.zeros(len(table.starts), dtype=bool), np.zeros(len(table.cell_question))
    place = {name: code for code, name in enumerate(table.names.questions)}
    code_of = {name: code for code, name in enumerate(table.names.answers)}
    ends = np.append(table.starts[1:], len(table.cell_question))
    unclaimed: list[tuple[int, int, float]] = []
    extra: list[Row] = []
    for name in sorted(settled.keys() & place.keys()):
        at = place[name]
        questions[at] = True
        left = dict(settled[name])
        for cell in range(int(table.starts[at]), int(ends[at])):
            p[cell] = left.pop(table.names.answers[table.cell_answer[cell]], 0.0)
        left = {alternative: chance for alternative, chance in left.items() if chance > 0.0}
        extra += [Row(name, alternative, chance) for alternative, chance in left.items()]
        unclaimed += [(code_of[one], at, chance) for one, chance in left.items() if one in code_of]
    return Known(questions, p, tuple(unclaimed)), extra
