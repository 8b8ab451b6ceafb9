"""What tasks do: read pieces, check whole units, rate them, make rows of results; each a generator of batches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.buckets import in_order
from reliability.batch.check import check, spans
from reliability.batch.desk import judged, may_share
from reliability.batch.families import question_of
from reliability.batch.kernel import rate_tables
from reliability.batch.long_tables import long_tables
from reliability.batch.outputs import report_table
from reliability.batch.pieces import Piece, batches_of, n_lines
from reliability.batch.prepare import Preparer
from reliability.batch.schema import CHECKED, ROWS
from reliability.io.rows import Reject
from reliability.spark.parcel import Parcel
from reliability.spark.tables import READ, STAGED, as_batches, packs, turn, whole_units

Batches = Iterator[pa.RecordBatch]
COUNTED = pa.schema([("piece", pa.int64()), ("lines", pa.int64())])
WITH_LOST = ROWS.append(pa.field("at", pa.int64())).append(pa.field("lost_to", pa.int64()))
"""Rows with the place of the row that has the id too, elsewhere."""
TURNS = 1 << 32


def count_lines(pieces: Sequence[Piece], batches: Batches) -> Batches:
    """COUNTED of the pieces with the numbers that come in `id`."""
    for number in _numbers(batches):
        yield pa.RecordBatch.from_pylist([{"piece": number, "lines": n_lines(pieces[number])}], schema=COUNTED)


def read(pieces: Sequence[Piece], parcel: Parcel, batches: Batches) -> Batches:
    """READ of the pieces with the numbers that come in `id`: good rows, then each piece's rejects, and a note of it."""
    policy = parcel.policy()
    for number in _numbers(batches):
        preparer = Preparer(policy, most=max(1000, parcel.least * 4))
        told: list[dict[str, Any]] = []
        failed, loose, families = 0, 0, False
        piece = pieces[number]
        for rows, rejects, broken in judged(batches_of(piece), piece.number, piece.name, preparer):
            if rows.num_rows:
                loose += rows["unit"].null_count
                families |= may_share(rows)
                yield from as_batches(with_turn(spelled_out(rows, preparer)), READ)
            told += _as_rows(rejects)
            failed += broken
        note = {"piece": number, "read": preparer.notes.n_rows + failed, "rejected": len(told), "loose": loose,
                "families": families, "unknown_columns": dict(preparer.notes.unknown_columns),
                "strange": {name: dict(found) for name, found in preparer.strange.items()}}  # fmt: skip
        told.append({"place": -1, "aside": json.dumps(note)})
        yield asides(told, number * TURNS, READ)


def _numbers(batches: Batches) -> Iterator[int]:
    for batch in batches:
        yield from batch.column("id").to_pylist()


def spelled_out(rows: pa.Table, preparer: Preparer) -> pa.Table:
    """PREPARED rows with each chain as a text."""
    codes, book = one_array(rows["chain"]), preparer.books["provenance"].texts
    used, at = np.unique(codes.to_numpy(), return_inverse=True)
    texts = pa.array([None if code < 0 else book[code] for code in used.tolist()], type=pa.string())
    chains = pc.coalesce(texts.take(pa.array(at.reshape(-1))), one_array(rows["provenance"]))
    return rows.set_column(rows.column_names.index("provenance"), "provenance", chains).drop_columns(["chain"])


def with_turn(rows: pa.Table) -> pa.Table:
    """Rows with where their unit stands; what has none yet stands by its id."""
    return rows.append_column("at", pa.array(turn(pc.fill_null(rows["unit"], rows["key"]))))


def _as_rows(rejects: Iterable[tuple[int, Reject]]) -> list[dict[str, Any]]:
    return [{"place": place, "aside": json.dumps(asdict(one))} for place, one in rejects]


