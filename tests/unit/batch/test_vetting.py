"""Texts that are vouched for have no blanks at their ends, whatever a blank is."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch.vetting import vouched
from reliability.model.report import MAX_NAME

TEXTS = st.none() | st.text(alphabet=" a\u00a0\u3000\tß\x1c\x7f\u200b", max_size=4) | st.just("a" * (MAX_NAME + 1))


@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(0, 8))
def test_names_are_vouched_for_where_trimming_takes_nothing_off(names: list[str | None], begin: int) -> None:
    begin = min(begin, len(names) - 1)
    column = pa.array(names, type=pa.string()).slice(begin)
    n = len(column)
    empty = pa.nulls(n, pa.string())
    fields = ("id", "text", "kind", "stance", "question", "alternative", "article", "published", "event")
    found = vouched({**dict.fromkeys(fields, empty), "claim": column})
    trimmed = pc.utf8_trim_whitespace(column).to_pylist()
    assert found.tolist() == [name is not None and 0 < len(name) <= MAX_NAME and name == short
                              for name, short in zip(names[begin:], trimmed, strict=True)]  # fmt: skip
