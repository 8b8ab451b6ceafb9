"""Keys are counted by bytes alone: never fewer than there are, and as many where no text looks like one."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch import json_keys
from reliability.batch.json_keys import key_ends, keys_between, n_keys

KEYS = st.text(st.sampled_from('ab ":\\ü'), max_size=3)
VALUES = st.recursive(
    st.one_of(KEYS, st.none(), st.integers(0, 9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :"), (",\t", "\t\r :")])


def keys_in(value: Any) -> int:
    """The keys of all objects in a value, by walking it."""
    if isinstance(value, dict):
        return len(value) + sum(map(keys_in, value.values()))
    return sum(map(keys_in, value)) if isinstance(value, list) else 0


@given(VALUES, SEPARATORS)
def test_no_fewer_keys_are_counted_than_there_are(value: Any, separators: tuple[str, str]) -> None:
    assert n_keys(json.dumps(value, separators=separators).encode()) >= keys_in(value)


@given(st.dictionaries(st.sampled_from(["a", "ü b", ""]), st.sampled_from(["x", "a, b", None])), SEPARATORS)
def test_as_many_are_counted_where_no_text_has_a_colon(value: dict[str, Any], separators: tuple[str, str]) -> None:
    nested = [value, {"c": value}]
    assert n_keys(json.dumps(nested, separators=separators).encode()) == keys_in(nested)


@given(st.lists(st.sampled_from([b'"', b":", b" ", b"\n", b"a"]), max_size=40).map(b"".join), st.integers(1, 9))
def test_however_many_bytes_are_looked_at_together_the_count_is_the_same(data: bytes, at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_keys, "_AT_ONCE", at_once)
        assert n_keys(data) == len(key_ends(data))


@given(st.lists(st.sampled_from(['{"a":1}', '{"a" :"b:"}', "[]", '{"a":{"b":2}}']), min_size=1, max_size=5))
def test_keys_between_edges_are_those_of_each_value(values: list[str]) -> None:
    edges = np.append(0, np.cumsum([len(one) for one in values]))
    found = keys_between("".join(values).encode(), edges)
    assert found.tolist() == [keys_in(json.loads(one)) for one in values]
