"""How many keys stand in JSON, told by its bytes alone: never fewer than there are."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Buffer: TypeAlias = bytes | pa.Buffer
_COLON, _QUOTE, _SPACE = b':" '
_AT_ONCE = 1 << 17
"""Bytes looked at together: they stay in the processor's cache."""


def n_keys(data: Buffer) -> int:
    """How many keys stand in some JSON.

    Counted is what every key ends with: a quotation mark and a colon, with or without blanks between. In texts that
    counts too, so that a text which looks like a key makes the sum greater than it is, and nothing makes it less.
    """
    every, found = np.frombuffer(data, dtype=np.uint8), 0
    for at in range(0, len(every), _AT_ONCE):
        seen = every[at : at + _AT_ONCE + 1]
        before, is_colon = seen[:-1], seen[1:] == _COLON
        if (is_colon & (before <= _SPACE)).any():
            return len(key_ends(data))
        found += int(np.count_nonzero(is_colon & (before == _QUOTE)))
    return found


def key_ends(data: Buffer) -> NDArray[np.int64]:
    """The places of the colons that `n_keys` counts, in order."""
    seen = np.frombuffer(data, dtype=np.uint8)
    colon = seen[1:] == _COLON
    if not (colon & (seen[:-1] <= _SPACE)).any():
        return np.flatnonzero(colon & (seen[:-1] == _QUOTE)) + 1
    filled = np.flatnonzero(seen > _SPACE)
    kept = seen[filled]
    found: NDArray[np.int64] = filled[1:][(kept[1:] == _COLON) & (kept[:-1] == _QUOTE)]
    return found


def keys_between(data: Buffer, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of them stand between each place of `edges` (n + 1,) and the next, (n,)."""
    return np.diff(np.searchsorted(key_ends(data), edges))
