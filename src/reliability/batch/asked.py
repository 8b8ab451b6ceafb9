"""What a run is asked for, and what its results depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from reliability import api
from reliability.batch.outputs import Form
from reliability.batch.since import Before
from reliability.io.kinds import InputFile, PluggedFile
from reliability.io.rows import Reject
from reliability.io.streams import reading
from reliability.rules.policy import Policy
from reliability.text.editing import Grouping

MEGABYTE = 1_000_000
MOST_BITS = 8
STDIN_BYTES = 1000 * MEGABYTE
"""What is expected of standard input, whose size nobody knows."""
_BYTES_A_ROW = 400


@dataclass(frozen=True)
class Asked:
    """A run: its inputs (files as `find_inputs` gives them), options, and how it may work (`memory` in bytes)."""

    files: Sequence[InputFile | PluggedFile]
    policy: Policy
    refused: Sequence[Reject] = ()
    """Files of a folder that are of no kind that is read."""
    memory: int = 1000 * MEGABYTE
    jobs: int = 1
    as_of: date | None = None
    grouping: Grouping | None = None
    publisher: str | None = None
    publisher_type: str | None = None
    published: str | None = None
    url: str | None = None
    max_chars: int = 2_000_000
    intervals: bool = False
    waterfall: bool = False
    links: bool = False
    form: Form = "parquet"
    strict: bool = False
    resume: bool = False
    before: Before | None = None
    """A finished set that this one is added to."""

    @property
    def names(self) -> list[str]:
        """How the files are called in places: twice, since articles' reports come before those of tables."""
        names = [file.name for file in self.files]
        return [*([] if self.before is None else self.before.files), *names, *names]

    @property
    def n_before(self) -> int:
        """How many files of the set before stand first among the names."""
        return 0 if self.before is None else len(self.before.files)

    @property
    def size(self) -> int:
        """About how many bytes all rows take once they are read."""
        before = 0 if self.before is None else self.before.n_rows * _BYTES_A_ROW
        return before + sum(_size(file) for file in self.files)

    @property
    def bits(self) -> int:
        """How many buckets there are, as a power of two: each of them is worked on within the memory."""
        size, bits = self.size, 0
        while bits < MOST_BITS and size * self.jobs >> bits > self.memory // 16:
            bits += 1
        return bits

    def record(self) -> dict[str, Any]:
        """All that the results depend on, and the number of buckets, as JSON has it."""
        given = {name: getattr(self, name) for name in ("publisher", "publisher_type", "published", "url", "max_chars",
                                                        "intervals", "waterfall", "links", "form")}  # fmt: skip
        return {
            "inputs": [[file.name, *_stamp(file)] for file in self.files],
            "options": {**given, "as_of": None if self.as_of is None else self.as_of.isoformat(),
                        "grouping": None if self.grouping is None else self.grouping.model_dump(mode="json"),
                        "since": None if self.before is None else self.before.digest},
            "memory": self.bits, "rules": self.policy.digest, "engine": api.ENGINE, "libraries": libraries(),
        }  # fmt: skip


def libraries() -> dict[str, str]:
    """Versions of the libraries that compute, and of those that read and write tables."""
    from importlib.metadata import version

    return {**api.libraries(), "pyarrow": version("pyarrow")}


def _size(file: InputFile | PluggedFile) -> int:
    """About how many bytes a file's rows take once they are read."""
    if file.path is None:
        return STDIN_BYTES
    with reading(file.name):
        size = file.path.stat().st_size
    if file.kind == "parquet" and not file.packed:
        return max(size, rows_of(file.path) * _BYTES_A_ROW)
    return size * 6 if file.packed else size


def rows_of(path: Path) -> int:
    """How many rows a Parquet file says it has; 0 where it can't be read."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            n: int = file.metadata.num_rows
    except (OSError, ValueError):
        return 0
    return n


def _stamp(file: InputFile | PluggedFile) -> list[int]:
    if file.path is None:
        return []
    with reading(file.name):
        stat = file.path.stat()
    return [stat.st_size, stat.st_mtime_ns]


class Teller(Protocol):
    """Who hears how a run goes on."""

    def stage(self, name: str, total: int | None) -> None:
        """Something new begins, of so many steps (bytes or buckets)."""

    def advance(self, steps: int) -> None:
        """So many steps of it are done."""

    def remark(self, text: str) -> None:
        """Something that a reader should know."""
