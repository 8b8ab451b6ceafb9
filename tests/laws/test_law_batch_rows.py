"""What is read by columns is what is read row by row: never a lost good row, never a traceback."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import shipped

from reliability import api
from reliability.batch import tables_jsonl
from reliability.batch.hashing import hashes
from reliability.batch.order import by_hash
from reliability.batch.prepare import Preparer
from reliability.batch.raw import RawBatch
from reliability.batch.rows import rows_of_reports
from reliability.batch.tables_csv import CsvTable
from reliability.batch.tables_jsonl import JsonlTable
from reliability.batch.tables_parquet import ArrowColumns
from reliability.errors import InputError
from reliability.io import streams
from reliability.io.csvrows import csv_rows
from reliability.io.jsonl import jsonl_rows
from reliability.io.parquet import row_of
from reliability.io.reports import judged
from reliability.io.rows import Located, Notes, RawRow, Reject

Judged = list[tuple[int, Any]]
NAMES = st.sampled_from(
    ["a", "b c", " c", "", "ü", "x" * 501, "\u00a0d", "e\u2003", "\ufeff", 'f"', "g\\", "\0h", None, 3]
)
LINKS = st.fixed_dictionaries(
    {"source": st.sampled_from(["NIS", "Abc", "nis ", "", "X" * 600, None, 1])},
    optional={
        "type": st.sampled_from(["media", "government", "medai", None, 2]),
        "via": st.sampled_from(["paraphrase", "hearsay", None]), "hedge": st.sampled_from(["likely", "", None]),
        "facts": st.sampled_from([{}, {"paid": True}, {"paid": "yes"}, {"Bad": 1}, {"new": None}, [1], "x"]),
        "more": st.just(1),
    },
)  # fmt: skip
RECORDS = st.fixed_dictionaries(
    {"provenance": st.one_of(st.lists(LINKS, max_size=3), st.just("NIS > Abc"), st.none())},
    optional={
        **dict.fromkeys(("id", "claim", "question", "alternative", "article", "text"), NAMES),
        "kind": st.sampled_from(["statement", "belief", "Statement", None]),
        "stance": st.sampled_from(["asserts", "denies", "silent", "retracts", "shouts", None]),
        "published": st.sampled_from(["2025", "2025-02-30", "2025-02-03T10:00:00Z", "soon", "", None, 2025]),
        "event": st.sampled_from(["2025", "x", None]),
        "quantity": st.sampled_from([{"value": 3, "unit": "killed"}, {"value": -1, "unit": "k"}, {"value": 1}, None]),
        "spans": st.sampled_from([{"source": [[0, 2]]}, {"source": [[2, 0]]}, None, [1]]), "other": NAMES,
        "rating": st.just({}),
    },
)  # fmt: skip


def one_by_one(rows: Iterator[RawRow], *, flat: bool = False) -> tuple[Judged, Notes]:
    """Rows as the reader of single rows judges them: by line the report's key and content, or the reject."""
    found: Judged = []
    notes = Notes()
    for row in rows:
        one = judged(row, "-", notes, flat=flat)
        if isinstance(one, Located) and (problem := api.report_problem(one.report, shipped())) is not None:
            one = Reject("-", row.line, problem, row.raw)
        if isinstance(one, Located):
            rows_of_it = rows_of_reports([one.report]).drop_columns(["place"]).to_pylist()[0]
            found.append((row.line or 0, rows_of_it))
        else:
            found.append((row.line or 0, one))
    return found, notes


def by_columns(batches: Iterator[RawBatch | Reject]) -> tuple[Judged, Notes]:
    """The same by columns."""
    preparer = Preparer(shipped())
    found: Judged = []
    for batch in batches:
        assert isinstance(batch, RawBatch)
        rows, rejects = preparer.prepare(batch, 0, "-")
        found += [(one.line or 0, one) for one in rejects]
        for row in rows.to_pylist():
            chain = row.pop("chain")
            if chain >= 0:
                row["provenance"] = preparer.books["provenance"].texts[chain]
            row.pop("given")
            found.append((row.pop("place"), row))
    return sorted(found, key=lambda one: one[0]), preparer.notes


