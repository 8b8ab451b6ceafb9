"""Rows as their files have them, for rejects of those that were good until they met others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import numpy as np

from reliability.batch.asked import Asked
from reliability.batch.pieces import Piece, batches_of
from reliability.batch.prepare import FILE_BITS
from reliability.batch.raw import RawBatch
from reliability.batch.readers import Readers
from reliability.errors import InputError
from reliability.io.kinds import TABLES


def as_read(placed: Iterable[tuple[int, dict[str, Any], bool]], asked: Asked) -> Iterator[dict[str, Any]]:
    """The records of rejects, in the order of their places, each with `raw` as its file has the row.

    The third of each says whether `raw` has to be looked up yet; it stays where a file can't be read twice, and where
    a row is an article's report. Files are read as far as the last reject that is looked up, a batch at a time.
    """
    rows = _Rows(asked)
    for place, record, is_late in placed:
        raw = rows.at(place) if is_late else None
        yield record if raw is None else {**record, "raw": raw}


class _Rows:
    """The rows of a run's tables, asked for in the order of their places."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._number = -1
        self._batches: Iterator[RawBatch] = iter(())
        self._batch: RawBatch | None = None

    def at(self, place: int) -> str | None:
        """The row at a place, cut as in all rejects; None where it can't be read again."""
        number, line = place >> FILE_BITS, place & ((1 << FILE_BITS) - 1)
        if number != self._number:
            self._number, self._batches = number, _batches(self._asked, number)
            self._batch = next(self._batches, None)
        while self._batch is not None and line > self._batch.lines[-1]:
            self._batch = next(self._batches, None)
        if self._batch is None:
            return None
        found = int(np.searchsorted(self._batch.lines, line))
        return self._batch.row(found).raw if self._batch.lines[found] == line else None


def _batches(asked: Asked, number: int) -> Iterator[RawBatch]:
    at = number - asked.n_before - len(asked.files)
    file = asked.files[at] if 0 <= at < len(asked.files) else None
    if file is None or file.kind not in TABLES or file.path is None:
        return
    piece = Piece(number, file.name, str(file.path.absolute()), str(file.kind), file.packed)
    with suppress(InputError, OSError):
        for batch in batches_of(piece, Readers()):
            if isinstance(batch, RawBatch) and batch.n:
                yield batch
