"""The first stage: all inputs are read and judged, and good rows go to disk in buckets."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from reliability.batch.asked import Asked, Teller
from reliability.batch.desk import CHAINS, DESKS, IDS, REJECTS, Desk, desks, one_book
from reliability.batch.documents import Documents
from reliability.batch.kept_articles import ARTICLES
from reliability.batch.pieces import n_lines, numbered, pieces_of
from reliability.batch.prepare import FILE_BITS, Preparer
from reliability.batch.raw import RawBatch
from reliability.batch.read_apart import Desks, read_apart
from reliability.batch.readers import Readers
from reliability.batch.reject_files import merge_placed
from reliability.batch.spill import losers, to_disk
from reliability.batch.workers import Workers
from reliability.batch.workplace import Workplace
from reliability.io.kinds import TABLES, InputFile, PluggedFile
from reliability.io.rows import Reject
from reliability.io.streams import opened, unpacked

READ_MARK, READ_REJECTS, DOCUMENT_REJECTS = "read.json", "read.rejects", "documents.rejects"


@dataclass
class Reading:
    """Reads a run's inputs into its workplace, here or with several processes."""

    asked: Asked
    place: Workplace
    tell: Teller
    workers: Workers
    desk: Desk = field(init=False)
    _readers: Readers = field(default_factory=Readers)

    def run(self) -> dict[str, Any]:
        """Read everything; the mark of what was read. What was read already is not read again."""
        known: dict[str, Any] | None = self.place.load(READ_MARK)
        if known is not None:
            return known
        self._folder = self.place.fresh(DESKS)
        self.desk = Desk(self._new_desk(0), self.asked.bits, Preparer(self.asked.policy, most=self._most))
        (self.place.work / DOCUMENT_REJECTS).write_bytes(b"")
        self.tell.stage("reading", sum(map(_bytes, self.asked.files)))
        documents = Documents(self.asked, self.place, self.tell)
        self._before([one.file for one in documents.changed])
        self._documents(documents)
        others = self._tables()
        return self._done(documents, [self.desk.close(), *others])

    @property
    def _most(self) -> int:
        """How many chains a desk's book holds at most."""
        return max(1000, self.asked.memory // 4_000)

    def _new_desk(self, number: int) -> Path:
        """A folder that no process of an interrupted run writes to."""
        folder = self._folder / f"{number:06d}-{os.getpid()}"
        folder.mkdir()
        return folder

    def _before(self, changed: Sequence[str]) -> None:
        """Read the reports of the set before: each good once, and where it was read then; not those of articles that
        are read anew.
        """
        if self.asked.before is None:
            return
        for batch, places in self.asked.before.batches(changed):
            rows, rejects = self.desk.preparer.prepare(batch, 0, str(self.asked.before.folder / "reports.parquet"))
            at = rows.column_names.index("place")
            self.desk.take(rows.set_column(at, "place", pa.array(places[rows["place"].to_numpy() - 1])))
            self.desk.reject([(0, one) for one in rejects])

    def _documents(self, documents: Documents) -> None:
        sizes = {file.name: _bytes(file) for file in self.asked.files}
        for number, name, reports in documents.reports():
            places = [(number << FILE_BITS) + at for at in range(1, len(reports) + 1)]
            self.desk.take(self.desk.preparer.reports(reports, places))
            self.tell.advance(sizes.get(name, 0))
        self.desk.reject(sorted(documents.rejects, key=_place))
        for number, file, some in documents.located():
            found, refused = self.desk.preparer.located(some, len(self.asked.files) + number)
            self.desk.take(found)
            self.desk.reject(refused, self.place.work / DOCUMENT_REJECTS)
            self.tell.advance(_bytes(file))

    def _tables(self) -> list[dict[str, Any]]:
        """Read the tables here, or with several processes; what these noticed."""
        asked, first = self.asked, self.asked.n_before + len(self.asked.files)
        tables = [(first + at, file) for at, file in enumerate(asked.files) if file.kind in TABLES]
        if asked.jobs > 1 and all(file.path is not None for _, file in tables):
            pieces = pieces_of(asked.files, first)
            if len(pieces) > 1:
                folders = [self._new_desk(at) for at in range(1, min(asked.jobs, len(pieces)) + 1)]
                pieces = numbered(pieces, lambda some: list(map(n_lines, some)))
                common = Desks(pieces, asked.policy, self._most, asked.bits)
                return read_apart(folders, common, self.workers, self.tell)
        for number, file in tables:
            self.desk.read(self._batches(file), number, file.name)
        return []

    def _batches(self, file: InputFile | PluggedFile) -> Iterator[RawBatch | Reject]:
        told = 0
        try:
            with _stream(file) as (stream, position):
                for batch in self._readers.batches(str(file.kind), stream, file.name):
                    yield batch
                    self.tell.advance(position() - told)
                    told = position()
        finally:
            self.tell.advance(_bytes(file) - told)

    def _done(self, documents: Documents, notes: Sequence[dict[str, Any]]) -> dict[str, Any]:
        folders = desks(self.place.work)
        texts = one_book([(folder, note["chains"]) for folder, note in zip(folders, notes, strict=True)])
        with pa.OSFile(str(self.place.work / CHAINS), "wb") as out:
            chains = pa.table({"chain": pa.array(texts, type=pa.string())})
            with pa.ipc.new_file(out, chains.schema) as writer:
                writer.write_table(chains)
        to_disk(self.place.work / CHAINS)
        documents.keep(self.place.work / ARTICLES)
        merge_placed([folder / REJECTS for folder in folders], self.place.work / READ_REJECTS)
        sums = {name: sum(note[name] for note in notes) for name in ("read", "rejected", "loose")}
        counts = {name: sum((Counter(note[name]) for note in notes), Counter[str]())
                  for name in ("unknown_columns", "strange_facts", "strange_units")}  # fmt: skip
        counts["unknown_columns"] += Counter(documents.unknown_columns)
        found = {
            **sums, **counts, "read": sums["read"] + documents.n_reports + documents.n_rows,
            "repeats": documents.n_repeats, "families": any(note["families"] for note in notes),
            "lost": {str(bucket): rows.tolist() for bucket, rows in losers([one / IDS for one in folders]).items()},
            "untyped": documents.untyped,
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
