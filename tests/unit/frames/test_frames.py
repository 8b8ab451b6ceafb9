"""Tables in, tables of the same kind out: what is taken, what is refused and how, and what is not copied."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from strategies import shipped

from reliability import InputError, rate, rate_frame
from reliability.batch.schema import RATINGS
from reliability.frames.given import batches_of
from reliability.frames.plain import plainly

NIS = {"source": "National Intelligence Service", "type": "intelligence-agency", "via": "paraphrase"}
ABC = {"source": "ABC News", "type": "media"}
WITNESS = {"source": "Ada Vo", "type": "eyewitness", "facts": {"first_hand": True}}
DENIER = {"source": "Harbour Office", "type": "government", "facts": {"interest": "for", "first_hand": None}}
RECORDS: list[dict[str, Any]] = [
    {"claim": "c-1", "text": "troops were sent", "provenance": [NIS, ABC], "published": "2025-03-12"},
    {"claim": "c-1", "text": "no troops were sent", "stance": "denies", "provenance": [DENIER, ABC]},
    {"claim": "c-2", "text": "the bridge fell", "provenance": [WITNESS, ABC], "published": "2025-05-01"},
]
FLAT = "National Intelligence Service [intelligence-agency] > ABC News [media]"


def arrow(records: list[dict[str, Any]] = RECORDS) -> pa.Table:
    return pa.Table.from_pylist([{"stance": None, **one} for one in records])


def numbers(found: Any) -> list[tuple[str, float, str | None]]:
    table = pa.table(found)
    return list(zip(*(table[name].to_pylist() for name in ("claim", "p", "icd203")), strict=True))


def by_records(records: list[dict[str, Any]] = RECORDS) -> list[tuple[str, float, str | None]]:
    return [(one.claim.id, one.p, one.icd203) for one in rate(records, shipped())]


def test_ratings_have_the_columns_of_a_batch_and_the_numbers_of_records() -> None:
    found = rate_frame(arrow(), shipped())
    assert found.schema.names == RATINGS.names
    assert numbers(found) == by_records()


def test_a_batch_and_a_reader_come_back_as_such() -> None:
    (batch,) = arrow().to_batches()
    assert isinstance(rate_frame(batch, shipped()), pa.RecordBatch)
    reader = rate_frame(arrow().to_reader(), shipped())
    assert isinstance(reader, pa.RecordBatchReader)
    assert numbers(reader.read_all()) == by_records()


class Wrapped:
    """A table of a library that nobody knows: it only gives Arrow's stream."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_what_only_gives_a_stream_comes_back_as_an_arrow_table() -> None:
    found: Any = rate_frame(Wrapped(arrow()), shipped())
    assert isinstance(found, pa.Table)
    assert numbers(found) == by_records()


@pytest.mark.parametrize("make", [pl.from_arrow, pa.Table.to_pandas, lambda table: table])
def test_an_empty_table_gives_an_empty_one_of_its_kind(make: Any) -> None:
    given = make(arrow().slice(0, 0))
    found = rate_frame(given, shipped())
    assert type(found) is type(given)
    assert (len(found), list(pa.table(found).column_names)) == (0, RATINGS.names)


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame, pa.table])
def test_chains_may_be_texts_as_in_csv(make: Any) -> None:
    found = rate_frame(make({"claim": ["c-1"], "provenance": [FLAT]}), shipped())
    assert numbers(found) == by_records([{"claim": "c-1", "provenance": [NIS, ABC]}])


def test_dates_may_be_dates_and_what_is_missing_in_pandas_is_missing() -> None:
    frame = pd.DataFrame({"claim": ["c-1", "c-2"], "text": [np.nan, pd.NA], "provenance": [[NIS, ABC], [WITNESS]],
                          "published": [pd.NaT, pd.Timestamp("2025-03-12")]})  # fmt: skip
    dated = {"claim": "c-2", "provenance": [WITNESS], "published": "2025-03-12"}
    assert numbers(rate_frame(frame, shipped())) == by_records([{"claim": "c-1", "provenance": [NIS, ABC]}, dated])


def test_reports_published_later_are_set_apart() -> None:
    found = rate_frame(arrow(), shipped(), as_of=date(2025, 4, 1))
    assert pa.table(found)["claim"].to_pylist() == ["c-1"]


def test_intervals_are_those_of_records() -> None:
    found = rate_frame(arrow(), shipped(), intervals=True)
    expected = [(one.rating.low, one.rating.high) for one in rate(RECORDS, shipped())]
    assert list(zip(found["low"].to_pylist(), found["high"].to_pylist(), strict=True)) == expected
    assert None not in expected[0]


def test_a_relation_is_rated_in_its_own_connection_and_can_be_joined_there() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE wanted AS SELECT 'c-2' AS claim, 7 AS page")
    rated = rate_frame(connection.from_arrow(arrow()), shipped())
    rated.create_view("rated")
    joined = connection.sql("SELECT claim, page, p FROM rated JOIN wanted USING (claim)").fetchall()
    assert joined == [("c-2", 7, by_records()[1][1])]


