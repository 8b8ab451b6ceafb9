"""The last stage: what the buckets hold, as the files that a run gives; reports while buckets are rated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from reliability.batch.buckets import RATED_DIR, REPORTS_DIR, Job, with_chains
from reliability.batch.memory import give_back
from reliability.batch.merge import merged, with_stale
from reliability.batch.outputs import REPORTS, ROW_GROUP, STANDING, report_table, write_table
from reliability.batch.schema import RATED
from reliability.batch.spill import bucket_file, read_parts


def write_reports(_: None, job: Job) -> str:
    """Write all report records; the file's name."""
    name = "reports.parquet"
    write_table(_reports(job), pa.schema([*REPORTS, *STANDING]), job.work / name, "parquet")
    return name


def write_merged(name: str, tables: Iterator[pa.Table], schema: pa.Schema, job: Job) -> str:
    """Write tables as one in the form that was asked for; the file's name."""
    full = f"{name}.{job.form}"
    write_table(tables, schema, job.work / full, job.form)
    return full


def ratings(newest: int | None, job: Job) -> Iterator[pa.Table]:
    """All ratings (RATINGS), in claim-id order."""
    return (with_stale(table, newest, job.policy) for table in of_buckets(RATED_DIR, RATED, job))


def of_buckets(folder: str, schema: pa.Schema, job: Job) -> Iterator[pa.Table]:
    """All rows of a folder's buckets, in claim-id order."""
    paths: list[Path] = [bucket_file(job.work / folder, bucket) for bucket in range(1 << job.bits)]
    return merged([path for path in paths if path.exists()], schema)


def _reports(job: Job) -> Iterator[pa.Table]:
    """Report records, as they stand, in order."""
    for bucket in range(1 << job.bits):
        for rows in read_parts(bucket_file(job.work / REPORTS_DIR, bucket)):
            give_back()
            for at in range(0, rows.num_rows, ROW_GROUP):
                yield report_table(with_chains(rows.slice(at, ROW_GROUP), job.work), job.files)
