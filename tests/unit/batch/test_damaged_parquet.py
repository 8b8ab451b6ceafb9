"""Parquet whose bytes were changed: no row is lost without a word, and where pages have checksums none is altered."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reliability.batch.raw import RawBatch
from reliability.batch.tables_parquet import ParquetTable
from reliability.errors import InputError
from reliability.io.parquet import parquet_rows

ROWS = [{"id": f"r{at}", "claim": f"c{at % 6}", "text": f"text {at % 6}",
         "provenance": [{"source": f"S{at % 5}", "type": "media"}]} for at in range(30)]  # fmt: skip
Found = tuple[list[dict[str, object]], int]


def spelled(*, checksums: bool = False) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out, row_group_size=10, compression="none",
                   write_page_checksum=checksums)  # fmt: skip
    return out.getvalue()


def flipped(data: bytes, n: int) -> Iterator[bytes]:
    """Copies with one bit changed, not in the two marks at the ends."""
    for at in random.Random(8).sample(range(8 * 4, 8 * (len(data) - 8)), n):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


def by_columns(data: bytes) -> Found:
    """The rows that could be read, and how many places were said to be unreadable."""
    rows: list[dict[str, object]] = []
    said = 0
    for one in ParquetTable(io.BytesIO(data), "-").batches():
        if isinstance(one, RawBatch):
            found = [one.row(at) for at in range(one.n)]
            rows += [row.fields for row in found if row.fields is not None]
            said += sum(row.fields is None for row in found)
        else:
            said += 1
    return rows, said


def row_by_row(data: bytes) -> Found:
    found = list(parquet_rows(io.BytesIO(data), "-")[0])
    rows = [row.fields for row in found if row.fields is not None]
    return rows, len(found) - len(rows)


@pytest.mark.parametrize("read", [by_columns, row_by_row])
def test_whatever_bit_is_changed_no_row_is_lost_without_a_word(read: Callable[[bytes], Found]) -> None:
    refused = 0
    for data in flipped(spelled(), 1200):
        try:
            rows, said = read(data)
        except InputError:
            refused += 1
            continue
        assert said or len(rows) == len(ROWS)
    assert refused < 1200


def test_where_pages_have_checksums_no_row_is_altered() -> None:
    whole = by_columns(spelled())[0]
    data = spelled(checksums=True)
    pages = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    n = 0
    for changed in flipped(data, 800):
        if changed[pages:] == data[pages:]:
            rows, said = by_columns(changed)
            assert all(row in whole for row in rows)
            assert said or rows == whole
            n += 1
    assert n > 250