ODD_LINES = [
    "", "{", "null", "[]", '"x"', "NaN", '{"claim":"a","claim":"b","provenance":[{"source":"x"}]}',
    '{"claim":null,"claim":"b","provenance":[{"source":"x"}]}',
    '{"claim" : "a","claim":"b","provenance":[{"source":"x"}]}', '{"claim"\t:"b","provenance":[{"source":"x"}]}',
    '{"claim":"b","provenance":[{"source":"x"}],"other" : "a"}', '{"claim":"a","provenance":[],"provenance":null}',
    '{"claim":"a","provenance":[{"source":"x","source":"y"}]}',
    '{"claim":"a","provenance":[{"source" : "x","source":"y"}]}',
    '{"claim":"\\ud800","provenance":[{"source":"x"}]}', '{"claim":"a","provenance":[{"source":"\\ud800"}]}',
    '{"claim":"a","text":"he said: \\"b\\":","provenance":[{"source":"x"}]}', '{"claim":"a"}{"claim":"b"}',
    '{"claim":"a","text":"b','c","provenance":[{"source":"x"}]}', '{"claim":"a",', '"provenance":[{"source":"x"}]}',
    '{"claim":"a","provenance":[{"source":"x","facts":{"weight":NaN}}]}', '{"claim":"a","provenance":[{"source":"}',
    '{"}]}', '{"claim":"a","provenance":[{"source":"},{"}]}', '{"claim":"a","provenance":[{"source":"x}, {y"}]}',
    '{"claim":"a","provenance":[{"source":"x","hedge":"},{"},{"source":"y"}]}',
    '{"claim":"a","provenance":[{"source":"x"} ,{"source":"y"}, {"source":"z"}]}',
    '{"claim":"a","provenance":[{"source":"x"},[{"source":"y"}]]}', '{"claim":"a","provenance":[{"source":"x"},1]}',
    '{"claim":"a","provenance":[ {"source":"x"},{"type":"media","source":"y"} ]}',
    '{"claim":"a","provenance":[{"facts":{"source":"q"},"source":"x"}]}',
    '{"claim" : "a" , "provenance" : [{"source" : "x"}]}', "[" * 5000, "\ufeff{}", " " * 5000, '{"claim":"a"}\r', "\r",
    '{"provenance":' + "[" * 5000 + "]" * 5000 + "}", '{"claim":"a","provenance":[{"source":"x","facts":'
    + "[" * 960 + "]" * 960 + "}]}",
]  # fmt: skip
LINES = st.lists(
    st.one_of(
        RECORDS.map(lambda one: json.dumps(one, ensure_ascii=False)), RECORDS.map(json.dumps),
        RECORDS.map(lambda one: json.dumps(one, separators=(",", ":"))), st.sampled_from(ODD_LINES),
        RECORDS.map(lambda one: json.dumps(one, separators=(" ,", " :"))), st.text(max_size=20),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def assert_read_alike(data: bytes, at_once: int, stretch: int, batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_A_STRETCH", stretch)
        patch.setattr(tables_jsonl, "_A_BATCH", batch)
        assert_same(data, lambda: one_by_one(jsonl_rows(io.BytesIO(data), "-")),
                    lambda: by_columns(JsonlTable(io.BytesIO(data), "-").batches(at_once)))  # fmt: skip


AT_ONCE, SIZES = st.sampled_from([1, 2, 3, 1 << 16]), st.sampled_from([1, 100, 400, 1 << 20])


@given(LINES, st.sampled_from(["\n", "\r\n", "\n\n"]), st.sampled_from(["", "\n"]), AT_ONCE, SIZES, SIZES)
@example(['{"claim":"a","text":"x","id":null,"provenance":[{"source":"x"}],"quantity":null}'], "\n", "", 2, 1, 1)
def test_json_lines_are_read_by_columns_as_row_by_row(
    lines: list[str], feed: str, end: str, at_once: int, stretch: int, batch: int
) -> None:
    assert_read_alike((feed.join(lines) + end).encode("utf-8", "surrogatepass"), at_once, stretch, batch)


@given(st.permutations(ODD_LINES), st.integers(1, 8), SIZES)
def test_odd_lines_are_read_by_columns_as_row_by_row_whatever_stands_beside_them(
    lines: list[str], n: int, stretch: int
) -> None:
    assert_read_alike("\n".join(lines[:n]).encode("utf-8", "surrogatepass"), 1 << 16, stretch, 1 << 20)


@given(st.lists(st.sampled_from([
    b'{"claim":"a","provenance":[{"source":"x"}]}', b"{", b"}", b"\n", b"}\n{", b'"', b",", b":", b'"claim"', b'"a"',
    b"[", b"]", b'"provenance":[{"source":"y"}]', b"\xff", b"\xed\xa0\x80", b" ", b"\x00", b"\\", b"\xef\xbb\xbf",
    b'{"claim":"\xff","provenance":[{"source":"x"}]}\n', b'{"claim":"a","provenance":[{"source":"\xff"}]}\n',
]), max_size=12).map(b"".join), AT_ONCE, SIZES)  # fmt: skip
def test_pieces_of_json_are_read_by_columns_as_row_by_row(data: bytes, at_once: int, stretch: int) -> None:
    assert_read_alike(data, at_once, stretch, 1 << 20)


@given(st.binary(max_size=200), AT_ONCE)
def test_any_bytes_are_read_by_columns_as_row_by_row(data: bytes, at_once: int) -> None:
    assert_read_alike(data, at_once, 1 << 20, 1 << 20)


CELLS = st.sampled_from([
    "a", "", " ", '"', '""', '"a,b"', '"x\ny"', "NIS > Abc", "NIS [media] > Abc [media]", "[x", "2025", "[1]",
    "asserts", "a\rb",    '"[null,""likely""]"', '"{""value"":1,""unit"":""killed""}"',
])  # fmt: skip


@given(st.lists(st.lists(CELLS, min_size=5, max_size=8), max_size=5),
       st.permutations(["claim", "provenance", "hedge", "published", "quantity", "stance", "other"]))  # fmt: skip
def test_csv_with_odd_quoting_is_read_by_columns_as_row_by_row(rows: list[list[str]], header: list[str]) -> None:
    data = "\n".join(",".join(row) for row in [header, *rows]).encode()
    assert_same(data, lambda: one_by_one(csv_rows(io.BytesIO(data), "-"), flat=True),
                lambda: by_columns(CsvTable(io.BytesIO(data), "-").batches(2)))  # fmt: skip


def assert_same(data: bytes, alone: Any, together: Any) -> None:
    expected, found = outcome(alone), outcome(together)
    assert found == expected, data


def outcome(read: Callable[[], tuple[Judged, Notes]]) -> Any:
    """What reading gave: rows, how many, and unknown columns; or what was said."""
    try:
        rows, notes = read()
    except InputError as error:
        return str(error)
    return rows, notes.n_rows, notes.unknown_columns


COLUMNS = {
    "claim": [pa.array(["a", "b", None]), pa.array([1, 2, 3]), pa.array(["a", " b", ""]),
              pa.array([b"a", b"\xff", b"c"]),
              pa.array(["a", "b", "a"]).dictionary_encode(), pa.array(["a", "b", "c"], type=pa.large_string())],
    "text": [pa.array(["x", None, "y"]), pa.array([True, False, None]), pa.array([["x"], [], None])],
    "published": [pa.array(["2025", "no", None]), pa.array([20000, 20001, None]).cast(pa.int32()).cast(pa.date32()),
                  pa.array([1, 2, None], type=pa.timestamp("us")), pa.array([1.5, 2.0, None])],
    "provenance": [
        pa.array([[{"source": "A", "type": "media"}], [{"source": None}], None]),
        pa.array([[{"source": "A", "facts": {"paid": True, "other": None}}], [], [{"source": "B", "facts": None}]]),
        pa.array([[{"source": "A", "facts": [("paid", True)]}], [{"source": "B", "facts": []}], None],
                 type=pa.list_(pa.struct([("source", pa.string()), ("facts", pa.map_(pa.string(), pa.bool_()))]))),
        pa.array([[{"source": "A", "facts": '{"paid": true}'}], [{"source": "B", "facts": "{"}], None]),
        pa.array(["A > B [media]", "A >", None]), pa.array([1, 2, 3]), pa.array([["A"], ["B"], None]),
        pa.array([[{"source": "A", "odd": 1}], [{"source": "B", "odd": None}], None]),
        pa.array([[{"source": b"A"}], None, None]),
    ],
    "quantity": [pa.array([{"value": 1, "unit": "killed"}, {"value": float("nan"), "unit": "killed"}, None]),
                 pa.array(['{"value":1,"unit":"killed"}', "{", None]), pa.array([1, None, 2])],
    "other": [pa.array([None, 1, 2]), pa.nulls(3)],
}  # fmt: skip


@given(
    st.fixed_dictionaries(
        {name: st.sampled_from(COLUMNS[name]) for name in ("provenance", "claim")},
        optional={name: st.sampled_from(COLUMNS[name]) for name in ("text", "published", "quantity", "other")},
    )
)
def test_tables_of_any_types_are_read_by_columns_as_row_by_row(columns: dict[str, pa.Array]) -> None:
    batch = pa.RecordBatch.from_pydict(columns)
    reader = ArrowColumns(batch.schema)
    raw = reader.batch(batch, 1)
    rows = (row_of(fields, at) for at, fields in enumerate(batch.to_pylist(), start=1))
    expected, notes = one_by_one(rows, flat=raw.flat)
    found, seen = by_columns(iter([raw]))
    assert [(at, keep(one)) for at, one in found] == [(at, keep(one)) for at, one in expected]
    assert seen.unknown_columns == notes.unknown_columns


def keep(one: Any) -> Any:
    return one.reason if isinstance(one, Reject) else one


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=20)), max_size=30))
def test_the_order_by_numbers_is_the_order_of_texts(rows: list[tuple[str, str]]) -> None:
    units, keys = (pa.array([row[at] for row in rows], type=pa.string()) for at in (0, 1))
    hashed = hashes(units).tolist()
    expected = sorted(range(len(rows)), key=lambda at: (hashed[at], rows[at][0].encode(), rows[at][1].encode(), at))
    assert by_hash(units, keys).tolist() == expected


@given(st.lists(st.text(), max_size=8), st.integers(0, 3))
def test_a_hash_depends_on_its_text_alone(texts: list[str], before: int) -> None:
    alone = [hashes(pa.array([text], type=pa.string()))[0] for text in texts]
    together = hashes(pa.array(["x"] * before + texts, type=pa.string())[before:])
    assert together.tolist() == alone
    assert len(set(together.tolist())) == len(set(texts))
