"""What is kept by code is what was put; chains are remembered by their links; lists are told by their items."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from reliability.batch.by_code import ByCode
from reliability.batch.interning import Lists
from reliability.batch.short_chains import ShortChains, keys_of

CHAINS = st.lists(st.lists(st.sampled_from([0, 1, 2, 7, (1 << 21) - 2, (1 << 21) - 1]), max_size=5), max_size=6)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=20), st.lists(st.integers(0, 99)))
def test_what_was_put_for_a_code_is_there_and_blank_else(put: list[tuple[int, int]], asked: list[int]) -> None:
    kept, known = ByCode(-7), dict(put)
    for code, value in put:
        kept.put(np.array([code]), np.array([value]))
    assert kept.of(np.array(asked, dtype=np.int64)).tolist() == [known.get(code, -7) for code in asked]


@given(CHAINS)
@example([[0], [0, 0], [0, 0, 0], [0, 0, 0, 0]])
@example([[], [(1 << 21) - 2]])
def test_short_chains_are_remembered_and_no_two_are_taken_for_one(chains: list[list[int]]) -> None:
    lengths = np.array([len(one) for one in chains], dtype=np.int64)
    links = np.array([link for one in chains for link in one], dtype=np.int64)
    keys, short = keys_of(lengths, links), ShortChains()
    code = {tuple(one): at for at, one in enumerate(chains)}
    codes = np.array([code[tuple(one)] for one in chains], dtype=np.int64)
    short.put(keys, codes)
    is_kept = [0 < len(one) <= 3 and links.max() < (1 << 21) - 1 for one in chains]
    expected = [code if kept else -3 for code, kept in zip(codes.tolist(), is_kept, strict=True)]
    assert short.of(keys, -3).tolist() == expected
    assert len(short) == len({tuple(one) for one, kept in zip(chains, is_kept, strict=True) if kept})


@given(st.lists(st.one_of(st.none(), st.lists(st.sampled_from(["a", "b", None]), max_size=4)), max_size=8))
def test_items_of_codes_are_those_of_the_lists(values: list[list[str | None] | None]) -> None:
    column = pa.array(values, type=pa.list_(pa.string()))
    lists = Lists(column.type)
    codes = lists.codes(column)
    lengths, items = lists.items(codes)
    assert lengths.tolist() == [len(one or []) for one in values]
    assert [lists.item(one) for one in items.tolist()] == [item for one in values for item in one or []]
    assert [lists.value(code) for code in codes.tolist()] == values
