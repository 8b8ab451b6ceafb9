"""CSV by columns: rows are taken apart one by one, and their distinct chains read once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from reliability.batch.book import KEPT
from reliability.batch.interning import Leaves
from reliability.batch.raw import AT_ONCE, FLAT, RawBatch, Unreadable
from reliability.io.csvrows import csv_rows
from reliability.io.reports import CSV_COLUMNS
from reliability.io.rows import RawRow
from reliability.io.strict_json import BadJson, parse_json

_CHAIN = ("provenance", "via", "hedge", "facts")


class CsvTable:
    """A CSV stream as batches."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._rows = csv_rows(stream, where)
        self._cells = Leaves()

    def batches(self, at_once: int = AT_ONCE) -> Iterator[RawBatch]:
        """The rows, some at a time. Raises InputError where there are none."""
        while some := list(islice(self._rows, at_once)):
            if len(self._cells) > KEPT:
                self._cells = Leaves()
            yield self._batch(some)

    def _batch(self, some: list[RawRow]) -> RawBatch:
        cells = self._cells
        fields = [row.fields or {} for row in some]
        suspect = np.array([not one or any(name not in CSV_COLUMNS for name in one) for one in fields])
        nested = {
            "provenance": [self._chain(one) for one in fields],
            **{name: [cells.code(one.get(name)) for one in fields] for name in ("quantity", "spans")},
        }
        return RawBatch(
            lines=np.array([row.line or 0 for row in some], dtype=np.int64),
            texts={name: pa.array([one.get(name) for one in fields], type=pa.string()) for name in FLAT},
            nested={name: np.array(codes, dtype=np.int64) for name, codes in nested.items()},
            value=lambda name, code: value_of(name, cells.value(code)), suspect=suspect,
            row=lambda at: some[at], flat=True, renewed=cells,
        )  # fmt: skip

    def _chain(self, fields: dict[str, Any]) -> int:
        return self._cells.code(tuple(fields.get(name) for name in _CHAIN)) if "provenance" in fields else 0


def value_of(name: str, cell: Any) -> Any:
    """What a nested field's cell, or a chain's cells, say."""
    if name == "provenance":
        return {name: one for name, one in zip(_CHAIN, cell, strict=True) if one is not None}
    if not isinstance(cell, str):
        return cell
    try:
        return parse_json(cell)
    except BadJson:
        return Unreadable()
