"""Rows in the order of what is rated together, as tables of some size that cut nothing apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.spill import in_one_piece


def whole(tables: Iterable[pa.Table], by: str, least: int) -> Iterator[pa.Table]:
    """Tables of at least so many rows (but the last) that cut no run of equal values of `by`, in which rows stand.

    Of what is given nothing is held any more: who asks for the next has let go of the one before.
    """
    held: list[pa.Table] = []
    n, last = 0, None
    for table in tables:
        if not table.num_rows:
            continue
        before, last = last, table[by][-1]
        same = pc.equal(table[by], last)
        cut = 0 if held and before == last else table.num_rows - pc.sum(same).as_py()
        if cut:
            held.append(table.slice(0, cut))
            n += cut
        if before != last and n >= least:
            parts, held, n = held, [], 0
            yield in_one_piece(parts)
        held.append(table.slice(cut))
        n += table.num_rows - cut
    if n:
        yield in_one_piece(held)
