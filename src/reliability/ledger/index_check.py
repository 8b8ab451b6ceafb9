"""Is the index what the entries make it? It is made anew beside it, and the two files are compared byte by byte."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reliability.errors import LedgerError
from reliability.ledger import index
from reliability.ledger.chain import Placed
from reliability.ledger.index import Index
from reliability.ledger.locks import locked
from reliability.ledger.store import Ledger

_TABLES = ("entry", "subject", "many", "policy")
_HEAD, _PIECE = 100, 1 << 20
_COUNTED, _COUNTED_AGAIN = slice(24, 28), slice(92, 96)
"""Bytes of an SQLite file's head: how often it was written, and that again as it was when its version was noted."""


class Again:
    """The index made again beside a copy of the ledger's own, as entries go by; use `beside` to get one."""

    def __init__(self, ledger: Ledger, place: Path) -> None:
        self.copy = place / "copy" / index.NAME
        self.index = Index(place / "again", ledger.index.of, lasting=False)
        self.connection: sqlite3.Connection | None = None
        self.count = 0
        self.last = 0
        self.wrong: str | None = None
        if any(path.exists() and (path.is_symlink() or not path.is_file()) for path in _files(ledger)):
            self.missing, self.wrong = False, "is no file"
            return
        try:
            self.missing = not _copied(ledger, self.copy)
        except OSError as error:
            self.missing, self.wrong = False, f"can't be read ({error.strerror})"
            return
        try:
            known = None if self.missing else _last(self.copy)
            self.count = 0 if known is None else known.seq
        except sqlite3.Error as error:
            self.wrong = f"is no index ({error})"

    def take(self, placed: Placed) -> None:
        """Takes the next entry, as far as the ledger's own index knows them."""
        self.last += 1
        if self.wrong is None and self.last <= self.count and self.connection is not None:
            try:
                self.index.take(self.connection, placed)
            except (LedgerError, sqlite3.Error) as error:
                self.wrong = f"can't be made again: {error}"

    def compared(self, n_lines: int, *, whole: bool) -> tuple[list[str], list[str]]:
        """What is wrong with the ledger's index, and remarks. `whole` False: lines or contents were altered.

        An index that ends before the entries do was left so by a writer that was stopped; one that goes on after them
        knows of entries that somebody cut off.
        """
        if self.missing:
            return [], ["there is no index; it is made when it is next needed"]
        if self.count > n_lines:
            return [f"knows of {self.count:,} entries, and there are {n_lines:,}: the end was cut off"], []
        if self.wrong is not None:
            return [self.wrong], []
        if not whole:
            return [], ["the index was not compared, since what it is made of was altered"]
        lacking = n_lines - self.count
        said = [f"the index lacks the last {lacking:,} entries; it catches up"] if lacking else []
        if _same(self.copy, self.index.path):
            return [], said
        made_by = _writer(self.copy)
        if _says(self.copy, made_by):
            return [], [*said, "the index is an earlier version's, and was not compared; it is made again when it is "
                        "next needed"]  # fmt: skip
        if (made_by != index.SQLITE and _says(self.copy, made_by | index.LAYOUT)
                and _rows(self.copy) == _rows(self.index.path)):  # fmt: skip
            return [], [*said, f"the index was made by another SQLite ({made_by}, here {index.SQLITE}): its rows are "
                        "the same"]  # fmt: skip
        return ["is not what the entries make it; when they are in order, remove it: it is made again"], said


@contextmanager
def beside(ledger: Ledger) -> Iterator[Again]:
    """An index that is made again in a folder which is gone afterwards. The caller holds the chain's lock."""
    with tempfile.TemporaryDirectory(prefix="reliability-index-") as place:
        again = Again(ledger, Path(place))
        again.index.folder.mkdir(parents=True)
        yield again


@contextmanager
def taking(again: Again) -> Iterator[None]:
    """While this is open entries are taken; afterwards the file is whole."""
    with again.index.connected() as connection:
        connection.execute("BEGIN IMMEDIATE")
        again.connection = connection
        yield
        again.connection = None
        connection.execute("COMMIT")


def _files(ledger: Ledger) -> list[Path]:
    return sorted(ledger.index.folder.glob(f"{index.NAME}*"))


def _copied(ledger: Ledger, copy: Path) -> bool:
    """Copies a ledger's index, with its log, while nobody writes to it; False where there is none."""
    copy.parent.mkdir(parents=True)
    if not ledger.index.folder.is_dir():
        return False
    with locked(ledger.index.folder, exclusive=True):
        for path in _files(ledger):
            if not path.name.endswith("-shm"):
                shutil.copyfile(path, copy.parent / path.name)
    return copy.exists() and copy.stat().st_size > 0


def _last(path: Path) -> index.Known | None:
    """The last entry that a copy knows; what stood in its log is then in the file itself."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return index.last_known(connection)
    finally:
        connection.close()


def _same(copy: Path, again: Path) -> bool:
    """Whether two SQLite files are the same, but for the count of writes that each keeps in two places."""
    with copy.open("rb") as mine, again.open("rb") as theirs:
        heads = [file.read(_HEAD) for file in (mine, theirs)]
        if any(head[_COUNTED] != head[_COUNTED_AGAIN] for head in heads):
            return False
        first, second = (head[: _COUNTED.start] + head[_COUNTED.stop : _COUNTED_AGAIN.start] + head[
            _COUNTED_AGAIN.stop :] for head in heads)  # fmt: skip
        if first != second:
            return False
        while piece := mine.read(_PIECE):
            if piece != theirs.read(_PIECE):
                return False
        return not theirs.read(1)


def _writer(path: Path) -> int:
    """The version of SQLite that last wrote to a file, as SQLite notes down."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(_HEAD)[96:100])


def _says(path: Path, version: int) -> bool:
    """Whether an index has this as its own note of who made it."""
    try:
        return index.version_of(path) == version
    except sqlite3.Error:
        return False


def _rows(path: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    try:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES]
    except sqlite3.Error:
        return []
    finally:
        connection.close()
