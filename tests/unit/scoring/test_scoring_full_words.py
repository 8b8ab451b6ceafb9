"""Orders of columns that fill a word of 64 bits exactly, or just don't: none may run into the sign."""

from __future__ import annotations

import numpy as np
import pytest

from reliability.scoring.trie import InOrder, total_order


@pytest.mark.parametrize("bits", range(55, 63))
@pytest.mark.parametrize("more", range(1, 9))
def test_columns_about_as_wide_as_a_word_are_in_lexsorts_order(bits: int, more: int) -> None:
    first = np.array([1 << (bits - 1), 0, 1 << (bits - 1), 3], dtype=np.int64)
    second = np.array([1 << (more - 1), 1, 0, 1], dtype=np.int64)
    expected = [1, 3, 2, 0]
    assert total_order([first, second]).tolist() == expected
    taken = InOrder([first, second])
    assert taken.take(0, slice(0, 4)).tolist() == first[expected].tolist()
    assert taken.take(1, slice(0, 4)).tolist() == second[expected].tolist()
