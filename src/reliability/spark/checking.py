"""Tasks over whole buckets: their rows are checked against each other and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from reliability.batch.arrays import one_array
from reliability.batch.buckets import in_order
from reliability.batch.check import check, spans
from reliability.batch.families import question_of
from reliability.batch.hashing import hashes
from reliability.batch.memory import give_back
from reliability.batch.schema import ROWS, STORED
from reliability.batch.spill import bucket_of, in_one_piece
from reliability.io.rows import Reject
from reliability.spark.chains import Coder
from reliability.spark.parcel import Parcel
from reliability.spark.tables import (
    Pack,
    by_part,
    notes,
    pack,
    packed,
    packs_of_parts,
    rows_of_a_pack,
    told,
    unpacked,
)
from reliability.spark.tasks import Batches

SAMPLE, LONGEST = 64, 256
"""So many claims of a bucket stand for all, by so many of their characters."""


def check_buckets(parcel: Parcel, batches: Batches) -> Batches:
    """Of "rows" (ROWS) and "lost": what stands, "checked" (STORED) in its order; "family" (ROWS) are figures again, by
    the bucket of their question; rejects are "told", by their places; of each bucket there is a "note".
    """
    policy = parcel.policy()
    for bucket, packs in by_part(batches):
        coder = parcel.coder()
        rows, lost = _gathered(packs, coder)
        found = check(rows, lost, policy, parcel.as_of, parcel.names)
        del rows
        yield from _staged(bucket, found.rows, parcel.bits, coder, found.rejects, found.repeats)
        del found
        give_back()


def stage_checked(parcel: Parcel, batches: Batches) -> Batches:
    """The same of "rows" (CHECKED) that were checked when they were grouped."""
    for bucket, packs in by_part(batches):
        coder = parcel.coder()
        yield from _staged(bucket, _gathered(packs, coder)[0], parcel.bits, coder)


def _gathered(packs: Iterable[Pack], coder: Coder) -> tuple[pa.Table, NDArray[np.int64]]:
    """A bucket's rows in one piece, chains as a dictionary array, and which of them are lost (n, 2)."""
    lost, parts = [np.zeros((0, 2), dtype=np.int64)], []
    for one in packs:
        if one.what == "lost":
            lost.append(np.frombuffer(one.packed, dtype=np.int64).reshape(-1, 2))
        else:
            parts.append(coder.numbered(unpacked(one.packed)))
    rows = in_one_piece(parts) if parts else coder.numbered(ROWS.empty_table())
    return coder.spelled(rows), np.concatenate(lost)


def _staged(
    bucket: int, rows: pa.Table, bits: int, coder: Coder, rejects: Sequence[tuple[int, Reject]] = (), repeats: int = 0
) -> Iterator[pa.RecordBatch]:
    order = in_order(rows)
    step, n_bytes = rows_of_a_pack(rows), 0
    for at in range(0, len(order), step):
        data = packed(coder.stored(rows.take(order.slice(at, step))).cast(STORED))
        n_bytes += data.size
        yield pack("checked", bucket, at, data)
    rated = rows.filter(pc.equal(rows["standing"], "rated")).select(ROWS.names)
    yield from _families(bucket, rated, bits)
    yield told([(place, place, reject) for place, reject in rejects])
    yield notes("note", [(bucket, 0, {
        **_standing(rows), **_claims(rated), "rejected": len(rejects), "repeats": repeats, "bytes": n_bytes,
        "families": bool(rated["quantity"].null_count < rated.num_rows),
    })])  # fmt: skip


def _standing(rows: pa.Table) -> dict[str, Any]:
    """How many rows stand how, and the last microsecond of the newest one that is in time."""
    counts = {one["values"]: one["counts"] for one in pc.value_counts(rows["standing"]).to_pylist()}
    newest = int(spans(rows.filter(pc.not_equal(rows["standing"], "later"))["published"])[1].max(initial=-1))
    return {"standing": dict(sorted(counts.items())), "newest": None if newest < 0 else newest}


def _claims(rated: pa.Table) -> dict[str, Any]:
    """How many units there are, and the beginnings of some, to say where the claims of all buckets can be parted."""
    units = pc.unique(rated["unit"])
    some = np.linspace(0, len(units) - 1, min(SAMPLE, len(units))).astype(np.int64)
    return {"claims": len(units), "sample": pc.utf8_slice_codeunits(units.take(pa.array(some)), 0, LONGEST).to_pylist()}


def _families(bucket: int, rated: pa.Table, bits: int) -> Iterator[pa.RecordBatch]:
    """Figures that share a question, once more, to be rated together."""
    if rated["quantity"].null_count == rated.num_rows:
        return
    questions = question_of(rated)
    asking = rated.filter(questions.is_valid())
    where = bucket_of(hashes(one_array(questions.drop_null())), bits)
    yield from packs_of_parts("family", asking.cast(ROWS), where, bucket << 32)