def test_a_relation_in_no_order_is_rated_the_same() -> None:
    many = [{**RECORDS[at % 3], "id": f"r{at}", "claim": f"c-{at % 997:03d}"} for at in range(5000)]
    connection = duckdb.connect(config={"preserve_insertion_order": "false", "threads": "4"})
    reports = arrow(many)
    shuffled = connection.from_arrow(reports).query("reports", "SELECT * FROM reports ORDER BY hash(id)")
    assert pa.table(rate_frame(shuffled, shipped())).equals(rate_frame(reports, shipped()))


def test_records_come_from_a_relation_too() -> None:
    found = rate(duckdb.connect().from_arrow(arrow([RECORDS[2]])), shipped())
    assert [(one.claim.id, one.p) for one in found] == [("c-2", by_records()[1][1])]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (RECORDS, "list gives no Arrow stream"),
        (pl.DataFrame({"claim": ["c"]}).lazy(), "collect it first"),
        (pl.Series([1, 2]), "can't be taken as Arrow columns"),
        (pa.table({"claim": ["c-1"]}), "no column provenance"),
        (pa.table({"provenance": [FLAT]}), "no column claim or text"),
        (pa.table([["a"], ["b"], [FLAT]], names=["claim", "claim", "provenance"]), "two columns 'claim'"),
        (pd.DataFrame({"claim": ["a", 1.5], "provenance": [FLAT, FLAT]}), "can't be taken as Arrow columns"),
        (pa.table({"claim": ["a", "b"], "provenance": [FLAT, "Ada [eye-witness]"]}), "table:2: .*eyewitness"),
        (pa.table({"claim": ["a", "b"], "provenance": [FLAT, None]}), "table:2: provenance"),
        (pa.table({"claim": [1, 2], "provenance": [FLAT, FLAT]}), "table:1: claim"),
        (pa.table({"id": ["r", "r"], "claim": ["a", "b"], "provenance": [FLAT, FLAT]}), "table:2: .*`r` is that of"),
        (pa.table({"id": ["r", "r"], "text": ["a", "b"], "provenance": [FLAT, FLAT]}), "table:2: .*'r' stands for"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_reports_is_refused_with_its_place(table: Any, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        rate_frame(table, shipped())


def test_a_stream_that_breaks_off_is_an_error_of_ours() -> None:
    def batches() -> Any:
        yield arrow().to_batches()[0]
        raise OSError("the line went dead")

    with pytest.raises(InputError, match=r"breaks off \(.*the line went dead"):
        rate_frame(pa.RecordBatchReader.from_batches(arrow().schema, batches()), shipped())


def test_a_text_that_is_not_utf8_is_refused() -> None:
    (offsets, data) = (pa.py_buffer(np.array([0, 2], dtype=np.int32)), pa.py_buffer(b"\xff\xfe"))
    table = pa.table({"claim": pa.StringArray.from_buffers(1, offsets, data), "provenance": [FLAT]})
    with pytest.raises(InputError, match="Invalid UTF8"):
        rate_frame(table, shipped())


def test_unknown_columns_are_named_once_and_an_index_is_none() -> None:
    frame = arrow().to_pandas().set_index(pd.Index(["x", "y", "z"])).assign(desk="foreign")
    with pytest.warns(UserWarning, match="left aside: desk") as told:
        rate_frame(frame, shipped())
    assert len(told) == 1


def test_plain_columns_are_shared_with_the_table_and_not_copied() -> None:
    table = arrow()
    (batch,) = batches_of(table).stream
    for name in ("claim", "provenance"):
        given = table[name].chunk(0)
        assert plainly(batch.column(name)).buffers()[-1].address == given.buffers()[-1].address


@pytest.mark.parametrize(
    "kind",
    [
        pa.large_list(pa.string_view()), pa.list_view(pa.large_string()), pa.list_(pa.large_string(), 2),
        pa.large_list(pa.dictionary(pa.int8(), pa.large_string())), pa.large_list_view(pa.string()),
    ],
)  # fmt: skip
def test_lists_of_any_make_hold_the_same_in_plain_types(kind: pa.DataType) -> None:
    values = [["a", "b"], None, ["c", None], ["a", "c"]]
    plain = pa.array(values, type=pa.list_(pa.string()))
    texts = pa.large_list(pa.large_string())
    given = pa.array(values, type=texts if pa.types.is_large_list(kind) else kind)
    given = given if given.type == kind else _with_items(given, kind)
    assert plainly(given).equals(plain)
    assert plainly(given.slice(2)).equals(plain.slice(2))


def _with_items(given: pa.Array, kind: pa.DataType) -> pa.Array:
    items = given.values
    items = items.dictionary_encode() if pa.types.is_dictionary(kind.value_type) else items
    return pa.LargeListArray.from_arrays(given.offsets, items.cast(kind.value_type), mask=given.is_null())
