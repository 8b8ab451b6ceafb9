"""Measure `reliability batch` against peers on the same data in the same run, and print one table.

    python -m tests.benchmarks.batch [--reports N] [--few N] [--folder DIR]

Processor time counts (user and system, of processes of their own), and peak memory as the system tells it. Nothing
here fails for being slow: goals stand beside what was measured. The kernel on sorted codes and the rivals (INDRA's
formula, jsonld-ex, pgmpy) are measured by `tests.benchmarks.run`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from reliability.batch.prepare import Preparer
from reliability.batch.tables_jsonl import JsonlTable
from reliability.rules.policy import Policy

from .made_reports import tables

_PEER = """
import sys, polars as pl
pl.read_parquet(sys.argv[1]).sort("claim").write_parquet(sys.argv[2], compression="zstd", compression_level=1)
"""


_MADE = """
import sys
from pathlib import Path
from tests.benchmarks.made_reports import write_parquet
n = int(sys.argv[2])
write_parquet(Path(sys.argv[1]), n, crowd=min(n // 20, 1_000_000), long=2_000)
"""
"""Made in a process of its own: what ours held at its peak would be counted as that of those it starts."""


@dataclass(frozen=True)
class Used:
    """What a process took: seconds of processor time, megabytes at its peak, and seconds by the clock."""

    seconds: float
    megabytes: float
    clock: float


def begun(*command: object) -> subprocess.Popen[bytes]:
    """A process of Python's that works on."""
    return subprocess.Popen([sys.executable, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def used(*command: object) -> Used:
    """Run a process to its end."""
    begins = time.monotonic()
    started = begun(*command)
    assert started.stderr is not None
    said = started.stderr.read()
    _, status, usage = os.wait4(started.pid, 0)
    if status:
        raise SystemExit(said.decode("utf-8", "replace"))
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, time.monotonic() - begins)


def rating(path: Path, out: Path, *options: object) -> tuple[object, ...]:
    """The command that rates a table into a folder."""
    return "-m", "reliability", "batch", path, "--out", out, "--quiet", *options


def rated(path: Path, out: Path, *options: object) -> Used:
    """Rate a table into a folder that is removed again."""
    try:
        return used(*rating(path, out, *options))
    finally:
        shutil.rmtree(out, ignore_errors=True)


def side_by_side(path: Path, folder: Path) -> float:
    """Seconds by the clock in which two runs that know nothing of each other rate a table each: all that cores give."""
    outs = [folder / "one", folder / "other"]
    begins = time.monotonic()
    for one in [begun(*rating(path, out)) for out in outs]:
        _, said = one.communicate()
        if one.returncode:
            raise SystemExit(said.decode("utf-8", "replace"))
    taken = time.monotonic() - begins
    for out in outs:
        shutil.rmtree(out)
    return taken


def jsonl_ratio(n: int) -> float:
    """Reading JSON Lines to rows, as a multiple of msgspec's decoding alone."""
    lines = [json.dumps({k: v for k, v in row.items() if v is not None}, separators=(",", ":")).encode() + b"\n"
             for table in tables(n) for row in table.to_pylist()]  # fmt: skip
    data, policy, decode = b"".join(lines), Policy.load(), msgspec.json.decode
    begins = time.process_time()
    for line in lines:
        decode(line)
    alone, begins = time.process_time() - begins, time.process_time()
    preparer = Preparer(policy)
    for batch in JsonlTable(io.BytesIO(data), "-").batches():
        preparer.prepare(batch, 0, "-")
    return (time.process_time() - begins) / alone


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=200_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        few, many = Path(folder, "few.parquet"), Path(folder, "many.parquet")
        for path, n in ((few, asked.few), (many, asked.reports)):
            used("-c", _MADE, path, n)
        peer = used("-c", _PEER, many, Path(folder, "peer.parquet"))
        small, large = (rated(path, Path(folder, "out")) for path in (few, many))
        two = rated(many, Path(folder, "out"), "--jobs", 2)
        apart = side_by_side(many, Path(folder))
    per = {n: one.seconds / n * 1e6 for n, one in ((asked.few, small), (asked.reports, large))}
    print(f"{os.cpu_count()} cores, {asked.reports:,} reports")
    print("| what | measured | goal |\n| --- | --- | --- |")
    for what, value, goal in (
        ("Parquet to ratings, CPU time of Polars: read, sort, write", large.seconds / peer.seconds, "≤ 1.5"),
        ("JSON Lines in, CPU time of msgspec decoding", jsonl_ratio(asked.few), "≤ 3"),
        (f"peak memory at {asked.reports:,}, of that at {asked.few:,}", large.megabytes / small.megabytes, "≤ 1.3"),
        (f"CPU time a report at {asked.reports:,}, of that at {asked.few:,}",
         per[asked.reports] / per[asked.few], "≤ 1.3"),
        ("CPU time of two processes, of one", two.seconds / large.seconds, "about 1"),
        ("time by the clock of one process, of two", large.clock / two.clock, "≥ 1.7"),
        ("… of half of what two such runs take side by side", 2 * large.clock / apart, "2 where cores are free"),
    ):  # fmt: skip
        print(f"| {what} | {value:.2f} | {goal} |")
    print(f"\n{large.seconds:.1f} s, {per[asked.reports]:.1f} µs a report, {large.megabytes:,.0f} MB; "
          f"Polars {peer.seconds:.1f} s, {peer.megabytes:,.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
