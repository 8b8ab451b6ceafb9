"""One total order of rows, found by numbers as far as these tell texts apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.hashing import Hashes, hashes

_BYTES = 16
Order = NDArray[np.int64]


def by_hash(unit: pa.StringArray, key: pa.StringArray) -> Order:
    """Rows by the hash of the unit, then unit, then key, as UTF-8 bytes."""
    found = hashes(unit)
    order = np.argsort(found, kind="stable")
    in_order = found[order]
    same = in_order[1:] == in_order[:-1]
    if not same.any():
        return order
    run = np.cumsum(np.append(0, ~same))
    shared = np.append(same, False) | np.append(False, same)
    rows = order[shared]
    units, keys = unit.take(pa.array(rows)), key.take(pa.array(rows))
    together = run[shared][1:] == run[shared][:-1]
    if pc.any(pc.and_(pa.array(together), pc.not_equal(units.slice(1), units.slice(0, len(units) - 1)))).as_py():
        return _slowly(found, unit, key)
    high, low = _words(keys)
    within = np.lexsort((low, high, run[shared]))
    tied = (high[within][1:] == high[within][:-1]) & (low[within][1:] == low[within][:-1])
    tied &= run[shared][within][1:] == run[shared][within][:-1]
    if tied.any():
        return _slowly(found, unit, key)
    order[shared] = rows[within]
    return order


def _slowly(found: Hashes, unit: pa.StringArray, key: pa.StringArray) -> Order:
    keyed = pa.table({"hash": found, "unit": unit, "key": key})
    by = [("hash", "ascending"), ("unit", "ascending"), ("key", "ascending")]
    order: Order = pc.sort_indices(keyed, by).to_numpy().astype(np.int64)
    return order


def _words(texts: pa.StringArray) -> tuple[Hashes, Hashes]:
    """The first 16 bytes of each text as two numbers: in order as the texts are, ties aside."""
    n = len(texts)
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + n + 1].astype(np.int64)
    data = np.zeros(int(offsets[-1]) + _BYTES, dtype=np.uint8)
    data[: offsets[-1]] = np.frombuffer(texts.buffers()[2], dtype=np.uint8)[: offsets[-1]]
    found = []
    for begin in (0, 8):
        words: Hashes = np.ndarray((len(data) - 7,), dtype=">u8", buffer=data.data, strides=(1,))
        left = np.clip(np.diff(offsets) - begin, 0, 8)
        found.append(words[np.minimum(offsets[:-1] + begin, len(data) - 8)].astype(np.uint64) & _MASKS[left])
    return found[0], found[1]


_MASKS = np.array([((1 << 64) - 1) ^ ((1 << 8 * (8 - n)) - 1) for n in range(9)], dtype=np.uint64)
