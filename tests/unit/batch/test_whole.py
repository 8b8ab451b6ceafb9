"""Streams of rows cut where nothing is cut apart; of what was given nothing is held."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch.spill import in_one_piece
from reliability.batch.whole import whole

ROWS = pa.schema([("unit", pa.string()), ("row", pa.int64())])


def pieces(units: list[str], sizes: list[int]) -> list[pa.Table]:
    table = pa.table({"unit": sorted(units), "row": list(range(len(units)))}, schema=ROWS)
    found, at = [], 0
    for size in [*sizes, len(units)]:
        found.append(table.slice(at, size))
        at += size
    return found


@given(
    units=st.lists(st.sampled_from(["", "a", "b", "c", "d", "é"]), max_size=60),
    sizes=st.lists(st.integers(0, 9), max_size=20),
    least=st.integers(1, 12),
)
def test_no_unit_is_cut_no_row_is_lost_and_all_but_the_last_table_have_enough(
    units: list[str], sizes: list[int], least: int
) -> None:
    parts = list(whole(iter(pieces(units, sizes)), "unit", least))
    joined = pa.concat_tables([ROWS.empty_table(), *parts])
    assert joined["row"].to_pylist() == list(range(len(units)))
    seen = [set(part["unit"].to_pylist()) for part in parts]
    assert sum(map(len, seen)) == len(set(units))
    assert all(part.num_rows >= least for part in parts[:-1])


def test_rows_that_were_given_are_not_held_while_the_next_are_made() -> None:
    def made() -> Iterator[pa.Table]:
        for at in range(8):
            yield pa.table({"unit": [f"{at}" * 100] * 10_000, "row": [0] * 10_000}, schema=ROWS)

    parts = whole(made(), "unit", 1)
    next(parts)
    before = pa.total_allocated_bytes()
    held = [before]
    for part in parts:
        del part
        held.append(pa.total_allocated_bytes())
    assert max(held) < before + 1_200_000  # a table has 1,080,000 bytes


def test_tables_become_one_in_their_order_and_the_list_of_them_is_emptied() -> None:
    parts = [pa.table({"unit": ["a", None], "row": [1, 2]}, schema=ROWS), ROWS.empty_table(),
             pa.table({"unit": ["b"], "row": [3]}, schema=ROWS)]  # fmt: skip
    expected = pa.concat_tables(parts).combine_chunks()
    found = in_one_piece(parts)
    assert found.equals(expected)
    assert [column.num_chunks for column in found.columns] == [1, 1]
    assert parts == []
