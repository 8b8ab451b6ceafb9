"""Numbers kept by code: arrays with room to spare."""

from __future__ import annotations

import numpy as np

from reliability.batch.interning import Codes


class ByCode:
    """A number for each code from 0 on, `blank` where none was put."""

    def __init__(self, blank: int) -> None:
        self._blank = blank
        self._held: Codes = np.zeros(0, dtype=np.int64)

    def of(self, codes: Codes) -> Codes:
        """What was put for each of some codes, (n,)."""
        self._reach(codes)
        found: Codes = self._held[codes]
        return found

    def put(self, codes: Codes, values: Codes) -> None:
        """Keep a value for each of some codes."""
        self._reach(codes)
        self._held[codes] = values

    def _reach(self, codes: Codes) -> None:
        most = int(codes.max(initial=-1)) + 1
        if most > len(self._held):
            more = np.full(2 * most - len(self._held), self._blank, dtype=np.int64)
            self._held = np.concatenate([self._held, more])
