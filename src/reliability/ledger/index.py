"""The index: an SQLite file over the entries, made of them alone; it can be thrown away and is made again.

Rows are only ever added, in the chain's order, so that the same entries give the same bytes: `verify` rebuilds the file
and compares. Names stand in it as 64 bits of their hashes, so that it holds nothing which could have to be removed. An
entry with many names has them in one row, which is soon made and is looked through; of the others each has its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import LedgerError
from reliability.ledger.chain import Placed
from reliability.ledger.keys import WIDTH, Key, Subject, key_of
from reliability.ledger.locks import locked

FOLDER, NAME = "index", "index.sqlite"
_BUSY_S = 600.0
_MAGIC, _FRACTIONS, _HEAD = b"SQLite format 3\0", bytes([64, 32, 32]), 100
_NUMBERS = sqlite3.sqlite_version_info
SQLITE = _NUMBERS[0] * 1_000_000 + _NUMBERS[1] * 1_000 + _NUMBERS[2]
LAYOUT = 0x3000_0000
"""Which tables there are, beside SQLite's version in a file's own note; two bits, so that no single flip gives none."""
VERSION = SQLITE | LAYOUT
_TABLES = (
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, hash TEXT NOT NULL, start INTEGER NOT NULL, "
    "length INTEGER NOT NULL)",
    "CREATE INDEX by_hash ON entry (hash)",
    "CREATE INDEX by_at ON entry (at)",
    "CREATE TABLE subject (key INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID",
    "CREATE TABLE many (seq INTEGER PRIMARY KEY, keys BLOB NOT NULL)",
    "CREATE TABLE policy (digest TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
    f"PRAGMA user_version = {VERSION}",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knows of an entry: its number, hash, and where its line stands."""

    seq: int
    hash: str
    start: int
    length: int

    @property
    def end(self) -> int:
        """Where the next line starts."""
        return self.start + self.length


@dataclass(frozen=True)
class Wanted:
    """Entries that are asked for: all of `subjects`, from `since` on and before `until` (moments as entries have)."""

    subjects: Sequence[tuple[Subject, str]] = ()
    since: str | None = None
    until: str | None = None


Found = Callable[[Placed], tuple[Iterable[Key], bytes]]
"""What an entry is found by: a few keys, and (in order, put together; or nothing) those of one with many names."""


class Index:
    """The index in a ledger's folder, or (`lasting` False) in another one, to compare.

    `of` gives what an entry is found by.
    """

    def __init__(self, folder: Path, of: Found, *, lasting: bool = True) -> None:
        self.lasting = lasting
        self.folder = folder / FOLDER
        self.path = self.folder / NAME
        self.of = of

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """The index, made if it is not there. While it is open nobody throws it away.

        One that another version of SQLite made is made again, since its bytes could be others, and so is a link. Where
        nothing can be written, as on a read-only copy, it is made in memory. Raises LedgerError where the file is no
        index.
        """
        try:
            writable = self._prepare()
            with locked(self.folder if writable else self.folder.parent, exclusive=False):
                place = self.path if writable else ":memory:"
                connection = sqlite3.connect(place, timeout=_BUSY_S, isolation_level=None)
                try:
                    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                        # where two begin a log at once, SQLite has one of them fail
                        with locked(self.folder.parent, exclusive=True) if writable else nullcontext():
                            _make(connection)
                    connection.execute(f"PRAGMA synchronous = {'NORMAL' if self.lasting else 'OFF'}")
                    connection.execute("PRAGMA secure_delete = ON")
                    yield connection
                finally:
                    connection.close()
        except sqlite3.Error as error:
            raise LedgerError(self.path, problem=f"is no index that can be used ({error})",
                              remedy=f"`audit verify` first, then remove {FOLDER}/{NAME}: it is made again from the "
                              "entries") from None  # fmt: skip

    def _prepare(self) -> bool:
        """Whether the index can be written; if so its folder is there, and no file of another SQLite's."""
        if not os.access(self.folder if self.folder.is_dir() else self.folder.parent, os.W_OK):
            return False
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise LedgerError(self.folder, problem=f"can't be made ({error.strerror})",
                              remedy="`audit verify` first, then remove what stands there") from None  # fmt: skip
        if self.lasting and (self.path.is_symlink() or (self.path.is_file() and self._other())):
            self.forget()
        return True

    def _other(self) -> bool:
        """Whether the file is another SQLite's, or of other tables."""
        try:
            return version_of(self.path) not in (0, VERSION)
        except OSError as error:
            raise LedgerError(self.path, problem=f"can't be read ({error.strerror})",
                              remedy="give the right to, or remove it: it is made again") from None  # fmt: skip

    def add(self, connection: sqlite3.Connection, entries: Callable[[int], Iterable[Placed]]) -> None:
        """Takes in the entries after the last known one; `entries` gives those from a place in the file on."""
        connection.execute("BEGIN IMMEDIATE")
        try:
            known = last_known(connection)
            for one in entries(0 if known is None else known.end):
                self.take(connection, one)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    def forget(self) -> None:
        """Removes the index: it is made again, of what is there now. Waits for whoever uses it."""
        with locked(self.folder, exclusive=True):
            for path in sorted(self.folder.glob(f"{NAME}*")):
                path.unlink()

    def take(self, connection: sqlite3.Connection, one: Placed) -> None:
        """Adds the next entry, in a transaction that the caller began."""
        entry = one.entry
        connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
                           (entry.seq, entry.at, one.hash, one.line.offset, len(one.line.data)))  # fmt: skip
        few, many = self.of(one)
        connection.executemany("INSERT INTO subject VALUES (?, ?)", ((key, entry.seq) for key in sorted(few)))
        if many:
            connection.execute("INSERT INTO many VALUES (?, ?)", (entry.seq, many))
        if entry.run is not None:
            connection.execute("INSERT OR IGNORE INTO policy VALUES (?, ?)", (entry.run.rules, entry.seq))


