"""A table's reports checked, grouped and rated, as `rate` does it with records."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.asked import Asked
from reliability.batch.check import check, spans
from reliability.batch.grouping import grouped_rows
from reliability.batch.kernel import Options, rate_table
from reliability.batch.merge import with_stale
from reliability.batch.prepare import Preparer
from reliability.batch.schema import CHECKED, RATINGS, ROWS
from reliability.errors import InputError
from reliability.frames.given import WHERE, Given
from reliability.io.rows import Reject
from reliability.model.dates import date_span
from reliability.rules.policy import Policy
from reliability.text.editing import Grouping

_NONE_LOST = np.zeros((0, 2), dtype=np.int64)


def ratings(
    given: Given, policy: Policy, *, as_of: date | None, grouping: Grouping | None, intervals: bool
) -> pa.Table:
    """RATINGS of a table of reports. Raises InputError at the first row that can't be rated."""
    rows = _rows(given, policy)
    asked = Asked(files=(), policy=policy, as_of=as_of, grouping=grouping)
    if grouping is None and not rows["unit"].null_count:
        found = check(rows, _NONE_LOST, policy, as_of, (WHERE,))
        _refuse([one for _, one in found.rejects])
        checked, texts = found.rows, {}
    else:
        checked, rejects, mark = grouped_rows(rows, asked, (WHERE,))
        _refuse([one for _, one in rejects])
        texts = mark["texts"]
    stated = checked.filter(pc.equal(checked["standing"], "rated")).select(ROWS.names)
    rated = rate_table(stated, policy, Options(intervals=intervals, texts=texts))
    return with_stale(rated, _newest(checked, as_of), policy).select(RATINGS.names).combine_chunks()


def _rows(given: Given, policy: Policy) -> pa.Table:
    """ROWS of all reports, chains as a dictionary array over the distinct ones."""
    preparer = Preparer(policy)
    parts = []
    for batch in given.raw():
        found, rejects = preparer.prepare(batch, 0, WHERE)
        _refuse(rejects)
        parts.append(found)
    if preparer.notes.unknown_columns:
        names = ", ".join(sorted(preparer.notes.unknown_columns))
        warnings.warn(f"unknown columns are left aside: {names}", UserWarning, stacklevel=4)
    if not parts:
        return ROWS.empty_table()
    rows = pa.concat_tables(parts).combine_chunks()
    chains = _chains(rows, preparer.books["provenance"].texts)
    return rows.set_column(rows.column_names.index("provenance"), "provenance", chains).select(ROWS.names)


def _chains(rows: pa.Table, book: Sequence[str]) -> pa.DictionaryArray:
    codes, own = one_array(rows["chain"]), one_array(rows["provenance"]).dictionary_encode()
    at = pc.if_else(own.is_valid(), pc.add(own.indices, len(book)), codes)
    texts = pa.concat_arrays([pa.array(book, type=pa.string()), own.dictionary])
    return pa.DictionaryArray.from_arrays(at.cast(pa.int32()), texts)


def _refuse(rejects: Sequence[Reject]) -> None:
    if rejects:
        first = min(rejects, key=lambda one: one.line or 0)
        raise InputError(WHERE, line=first.line, problem=first.reason, remedy="mend the row or leave it out")


def _newest(checked: pa.Table, as_of: date | None) -> int | None:
    if as_of is not None:
        return date_span(as_of.isoformat())[1]
    in_time = checked.select(CHECKED.names).filter(pc.not_equal(checked["standing"], "later"))
    newest = int(spans(in_time["published"])[1].max(initial=-1))
    return None if newest < 0 else newest
