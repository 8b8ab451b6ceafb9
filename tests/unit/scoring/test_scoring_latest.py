"""The latest of several reports, against looking for it one by one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.scoring.coding import Coded
from reliability.scoring.latest import Latest
from reliability.scoring.trie import ABSENT

ROW = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4), st.integers(ABSENT, 3))


def coded(turns: list[int]) -> Coded:
    return cast(Coded, SimpleNamespace(turn=np.array(turns, dtype=np.int32)))


@given(rows=st.lists(ROW, max_size=30), turns=st.permutations(range(5)), kind=st.sampled_from([np.int8, np.int32, int]))
def test_the_last_known_code_of_each_group_is_that_of_its_latest_report(
    rows: list[tuple[int, int, int, int]], turns: list[int], kind: Any
) -> None:
    rows = list(
        {(first, second, report): (first, second, report, code) for first, second, report, code in rows}.values()
    )
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    latest = Latest.of(coded(turns), [table[:, 0].astype(np.int32), table[:, 1].astype(np.int32)], table[:, 2])
    found, differ = latest.given(table[:, 3].astype(kind))
    names = sorted({(first, second) for first, second, _, _ in rows})
    assert [names.index((first, second)) for first, second, _, _ in rows] == latest.groups().tolist()
    for name, code, apart in zip(names, found.tolist(), differ.tolist(), strict=True):
        said = sorted((turns[report], code) for first, second, report, code in rows if (first, second) == name)
        known = [one for _, one in said if one >= 0]
        assert code == (known[-1] if known else ABSENT)
        assert apart == (len(set(known)) > 1)


@pytest.mark.parametrize(("start", "rank", "turn"), [
    ([5, -1, 5, 3], [1, 2, 0, 3], [3, 0, 2, 1]),
    ([-1, -1], [1, 0], [1, 0]),
])  # fmt: skip
def test_reports_take_turns_by_date_then_rank_undated_first(start: list[int], rank: list[int], turn: list[int]) -> None:
    dates = SimpleNamespace(start=np.array(start), rank=np.array(rank), n=len(start))
    assert Coded.turn.func(cast(Coded, dates)).tolist() == turn
