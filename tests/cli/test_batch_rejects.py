"""Rejects found only when rows meet others have the row as its file has it, like those found in reading."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from .batch_runs import adds_up, batch, in_buckets, manifest, rejects, some_reports, written
from .command import run

CHAIN = '"provenance": [{"source": "The Quay",  "type": "media"}]'
FIRST = '{"id": "same", "claim": "one", ' + CHAIN + "}"
ELSEWHERE = '{ "claim":"other",   "id":"same",' + CHAIN + ', "text": "it is \\u0061 lie"}'
BESIDE = '{"claim": "one",\t"id": "same", "stance": "denies", ' + CHAIN + "}"
ANSWER = '{"id": "a", "question": "who", "alternative": "Ann", ' + CHAIN + "}"
CLASH = '{"id": "b",   "claim": "who", ' + CHAIN + "}"
BROKEN = '{"id": "c", "claim":'
ROWS = (FIRST, BROKEN, ELSEWHERE, ANSWER, CLASH, BESIDE)


@pytest.mark.parametrize("bits", [0, 3])
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz"])
def test_lines_are_given_as_they_stand(monkeypatch: pytest.MonkeyPatch, bits: int, jobs: int, ending: str) -> None:
    in_buckets(monkeypatch, bits)
    monkeypatch.setattr("reliability.batch.pieces.LEAST_BYTES", 150)
    data = ("\n".join(ROWS) + "\n").encode()
    Path(f"some.{ending}").write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    written(Path("others.jsonl"), *some_reports(20))
    assert batch("others.jsonl", f"some.{ending}", "--jobs", jobs).code == 0
    assert [(one["file"], one["line"], one["raw"]) for one in rejects()] == [
        (f"some.{ending}", 2, BROKEN), (f"some.{ending}", 3, ELSEWHERE), (f"some.{ending}", 5, CLASH),
        (f"some.{ending}", 6, BESIDE),
    ]  # fmt: skip
    adds_up(manifest()["counts"])


def test_rows_of_csv_are_given_from_where_they_start() -> None:
    second = '"same",claim two,The Quay,"what\nis said"'
    Path("some.csv").write_text(f"id,claim,provenance,text\nsame,one,The Quay,\n{second}\nlast,one,The Quay,\n",
                                encoding="utf-8")  # fmt: skip
    assert batch("some.csv").code == 0
    (found,) = rejects()
    assert (found["line"], found["raw"]) == (3, second)


def test_a_row_that_can_be_read_only_once_is_spelled_out() -> None:
    written(Path("set.jsonl"), *some_reports(3))
    done = run("batch", "-", "set.jsonl", "--input-format", "jsonl", "--out", "out",
               stdin=f"{FIRST}\n{BESIDE}\n".encode())  # fmt: skip
    assert done.code == 0, done.err
    (found,) = rejects()
    assert (found["file"], found["line"]) == ("-", 2)
    assert found["raw"].startswith('{"claim":"one","id":"same"')
