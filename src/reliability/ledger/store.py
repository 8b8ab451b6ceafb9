"""A ledger: its entries, contents and index in one folder, opened, added to and searched."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reliability.errors import LedgerError, UsageError
from reliability.ledger import blobs, chain, index
from reliability.ledger.blobs import Blobs, Writing, flush_folder
from reliability.ledger.chain import Chain, Placed
from reliability.ledger.entry import Blob, Draft, Entry
from reliability.ledger.index import Index, Known, Wanted
from reliability.ledger.keys import found_by
from reliability.ledger.locks import locked

if TYPE_CHECKING:
    from reliability.rules.policy import Policy

_OWN = {chain.NAME, chain.PENDING, blobs.NAME, index.FOLDER}
_HASH = re.compile(r"[0-9a-f]{8,64}")
LAST = "last"


class Ledger:
    """A ledger that is there. Several processes may use one at once; get one with `open`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chain = Chain(folder)
        self.blobs = Blobs(folder)
        self.index = Index(folder, lambda placed: found_by(placed, self.blobs))
        self.policies: dict[tuple[str | None, ...], Policy] = {}  # the last few that were used, by contents and day

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Ledger:
        """The ledger in a folder; with `create` a new one where the folder is new or empty, made when it is written to.

        Raises LedgerError for a folder that is no ledger, or can't be written; MissingExtra without Zstandard.
        """
        ledger = cls(folder)
        try:
            if ledger.chain.path.is_file():
                with ledger.chain.path.open("rb"):
                    pass
                if create and not os.access(ledger.chain.path, os.W_OK):
                    raise LedgerError(
                        folder, problem="can only be read", remedy="record in another, or make it writable"
                    )
            else:
                _require_room(folder, create)
        except OSError as error:
            raise LedgerError(folder, problem=f"can't be opened ({error.strerror})", remedy="check the place") from None
        return ledger

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Contents may be written while this is open, to be given to `append`."""
        try:
            if not self.chain.path.is_file():
                _require_room(self.folder, create=True)
                _make(self.folder)
            with self.blobs.writing() as found:
                yield found
        except OSError as error:
            where = error.filename or self.folder
            raise LedgerError(where, problem=f"can't be written ({error.strerror})", remedy="check the disk") from None

    def append(self, draft: Draft, writing: Writing) -> Placed:
        """Appends an entry with the contents that were written for it; both are on disk when this returns.

        Raises LedgerError where the ledger is not as it was left (its end was cut off), and for contents that were
        removed by order.
        """
        with locked(self.chain.path, exclusive=True), self.index.connected() as connection:
            self.chain.recover()
            self._catch_up(connection)
            last = self.chain.last()
            for one in writing.ready:
                refuse_removed(connection, one.blob.content)
            stored = writing.settle()

            def make(seq: int, prev: str) -> Entry:
                return Entry(**{**dict(draft), "blobs": stored, "seq": seq, "prev": prev})

            placed = self.chain.append(make, last)
            with suppress(sqlite3.Error):  # the entry is there: the index can catch up later
                self.index.add(connection, self.chain.entries)
        return placed

    @contextmanager
    def searched(self) -> Iterator[sqlite3.Connection]:
        """The index, up to date."""
        with self.index.connected() as connection:
            self._catch_up(connection)
            yield connection

    def entry(self, name: str) -> Placed:
        """The entry that is called so: its number, `last`, or the first eight digits of its hash, or more.

        Raises UsageError for none.
        """
        with self.searched() as connection:
            known = self._named(connection, name)
        return self.placed(known)

    def placed(self, known: Known) -> Placed:
        """The entry that the index knows of. Raises LedgerError where it is another."""
        placed = self.chain.at(known.start, known.length)
        if (placed.entry.seq, placed.hash) != (known.seq, known.hash):
            raise LedgerError(self.index.path, problem=f"says of entry {known.seq:,} what is not so",
                              remedy="`audit verify` says more")  # fmt: skip
        return placed

    def found(self, which: Wanted, most: int) -> list[Placed]:
        """The newest entries that are asked for, at most so many, oldest first."""
        with self.searched() as connection:
            return [self.placed(known) for known in index.wanted(connection, which, most)]

    def policy_content(self, digest: str) -> Blob | None:
        """The content that holds the policy with a digest, where an entry used it."""
        with self.searched() as connection:
            found = [seq for known, seq in index.with_policy(connection, digest) if known == digest]
            known = index.by_number(connection, found[0]) if found else None
        return None if known is None else self.placed(known).entry.blob("policy")

    def was_removed(self, content: str) -> bool:
        """Whether a content was removed by order."""
        with self.searched() as connection:
            return index.has(connection, "removed", content)

    def _named(self, connection: sqlite3.Connection, name: str) -> Known:
        last = index.last_known(connection)
        if last is None:
            raise UsageError(name, problem="the ledger has no entries", remedy="`audit record` adds one")
        if name == LAST:
            return last
        if name.isdecimal() and len(name) < 19 and (known := index.by_number(connection, int(name))) is not None:
            return known
        digits = name.removeprefix("sha256:").casefold()
        if _HASH.fullmatch(digits):
            known_by_hash = index.by_hash(connection, digits)
            if len(known_by_hash) == 1:
                return known_by_hash[0]
        raise UsageError(name, problem="is no entry of this ledger",
                         remedy=f"name one by its number (1 to {last.seq:,}), its hash, or `{LAST}`")  # fmt: skip

    def _catch_up(self, connection: sqlite3.Connection) -> None:
        """Takes into the index what it lacks. Raises LedgerError where the entries are fewer than it knows, or others.

        A line that is being appended is left for later.
        """
        known = index.last_known(connection)
        size = os.path.getsize(self.chain.path)
        if known is not None:
            if size < known.end:
                raise LedgerError(self.chain.path, problem=f"its end was cut off: entry {known.seq:,} is gone",
                                  remedy="`audit verify` says more")  # fmt: skip
            if self.chain.at(known.start, known.length).hash != known.hash:
                raise LedgerError(self.chain.path, problem=f"entry {known.seq:,} is another than was recorded",
                                  remedy="`audit verify` says more")  # fmt: skip
        if size > (0 if known is None else known.end):
            self.index.add(connection, self.chain.whole)


def refuse_removed(connection: sqlite3.Connection, content: str) -> None:
    """Raises LedgerError for a content that was removed: what was taken out for a reason does not come back."""
    if index.has(connection, "removed", content):
        raise LedgerError(f"sha256:{content}", problem="was removed from this ledger by order",
                          remedy="`audit list --kind redaction` says by whom and why")  # fmt: skip


def _require_room(folder: Path, create: bool) -> None:
    """Raises LedgerError where no ledger is to be made, another thing is there, or nothing can be written."""
    if not create or (folder.exists() and (not folder.is_dir() or set(os.listdir(folder)) - _OWN)):
        there = "holds other files" if create else "is no ledger"
        raise LedgerError(folder, problem=there, remedy="name a ledger's folder; `audit record` makes a new one")
    above = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise LedgerError(folder, problem="can't be made there", remedy="check the place")


def _make(folder: Path) -> None:
    """Makes an empty ledger."""
    for place in (folder, folder / blobs.NAME, folder / index.FOLDER):
        place.mkdir(parents=True, exist_ok=True)
    os.close(os.open(folder / chain.NAME, os.O_CREAT | os.O_WRONLY, 0o666))
    flush_folder(folder)
