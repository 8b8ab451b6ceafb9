"""Files in pieces: together they are the file, line for line, whatever the bytes and wherever it is cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.batch import pieces as module
from reliability.batch.pieces import Piece, batches_of, n_lines, pieces_of
from reliability.batch.raw import RawBatch
from reliability.batch.readers import Readers
from reliability.batch.tables_jsonl import JsonlTable
from reliability.batch.tables_parquet import ParquetTable
from reliability.io.kinds import InputFile, Kind
from reliability.io.streams import MAX_LINE

LINES = st.sampled_from(
    (b"{}", b"", b" ", b'{"claim": "c"}', b"\xef\xbb\xbf{}", b"\xff\xfe", b"x" * 40, b"\r", b"\xf0")
)

BEGINNINGS = st.sampled_from((b"{}\n", b"\xef\xbb\xbf{}\n", b"\xef\xbb\xbf \n{}\n", b" \n{}\n"))


def rows(batches: Iterator[Any]) -> list[tuple[int | None, str, str | None]]:
    found = []
    for batch in batches:
        assert isinstance(batch, RawBatch)
        read = [batch.row(at) for at in range(batch.n)]
        assert [one.line for one in read] == batch.lines.tolist()
        found += [(one.line, one.raw, one.problem) for one in read]
    return found


def in_pieces(path: Path, size: int) -> list[Piece]:
    """Pieces of so many bytes, numbered as a run numbers them."""
    end = path.stat().st_size
    cut = [Piece(3, "name", str(path), "jsonl", start=at, end=min(at + size, end)) for at in range(0, end, size)]
    firsts = accumulate(map(n_lines, cut[:-1]), initial=0)
    return [Piece(3, "name", str(path), "jsonl", None, one.start, one.end, first)
            for one, first in zip(cut, firsts, strict=True)]  # fmt: skip


@given(begin=BEGINNINGS, lines=st.lists(LINES, min_size=1, max_size=12), last=st.booleans(), size=st.integers(1, 60))
def test_lines_read_in_pieces_are_those_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, begin: bytes, lines: list[bytes], last: bool, size: int
) -> None:
    data = begin + b"\n".join(lines) + b"\n" * last
    path = tmp_path_factory.mktemp("pieces") / "some.jsonl"
    path.write_bytes(data)
    expected = rows(JsonlTable(io.BytesIO(data), "name").batches())
    readers = Readers()
    assert [row for piece in in_pieces(path, size) for row in rows(batches_of(piece, readers))] == expected


def test_a_line_that_is_too_long_is_one_reject_however_the_file_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    data = b'{"claim": "a"}\n{"text": "' + b"y" * (2 * MAX_LINE) + b'"}\n{"claim": "b"}\n'
    path.write_bytes(data)
    expected = rows(JsonlTable(io.BytesIO(data), "name").batches())
    readers = Readers()
    found = [row for piece in in_pieces(path, 300_000) for row in rows(batches_of(piece, readers))]
    assert found == expected
    assert [line for line, _, _ in found] == [1, 2, 3]


def test_row_groups_read_in_pieces_are_those_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_BYTES", 1)
    path = tmp_path / "some.parquet"
    pq.write_table(pa.table({"claim": [f"c{at}" for at in range(10)], "provenance": ["A [media]"] * 10}), path,
                   row_group_size=3)  # fmt: skip
    found = pieces_of([InputFile(path, "parquet")], 5)
    assert [(one.number, one.start, one.end) for one in found] == [(5, 0, 1), (5, 1, 2), (5, 2, 3), (5, 3, 4)]
    with path.open("rb") as stream:
        expected = rows(ParquetTable(stream, "name").batches())
    readers = Readers()
    assert [row for piece in found for row in rows(batches_of(piece, readers))] == expected


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("jsonl", b"\xff\xfe{\x00}\x00" * 100),
        ("jsonl", b""),
        ("jsonl", b"\xef\xbb\xbf" + b" \n" * 40),
        ("parquet", b"PAR1 no more"),
        ("csv", b"claim\na\n" * 9),
    ],
)
def test_what_can_not_be_cut_is_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind, content: bytes
) -> None:
    monkeypatch.setattr(module, "LEAST_BYTES", 10)
    path = tmp_path / "odd"
    path.write_bytes(content)
    (piece,) = pieces_of([InputFile(path, kind)], 0)
    assert (piece.start, piece.end, piece.first) == (0, None, 0)


def test_articles_are_no_pieces(tmp_path: Path) -> None:
    assert pieces_of([InputFile(tmp_path / "one.txt", "txt")], 0) == []
