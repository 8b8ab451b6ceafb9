"""What is written as TOML reads back, by the standard library's own reader, to the same values."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.io.toml_out import toml_tables

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
PLAIN = st.one_of(TEXTS, st.booleans(), st.integers(-(2**60), 2**60), st.dates(),
                  st.floats(allow_nan=False, allow_infinity=False))  # fmt: skip
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
                      max_leaves=8)  # fmt: skip
TABLES = st.dictionaries(
    TEXTS, st.lists(st.dictionaries(TEXTS, VALUES, max_size=4), min_size=1, max_size=3), max_size=2
)


@given(TABLES)
def test_what_is_written_reads_back(tables: dict[str, list[dict[str, Any]]]) -> None:
    assert tomllib.loads(toml_tables(tables)) == tables


def test_a_table_within_has_a_header_of_its_own() -> None:
    written = toml_tables({"source": [{"record": {"counted_on": date(2024, 5, 1)}, "name": "A"}]})
    assert written == '[[source]]\nname = "A"\n\n[source.record]\ncounted_on = 2024-05-01\n'


def test_what_toml_lacks_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        toml_tables({"source": [{"name": None}]})
