"""Numbers of things, as a sentence has them."""

from __future__ import annotations


def n_of(n: int, one: str, many: str) -> str:
    """A number with thousands apart and what there are so many of, of one or of many."""
    return f"{n:,} {one if n == 1 else many}"
