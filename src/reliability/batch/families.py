"""Figures that share a question are rated together, in whichever buckets their claims are."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array


def question_of(rows: pa.Table) -> pa.StringArray:
    """The least question that a figure's claim answers, a row of the claim; null for all other rows.

    `rows` hold whole claims (ROWS).
    """
    plain = pc.or_(rows["question"].is_null(), rows["alternative"].is_null())
    claim = pc.if_else(plain, rows["claim"], None).combine_chunks()
    stated = pc.unique(claim.filter(rows["quantity"].is_valid().combine_chunks()))
    asking = pa.table({"claim": claim, "question": rows["question"]}).filter(
        pc.and_(pc.and_(claim.is_valid(), rows["question"].is_valid()), pc.is_in(claim, stated))
    )
    least = asking.group_by("claim").aggregate([("question", "min")])
    return one_array(least["question_min"]).take(pc.index_in(claim, one_array(least["claim"])))
