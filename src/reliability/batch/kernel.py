"""The kernel: rows of reports on whole claims in, their ratings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from reliability import api
from reliability.batch.records import rating_rows
from reliability.batch.rows import reports_of_rows
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.rationale import Context, ratings_of
from reliability.rules.policy import Policy
from reliability.text.grouping import claim_texts


@dataclass(frozen=True)
class Options:
    """What is asked of the kernel beside ratings: `intervals`, and claims' `texts` where grouping has settled them."""

    intervals: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)


def rate_table(rows: pa.Table | pa.RecordBatch, policy: Policy, options: Options | None = None) -> pa.Table:
    """Rate reports: statements on whole claims, as ROWS. The result is RATED, in claim-id order.

    What must stay together has one `unit`; figures that share a question too. Ids are told apart before. No bit
    depends on the order of rows, nor on how units are split among calls.
    Raises what `ratings_of` raises.
    """
    options = options or Options()
    ratings, reports = records_of(rows, policy, options)
    return rating_rows(ratings, reports, intervals=options.intervals)


def records_of(rows: pa.Table | pa.RecordBatch, policy: Policy, options: Options) -> tuple[list[Rating], list[Report]]:
    """The rating records of rows, in claim-id order, and the reports that the rows stand for."""
    if isinstance(rows, pa.RecordBatch):
        rows = pa.Table.from_batches([rows])
    reports = reports_of_rows(rows)
    context = Context(policy=policy, engine=api.ENGINE, libraries=api.libraries(),
                      texts={**claim_texts(reports), **options.texts})  # fmt: skip
    return ratings_of(reports, context) if reports else [], reports
