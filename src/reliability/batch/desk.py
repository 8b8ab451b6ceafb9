"""Where a process that reads puts what it has judged: rows in buckets, their ids, rejects, and its book of chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from reliability.batch.arrays import one_array
from reliability.batch.prepare import FILE_BITS, PREPARED, Preparer
from reliability.batch.raw import RawBatch
from reliability.batch.reject_files import write_placed
from reliability.batch.spill import Ids, Spill, read_buckets, to_disk
from reliability.errors import InputError
from reliability.io.rows import Reject

DESKS, CHAINS = "desks", "chains.arrow"
ROWS, LOOSE, IDS, REJECTS, CODES = "rows", "loose", "ids", "rejects", "codes.npy"


def desks(work: Path) -> list[Path]:
    """The folders of all processes that read, in their order."""
    return sorted((work / DESKS).iterdir())


@dataclass
class Desk:
    """One process's, with a folder of its own. `rejected`, `loose`, `failed` count rows; `families`: figures with a
    question are among them.
    """

    folder: Path
    bits: int
    preparer: Preparer
    rejected: int = 0
    loose: int = 0
    failed: int = 0
    families: bool = False
    _rows: Spill = field(init=False)
    _loose: Spill = field(init=False)
    _ids: Ids = field(init=False)

    def __post_init__(self) -> None:
        self._rows = Spill(self.folder / ROWS, self.bits, PREPARED)
        self._loose = Spill(self.folder / LOOSE, 0, PREPARED)
        self._ids = Ids(self.folder / IDS, self.bits)
        (self.folder / REJECTS).write_bytes(b"")

    def read(self, batches: Iterator[RawBatch | Reject], number: int, name: str) -> None:
        """Take in a table, or a piece of one; where it breaks off, what stands before is kept.

        `number` is the file's among the run's names, `name` what rejects call it.
        """
        for rows, rejects, failed in judged(batches, number, name, self.preparer):
            self.take(rows)
            self.reject(rejects)
            self.failed += failed

    def take(self, rows: pa.Table) -> None:
        """Rows (PREPARED) to disk: to the bucket of what they are rated with, or aside until texts are grouped."""
        loose = rows["unit"].null_count
        if loose:
            self.loose += loose
            self._loose.put(rows.filter(rows["unit"].is_null()), np.zeros(loose, dtype=np.int64))
            rows = rows.filter(rows["unit"].is_valid())
        if not rows.num_rows:
            return
        self.families |= may_share(rows)
        bucket = self._rows.add(rows)
        if self.bits:
            given = one_array(rows["given"])
            mine = given.to_numpy(zero_copy_only=False)
            self._ids.add(one_array(rows["key"]).filter(given), rows["place"].to_numpy()[mine], bucket[mine])

    def reject(self, rejects: Iterable[tuple[int, Reject]], path: Path | None = None) -> None:
        """Rejects with their places to disk, to the desk's own file unless another is named."""
        self.rejected += write_placed(path or self.folder / REJECTS, rejects)

    def close(self) -> dict[str, Any]:
        """Have all reach the disk; what was noticed."""
        self._rows.close()
        self._loose.close()
        to_disk(self.folder / REJECTS)
        notes, strange = self.preparer.notes, self.preparer.strange
        return {
            "read": notes.n_rows + self.failed, "rejected": self.rejected, "loose": self.loose,
            "families": self.families, "unknown_columns": dict(notes.unknown_columns),
            "strange_facts": dict(strange["provenance"]), "strange_units": dict(strange["quantity"]),
            "chains": self.preparer.books["provenance"].texts,
        }  # fmt: skip


def judged(
    batches: Iterator[RawBatch | Reject], number: int, name: str, preparer: Preparer
) -> Iterator[tuple[pa.Table, list[tuple[int, Reject]], int]]:
    """Some of a table's rows at a time: the good ones (PREPARED), rejects with places, and how many of these are no
    single rows. A table that breaks off ends with a reject.
    """
    base = number << FILE_BITS
    try:
        for batch in batches:
            if isinstance(batch, RawBatch):
                rows, rejects = preparer.prepare(batch, number, name)
                yield rows, [(base + (one.line or 0), one) for one in rejects], 0
            else:
                yield PREPARED.empty_table(), [(base + (batch.line or 0), batch)], 1
    except InputError as error:
        reason = f"{error.problem}; {error.remedy}" if error.remedy else error.problem
        yield PREPARED.empty_table(), [(base + (error.line or 0), Reject(name, error.line, reason, ""))], 1


def may_share(rows: pa.Table) -> bool:
    """Whether rows of figures may have a question, in which they meet others."""
    return bool(rows["quantity"].null_count < rows.num_rows and rows["question"].null_count < rows.num_rows)


def one_book(desks: Iterable[tuple[Path, list[str]]]) -> list[str]:
    """The chains of all desks, each once; a desk whose codes of them are others keeps what these become."""
    code: dict[str, int] = {}
    for folder, texts in desks:
        codes = np.array([code.setdefault(text, len(code)) for text in texts], dtype=np.int32)
        if (codes != np.arange(len(codes))).any():
            np.save(folder / CODES, codes, allow_pickle=False)
            to_disk(folder / CODES)
    return list(code)


def rows_of_desks(
    folders: Iterable[Path], bucket: int, name: str = ROWS, held: Callable[[pa.Table], pa.Table] = lambda rows: rows
) -> pa.Table:
    """A bucket's rows (PREPARED) of all desks, with codes of the one book; `held` says how some are to be held."""
    return read_buckets([(folder / name, _renumbering(folder / CODES, held)) for folder in folders], bucket, PREPARED)


def _renumbering(path: Path, held: Callable[[pa.Table], pa.Table]) -> Callable[[pa.Table], pa.Table]:
    if not path.is_file():
        return held
    codes = np.append(np.load(path, allow_pickle=False), np.int32(-1))

    def renumbered(rows: pa.Table) -> pa.Table:
        at = rows.column_names.index("chain")
        return held(rows.set_column(at, "chain", pa.array(codes[rows["chain"].to_numpy()])))

    return renumbered
