"""Is the index what the entries make it? It is made anew beside it, and the two files are compared byte by byte."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reliability.errors import LedgerError
from reliability.ledger import index
from reliability.ledger.chain import Placed
from reliability.ledger.index import Index
from reliability.ledger.locks import locked
from reliability.ledger.store import Ledger

_TABLES = ("entry", "subject", "policy")
_HEAD, _PIECE = 100, 1 << 20
_COUNTED, _COUNTED_AGAIN = slice(24, 28), slice(92, 96)
"""Bytes of an SQLite file's head: how often it was written, and that again as it was when its version was noted."""


def compared(ledger: Ledger, placed: Sequence[Placed], *, whole: bool) -> tuple[list[str], list[str]]:
    """What is wrong with a ledger's index, and remarks. `whole` False: entries or contents were altered.

    An index that ends before the entries do was left so by a writer that was stopped; one that goes on after them
    knows of entries that somebody cut off. The caller holds the chain's lock.
    """
    with tempfile.TemporaryDirectory(prefix="reliability-index-") as place:
        copy = Path(place) / "copy"
        copy.mkdir()
        if not ledger.index.folder.is_dir():
            return [], ["there is no index; it is made when it is next needed"]
        with locked(ledger.index.folder, exclusive=True):
            for path in sorted(ledger.index.folder.glob(f"{index.NAME}*")):
                if not path.name.endswith("-shm"):
                    shutil.copyfile(path, copy / path.name)
        if not (copy / index.NAME).exists() or (copy / index.NAME).stat().st_size == 0:
            return [], ["there is no index; it is made when it is next needed"]
        try:
            known = _last(copy / index.NAME)
        except sqlite3.Error as error:
            return [f"is no index ({error})"], []
        count = 0 if known is None else known.seq
        last = placed[-1].entry.seq if placed else 0
        if count > last:
            return [f"knows of {count:,} entries, and there are {last:,}: the end was cut off"], []
        if not whole:
            return [], ["the index was not compared, since what it is made of was altered"]
        said = [f"the index lacks the last {last - count:,} entries; it catches up"] if count < last else []
        wrong, more = _rebuilt(ledger, placed[:count], copy / index.NAME, Path(place))
        return wrong, said + more


def _last(path: Path) -> index.Known | None:
    """The last entry that a copy knows; what stood in its log is then in the file itself."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return index.last_known(connection)
    finally:
        connection.close()


def _rebuilt(ledger: Ledger, placed: Sequence[Placed], copy: Path, place: Path) -> tuple[list[str], list[str]]:
    again = Index(place, ledger.index.of, lasting=False)
    again.folder.mkdir()
    try:
        with again.connected() as connection:
            again.add(connection, lambda start: placed)
    except LedgerError as error:
        return [f"can't be made again: {error}"], []
    if _same(copy, again.path):
        return [], []
    made_by = index.version_of(copy)
    if made_by not in (0, index.VERSION) and _writer(copy) == made_by and _rows(copy) == _rows(again.path):
        return [], [f"the index was made by another SQLite ({made_by}, here {index.VERSION}): its rows are the same"]
    return ["is not what the entries make it; when they are in order, remove it: it is made again"], []


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


def _rows(path: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    try:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in _TABLES]
    except sqlite3.Error:
        return []
    finally:
        connection.close()
