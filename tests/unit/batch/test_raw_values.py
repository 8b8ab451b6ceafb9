"""Links that raw chains are split into are their links; chains that can't be split so have a link that is none."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from reliability.batch.raw import Unreadable, parts_of
from reliability.batch.raw_values import RawLinks, raw_array

TEXTS = st.text(st.sampled_from('a},{ "\\ü'), max_size=6)
LINK = st.dictionaries(st.sampled_from(["source", "type", "facts", "},{"]), TEXTS, max_size=3)
CHAIN = st.one_of(st.lists(st.one_of(LINK, LINK, LINK, TEXTS, st.just([{}]))), TEXTS, LINK)
BLANKS = (" , ", " : ")
DUMPS = st.sampled_from([(",", ":"), (", ", ": "), BLANKS])


@given(st.lists(CHAIN, max_size=4), DUMPS, st.booleans())
@example([[{"source": "}, {"}, {}], [{}]], (",", ":"), True)
def test_links_are_those_of_their_chain_or_one_is_no_object(
    chains: list[Any], separators: tuple[str, str], ascii_only: bool
) -> None:
    raws = [json.dumps(one, separators=separators, ensure_ascii=ascii_only).encode() for one in chains]
    links = RawLinks()
    lengths, numbers = links.of(pa.array(raws, type=pa.binary()))
    ends = np.cumsum(lengths)
    for chain, begin, end in zip(chains, ends - lengths, ends, strict=True):
        values = [links.value(number) for number in numbers[begin:end].tolist()]
        if values and all(isinstance(one, dict) for one in values):
            assert values == chain
        else:
            raw = json.dumps(chain, separators=separators)
            is_plain = isinstance(chain, list) and all(isinstance(one, dict) for one in chain) and separators != BLANKS
            assert not chain or not is_plain or raw.count("},{") + raw.count("}, {") >= len(chain)


@given(st.lists(LINK, min_size=1, max_size=3), DUMPS)
def test_links_with_the_same_parts_differ_in_their_source_only(found: list[Any], separators: tuple[str, str]) -> None:
    raws = [json.dumps([one], separators=separators).encode() for one in found]
    links = RawLinks()
    _, numbers = links.of(pa.array(raws, type=pa.binary()))
    rests: dict[Any, Any] = {}
    for number in numbers.tolist():
        value, (source, key) = links.value(number), links.parts(number)
        if isinstance(value, dict):
            assert source == value.get("source")
            rest = {name: one for name, one in value.items() if name != "source"}
            assert rests.setdefault(key, rest) == rest


def test_numbers_of_links_stay_from_batch_to_batch() -> None:
    links = RawLinks()
    first = links.of(pa.array([b'[{"source":"a"},{"source":"b"}]'], type=pa.binary()))[1].tolist()
    second = links.of(pa.array([b'[{"source":"c"}]', b'[{"source":"b"}, {"source":"a"}]'], type=pa.binary()))[1]
    assert second.tolist() == [2, *reversed(first)]
    assert links.is_full(2)
    assert not links.is_full(3)


def test_raw_values_are_null_where_there_is_none_or_null() -> None:
    raws = msgspec.json.decode(b'[null,1,"null",[null],1234]', type=list[msgspec.Raw])
    assert raw_array([msgspec.Raw(), *raws]).to_pylist() == [None, None, b"1", b'"null"', b"[null]", b"1234"]
    assert raw_array([]).to_pylist() == []


def test_links_that_are_not_utf8_have_no_parts() -> None:
    links = RawLinks()
    (number,) = links.of(pa.array([b'[{"source":"\xff"}]'], type=pa.binary()))[1].tolist()
    assert links.parts(number) == (None, None)
    assert isinstance(links.value(number), Unreadable)


def test_facts_that_compare_equal_are_told_apart() -> None:
    values = [1, True, 1.0, 0.0, -0.0, "1", None]
    assert len({parts_of({"source": "a", "facts": {"x": one}})[1] for one in values}) == len(values)
