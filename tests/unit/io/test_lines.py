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
from reliability.io.streams import BrokenOff, Line, LineReader, lines

BYTES = st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b" ", b"\x00"])).map(b"".join)


def split(data: bytes, limit: int) -> list[Line]:
    """The same by a regular expression over all bytes."""
    every = re.findall(rb"[^\n]*\n|[^\n]+\Z", data)
    return [Line(at, one[: limit + 1], len(one) <= limit) for at, one in enumerate(every, start=1)]


@given(BYTES, st.integers(1, 6), st.integers(1, 5))
def test_blocks_are_the_lines_of_the_bytes(data: bytes, limit: int, at_most: int) -> None:
    reader, found = LineReader(io.BytesIO(data), "-", limit), list[Line]()
    while some := reader.block(at_most).lines():
        assert len(some) <= at_most
        found += some
    assert found == split(data, limit) == list(lines(io.BytesIO(data), "-", limit))


@pytest.mark.parametrize("size", [1, 300, 1 << 20])
def test_a_line_without_end_is_cut_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(streams, "_A_BLOCK", size)
    data = b"x" * 100_000 + b"\nshort\n"
    assert list(lines(io.BytesIO(data), "-", 50)) == split(data, 50)
    first = LineReader(io.BytesIO(data), "-", 50).block(10_000)
    assert first.data[0] == b"x" * 51
    assert first.cut == {0}


def test_a_byte_order_mark_goes_and_another_encoding_is_refused() -> None:
    assert [one.data for one in lines(io.BytesIO(b"\xef\xbb\xbfa\nb"), "-")] == [b"a\n", b"b"]
    with pytest.raises(InputError, match="UTF-16"):
        next(lines(io.BytesIO("a\nb".encode("utf-16")), "-"))


def taken(reader: LineReader, found: list[Line]) -> None:
    """Take all lines."""
    while some := reader.block(1_000).lines():
        found += some


def test_lines_before_a_break_in_an_archive_are_there() -> None:
    packed = gzip.compress(b"".join(b"%d\n" % at for at in range(100_000)))
    found: list[Line] = []
    with gzip.open(io.BytesIO(packed[:-2000])) as stream, pytest.raises(BrokenOff) as broken:
        taken(LineReader(stream, "x.gz"), found)
    found += broken.value.before.lines()
    assert "damaged" in broken.value.error.problem
    assert len(found) > 50_000
    assert [one.data for one in found] == [b"%d\n" % at for at in range(len(found))]