def asides(told: Sequence[dict[str, Any]], first: int, schema: pa.Schema) -> pa.RecordBatch:
    """Notes and rejects as rows of a schema, with turns from `first`."""
    rows = [{**one, "at": first + turn_of} for turn_of, one in enumerate(told)]
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def check_units(parcel: Parcel, batches: Batches) -> Batches:
    """STAGED of rows (WITH_LOST) that come in the order of `at`: what stands, in order, then rejects and a note."""
    policy = parcel.policy()
    for table in whole_units(batches, "at", WITH_LOST, parcel.least):
        lost = table.filter(table["lost_to"].is_valid())
        pairs = np.stack([lost[name].to_numpy() for name in ("place", "lost_to")], axis=1)
        found = check(table.select(ROWS.names), pairs, policy, parcel.as_of, parcel.names)
        yield from _staged(found.rows, list(found.rejects), found.repeats)


def stage_checked(parcel: Parcel, batches: Batches) -> Batches:
    """STAGED of rows that were checked when they were grouped, and a note."""
    for table in whole_units(batches, "at", STAGED, parcel.least):
        yield from _staged(table.select(CHECKED.names), [], 0)


def _staged(rows: pa.Table, rejects: list[tuple[int, Reject]], repeats: int) -> Batches:
    rows = rows.take(in_order(rows))
    at = turn(pc.fill_null(rows["unit"], rows["key"]))
    family = at.copy()
    rated = np.flatnonzero(pc.equal(rows["standing"], "rated").to_numpy())
    questions = question_of(rows.take(pa.array(rated)).select(ROWS.names))
    asking = questions.is_valid().to_numpy(zero_copy_only=False)
    family[rated[asking]] = turn(questions.drop_null())
    staged = rows.append_column("at", pa.array(at)).append_column("family", pa.array(family))
    yield from as_batches(staged, STAGED)
    standing = {one["values"]: one["counts"] for one in pc.value_counts(rows["standing"]).to_pylist()}
    newest = int(spans(rows.filter(pc.not_equal(rows["standing"], "later"))["published"])[1].max(initial=-1))
    note = {"standing": dict(sorted(standing.items())), "rejected": len(rejects), "repeats": repeats,
            "newest": None if newest < 0 else newest, "families": bool(asking.any())}  # fmt: skip
    told = [*_as_rows(sorted(rejects, key=lambda one: one[0])), {"place": -1, "aside": json.dumps(note)}]
    yield asides(told, 0, STAGED)


def rate_units(parcel: Parcel, texts: dict[str, str], batches: Batches) -> Batches:
    """RATED of rows (STAGED) that come in the order of `family`."""
    policy, options = parcel.policy(), parcel.with_texts(texts)
    units = whole_units(batches, "family", STAGED, parcel.least)
    for rated in rate_tables(map(_rows_of, units), policy, options):
        yield from rated.to_batches()


def _rows_of(staged: pa.Table) -> pa.Table:
    return staged.select(ROWS.names)


def long_rows(parcel: Parcel, texts: dict[str, str], name: str, batches: Batches) -> Batches:
    """The long table of a name for rows (STAGED) that come in the order of `family`."""
    policy, options = parcel.policy(), parcel.with_texts(texts)
    wanted = {"waterfall": name == "waterfall", "links": name == "links"}
    for table in whole_units(batches, "family", STAGED, parcel.least):
        made = long_tables(table.select(ROWS.names), policy, options, **wanted)[name]
        yield from made.to_batches()


def report_rows(parcel: Parcel, batches: Batches) -> Batches:
    """Rows (STAGED) as report records, packed, in their order."""
    tables = (pa.Table.from_batches([batch]).select(CHECKED.names).cast(CHECKED) for batch in batches)
    yield from packs(report_table(table, parcel.names) for table in tables if table.num_rows)


def packed(schema: pa.Schema, batches: Batches) -> Batches:
    """Rows as PACKED, in their order."""
    yield from packs(pa.Table.from_batches([batch]).cast(schema) for batch in batches if batch.num_rows)
