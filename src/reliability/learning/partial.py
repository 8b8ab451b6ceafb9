"""Answers in words that say less than others: "Knuth" is no rival of "Knuth and Patashnik", but half of it."""

from __future__ import annotations

import re

import numpy as np

from reliability.learning.guessing import Spread
from reliability.learning.table import Table, summed
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

PASSED_ON = 0.5
"""The part of a partial answer's evidence that speaks for each fuller one; measured on the public sets."""
MOST_ANSWERS = 50
"""Questions with more distinct answers are let be: their pairs are too many to look at."""
_WORDS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def partial_pairs(table: Table) -> tuple[Ints, Ints]:
    """Cells of one question of which the first's words are some, and not all, of the second's: two (n_pairs,) arrays.

    Answers with digits have no parts: 10 is no less than 10:30.
    """
    words = [_words(answer) for answer in table.names.answers]
    ends = np.append(table.starts[1:], len(table.cell_question)).tolist()
    less: list[int] = []
    more: list[int] = []
    for start, end in zip(table.starts.tolist(), ends, strict=True):
        if not 2 <= end - start <= MOST_ANSWERS:
            continue
        here = [(cell, words[table.cell_answer[cell]]) for cell in range(start, end)]
        sizes = {len(found) for _, found in here if found}
        if len(sizes) < 2:
            continue
        for cell, part in here:
            if part:
                fuller = [other for other, whole in here if part < whole]
                less += [cell] * len(fuller)
                more += fuller
    return np.array(less, dtype=np.int64), np.array(more, dtype=np.int64)


def spread_of(table: Table) -> Spread | None:
    """What the evidence for partial answers says of fuller ones; None where no answer is part of another."""
    less, more = partial_pairs(table)
    if not len(less):
        return None

    def spread(cells: Floats) -> Floats:
        return summed(more, PASSED_ON * cells[less], len(cells))

    return spread


def _words(answer: str) -> frozenset[str]:
    return frozenset() if _DIGIT.search(answer) else frozenset(_WORDS.findall(answer.casefold()))
