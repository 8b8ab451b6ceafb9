"""Tables on their way: order is kept, bytes come back as they went; settings keep to this machine and its memory."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import shipped

from reliability.batch.asked import Asked
from reliability.batch.outputs import write_table
from reliability.errors import UsageError
from reliability.io.rows import Reject
from reliability.spark.parcel import Parcel
from reliability.spark.session import refuse_unready, settings, this_machine
from reliability.spark.tables import (
    A_PACK,
    PACKS,
    by_part,
    each_pack,
    in_words,
    pack,
    packs_of_parts,
    slices,
    told,
    unpacked,
)

TEXTS = pa.schema([("text", pa.string())])


PARTS = st.lists(st.tuples(st.integers(0, 4), st.text(max_size=12)), max_size=40)


@given(rows=PARTS, size=st.integers(1, 7))
def test_rows_come_out_of_packs_by_part_in_the_order_in_which_they_went_in(
    rows: list[tuple[int, str]], size: int
) -> None:
    table = pa.table({"text": [text for _, text in rows]}, schema=TEXTS)
    made = packs_of_parts("rows", table, np.array([part for part, _ in rows], dtype=np.int64), 7)
    batches = pa.Table.from_batches(made, PACKS).to_batches(max_chunksize=size)
    found = {part: [text for one in packs for text in unpacked(one.packed)["text"].to_pylist()]
             for part, packs in by_part(batches)}  # fmt: skip
    expected: dict[int, list[str]] = {}
    for part, text in rows:
        expected.setdefault(part, []).append(text)
    assert found == dict(sorted(expected.items()))


def test_packs_are_small_however_long_texts_are() -> None:
    table = pa.table({"text": ["x" * 1_000_000] * 40 + ["y"] * 20_000}, schema=TEXTS)
    parts = list(slices(table))
    assert pa.concat_tables(parts).equals(table)
    assert max(part.num_rows for part in parts) <= A_PACK
    assert max(len(list(slices(part))) for part in parts[1:]) == 1
    assert [part.num_rows for part in slices(table.slice(0, 40))] == [4] * 10


def test_a_pack_is_the_bytes_it_was_given() -> None:
    (found,) = each_pack([pack("ids", 3, -1, b"some bytes")])
    assert (found.what, found.part, found.at, found.packed.to_pybytes()) == ("ids", 3, -1, b"some bytes")


def test_what_is_told_keeps_its_turn_and_place() -> None:
    rejects = [(9, 70, Reject("a", 7, "odd \ud800", "raw")), (10, 60, Reject("a", None, "gone", ""))]
    found = [(one.at, *json.loads(one.packed.to_pybytes())) for one in each_pack([told(rejects)])]
    assert [(at, place, Reject(**said)) for at, place, said in found] == rejects


def test_spark_has_a_word_for_every_column() -> None:
    assert in_words(PACKS) == "`what` string, `part` bigint, `at` bigint, `packed` binary"


def test_a_task_with_other_versions_than_the_driver_is_refused() -> None:
    parcel = Parcel.of(Asked(files=(), policy=shipped()))
    assert parcel.policy().digest == shipped().digest
    other = replace(parcel, versions={**parcel.versions, "numpy": "1.0"})
    with pytest.raises(UsageError, match=r"other versions: numpy \S+ for 1\.0"):
        other.policy()


@pytest.mark.parametrize(
    ("master", "expected"),
    [("local", "local[1,4]"), ("local[*]", "local[2,4]"), ("local[*,3]", "local[2,3]"), ("local[3]", "local[3,4]"),
     ("local[2,9]", "local[2,9]"), ("local-cluster[2,1,1024]", "local-cluster[2,1,1024]")],
)  # fmt: skip
def test_a_session_of_this_machine_is_closed_to_others_and_tries_again(
    master: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
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


def test_an_executor_of_a_cluster_has_the_memory_and_the_cluster_its_own_addresses(tmp_path: Path) -> None:
    found = settings("spark://hub:7077", 4_000_000_000, tmp_path)
    assert (found["spark.executor.memory"], found["spark.executor.memoryOverhead"]) == ("1200m", "2800m")
    assert found["spark.executorEnv.ARROW_DEFAULT_MEMORY_POOL"] == "system"
    assert "spark.driver.host" not in found


@pytest.mark.parametrize(
    ("master", "memory", "least"), [(None, 900, "1800MB"), ("local[4]", 2_000, "3000MB"), ("local[*]", 900, "1800MB")]
)
def test_less_memory_than_spark_and_its_workers_need_is_refused(master: str | None, memory: int, least: str) -> None:
    pytest.importorskip("pyspark")
    with pytest.raises(UsageError, match=f"say {least} or more"):
        refuse_unready(master, None, memory * 1_000_000)
    refuse_unready(master, None, 3_000_000_000)
    refuse_unready("yarn", None, memory * 1_000_000)


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
