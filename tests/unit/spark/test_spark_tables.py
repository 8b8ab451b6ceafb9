"""Tables on their way: runs stay whole, order is kept, bytes come back as they went; settings keep to this machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import shipped

from reliability.batch.asked import Asked
from reliability.batch.hashing import hashes
from reliability.batch.outputs import write_table
from reliability.batch.schema import LINKS, RATED, WATERFALL
from reliability.errors import UsageError
from reliability.spark.parcel import Parcel
from reliability.spark.session import refuse_unready, settings, this_machine
from reliability.spark.tables import READ, STAGED, as_batches, in_words, packs, turn, unpacked, whole_units

NUMBERS = pa.schema([("at", pa.int64()), ("row", pa.int64())])


@given(values=st.lists(st.integers(0, 6), max_size=40), size=st.integers(1, 7), least=st.integers(1, 12))
def test_units_are_never_cut_and_no_row_is_lost(values: list[int], size: int, least: int) -> None:
    table = pa.table({"at": sorted(values), "row": list(range(len(values)))}, schema=NUMBERS)
    parts = list(whole_units(table.to_batches(max_chunksize=size), "at", NUMBERS, least))
    assert pa.concat_tables([NUMBERS.empty_table(), *parts]).equals(table)
    seen = [set(part["at"].to_pylist()) for part in parts]
    assert sum(map(len, seen)) == len(set(values))


def test_tables_are_cut_when_there_is_enough_and_not_before() -> None:
    table = pa.table({"at": list(range(100)), "row": list(range(100))}, schema=NUMBERS)
    parts = list(whole_units(table.to_batches(max_chunksize=1), "at", NUMBERS, 10))
    assert {part.num_rows for part in parts[:-1]} == {10}


@given(st.lists(st.text(max_size=12), max_size=30))
def test_turns_stand_in_the_order_of_hashes(texts: list[str]) -> None:
    column = pa.array(texts, type=pa.string())
    assert np.argsort(turn(column), kind="stable").tolist() == np.argsort(hashes(column), kind="stable").tolist()


def test_packs_hold_what_went_in() -> None:
    table = pa.table({"at": list(range(20_000)), "row": [None] * 20_000}, schema=NUMBERS)
    found = [unpacked(data) for batch in packs([table]) for data in batch.column("packed").to_pylist()]
    assert [one.num_rows for one in found] == [8192, 8192, 3616]
    assert pa.concat_tables(found).equals(table)


def test_columns_that_a_table_lacks_are_null() -> None:
    (batch,) = as_batches(pa.table({"row": [7]}), NUMBERS)
    assert batch.to_pylist() == [{"at": None, "row": 7}]


@pytest.mark.parametrize("schema", [READ, STAGED, RATED, WATERFALL, LINKS])
def test_spark_has_a_word_for_every_column(schema: pa.Schema) -> None:
    words = dict(one.split(" ", 1) for one in in_words(schema).split(", "))
    assert [name.strip("`") for name in words] == schema.names
    assert all(word.isascii() for word in words.values())


def test_a_task_with_other_versions_than_the_driver_is_refused() -> None:
    parcel = Parcel.of(Asked(files=(), policy=shipped()))
    assert parcel.policy().digest == shipped().digest
    other = replace(parcel, versions={**parcel.versions, "numpy": "1.0"})
    with pytest.raises(UsageError, match=r"other versions: numpy \S+ for 1\.0"):
        other.policy()


@pytest.mark.parametrize(
    ("master", "expected"),
    [("local", "local[1,4]"), ("local[*]", "local[*,4]"), ("local[3]", "local[3,4]"), ("local[2,9]", "local[2,9]"),
     ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]")],
)  # fmt: skip
def test_a_session_of_this_machine_is_closed_to_others_and_tries_again(
    master: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "0.0.0.0")
    found = settings(master, 2_000_000_000, tmp_path / "scratch")
    assert (found["spark.master"], found["spark.driver.memory"]) == (expected, "600m")
    assert {found["spark.driver.host"], found["spark.driver.bindAddress"]} == {"127.0.0.1"}
    assert found["spark.ui.enabled"] == "false"


@pytest.mark.parametrize(("memory", "cores"), [(1_600, 1), (2_000, 2), (16_000, 8)])
def test_a_session_has_no_more_workers_than_memory_for_them(
    memory: int, cores: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    assert this_machine(memory * 1_000_000) == f"local[{cores}]"


def test_a_cluster_keeps_its_own_addresses(tmp_path: Path) -> None:
    found = settings("spark://hub:7077", 4_000_000_000, tmp_path)
    assert found["spark.executor.memory"] == "2000m"
    assert "spark.driver.host" not in found


def test_less_memory_than_spark_needs_is_refused_and_a_cluster_has_its_own() -> None:
    pytest.importorskip("pyspark")
    with pytest.raises(UsageError, match="say 1600MB or more"):
        refuse_unready(None, None, 900_000_000)
    refuse_unready("yarn", None, 900_000_000)


def test_without_java_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="install Java 17"):
        refuse_unready(None, None, 2_000_000_000)


@pytest.mark.parametrize("size", [999, 7777])
def test_the_bytes_of_a_table_do_not_depend_on_how_its_rows_came(tmp_path: Path, size: int) -> None:
    table = pa.table({"text": [f"{at:08d}" * 8 for at in range(40_000)]})
    parts = [pa.Table.from_batches([batch]) for batch in table.to_batches(max_chunksize=size)]
    for name, tables in (("whole", [table]), ("parts", parts)):
        write_table(tables, table.schema, tmp_path / name, "parquet")
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()
