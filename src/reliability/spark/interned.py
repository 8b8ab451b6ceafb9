"""Chains of rows as numbers while many rows are held: each distinct chain stands in memory once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from reliability.batch.arrays import one_array

MOST_BYTES = 32 << 20


@dataclass
class Interned:
    """The chains that were seen, in their order, and each one's number."""

    _number: dict[str, int] = field(default_factory=dict)
    _bytes: int = 0
    _book: pa.StringArray | None = None

    def begin(self) -> None:
        """Before rows of another bucket: forget all, if that is much."""
        if self._bytes > MOST_BYTES:
            self._number, self._bytes, self._book = {}, 0, None

    def numbered(self, rows: pa.Table) -> pa.Table:
        """Rows with the number of each chain in place of its text."""
        coded = one_array(rows["provenance"]).dictionary_encode()
        before = len(self._number)
        texts = coded.dictionary.to_pylist()
        numbers = pa.array([self._number.setdefault(text, len(self._number)) for text in texts], type=pa.int32())
        if len(self._number) > before:
            self._bytes += coded.dictionary.nbytes
            self._book = None
        return _with(rows, numbers.take(coded.indices))

    def spelled(self, rows: pa.Table) -> pa.Table:
        """Numbered rows with chains as a dictionary array."""
        if self._book is None:
            self._book = pa.array(self._number, type=pa.string())
        return _with(rows, pa.DictionaryArray.from_arrays(one_array(rows["provenance"]), self._book))


CHAINS = Interned()
"""Those that this process has seen, from task to task."""


def _with(rows: pa.Table, chains: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index("provenance"), "provenance", chains)


def as_texts(rows: pa.Table) -> pa.Table:
    """Rows whose chains are a dictionary array with the texts themselves."""
    chains = one_array(rows["provenance"])
    if not pa.types.is_dictionary(chains.type):
        return rows
    used, at = np.unique(chains.indices.to_numpy(), return_inverse=True)
    return _with(rows, chains.dictionary.take(pa.array(used)).take(pa.array(at.reshape(-1))))
