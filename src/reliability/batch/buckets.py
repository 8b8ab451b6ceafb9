"""The second stage: each bucket's rows are checked against each other and rated, by one process or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reliability.batch.arrays import one_array
from reliability.batch.check import check, spans
from reliability.batch.compact import compact
from reliability.batch.desk import CHAINS, desks, rows_of_desks
from reliability.batch.desk import ROWS as DESK_ROWS
from reliability.batch.families import question_of
from reliability.batch.kernel import Options, rate_tables
from reliability.batch.long_tables import long_tables
from reliability.batch.merge import in_claim_order, write_sorted
from reliability.batch.order import by_hash
from reliability.batch.outputs import Form
from reliability.batch.reject_files import write_placed
from reliability.batch.schema import CHECKED, LINKS, RATED, RATINGS, ROWS, STORED, WATERFALL
from reliability.batch.since import FRESH, fresh_rows
from reliability.batch.spill import Spill, bucket_file, read_bucket, read_parts, to_disk
from reliability.batch.whole import whole
from reliability.batch.workers import Workers
from reliability.batch.workplace import Workplace
from reliability.io.rows import Reject
from reliability.rules.policy import Policy

RATED_DIR, REPORTS_DIR, REJECTS_DIR, GROUPED_DIR, MOVED_DIR = "rated", "reports", "rejects", "grouped", "moved"


@dataclass(frozen=True)
class Job:
    """What all buckets have in common. `checked`: their rows were checked already, when their texts were grouped."""

    work: Path
    policy: Policy
    files: Sequence[str]
    bits: int
    options: Options
    as_of: date | None
    lost: dict[int, list[list[int]]]
    checked: bool = False
    families: bool = False
    waterfall: bool = False
    links: bool = False
    known: bool = False
    form: Form = "parquet"
    first_new: int = 0
    """The place from which rows are new to a set before, whose ratings are `known`."""


KNOWN_DIR, FRESH_DIR = "known", "fresh"
AT_ONCE = 1 << 14
"""Rows that are written at a time."""
A_PIECE = 1 << 17
"""Rows that are rated at a time, at least."""


def mark(stage: str, bucket: int) -> str:
    """The name of the mark that a bucket is done."""
    return f"{stage}/{bucket:04d}.json"


def check_bucket(bucket: int, job: Job) -> dict[str, Any]:
    """Check a bucket's rows and write those that stand, in (hash, unit, id) order; the mark of it."""
    rejects: tuple[tuple[int, Reject], ...] = ()
    repeats = 0
    if job.checked:
        rows = read_bucket(job.work / GROUPED_DIR, bucket, CHECKED)
    else:
        lost = np.array(job.lost.get(bucket, []), dtype=np.int64).reshape(-1, 2)
        given = with_chains(rows_of_desks(desks(job.work), bucket, held=compact), job.work).select(ROWS.names)
        found = check(given, lost, job.policy, job.as_of, job.files)
        rows, rejects, repeats = found.rows, found.rejects, found.repeats
        del given, found
    refused = job.work / REJECTS_DIR / f"{bucket:04d}.rejects"
    refused.unlink(missing_ok=True)
    write_placed(refused, sorted(rejects, key=lambda one: one[0]))
    write_in_order(rows, job.work, bucket_file(job.work / REPORTS_DIR, bucket))
    standing = {one["values"]: one["counts"] for one in pc.value_counts(rows["standing"]).to_pylist()}
    in_time = rows["published"].filter(pc.not_equal(rows["standing"], "later"))
    newest = spans(in_time)[1].max(initial=-1)
    return {"rated": standing.get("rated", 0), "standing": dict(sorted(standing.items())), "rejected": len(rejects),
            "repeats": repeats, "newest": None if newest < 0 else int(newest)}  # fmt: skip


def let_go(bucket: int, job: Job) -> None:
    """Remove what a bucket's rows were before they were checked, of which nothing is read again."""
    for folder in (job.work / GROUPED_DIR, *(desk / DESK_ROWS for desk in desks(job.work))):
        bucket_file(folder, bucket).unlink(missing_ok=True)


def rate_bucket(bucket: int, job: Job) -> dict[str, Any]:
    """Rate a bucket's checked rows and write what came out; the mark of it."""
    acting: set[str] = set()
    options = replace(job.options, acting=acting)
    if job.known:
        options = replace(options, known=read_bucket(job.work / KNOWN_DIR, bucket, RATINGS))
        fresh = [fresh_rows(rows, job.first_new) for rows in _pieces(bucket, job)]
        write_sorted(in_claim_order(fresh, FRESH), bucket_file(job.work / FRESH_DIR, bucket), job.bits)
    rated = in_claim_order(list(rate_tables(_pieces(bucket, job), job.policy, options)), RATED)
    write_sorted(rated, bucket_file(job.work / RATED_DIR, bucket), job.bits)
    to_disk(bucket_file(job.work / RATED_DIR, bucket))
    for name, table in _long_tables(bucket, job).items():
        write_sorted(table, bucket_file(job.work / name, bucket), job.bits)
    return {"claims": rated.num_rows, "rules": sorted(acting)}


def _long_tables(bucket: int, job: Job) -> dict[str, pa.Table]:
    """The tables asked for beside ratings, by name."""
    if not (job.waterfall or job.links):
        return {}
    made = [long_tables(rows, job.policy, job.options, waterfall=job.waterfall, links=job.links)
            for rows in _pieces(bucket, job)]  # fmt: skip
    schemas = {"waterfall": WATERFALL, "links": LINKS}
    return {name: in_claim_order([one[name] for one in made], schema) for name, schema in schemas.items()
            if getattr(job, name)}  # fmt: skip


