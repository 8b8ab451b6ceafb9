"""Chains of rows as codes of one book that a run's tasks share; chains that are not in it go with the rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array

MOST, MOST_BYTES = 1 << 16, 16 << 20
"""How many chains the book has at most, and of how many bytes."""


@dataclass(frozen=True)
class Chains:
    """A run's book. A process keeps it from task to task: what is read off its chains is read once."""

    book: pa.StringArray

    @classmethod
    def of(cls, texts: Iterable[pa.StringArray]) -> Chains:
        """The book of the chains that come first."""
        found = pa.chunked_array([pa.array([], pa.string()), *texts]).unique()[:MOST]
        sizes = np.cumsum(pc.binary_length(found).to_numpy())
        return cls(found[: int(np.searchsorted(sizes, MOST_BYTES))])

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of each chain."""
        return {text: code for code, text in enumerate(self.book.to_pylist())}


@dataclass
class Coder:
    """Rows of one bucket, or so: the number of a chain is its code, or where it stands among those beside the book."""

    chains: Chains
    _beside: dict[str, int] = field(default_factory=dict)

    def numbered(self, rows: pa.Table) -> pa.Table:
        """Rows with the number of each chain in `chain`, and no text in `provenance`."""
        own = one_array(rows["provenance"])
        if own.null_count == len(own):
            return rows
        coded = own.dictionary_encode()
        numbers = pa.array(map(self._number, coded.dictionary.to_pylist()), type=pa.int32()).take(coded.indices)
        if "chain" in rows.column_names:
            return _set(_set(rows, "chain", pc.coalesce(numbers, one_array(rows["chain"]))), "provenance", _nulls(rows))
        return _set(rows, "provenance", _nulls(rows)).append_column("chain", numbers)

    def _number(self, text: str) -> int:
        code = self.chains.codes.get(text)
        return len(self.chains.book) + self._beside.setdefault(text, len(self._beside)) if code is None else code

    def spelled(self, rows: pa.Table) -> pa.Table:
        """Numbered rows as ROWS, or CHECKED, with chains as a dictionary array in `provenance`."""
        book = self.chains.book
        if self._beside:
            book = pa.concat_arrays([book, pa.array(self._beside, type=pa.string())])
        chains = pa.DictionaryArray.from_arrays(one_array(rows["chain"]), book)
        return _set(rows, "provenance", chains).drop_columns(["chain"])

    def stored(self, rows: pa.Table) -> pa.Table:
        """Rows as `spelled` gives them with codes of the book in `chain`; where that is -1, a text in `provenance`."""
        chains = one_array(rows["provenance"])
        in_book = pc.less(chains.indices, len(self.chains.book))
        texts = chains.dictionary.take(pc.if_else(in_book, None, chains.indices))
        return _set(rows, "provenance", texts).append_column("chain", pc.if_else(in_book, chains.indices, -1))


def _nulls(rows: pa.Table) -> pa.Array:
    return pa.nulls(rows.num_rows, pa.string())


def _set(rows: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, column)
