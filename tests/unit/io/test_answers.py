from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from reliability.errors import InputError, UsageError
from reliability.io.answers import Answers, Columns, is_flat, read_answers
from reliability.io.truths import read_truths

ROWS = [("q1", "ann", "a"), ("q1", "bob", "b, too"), ("q2", "ann", "ü")]


def rows_of(found: Answers) -> list[tuple[str, str, str]]:
    columns = (found.question, found.source, found.alternative)
    return list(zip(*([one.names[code] for code in one.codes] for one in columns), strict=True))


def csv_text(rows: list[tuple[str, str, str]], end: str = "\n") -> str:
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return end.join(["question,source,alternative", *quoted]) + end


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_csv_is_read_as_it_stands(tmp_path: Path, end: str, packed: bool) -> None:
    path = tmp_path / ("t.csv.gz" if packed else "t.csv")
    data = ("\ufeff" + csv_text(ROWS, end)).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    found = read_answers(path, "csv", Columns())
    assert rows_of(found) == ROWS
    assert not found.rejects


def test_json_lines_and_parquet_say_the_same_as_csv(tmp_path: Path) -> None:
    lines = tmp_path / "t.jsonl"
    lines.write_text("".join(json.dumps({"object": i, "source": "s", "value": v}) + "\n" for i, v in
                             ((1, True), (2, 0.5), (3, "x"), (4, 7.0))))  # fmt: skip
    columns = Columns.parse("question=object,alternative=value")
    expected = [("1", "s", "true"), ("2", "s", "0.5"), ("3", "s", "x"), ("4", "s", "7")]
    assert rows_of(read_answers(lines, "jsonl", columns)) == expected
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    pq = pytest.importorskip("pyarrow.parquet")
    table = tmp_path / "t.parquet"
    pq.write_table(pa.table({"object": [1, 2, 9], "source": ["s", "s", None], "value": ["true", "0.5", "x"]}), table)
    found = read_answers(table, "parquet", columns)
    assert rows_of(found) == expected[:2]
    assert [(one.line, one.reason) for one in found.rejects] == [(3, "no source")]
    assert is_flat(table)


@pytest.mark.parametrize(("bad", "reason"), [
    ("q3,,b", "no source"),
    (" ,ann,b", "no question"),
    ("q3,ann", "a row of 2 cells under a header of 3"),
    (f"q3,ann,{'x' * 10_001}", "alternative has 10,001 characters; at most 10,000 are read"),
    ('q3,ann,"open', "malformed CSV: a quote that is not closed"),
])  # fmt: skip
def test_a_bad_row_is_a_reject_with_its_line_and_the_others_stay(tmp_path: Path, bad: str, reason: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(csv_text(ROWS[:2]) + bad + "\n" + "q2,ann,ü\n", encoding="utf-8")
    found = read_answers(path, "csv", Columns())
    assert rows_of(found) == ROWS
    assert [(one.line, one.reason) for one in found.rejects] == [(4, reason)]


def test_bytes_that_are_no_text_are_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(csv_text(ROWS).encode() + b"q3,ann,\xff\n")
    found = read_answers(path, "csv", Columns())
    assert rows_of(found) == ROWS
    assert [one.reason for one in found.rejects] == ["not UTF-8"]


@pytest.mark.parametrize(("data", "problem"), [
    (b"", "is empty"),
    (b"question,source,alternative\n", "has a header but no rows"),
    (b"question,source,answer\nq,s,a\n", "the header has no column alternative"),
    (b"question,source,source\nq,s,a\n", "stands twice"),
    ("question,source,alternative\nq,s,a\n".encode("utf-16"), "UTF-16"),
])  # fmt: skip
def test_a_table_that_is_none_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=problem):
        read_answers(path, "csv", Columns())


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(csv_text(ROWS * 50).encode())[:-12])
    with pytest.raises(InputError, match="damaged"):
        read_answers(path, "csv", Columns())


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = tmp_path / "t.parquet"
    path.write_bytes(b"question,source,alternative\n")
    with pytest.raises(InputError, match="no Parquet file"):
        read_answers(path, "parquet", Columns())


@pytest.mark.parametrize("text", ["", "object", "question=", "colour=x", "question=a,question=b",
                                  "question=a,source=a", "alternative=source"])  # fmt: skip
def test_columns_that_make_no_sense_are_usage_errors(text: str) -> None:
    with pytest.raises(UsageError):
        Columns.parse(text)


def test_report_records_are_not_taken_for_a_flat_table(tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    records.write_text('{"claim": "c", "provenance": [{"source": "s"}]}\n')
    assert not is_flat(records)
    flat = tmp_path / "f.jsonl"
    flat.write_text('\n{"question": "q", "source": "s", "alternative": "a"}\n')
    assert is_flat(flat)


def test_adjudications_name_a_truth_or_the_true_alternative(tmp_path: Path) -> None:
    claims = tmp_path / "c.csv"
    claims.write_text("claim,truth,date\nc1,1,2025-01-01\nc2,0.25,\nc3,1.5,\n")
    found = read_truths(claims, Columns())
    assert [(one.question, one.settled, one.date) for one in found.found] == [
        ("c1", 1.0, "2025-01-01"),
        ("c2", 0.25, None),
    ]
    assert len(found.rejects) == 1
    named = tmp_path / "n.csv"
    named.write_text("object,value\no1,x\no2,y\no1,x\n")
    found = read_truths(named, Columns.parse("question=object,alternative=value"))
    assert [(one.question, one.settled) for one in found.found] == [("o1", "x"), ("o2", "y")]


def test_adjudications_that_disagree_are_all_rejects(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    path.write_text("question,alternative\nq1,x\nq2,y\nq1,z\nq3,\n")
    found = read_truths(path, Columns())
    assert [one.question for one in found.found] == ["q2"]
    assert [(one.line, one.reason.split(":")[0]) for one in found.rejects] == [
        (2, "adjudications of 'q1' disagree"), (4, "adjudications of 'q1' disagree"), (5, "no alternative"),
    ]  # fmt: skip
