"""`reliability batch`: what `rate` says, in tables, whatever the format, the order, the buckets and the processes."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reliability.batch import pieces
from reliability.io.kinds import InputFile
from reliability.io.reports import report_from
from reliability.io.reports_out import dump_reports

from .batch_runs import (
    adds_up,
    as_read,
    as_table,
    batch,
    content,
    in_buckets,
    manifest,
    rated,
    ratings,
    rejects,
    some_reports,
    written,
)
from .command import FIXTURES, report, run

SETS = sorted(path for path in FIXTURES.glob("*/reports.*") if not list(path.parent.glob("sources.*")))


@pytest.mark.parametrize("bits", [0, 3])
def test_every_rating_is_that_of_rate(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    in_buckets(monkeypatch, bits)
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path).code == 0
    assert as_read(ratings()) == rated(path)
    adds_up(manifest()["counts"])


@pytest.mark.parametrize("path", SETS, ids=[path.parent.name for path in SETS])
def test_fixtures_are_rated_as_rate_does(path: Path) -> None:
    found = batch(path)
    assert found.code == 0, found.err
    assert as_read(ratings()) == rated(path)


def test_no_rating_depends_on_format_order_packing_buckets_or_splits(monkeypatch: pytest.MonkeyPatch) -> None:
    records = some_reports()
    shuffled = random.Random(1).sample(records, len(records))
    written(Path("a.jsonl"), *records)
    Path("b.jsonl.gz").write_bytes(gzip.compress(written(Path("b"), *shuffled).read_bytes()))
    pq.write_table(as_table(shuffled), "c.parquet")
    Path("d.csv").write_text(dump_reports([report_from(one) for one in records], "csv"), encoding="utf-8")
    for at, part in enumerate((records[:20], records[20:21], records[21:])):
        Path("parts").mkdir(exist_ok=True)
        written(Path(f"parts/{at}.jsonl"), *part)
    tables = []
    for number, (path, bits) in enumerate([("a.jsonl", 0), ("b.jsonl.gz", 2), ("c.parquet", 3), ("d.csv", 1),
                                           ("parts", 2), ("parts/*.jsonl", 0)]):  # fmt: skip
        in_buckets(monkeypatch, bits)
        found = batch(path, out=f"out{number}")
        assert found.code == 0, found.err
        assert rejects(f"out{number}") == []
        tables.append(Path(f"out{number}/ratings.parquet").read_bytes())
    assert len(set(tables)) == 1
    assert len(tables[0]) > 1_000


def test_two_processes_give_the_bytes_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 2)
    monkeypatch.setattr(pieces, "LEAST_BYTES", 2_000)
    records = some_reports()
    lines = written(Path("reports.jsonl"), *records[: len(records) // 2])
    with lines.open("a", encoding="utf-8") as file:
        loose = json.dumps(report(id="loose", claim=None, text="It rained"))
        file.write('{"claim": "no chain"}\n\nnot JSON\n' + loose + "\n")
    pq.write_table(as_table(records[len(records) // 3 :]), "reports.parquet", row_group_size=10)
    Path("broken.jsonl.gz").write_bytes(gzip.compress(lines.read_bytes())[:-9])
    inputs = (lines, "reports.parquet", "broken.jsonl.gz")
    assert batch(*inputs).code == 0
    files = [InputFile(lines, "jsonl"), InputFile(Path("reports.parquet"), "parquet")]
    assert len(pieces.pieces_of(files, 0)) > 6
    assert batch(*inputs, "--jobs", 2, out="two").code == 0
    assert content("out") == content("two")


def test_reports_are_kept_so_that_they_rate_the_same_again() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path).code == 0
    again = batch("out/reports.parquet", out="again")
    assert again.code == 0
    assert ratings("again") == ratings()
    assert b"unknown column" not in again.stderr + run("rate", "out/reports.parquet").stderr


def test_rate_reads_parquet_as_it_reads_jsonl() -> None:
    records = some_reports()
    path = written(Path("reports.jsonl"), *records)
    pq.write_table(as_table(records), "reports.parquet")
    assert rated("reports.parquet") == rated(path)


def test_texts_without_a_claim_are_grouped_over_the_whole_set(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 2)
    texts = ["The Velm bridge is closed", "The Velm bridge is closed.", "Flights to Velmark were cancelled"]
    path = written(Path("texts.jsonl"), *(report(id=f"t{at}", claim=None, text=text) for at, text in enumerate(texts)))
    path.write_text(path.read_text().replace('"claim": null, ', ""), encoding="utf-8")
    assert batch(path).code == 0
    assert as_read(ratings()) == rated(path)
    assert len(ratings()) == 2


def test_later_reports_are_set_apart_and_counted() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path, "--as-of", "2025-06-30").code == 0
    assert as_read(ratings()) == rated(path, "--as-of", "2025-06-30")
    assert manifest()["counts"]["published_later"] > 0
    adds_up(manifest()["counts"])


def test_intervals_bars_and_links_are_those_of_rate() -> None:
    path = written(Path("reports.jsonl"), *some_reports(12))
    assert batch(path, "--intervals", "--waterfall", "--links").code == 0
    records = sorted(run("rate", path, "--format", "jsonl").records, key=lambda one: one["claim"]["id"])
    ends = [(one["rating"]["low"], one["rating"]["high"]) for one in records]
    assert [(one["low"], one["high"]) for one in ratings()] == ends
    bars = pq.read_table("out/waterfall.parquet").to_pylist()
    assert [(b["claim"], b["label"], b["db"]) for b in bars] == [
        (r["claim"]["id"], b["label"], b["db"]) for r in records for b in r["waterfall"]
    ]
    links = pq.read_table("out/links.parquet").to_pylist()
    assert [(one["claim"], one["label"], one["weight_db"], json.loads(one["set_by"])) for one in links] == [
        (r["claim"]["id"], one["label"], one["weight_db"], one["set_by"]) for r in records for one in r["links"]
    ]


def test_bad_rows_are_rejected_where_they_stand_and_good_ones_rated() -> None:
    good, odd = report(id="a"), {"source": "X", "type": "medai"}
    path = written(Path("reports.jsonl"), good, "{", {**good, "id": "b", "stance": "shouts"}, good,
                   {**good, "text": "other words"}, {**good, "id": "c", "provenance": [odd]},
                   "null", '{"claim": "x", "claim": "y"}')  # fmt: skip
    found = batch(path)
    assert found.code == 0
    assert [one["line"] for one in rejects()] == [2, 3, 5, 6, 7, 8]
    assert all(one["file"] == "reports.jsonl" and one["reason"] for one in rejects())
    counts = manifest()["counts"]
    adds_up(counts)
    assert (counts["read"], counts["rated"], counts["repeats"]) == (8, 1, 1)
    assert as_read(ratings()) == rated(path)


def test_an_id_that_says_two_things_in_two_buckets_is_the_first_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 4)
    records = [report(id=f"r{at % 20}", claim=f"c{at}") for at in range(40)]
    path = written(Path("reports.jsonl"), *records)
    assert batch(path).code == 0
    assert [one["line"] for one in rejects()] == list(range(21, 41))
    assert "is that of reports.jsonl:1 too" in rejects()[0]["reason"]
    assert as_read(ratings()) == rated(path)


def test_reports_of_which_none_has_an_id_are_rated_in_many_buckets_too(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 4)
    records = [{name: value for name, value in report(claim=f"c{at}").items() if name != "id"} for at in range(40)]
    path = written(Path("reports.jsonl"), *records)
    assert batch(path).code == 0
    assert as_read(ratings()) == rated(path)
    assert len(ratings()) == 40


def test_strict_stops_at_any_reject_with_exit_3() -> None:
    path = written(Path("reports.jsonl"), report(id="a"), "{")
    found = batch(path, "--strict")
    assert found.code == 3
    assert len(rejects()) == 1
    assert not Path("out/manifest.json").exists()
    assert batch(path, "--resume").code == 0
    assert len(ratings()) == 1


def test_a_damaged_file_is_said_and_the_others_are_rated() -> None:
    written(Path("good.jsonl"), *some_reports())
    packed = gzip.compress(Path("good.jsonl").read_bytes().replace(b'"id": "', b'"id": "z'))
    Path("half.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    Path("not.parquet").write_bytes(b"PAR1 nothing")
    Path("empty.csv").write_bytes(b"")
    found = batch("good.jsonl", "half.jsonl.gz", "not.parquet", "empty.csv")
    assert found.code == 0, found.err
    assert [one["file"] for one in rejects()] == ["half.jsonl.gz", "not.parquet", "empty.csv"]
    assert "damaged" in rejects()[0]["reason"]
    adds_up(manifest()["counts"])


def test_a_damaged_row_group_is_a_reject_and_the_others_are_rated() -> None:
    pq.write_table(as_table([report(id=f"r{at}", claim=f"c{at}") for at in range(30)]), "a.parquet", row_group_size=10,
                   compression="snappy", use_dictionary=False)  # fmt: skip
    data = bytearray(Path("a.parquet").read_bytes())
    column = pq.ParquetFile("a.parquet").metadata.row_group(1).column(0)
    start = column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    Path("a.parquet").write_bytes(bytes(data))
    found = batch("a.parquet")
    assert found.code == 0, found.err
    assert [one["line"] for one in rejects()] == [11]
    assert "rows 11 to 20 can't be read" in rejects()[0]["reason"]
    assert manifest()["counts"]["rated"] == 20


def test_a_dry_run_says_what_would_be_read_and_writes_nothing() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    found = batch(path, "--dry-run")
    assert found.code == 0
    assert f"would read reports.jsonl (jsonl, {path.stat().st_size:,} bytes)" in found.out
    assert "would write ratings.parquet" in found.out
    assert not Path("out").exists()


def test_ratings_as_lines_of_json_are_those_of_the_table() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path).code == 0
    assert batch(path, "--format", "jsonl", out="lines").code == 0
    lines = Path("lines/ratings.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == ratings()


def test_standard_input_is_read_like_a_file() -> None:
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path).code == 0
    found = run("batch", "-", "--input-format", "jsonl", "--out", "piped", stdin=path.read_bytes())
    assert found.code == 0, found.err
    assert ratings("piped") == ratings()


def test_a_text_that_is_not_utf_8_loses_its_own_row_alone() -> None:
    """Arrow takes bytes for texts unseen: a column is made of them, with one that no text can be."""
    claims = pa.array([b"a", b"\xff\xfe", b"b"], type=pa.binary()).view(pa.string())
    chains = pa.array(["Ann [eyewitness] > ABC [media]"] * 3)
    pq.write_table(pa.table({"claim": claims, "provenance": chains}), "odd.parquet")
    found = batch("odd.parquet")
    assert found.code == 0
    assert pq.read_table("out/ratings.parquet")["claim"].to_pylist() == ["a", "b"]
    (reject,) = map(json.loads, Path("out/rejects.jsonl").read_text().splitlines())
    assert (reject["line"], reject["reason"][:21]) == (2, "a text is not UTF-8 (")
    assert [one["claim"] for one in rated("odd.parquet")] == ["a", "b"]


CELL = "Velmark Transport Ministry [government] > The Quay [media]"


@pytest.mark.parametrize(
    "table",
    [
        pa.table([["a"], ["a"], ["t"], [CELL]], names=["claim", "claim", "text", "provenance"]),
        *(pa.table({"claim": ["a"], "text": ["t"], "provenance": [CELL], "event": pa.array([2**count], kind)})
          for count, kind in ((60, pa.timestamp("us")), (62, pa.timestamp("ms")), (30, pa.date32()), (50, pa.date64()),
                              (40, pa.timestamp("us", "Mars/Olympus")))),
    ],
    ids=["a column twice", "microseconds", "milliseconds", "days", "milliseconds of days", "time zone"],
)  # fmt: skip
def test_a_parquet_file_that_python_has_no_words_for_is_a_reject(table: pa.Table) -> None:
    pq.write_table(table, "odd.parquet")
    assert batch("odd.parquet", written(Path("good.jsonl"), report())).code == 0
    assert (len(ratings()), len(rejects())) == (1, 1)
    result = run("rate", "odd.parquet")
    assert result.code == 3
    assert rejects()[0]["reason"] in result.err


def test_a_chain_in_one_cell_may_be_a_string_view() -> None:
    table = pa.table({"claim": ["a"], "text": ["t"], "provenance": pa.array([CELL], pa.string_view())})
    pq.write_table(table, "view.parquet")
    assert batch("view.parquet").code == 0
    assert [one["claim"] for one in ratings()] == ["a"]
