"""Adjudication files: good rows are kept, bad ones rejected with line and reason, disagreement settles nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from reliability.errors import InputError
from reliability.io.adjudications import Adjudicated, read_adjudications


def read(folder: Path, text: str, name: str = "a.csv") -> Adjudicated:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_adjudications(path)


def test_csv_and_jsonl_say_the_same(tmp_path: Path) -> None:
    table = read(tmp_path, "claim,truth,date,by\nc-1,1,2025-03-12,Fact Desk\nc-2,0.25,,\n")
    lines = '{"claim":"c-1","truth":1,"date":"2025-03-12","by":"Fact Desk"}\n{"claim":"c-2","truth":0.25}\n'
    assert [one.adjudication for one in read(tmp_path, lines, "a.jsonl").settled] == [
        one.adjudication for one in table.settled]  # fmt: skip
    assert [(one.adjudication.claim, one.adjudication.truth, one.line) for one in table.settled] == [
        ("c-1", 1.0, 2), ("c-2", 0.25, 3)]  # fmt: skip
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(lines.encode()))
    assert len(read_adjudications(packed).settled) == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [("c-9,1.5", "truth: must be at most 1"), ("c-9,-0.1", "truth: must be at least 0"),
     ("c-9,nan", "truth: must be a finite number"), ("c-9,yes", "truth: must be a number"),
     ("c-9,", "truth: is missing"), (",1", "claim: is missing"), ("c-9,1,2025-13-40", "date: not a date"),
     ("c-9,1,x,y,z", "a row of 5 cells"), ('"c-9', "quote")],
)  # fmt: skip
def test_a_row_that_is_none_is_a_reject_with_its_line_and_the_others_stay(tmp_path: Path, row: str, said: str) -> None:
    cells = row if row.count(",") > 3 or row.startswith('"') else row + "," * (3 - row.count(","))
    found = read(tmp_path, f"claim,truth,date,by\nc-1,1,,\n{cells}\n")
    assert [one.adjudication.claim for one in found.settled] == ["c-1"]
    (reject,) = found.rejects
    assert reject.line == 3
    assert said in reject.reason
    assert reject.raw == cells


@pytest.mark.parametrize("line", ['{"claim":"c-9","truth":true}', '{"claim":"c-9","truth":"1"}', "[1]", '{"truth":1}'])
def test_jsons_own_kinds_are_kept_apart(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, f'{line}\n{{"claim":"c-1","truth":0}}\n', "a.jsonl")
    assert ([one.line for one in found.rejects], len(found.settled)) == ([1], 1)


def test_two_that_disagree_are_both_rejected_and_two_that_agree_are_one(tmp_path: Path) -> None:
    found = read(
        tmp_path, "claim,truth,date,by\na,1,2025-05-01,X\nb,1,,X\na,0,,Y\nb,1,2025-04-01,Y\nb,1,2025-06-01,Z\n"
    )
    assert [(one.line, one.reason) for one in found.rejects] == [
        (2, "adjudications of 'a' disagree: line 2 says 1, line 4 says 0"),
        (4, "adjudications of 'a' disagree: line 2 says 1, line 4 says 0")]  # fmt: skip
    (kept,) = found.settled
    assert (kept.adjudication.claim, kept.adjudication.date, found.n_repeats) == ("b", "2025-04-01", 2)


def test_unknown_columns_are_counted(tmp_path: Path) -> None:
    assert read(tmp_path, "claim,truth,note\na,1,x\nb,0,\n").unknown_columns == {"note": 1}


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [("claim,truht\na,1\n", "a.csv", "no column truth; did you mean `truht`?"), ("", "a.csv", "is empty"),
     ("claim,truth\n", "a.csv", "no rows"), ("", "a.jsonl", "is empty"), ("x", "a.txt", "are .csv or .jsonl, not .txt"),
     ("x", "a.json", "not .json")],
)  # fmt: skip
def test_what_is_no_file_of_adjudications_is_refused(tmp_path: Path, text: str, name: str, said: str) -> None:
    with pytest.raises(InputError, match=name) as caught:
        read(tmp_path, text, name)
    assert said in str(caught.value)
