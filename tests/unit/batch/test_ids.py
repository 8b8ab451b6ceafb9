"""Ids that stand in two buckets: the first row has it, the others lose it, as looking row by row finds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch.spill import Ids, losers

ROWS = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3), st.booleans()), max_size=30)


@given(rows=ROWS, bits=st.integers(0, 3))
def test_rows_lose_an_id_that_an_earlier_row_of_another_bucket_has(
    rows: list[tuple[str, int, bool]], bits: int
) -> None:
    first: dict[str, tuple[int, int]] = {}
    expected: dict[int, list[list[int]]] = {}
    for place, (key, bucket, _) in enumerate(rows):
        where, at = first.setdefault(key, (bucket, place))
        if where != bucket:
            expected.setdefault(bucket, []).append([place, at])
    with tempfile.TemporaryDirectory() as folder:
        desks = [Path(folder, name) for name in ("one", "two")]
        for which, desk in enumerate(desks):
            mine = [(key, place, bucket) for place, (key, bucket, other) in enumerate(rows) if other == bool(which)]
            notes = Ids(desk, bits)
            notes.add(pa.array([key for key, _, _ in mine], type=pa.string()),
                      np.array([place for _, place, _ in mine], dtype=np.int64),
                      np.array([bucket for _, _, bucket in mine], dtype=np.int64))  # fmt: skip
        found = losers(desks)
    assert {bucket: sorted(pairs.tolist()) for bucket, pairs in found.items()} == expected
