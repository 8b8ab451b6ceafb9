"""Lines of a stream are those of its bytes split at line feeds, however many are taken at a time."""

from __future__ import annotations

import gzip
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.errors import InputError
from reliability.io import streams
from reliability.io.streams import Line, lines, stretches, whole_lines

BYTES = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b" ", b"\x00"])).map(b"".join)


def split(data: bytes, limit: int) -> list[Line]:
    """The same by a regular expression over all bytes."""
    every = re.findall(rb"[^\n]*\n|[^\n]+\Z", data)
    return [Line(at, one[: limit + 1], len(one) <= limit) for at, one in enumerate(every, start=1)]


@given(BYTES, st.integers(1, 6), st.integers(1, 9), st.integers(1, 5))
def test_stretches_are_the_lines_of_the_bytes(data: bytes, limit: int, stretch: int, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_A_STRETCH", stretch)
        patch.setattr(streams, "_A_CHUNK", chunk)
        found = [line for one in stretches(io.BytesIO(data), "-", limit) for line in one.lines(limit)]
        assert found == split(data, limit) == list(lines(io.BytesIO(data), "-", limit))


@pytest.mark.parametrize("size", [1, 300, 1 << 20])
def test_a_line_without_end_is_cut_and_held_no_further(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(streams, "_A_STRETCH", size)
    monkeypatch.setattr(streams, "_A_CHUNK", 100)
    data = b"x" * 100_000 + b"\nshort\n"
    found = list(stretches(io.BytesIO(data), "-", 50))
    assert [line for one in found for line in one.lines(50)] == split(data, 50)
    assert max(len(one.data) for one in found) <= max(len(data) * (size > len(data)), size + 100 + 51)


def test_a_byte_order_mark_goes_and_another_encoding_is_refused() -> None:
    assert [one.data for one in lines(io.BytesIO(b"\xef\xbb\xbfa\nb"), "-")] == [b"a\n", b"b"]
    with pytest.raises(InputError, match="UTF-16"):
        next(lines(io.BytesIO("a\nb".encode("utf-16")), "-"))


def test_a_part_of_a_file_that_does_not_begin_it_keeps_all_its_bytes() -> None:
    data = b"\xef\xbb\xbfa\nb"
    assert list(whole_lines(io.BytesIO(data), "-", begins=False)) == [data]
    assert list(whole_lines(io.BytesIO(data), "-")) == [b"a\nb"]


def test_lines_before_a_break_in_an_archive_are_there() -> None:
    packed = gzip.compress(b"".join(b"%d\n" % at for at in range(100_000)))
    found: list[Line] = []
    with gzip.open(io.BytesIO(packed[:-2000])) as stream, pytest.raises(InputError, match="damaged"):
        found.extend(lines(stream, "x.gz"))
    assert len(found) > 50_000
    assert [one.data for one in found] == [b"%d\n" % at for at in range(len(found))]
