"""Codes of chains remembered by the numbers of their links."""

from __future__ import annotations

from itertools import repeat

import numpy as np

from reliability.batch.interning import Codes

_LONGEST, _BITS = 3, 21
_NO_KEY = 0


class ShortChains:
    """Codes of chains of at most three links; longer ones, and links of great numbers, are not remembered."""

    def __init__(self) -> None:
        self._code: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._code)

    def of(self, keys: Codes, unknown: int) -> Codes:
        """The code kept for each of some keys, (n,), `unknown` where none is."""
        return np.fromiter(map(self._code.get, keys.tolist(), repeat(unknown)), dtype=np.int64, count=len(keys))

    def put(self, keys: Codes, codes: Codes) -> None:
        """Keep codes for keys."""
        kept = keys != _NO_KEY
        self._code.update(zip(keys[kept].tolist(), codes[kept].tolist(), strict=True))


def keys_of(lengths: Codes, links: Codes) -> Codes:
    """What chains are remembered by, (n,): the numbers of up to three links in turn, in 21 bits each.

    `lengths` has how many of the numbers in `links` are each chain's.
    """
    keys = np.full(len(lengths), _NO_KEY, dtype=np.int64)
    if links.max(initial=0) + 1 >= 1 << _BITS:
        return keys
    begins = np.cumsum(lengths) - lengths
    for place in range(_LONGEST):
        here = (lengths > place) & (lengths <= _LONGEST)
        keys[here] |= (links[begins[here] + place] + 1) << (_BITS * place)
    return keys
