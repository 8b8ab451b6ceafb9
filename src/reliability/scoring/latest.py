"""What the latest of several reports says: rows in groups, in each the latest report's last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reliability.scoring.coding import Coded
from reliability.scoring.trie import ABSENT, Codes, Ints, changes, total_order

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Latest:
    """Rows by the group that they belong to, in the order of groups, then of reports.

    `order` (rows,): the rows in that order; `starts` (n_groups,): where each group begins in it.
    """

    order: Ints
    starts: Ints

    @classmethod
    def of(cls, coded: Coded, groups: list[Codes], report: Ints) -> Latest:
        """Shapes: report (rows,), the report that each row is of; groups: columns (rows,) whose values in a row name
        its group.
        """
        order = total_order([*groups, coded.turn[report]])
        fresh = changes(groups, order)
        fresh[:1] = True
        return cls(order.astype(np.int32), np.flatnonzero(fresh))

    def groups(self) -> Codes:
        """The group of each row, numbered from 0 in their order: (rows,)."""
        found = np.empty(len(self.order), dtype=np.int32)
        found[self.order] = np.repeat(np.arange(len(self.starts), dtype=np.int32),
                                      np.diff(self.starts, append=len(self.order)))  # fmt: skip
        return found

    def given(self, codes: Codes) -> tuple[Ints, Mask]:
        """The last known code of each group, ABSENT where none is known, and whether known codes differ: (n_groups,).

        `codes` (rows,) are ABSENT where a row does not say.
        """
        if not len(self.order):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
        in_order = codes[self.order]
        known = in_order >= 0
        highest = np.maximum.reduceat(in_order, self.starts)
        at = np.maximum.reduceat(np.where(known, np.arange(len(known), dtype=np.int32), ABSENT), self.starts)
        latest = np.where(at >= 0, in_order[at], ABSENT).astype(np.int64)
        in_order[~known] = np.iinfo(in_order.dtype).max
        lowest = np.minimum.reduceat(in_order, self.starts)
        return latest, (at >= 0) & (highest != lowest)
