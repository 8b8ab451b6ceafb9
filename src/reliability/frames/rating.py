"""`rate_frame`: a table of reports in, a table of ratings of the same kind out."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from reliability.errors import MissingExtra
from reliability.rules.policy import Policy

if TYPE_CHECKING:
    from reliability.text.editing import Grouping

Frame = TypeVar("Frame")


def rate_frame(
    table: Frame, policy: Policy | None = None, *, as_of: date | None = None, grouping: Grouping | None = None,
    intervals: bool = False,
) -> Frame:  # fmt: skip
    """Rate a table of reports: pandas, Polars, Arrow, a DuckDB relation, or what else gives Arrow's C stream.

    Columns are those of report records (`reliability schema report`); chains are lists of structs, or texts as in CSV.
    The result is of the same kind and has the columns of `ratings.parquet`, a claim a row, in claim-id order: the
    numbers that `rate` gives. Without `intervals`, low and high are null. What Arrow shares is not copied. What has
    no constructor from Arrow comes back as an Arrow table.

    Raises InputError at the first row that is no report, or for what is no table; MissingExtra without the `batch`
    extra; RuleError for a policy that leaves a number unset. Unknown columns are left aside with a warning.
    """
    for package in ("pyarrow", "msgspec"):
        if find_spec(package) is None:
            raise MissingExtra("batch", "rate_frame", package)
    from reliability.frames.given import batches_of
    from reliability.frames.returned import as_kind_of
    from reliability.frames.work import ratings

    policy = policy or Policy.load(as_of=as_of)
    rated = ratings(batches_of(table), policy, as_of=as_of, grouping=grouping, intervals=intervals)
    return as_kind_of(table, rated)