def _pieces(bucket: int, job: Job) -> Iterator[pa.Table]:
    """A bucket's rows (ROWS) that are rated, some claims at a time: figures that share a question come together, last.

    None of them is held here while the next is not asked for.
    """
    pieces = whole(_rated_rows(bucket, job), "unit", A_PIECE)
    yield from map(_without_question, pieces) if job.families else pieces
    if job.families and bucket_file(job.work / MOVED_DIR, bucket).exists():
        yield read_bucket(job.work / MOVED_DIR, bucket, ROWS)


def _without_question(rows: pa.Table) -> pa.Table:
    return rows.filter(question_of(rows).is_null())


def _rated_rows(bucket: int, job: Job) -> Iterator[pa.Table]:
    """A bucket's rows (ROWS) that are rated, some at a time, in their order."""
    return map(partial(_of_rated, work=job.work), read_parts(bucket_file(job.work / REPORTS_DIR, bucket)))


def _of_rated(rows: pa.Table, work: Path) -> pa.Table:
    rated = pc.equal(rows["standing"], "rated")
    kept = rows if pc.all(rated).as_py() else rows.filter(rated)
    return compact(with_chains(kept, work).select(ROWS.names))


def spelled_out(rows: pa.Table) -> pa.Table:
    """Rows with each chain as a text."""
    chains = one_array(rows["provenance"])
    if not pa.types.is_dictionary(chains.type):
        return rows
    at = rows.column_names.index("provenance")
    return rows.set_column(at, "provenance", chains.dictionary.take(chains.indices))


def move_families(job: Job) -> None:
    """Figures that share a question meet in that question's bucket."""
    folder = Workplace(job.work.parent).fresh(MOVED_DIR)
    moved = Spill(folder, job.bits, ROWS)
    for bucket in range(1 << job.bits):
        for rows in whole(_rated_rows(bucket, job), "unit", A_PIECE):
            questions = question_of(rows)
            if questions.null_count < len(questions):
                with_question = spelled_out(rows).append_column("family", questions).filter(questions.is_valid())
                moved.put_by(with_question.select(ROWS.names).cast(ROWS), with_question["family"])
    moved.close()


def book_of(work: Path) -> pa.StringArray:
    """The chains that a run's rows have codes of."""
    path = work / CHAINS
    stat = path.stat()
    return _book(str(path.absolute()), stat.st_ino, stat.st_mtime_ns)


@lru_cache(maxsize=1)
def _book(path: str, inode: int, changed: int) -> pa.StringArray:
    with pa.memory_map(path) as file:
        return one_array(pa.ipc.open_file(file).read_all()["chain"])


def with_chains(rows: pa.Table, work: Path) -> pa.Table:
    """PREPARED or STORED rows with their chains as a dictionary array over the book, in place of the codes."""
    book = book_of(work)
    codes = one_array(rows["chain"])
    own = one_array(rows["provenance"])
    if own.null_count < len(own):
        spelled = own.dictionary_encode()
        codes = pc.if_else(own.is_valid(), pc.add(spelled.indices, len(book)), codes)
        book = pa.concat_arrays([book, spelled.dictionary])
    chains = pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), book)
    at = rows.column_names.index("provenance")
    return rows.set_column(at, "provenance", chains).drop_columns(["chain"])


def without_chains(rows: pa.Table, work: Path) -> pa.Table:
    """CHECKED rows as STORED: chains of the book as their codes."""
    chains = one_array(rows["provenance"])
    at, n = rows.column_names.index("provenance"), len(book_of(work))
    codes, own = pa.nulls(rows.num_rows, pa.int32()).fill_null(-1), chains
    if pa.types.is_dictionary(chains.type):
        in_book = pc.less(chains.indices, n)
        codes = pc.if_else(in_book, chains.indices, -1)
        own = chains.dictionary.take(pc.if_else(in_book, None, chains.indices))
    return rows.set_column(at, "provenance", own).append_column("chain", codes).cast(STORED)


def in_order(rows: pa.Table) -> pa.Array:
    """Rows' places by the hash of their unit, then unit, then id: whatever the buckets, they follow each other."""
    unit, key = one_array(rows["unit"]), one_array(rows["key"])
    return pa.array(by_hash(pc.fill_null(unit, key) if unit.null_count else unit, key))


def write_in_order(rows: pa.Table, work: Path, path: Path) -> None:
    """Write CHECKED rows as STORED, in their order, to disk."""
    order = in_order(rows)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, STORED) as writer:
        for at in range(0, len(order), AT_ONCE):
            writer.write_table(without_chains(rows.take(order.slice(at, AT_ONCE)), work))
    to_disk(path)


def each_bucket(
    what: Callable[[int, Job], dict[str, Any]], stage: str, workers: Workers, job: Job, place: Workplace
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mark of each bucket, as they are done; what was done before is not done again."""
    known = {bucket: place.load(mark(stage, bucket)) for bucket in range(1 << job.bits)}
    yield from ((bucket, one) for bucket, one in known.items() if one is not None)
    for bucket, found in workers.each(what, [bucket for bucket, one in known.items() if one is None], job):
        place.save(mark(stage, bucket), found)
        yield bucket, found
