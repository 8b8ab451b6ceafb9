"""What a reader of tables gives: batches of rows whose plain fields are Arrow columns, not judged yet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from reliability.batch.interning import Codes
from reliability.io.rows import RawRow

FLAT = ("id", "claim", "text", "kind", "stance", "question", "alternative", "article", "published", "event")
"""Fields that are texts."""
AT_ONCE = 1 << 16
"""Rows of a batch."""


class Unreadable:
    """What stands for a nested value that can't be taken apart: whoever reads the row itself finds out why."""


def whole(codes: Sequence[int]) -> list[Sequence[Hashable] | None]:
    """That chains are not told link by link."""
    return [None] * len(codes)


def no_link(key: Hashable) -> Any:
    """Of what is not told link by link there are no links. Raises KeyError."""
    raise KeyError(key)


@dataclass(frozen=True)
class RawBatch:
    """Some rows of a table.

    `texts` has a text array a field of `FLAT`, `nested` the codes of `provenance`, `quantity` and `spans`, 0 for null;
    `value` gives what a code of a field stands for, as JSON has it (or Unreadable). `lines` (n,): where each row
    starts, from 1. `suspect` (n,): rows that must be read one by one. `row` gives one as readers of single rows have
    it; `flat` as CSV has fields.
    """

    lines: NDArray[np.int64]
    texts: Mapping[str, pa.StringArray]
    nested: Mapping[str, Codes]
    value: Callable[[str, int], Any]
    suspect: NDArray[np.bool_]
    row: Callable[[int], RawRow]
    flat: bool = False
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Columns that no report has, and how many rows fill them, where `row` does not show them."""

    renewed: object = None
    """Codes of nested values, and keys of links, mean the same in batches with the same of these."""
    links: Callable[[Sequence[int]], Sequence[Sequence[Hashable] | None]] = whole
    """The keys of the links of each of some chains, None for a chain that has to be read as a whole."""
    link: Callable[[Hashable], Any] = no_link
    """What the key of a link stands for, as JSON has it (or Unreadable)."""

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.lines)
