"""What rule files hold, remembered by their bytes: of a folder that differs in one file, that one is read."""

from __future__ import annotations

import hashlib
from typing import Any

Records = tuple[Any, ...]


class KnownFiles:
    """Records of faultless files of this process, by their folder and bytes: the latest ones, of `at_most` bytes.

    Records are frozen, so that policies may share them.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._held: dict[tuple[str, bytes], tuple[int, Records]] = {}
        self._size = 0

    def get(self, kind: str, data: bytes) -> Records | None:
        """What a file of these bytes was found to hold, None where it was not read yet."""
        found = self._held.get((kind, hashlib.sha256(data).digest()))
        return None if found is None else found[1]

    def keep(self, kind: str, data: bytes, records: Records) -> None:
        """Remember a file, and forget those that came first where there is no room."""
        key = kind, hashlib.sha256(data).digest()
        if key not in self._held and len(data) <= self._at_most:
            self._held[key] = len(data), records
            self._size += len(data)
        while self._size > self._at_most:
            self._size -= self._held.pop(next(iter(self._held)))[0]
