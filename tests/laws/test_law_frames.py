"""Tables of four kinds are rated as records are, whatever types their columns have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import World, reports_in, worlds

from reliability import Report, rate, rate_frame
from reliability.batch.records import rating_rows
from reliability.batch.schema import RATINGS
from reliability.model.base import canonical_json
from reliability.rules.policy import Policy

pytestmark = pytest.mark.usefixtures("few_draws")
STANCES = ("asserts", "asserts", "denies", "silent", "retracts")
TEXTS = (None, "It rained.", "It did not rain.")
COLUMNS = ("id", "claim", "text", "stance", "published", "event")
LINK = pa.struct([("source", pa.string()), ("type", pa.string()), ("via", pa.string()), ("hedge", pa.string()),
                  ("facts", pa.string())])  # fmt: skip


@st.composite
def sets(draw: st.DrawFn) -> tuple[World, list[Report]]:
    """Reports on some claims of one world; some claims are known by what is said alone."""
    world = draw(worlds())
    reports = draw(st.lists(reports_in(world, stances=STANCES), min_size=1, max_size=8))
    found = []
    for at, one in enumerate(reports):
        claim, text = draw(st.tuples(st.sampled_from(("a", "b", None)), st.sampled_from(TEXTS)))
        update = {"id": f"r{at:02d}", "claim": claim, "text": text or (None if claim else "It snowed in Velm.")}
        found.append(one.model_copy(update=update))
    return world, found


def table_of(reports: Sequence[Report]) -> pa.Table:
    """Reports as columns; chains as lists of structs."""
    contents = [{"id": report.key, **report.content} for report in reports]
    columns = {name: pa.array([one.get(name) for one in contents], type=pa.string()) for name in COLUMNS}
    chains = [[{**link, "facts": canonical_json(link.get("facts", {}))} for link in one["provenance"]]
              for one in contents]  # fmt: skip
    return pa.table(columns | {"provenance": pa.array(chains, type=pa.list_(LINK))})


def arrow(table: pa.Table) -> pa.Table:
    return table


def large(table: pa.Table) -> pa.Table:
    chains = pa.large_list(pa.struct([(one.name, pa.large_string()) for one in LINK]))
    kinds = [pa.field(one.name, chains if one.name == "provenance" else pa.large_string()) for one in table.schema]
    return table.cast(pa.schema(kinds))


def in_chunks(table: pa.Table) -> pa.Table:
    return pa.Table.from_batches([table.slice(at, 1).to_batches()[0] for at in range(table.num_rows)])


def with_dictionaries(table: pa.Table) -> pa.Table:
    for name in COLUMNS:
        table = table.set_column(table.column_names.index(name), name, table[name].dictionary_encode())
    return table


def pandas(table: pa.Table) -> pd.DataFrame:
    return table.to_pandas()


def pandas_of_odd_kinds(table: pa.Table) -> pd.DataFrame:
    frame = pd.DataFrame(table.to_pylist(), index=[f"row {at}" for at in range(table.num_rows)], dtype=object)
    frame["claim"] = frame["claim"].astype("category")
    frame["text"] = frame["text"].astype("string")
    frame["event"] = [float("nan") if one is None else one for one in frame["event"]]
    frame["published"] = [pd.NA if one is None else one for one in frame["published"]]
    return frame


def polars(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def polars_of_odd_kinds(table: pa.Table) -> pl.DataFrame:
    stances = pl.Enum(["asserts", "denies", "silent", "retracts"])
    return polars(table).with_columns(pl.col("claim", "text").cast(pl.Categorical), pl.col("stance").cast(stances))


def duck(table: pa.Table) -> Any:
    return duckdb.connect().from_arrow(table)


KINDS: dict[Callable[[pa.Table], Any], type] = {
    arrow: pa.Table, large: pa.Table, in_chunks: pa.Table, with_dictionaries: pa.Table, pandas: pd.DataFrame,
    pandas_of_odd_kinds: pd.DataFrame, polars: pl.DataFrame, polars_of_odd_kinds: pl.DataFrame,
    duck: duckdb.DuckDBPyRelation,
}  # fmt: skip


def in_arrow(found: Any) -> list[dict[str, Any]]:
    table = pa.table(found) if not isinstance(found, pd.DataFrame) else pa.Table.from_pandas(found)
    rows: list[dict[str, Any]] = table.select(RATINGS.names).to_pylist()
    return rows


def by_records(reports: Sequence[Report], policy: Policy) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = rating_rows(rate(reports, policy), reports, intervals=False).to_pylist()
    return [{name: one[name] for name in RATINGS.names} for one in rows]


@given(made=sets())
def test_a_table_of_any_kind_is_rated_as_its_records_are(made: tuple[World, list[Report]]) -> None:
    world, reports = made
    expected = by_records(reports, world.policy)
    for kind, given_back in KINDS.items():
        found = rate_frame(kind(table_of(reports)), world.policy)
        assert isinstance(found, given_back)
        assert in_arrow(found) == expected, kind.__name__


@given(made=sets(), start=st.integers(0, 7))
def test_a_slice_of_a_table_is_rated_as_its_rows_alone(made: tuple[World, list[Report]], start: int) -> None:
    world, reports = made
    some = reports[start:]
    assert in_arrow(rate_frame(table_of(reports).slice(start), world.policy)) == by_records(some, world.policy)
