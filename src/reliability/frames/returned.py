"""Ratings as the kind of table that the reports came in."""

from __future__ import annotations

from typing import Any, TypeVar, cast

import pyarrow as pa

Frame = TypeVar("Frame")


def as_kind_of(given: Frame, rated: pa.Table) -> Frame:
    """An Arrow table as the kind of `given`; as it is where that kind is not known, and has no `from_arrow`."""
    return cast(Frame, _as_kind_of(given, rated))


def _as_kind_of(given: Any, rated: pa.Table) -> Any:
    if isinstance(given, pa.RecordBatchReader):
        return rated.to_reader()
    if isinstance(given, pa.RecordBatch):
        return rated.to_batches()[0] if rated.num_rows else pa.RecordBatch.from_pylist([], schema=rated.schema)
    if isinstance(given, pa.Table):
        return rated
    homes = {one.__module__.partition(".")[0] for one in type(given).__mro__}
    if "pandas" in homes:
        return rated.to_pandas()
    if "polars" in homes:
        import polars

        return polars.from_arrow(rated)
    if "duckdb" in homes or "_duckdb" in homes:
        return _relation(given, rated)
    make = getattr(type(given), "from_arrow", None)
    return rated if make is None else make(rated)


def _relation(given: Any, reliability_rated_claims: pa.Table) -> Any:
    """A relation of the same connection, so that it can be joined with what is there: DuckDB finds tables by name."""
    return given.query("reliability_reports", "SELECT * FROM reliability_rated_claims")
