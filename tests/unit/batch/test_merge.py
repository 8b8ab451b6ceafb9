"""Files in order as one in order, and things made ahead of those that are worked on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch.ahead import ahead
from reliability.batch.merge import merged

SCHEMA = pa.schema([("claim", pa.string()), ("bar", pa.int64())])


def written(path: Path, claims: list[str], block: int) -> Path:
    """Claims in order, each with its row's number, in blocks."""
    table = pa.table({"claim": claims, "bar": list(range(len(claims)))}, schema=SCHEMA)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, SCHEMA) as writer:
        writer.write_table(table, max_chunksize=block)
    return path


@given(
    claims=st.lists(st.text(st.sampled_from("aé\U0001f600\x00z"), max_size=3), max_size=80),
    n=st.integers(1, 5), block=st.integers(1, 6),
)  # fmt: skip
def test_rows_of_all_files_come_in_the_order_of_their_bytes_and_none_is_lost(
    claims: list[str], n: int, block: int
) -> None:
    """All rows of a claim stand in one file, as they do in buckets."""
    files = [sorted((one for one in claims if sum(one.encode()) % n == at), key=str.encode) for at in range(n)]
    with TemporaryDirectory() as folder:
        paths = [written(Path(folder, f"{at}.arrow"), one, block) for at, one in enumerate(files)]
        found = pa.concat_tables([SCHEMA.empty_table(), *merged(paths, SCHEMA)])
    expected = sorted((claim.encode(), at) for one in files for at, claim in enumerate(one))
    assert [(row["claim"].encode(), row["bar"]) for row in found.to_pylist()] == expected


def test_the_next_is_made_while_one_is_worked_on() -> None:
    made: list[int] = []

    def each() -> Iterator[int]:
        for one in range(4):
            made.append(one)
            yield one

    found = ahead(each())
    assert next(found) == 0
    for _ in range(500):
        if made == [0, 1]:
            break
        time.sleep(0.01)
    assert made == [0, 1]
    assert list(found) == [1, 2, 3]


def test_none_and_other_empty_things_are_things_too() -> None:
    assert list(ahead(iter([None, 0, "", []]))) == [None, 0, "", []]
    assert list(ahead(iter(()))) == []


def test_what_making_one_raises_is_raised_where_it_would_have_been() -> None:
    def each() -> Iterator[int]:
        yield 1
        raise ValueError("no second")

    found = ahead(each())
    assert next(found) == 1
    with pytest.raises(ValueError, match="no second"):
        next(found)
