"""The first stage: all inputs are read and judged, and good rows go to disk in buckets."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from reliability.batch.asked import TABLES, Asked, Teller
from reliability.batch.documents import Documents
from reliability.batch.kept_articles import ARTICLES
from reliability.batch.prepare import FILE_BITS, PREPARED, Preparer
from reliability.batch.raw import RawBatch
from reliability.batch.reject_files import write_placed
from reliability.batch.spill import Ids, Spill, to_disk
from reliability.batch.tables_csv import CsvTable
from reliability.batch.tables_jsonl import JsonlTable
from reliability.batch.tables_parquet import ParquetTable
from reliability.batch.workplace import Workplace
from reliability.errors import InputError
from reliability.io.kinds import InputFile, PluggedFile
from reliability.io.rows import Reject
from reliability.io.streams import opened, unpacked

ROWS_DIR, LOOSE_DIR, IDS_DIR, CHAINS = "rows", "loose", "ids", "chains.arrow"
READ_MARK, READ_REJECTS, DOCUMENT_REJECTS = "read.json", "read.rejects", "documents.rejects"
_TABLES: dict[str, Callable[[BinaryIO, str], Any]] = {"jsonl": JsonlTable, "csv": CsvTable, "parquet": ParquetTable}


@dataclass
class Reading:
    """Reads a run's inputs into its workplace."""

    asked: Asked
    place: Workplace
    tell: Teller
    preparer: Preparer = field(init=False)
    rejected: int = 0
    loose: int = 0
    failed: int = 0
    families: bool = False

    def run(self) -> dict[str, Any]:
        """Read everything; the mark of what was read. What was read already is not read again."""
        known: dict[str, Any] | None = self.place.load(READ_MARK)
        if known is not None:
            return known
        self.preparer = Preparer(self.asked.policy, most=max(1000, self.asked.memory // 4_000))
        self._rows = Spill(self.place.fresh(ROWS_DIR), self.asked.bits, PREPARED)
        self._loose = Spill(self.place.fresh(LOOSE_DIR), 0, PREPARED)
        self._ids = Ids(self.place.fresh(IDS_DIR), self.asked.bits)
        for name in (READ_REJECTS, DOCUMENT_REJECTS):
            (self.place.work / name).write_bytes(b"")
        self.tell.stage("reading", sum(map(_bytes, self.asked.files)))
        documents = Documents(self.asked, self.place, self.tell)
        self._before([one.file for one in documents.changed])
        self._documents(documents)
        for number, file in enumerate(self.asked.files, start=self.asked.n_before + len(self.asked.files)):
            if file.kind in TABLES:
                self._table(number, file)
        return self._done(documents)

    def _before(self, changed: Sequence[str]) -> None:
        """Read the reports of the set before: each good once, and where it was read then; not those of articles that
        are read anew.
        """
        if self.asked.before is None:
            return
        for batch, places in self.asked.before.batches(changed):
            rows, rejects = self.preparer.prepare(batch, 0, str(self.asked.before.folder / "reports.parquet"))
            at = rows.column_names.index("place")
            self._take(rows.set_column(at, "place", pa.array(places[rows["place"].to_numpy() - 1])))
            self._reject([(0, one) for one in rejects])

    def _documents(self, documents: Documents) -> None:
        sizes = {file.name: _bytes(file) for file in self.asked.files}
        for number, name, reports in documents.reports():
            places = [(number << FILE_BITS) + at for at in range(1, len(reports) + 1)]
            self._take(self.preparer.reports(reports, places))
            self.tell.advance(sizes.get(name, 0))
        self._reject(sorted(documents.rejects, key=_place))
        for number, file, some in documents.located():
            found, refused = self.preparer.located(some, len(self.asked.files) + number)
            self._take(found)
            self._reject(refused, DOCUMENT_REJECTS)
            self.tell.advance(_bytes(file))

    def _table(self, number: int, file: InputFile | PluggedFile) -> None:
        """Read a table; where it breaks off, what stands before is kept."""
        name, told = file.name, 0
        try:
            with _stream(file) as (stream, position):
                for batch in _TABLES[str(file.kind)](stream, name).batches():
                    if isinstance(batch, RawBatch):
                        rows, rejects = self.preparer.prepare(batch, number, name)
                        self._take(rows)
                    else:
                        rejects = [batch]
                        self.failed += 1
                    self._reject([((number << FILE_BITS) + (one.line or 0), one) for one in rejects])
                    self.tell.advance(position() - told)
                    told = position()
        except InputError as error:
            reason = f"{error.problem}; {error.remedy}" if error.remedy else error.problem
            self._reject([((number << FILE_BITS) + (error.line or 0), Reject(name, error.line, reason, ""))])
            self.failed += 1
        self.tell.advance(_bytes(file) - told)

    def _take(self, rows: pa.Table) -> None:
        """Rows to disk: to the bucket of what they are rated with, or aside until texts are grouped."""
        loose = rows["unit"].null_count
        if loose:
            self.loose += loose
            self._loose.put(rows.filter(rows["unit"].is_null()), np.zeros(loose, dtype=np.int64))
            rows = rows.filter(rows["unit"].is_valid())
        if not rows.num_rows:
            return
        if rows["quantity"].null_count < rows.num_rows and rows["question"].null_count < rows.num_rows:
            self.families = True
        bucket = self._rows.add(rows)
        if self.asked.bits:
            given = rows["given"].combine_chunks()
            mine = given.to_numpy(zero_copy_only=False)
            self._ids.add(rows["key"].combine_chunks().filter(given), rows["place"].to_numpy()[mine], bucket[mine])

    def _reject(self, rejects: Iterable[tuple[int, Reject]], name: str = READ_REJECTS) -> None:
        self.rejected += write_placed(self.place.work / name, rejects)

    def _done(self, documents: Documents) -> dict[str, Any]:
        self._rows.close()
        self._loose.close()
        with pa.OSFile(str(self.place.work / CHAINS), "wb") as out:
            chains = pa.table({"chain": pa.array(self.preparer.books["provenance"].texts, type=pa.string())})
            with pa.ipc.new_file(out, chains.schema) as writer:
                writer.write_table(chains)
        to_disk(self.place.work / CHAINS)
        documents.keep(self.place.work / ARTICLES)
        to_disk(self.place.work / READ_REJECTS)
        notes = self.preparer.notes
        columns = Counter(notes.unknown_columns) + Counter(documents.unknown_columns)
        found = {
            "read": notes.n_rows + documents.n_reports + documents.n_rows + self.failed, "rejected": self.rejected,
            "repeats": documents.n_repeats, "loose": self.loose, "families": self.families,
            "lost": {str(bucket): rows.tolist() for bucket, rows in self._ids.losers().items()},
            "unknown_columns": dict(columns), "strange_facts": dict(self.preparer.strange["provenance"]),
            "strange_units": dict(self.preparer.strange["quantity"]), "untyped": documents.untyped,
        }  # fmt: skip
        self.place.save(READ_MARK, found)
        return found


@contextmanager
def _stream(file: InputFile | PluggedFile) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
    """A file's bytes, and how many of the file were read so far."""
    if file.path is None:
        stream = sys.stdin.buffer
        yield (unpacked(stream, file.packed) if file.packed else stream), lambda: 0
        return
    with opened(file.path, packed=None) as raw:
        yield (unpacked(raw, file.packed) if file.packed else raw), raw.tell


def _place(one: tuple[int, Reject]) -> int:
    return one[0]


def _bytes(file: InputFile | PluggedFile) -> int:
    return 0 if file.path is None or not file.path.exists() else file.path.stat().st_size
