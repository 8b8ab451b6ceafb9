"""What a reader of tables gives: batches of rows whose plain fields are Arrow columns, not judged yet."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
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


def no_links(chains: Codes) -> tuple[Codes, Codes]:
    """That chains are not told link by link."""
    return np.zeros(len(chains), dtype=np.int64), np.zeros(0, dtype=np.int64)


def no_link(number: int) -> Any:
    """Of what is not told link by link there are no links. Raises KeyError."""
    raise KeyError(number)


def parts_of(link: Any) -> tuple[Any, Hashable]:
    """The source of a link as JSON has it, and what the rest of it can be known by; None for what is no object."""
    if not isinstance(link, dict):
        return None, None
    rest = {name: one for name, one in link.items() if name != "source"}
    if all(one is None or isinstance(one, str) for one in rest.values()):
        return link.get("source"), tuple(rest.items())
    try:
        return link.get("source"), repr(rest)
    except RecursionError:
        return None, None


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
    """Codes of nested values mean the same in batches with the same of these."""
    numbering: object = None
    """And so do numbers of links."""
    links: Callable[[Codes], tuple[Codes, Codes]] = no_links
    """How many links each of some chains has (0: it is not told link by link), and the numbers of all in turn."""
    link: Callable[[int], Any] = no_link
    """What the link of a number says, as JSON has it (or Unreadable)."""
    link_parts: Callable[[int], tuple[Any, Hashable]] = no_link
    """Its source, and what the rest of it can be known by: links with the same of these differ in their source only."""

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.lines)