def version_of(path: Path) -> int:
    """The note of who made it in an index's file, or 0 where that stands in its log alone so far.

    Raises sqlite3.DatabaseError for what is none. Source: SQLite's file format, the header's bytes from 0, 21 and 60.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head and not (head.startswith(_MAGIC) and head[21:24] == _FRACTIONS):
        raise sqlite3.DatabaseError("file is not a database")
    return int.from_bytes(head[60:64])


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA page_size = 4096")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # no other process was first
        for statement in _TABLES:
            connection.execute(statement)
    connection.execute("COMMIT")


def last_known(connection: sqlite3.Connection) -> Known | None:
    """The last entry that the index knows."""
    row = connection.execute("SELECT seq, hash, start, length FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else _known(row)


def _known(row: tuple[object, ...]) -> Known:
    """A row as what it should hold. Raises sqlite3.DatabaseError where it holds other things."""
    seq, digest, start, length = row
    if isinstance(seq, int) and isinstance(digest, str) and isinstance(start, int) and isinstance(length, int):
        return Known(seq, digest, start, length)
    raise sqlite3.DatabaseError("a row that holds no numbers")


def by_number(connection: sqlite3.Connection, seq: int) -> Known | None:
    """The entry with a number."""
    row = connection.execute("SELECT seq, hash, start, length FROM entry WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else _known(row)


def by_hash(connection: sqlite3.Connection, digits: str) -> list[Known]:
    """The first two entries whose hash begins with some hex digits."""
    return [_known(row) for row in connection.execute(
        "SELECT seq, hash, start, length FROM entry WHERE hash >= ? AND hash < ? ORDER BY hash LIMIT 2",
        (digits, digits + "g"))]  # fmt: skip


def has(connection: sqlite3.Connection, subject: Subject, name: str) -> bool:
    """Whether any entry can be found by a subject that is none of a run's many names."""
    found = connection.execute("SELECT 1 FROM subject WHERE key = ? LIMIT 1", (key_of(subject, name),))
    return found.fetchone() is not None


def with_policy(connection: sqlite3.Connection, digits: str) -> list[tuple[str, int]]:
    """The digests of policies that begin so, each with the first entry that used it."""
    found = connection.execute("SELECT digest, seq FROM policy WHERE digest >= ? AND digest < ? ORDER BY digest",
                               (digits, digits + "g"))  # fmt: skip
    return [(str(digest), int(seq)) for digest, seq in found]


def wanted(connection: sqlite3.Connection, which: Wanted, most: int) -> list[Known]:
    """The newest entries that are asked for, at most so many, oldest first."""
    where: list[str] = ["1"]
    values: list[int | bytes | str] = []
    for subject, name in which.subjects:
        key = key_of(subject, name)
        where.append("seq IN (SELECT seq FROM subject WHERE key = ? UNION SELECT seq FROM many WHERE instr(keys, ?))")
        values += [key, key.to_bytes(WIDTH, signed=True)]
    days = [(sign, day) for sign, day in ((">=", which.since), ("<", which.until)) if day is not None]
    where += [f"at {sign} ?" for sign, _ in days]
    found = connection.execute(
        f"SELECT seq, hash, start, length FROM entry WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT ?",
        [*values, *(day for _, day in days), most],
    )  # fmt: skip
    return [_known(row) for row in found][::-1]
