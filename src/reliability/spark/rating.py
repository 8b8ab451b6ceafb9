"""Tasks that rate whole claims, or make long tables or report records of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.buckets import A_PIECE
from reliability.batch.families import question_of
from reliability.batch.kernel import rate_tables
from reliability.batch.long_tables import long_tables
from reliability.batch.memory import give_back
from reliability.batch.outputs import report_table
from reliability.batch.schema import ROWS
from reliability.batch.whole import whole
from reliability.spark.chains import Coder
from reliability.spark.parcel import Parcel
from reliability.spark.tables import Pack, by_part, pack, packed, slices, unpacked
from reliability.spark.tasks import Batches

RATINGS = "rated"


@dataclass(frozen=True)
class Rater:
    """What makes a table (RATINGS or a long one) of rated rows: the claims between two `edges` are one part of it.

    `texts` are those of claims that grouping has settled.
    """

    parcel: Parcel
    texts: dict[str, str]
    edges: Sequence[str]
    table: str = RATINGS

    def buckets(self, batches: Batches) -> Batches:
        """Of "checked" packs."""
        return self._made(batches, _claims)

    def families(self, batches: Batches) -> Batches:
        """Of "family" packs."""
        return self._made(batches, _together)

    def _made(self, batches: Batches, pieces: Callable[[Iterator[Pack], Coder], Iterator[pa.Table]]) -> Batches:
        for bucket, packs in by_part(batches):
            for table in self._tables(pieces(packs, self.parcel.coder())):
                yield from in_parts(self.table, table, self.edges, bucket)
            give_back()

    def _tables(self, pieces: Iterator[pa.Table]) -> Iterator[pa.Table]:
        policy, options = self.parcel.policy(), self.parcel.with_texts(self.texts)
        if self.table == RATINGS:
            yield from rate_tables(pieces, policy, options)
            return
        wanted = {name: name == self.table for name in ("waterfall", "links")}
        for piece in pieces:
            yield long_tables(piece, policy, options, **wanted)[self.table]


def _claims(packs: Iterable[Pack], coder: Coder) -> Iterator[pa.Table]:
    """The rated rows (ROWS) of a bucket, some claims at a time, without figures that share a question."""
    numbered = (coder.numbered(_rated(unpacked(one.packed))) for one in packs)
    yield from (coder.spelled(_alone(rows)) for rows in whole(numbered, "unit", A_PIECE))


def _rated(rows: pa.Table) -> pa.Table:
    rated = pc.equal(rows["standing"], "rated")
    return (rows if pc.all(rated).as_py() else rows.filter(rated)).select([*ROWS.names, "chain"])


def _alone(rows: pa.Table) -> pa.Table:
    if rows["quantity"].null_count < rows.num_rows:
        rows = rows.filter(question_of(rows).is_null())
    return rows


def _together(packs: Iterable[Pack], coder: Coder) -> Iterator[pa.Table]:
    yield coder.spelled(pa.concat_tables([coder.numbered(unpacked(one.packed)) for one in packs]).combine_chunks())


def in_parts(what: str, table: pa.Table, edges: Sequence[str], at: int) -> Iterator[pa.RecordBatch]:
    """A table in claim order as packs of the parts that lie between edges: each edge begins one."""
    claims = one_array(table["claim"])
    cuts = [0, *(bisect_left(range(len(claims)), edge, key=lambda row: claims[row].as_py()) for edge in edges),
            len(claims)]  # fmt: skip
    for part, (start, end) in enumerate(pairwise(cuts)):
        for some in slices(table.slice(start, end - start)):
            yield pack(what, part, at, packed(some))


def edges_of(samples: Iterable[str], n_parts: int) -> list[str]:
    """Where claims, of which these are some, are parted so that each of so many parts has about as many."""
    names = sorted(samples)
    return sorted({names[len(names) * part // n_parts] for part in range(1, n_parts)} if names else ())


def report_rows(parcel: Parcel, batches: Batches) -> Batches:
    """Of "checked" packs: "report" packs, report records in columns, in the same order."""
    for bucket, packs in by_part(batches):
        for one in packs:
            coder = parcel.coder()
            rows = coder.spelled(coder.numbered(unpacked(one.packed)))
            for turn, some in enumerate(slices(report_table(rows, parcel.names))):
                yield pack("report", bucket, one.at * TURNS + turn, packed(some))


TURNS = 1 << 20
"""No pack of rows becomes as many of records."""
