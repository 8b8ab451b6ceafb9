"""The kernel: rows of reports on whole claims in, their ratings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from reliability import api
from reliability.batch.acting import acting_in_records
from reliability.batch.claims import Claims
from reliability.batch.merge import in_claim_order
from reliability.batch.plain import rate_plain
from reliability.batch.records import rating_rows
from reliability.batch.rows import reports_of_rows
from reliability.batch.schema import RATED
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
    known: pa.Table | None = None
    """Ratings (RATINGS) by the same policy and options: claims whose digest is the same are not rated again."""
    acting: set[str] | None = None
    """Where the ids of rules that act on what is rated are added, if anywhere."""


def rate_table(rows: pa.Table | pa.RecordBatch, policy: Policy, options: Options | None = None) -> pa.Table:
    """Rate reports: statements on whole claims, as ROWS. The result is RATED, in claim-id order.

    What must stay together has one `unit`; figures that share a question too. Ids are told apart before. No bit
    depends on the order of rows, nor on how units are split among calls.
    Raises what `ratings_of` raises.
    """
    whole = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    return next(rate_tables(iter([whole]), policy, options or Options()))


def rate_tables(tables: Iterator[pa.Table], policy: Policy, options: Options) -> Iterator[pa.Table]:
    """The same for tables that come one after the other. Rows of plain claims are let go of before these are weighed:
    who gives the tables had better do so too.
    """
    while (begun := _begun(next(tables, None), policy, options)) is not None:
        yield in_claim_order([finished() for finished in begun], RATED)


def _begun(rows: pa.Table | None, policy: Policy, options: Options) -> list[Callable[[], pa.Table]] | None:
    """What will give the ratings of rows, by columns where that can be, else by records."""
    if rows is None:
        return None
    by_columns = is_plain(rows)
    plain, other = _where(rows, by_columns), _where(rows, pc.invert(by_columns))
    begun: list[Callable[[], pa.Table]] = []
    if plain.num_rows:
        begun.append(partial(rate_plain, Claims.of(plain, policy, options.texts), policy, acting=options.acting,
                             with_intervals=options.intervals, known=options.known))  # fmt: skip
    if other.num_rows:
        begun.append(partial(_by_records, other, policy, options))
    return begun


def _where(rows: pa.Table, mine: pa.BooleanArray) -> pa.Table:
    return rows if pc.all(mine).as_py() else rows.filter(mine)


def is_plain(rows: pa.Table) -> pa.BooleanArray:
    """Rows of claims that are true or false, of which no report states a figure: these are rated by columns."""
    answers = pc.and_(rows["question"].is_valid(), rows["alternative"].is_valid())
    other = pc.or_(answers, rows["quantity"].is_valid())
    units = pc.unique(rows["unit"].filter(other))
    return pc.invert(pc.is_in(rows["unit"], units)).combine_chunks()


def _by_records(rows: pa.Table, policy: Policy, options: Options) -> pa.Table:
    ratings, reports = records_of(rows, policy, options)
    if options.acting is not None:
        options.acting.update(acting_in_records(ratings))
    return rating_rows(ratings, reports, intervals=options.intervals)


def records_of(rows: pa.Table | pa.RecordBatch, policy: Policy, options: Options) -> tuple[list[Rating], list[Report]]:
    """The rating records of rows, without what only explains them, and the reports that the rows stand for.

    Records are in claim-id order.
    """
    if isinstance(rows, pa.RecordBatch):
        rows = pa.Table.from_batches([rows])
    reports = reports_of_rows(rows)
    context = Context(policy=policy, engine=api.ENGINE, libraries=api.libraries(), explained=False,
                      with_intervals=options.intervals, texts={**claim_texts(reports), **options.texts})  # fmt: skip
    return ratings_of(reports, context) if reports else [], reports
