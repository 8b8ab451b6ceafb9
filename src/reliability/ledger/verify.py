"""Is the ledger as it was written? Every line against its hash and the one before, every file against its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reliability.errors import LedgerError, ReliabilityError
from reliability.ledger import index_check
from reliability.ledger.blobs import PART
from reliability.ledger.chain import Line, Placed
from reliability.ledger.entry import FIRST, Blob, NoEntry, Role, entry_of, opened
from reliability.ledger.locks import locked
from reliability.ledger.merkle import Root, leaf_hash
from reliability.ledger.store import Ledger


@dataclass(frozen=True)
class Finding:
    """What is not as it was written: at which entry (by its place in the chain; None: at none), and what is wrong."""

    entry: int | None
    where: str
    problem: str


@dataclass(frozen=True)
class Verified:
    """What was looked at, the chain's head and Merkle root, what is wrong (in entries' order), and mere remarks."""

    entries: int
    contents: int
    n_bytes: int
    head: str
    root: str
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]

    @property
    def first_bad(self) -> int | None:
        """The number of the first entry that something is wrong with."""
        return min((one.entry for one in self.findings if one.entry is not None), default=None)


Check = Callable[[Placed], Iterator[str]]


class _Content(NamedTuple):
    """What the first entry that has a content says of it, and which entry that is: small, since there may be many."""

    stored: str
    size: int
    role: Role
    entry: int


@dataclass
class _Walk:
    """What is gathered on the way through the entries."""

    contents: dict[str, _Content] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    root: Root = field(default_factory=Root)
    n_bytes: int = 0
    n_lines: int = 0
    head: str = FIRST
    seen: bool = False
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def verify(
    ledger: Ledger, *, head: str | None = None, contents: bool = False, check: Check | None = None
) -> Verified:  # fmt: skip
    """Compares all of a ledger with the digests that its entries hold, and its index with one made anew.

    `head` is a hash that was noted down: an entry must have it still. `contents` also unpacks every content and
    compares it with its own digest; `check` gives what else is wrong with an entry, where nothing was altered, or
    raises ReliabilityError where it needs contents that were removed by order. Nothing is changed.
    """
    walk = _Walk()
    with locked(ledger.blobs.folder, exclusive=False), locked(ledger.chain.path, exclusive=False):
        with index_check.beside(ledger) as again:
            with index_check.taking(again):
                for line in ledger.chain.lines():
                    _line(line, walk, ledger, head, again)
            for content, said in walk.contents.items():
                where = str(ledger.blobs.place(content).relative_to(ledger.folder))
                for problem in _content(content, said, ledger, walk, contents):
                    walk.findings.append(Finding(said.entry, where, problem))
            _strays(ledger, walk)
            wrong, remarks = again.compared(walk.n_lines, whole=not walk.findings)
        walk.findings += [Finding(None, f"{ledger.index.folder.name}/{ledger.index.path.name}", one) for one in wrong]
        walk.remarks += remarks
        if check is not None and not walk.findings:
            for placed in ledger.chain.whole():
                _checked(placed, walk, check)
    if head is not None and not walk.seen and head != FIRST:
        walk.findings.append(Finding(None, ledger.chain.path.name, f"no entry has the hash {head}: the end was cut off "
                                     "or written anew, or the hash is another ledger's"))  # fmt: skip
    order = sorted(walk.findings, key=lambda one: (one.entry is None, one.entry or 0))
    return Verified(walk.n_lines, len(walk.contents), walk.n_bytes, walk.head, walk.root.digest().hex(), tuple(order),
                    tuple(walk.remarks))  # fmt: skip


def _checked(placed: Placed, walk: _Walk, check: Check) -> None:
    """What else is wrong with an entry; one that can't be checked lost contents by order, which is only said."""
    try:
        walk.findings += [Finding(placed.entry.seq, f"entry {placed.entry.seq}", one) for one in check(placed)]
    except ReliabilityError as error:
        walk.remarks.append(f"not computed again: {error}")


def _line(line: Line, walk: _Walk, ledger: Ledger, head: str | None, again: index_check.Again) -> None:
    where = f"{ledger.chain.path.name}, byte {line.offset:,}"
    walk.n_bytes += len(line.data)
    if not line.data.endswith(b"\n") and ledger.chain.unfinished()[1] is not None:
        walk.remarks.append("the last entry is unfinished: its writer was stopped, and the next one will complete it")
        return
    walk.n_lines += 1
    try:
        body, digest = opened(line.data)
        walk.root.add(leaf_hash(body))
        entry = entry_of(body)
    except NoEntry as error:
        walk.findings.append(Finding(walk.n_lines, where, str(error)))
        walk.head = ""
        return
    if walk.head and entry.prev != walk.head:
        walk.findings.append(Finding(walk.n_lines, where, f"(numbered {entry.seq:,}) does not follow the entry before "
                                     "it: one was put in, left out, moved or written anew"))  # fmt: skip
    elif entry.seq != walk.n_lines:
        walk.findings.append(Finding(walk.n_lines, where, f"is numbered {entry.seq:,}"))
    walk.head = digest
    walk.seen |= digest == head
    again.take(Placed(entry, digest, line))
    for blob in entry.blobs:
        here = _Content(blob.stored, blob.size, blob.role, walk.n_lines)
        if walk.contents.setdefault(blob.content, here)[:2] != here[:2]:
            walk.findings.append(Finding(walk.n_lines, where, f"says of {blob.content} what an earlier entry does not"))
    for content in entry.tombstone.removed if entry.tombstone is not None else ():
        walk.removed.setdefault(content, entry.seq)


def _content(content: str, said: _Content, ledger: Ledger, walk: _Walk, unpack: bool) -> Iterator[str]:
    """What is wrong with a content's file."""
    place, removed = ledger.blobs.place(content), content in walk.removed
    try:
        if place.exists() and not place.is_file():
            yield "is no file"
            return
        with place.open("rb") as file:
            walk.n_bytes += place.stat().st_size
            stored = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        if not removed:
            yield f"is missing ({said.role})"
        return
    except OSError as error:
        yield f"can't be read ({error.strerror})"
        return
    if removed:
        yield "was removed by order, and is still there: run `audit redact` again"
    elif stored != said.stored:
        yield f"was altered ({said.role}): the file does not have the digest that was recorded"
    elif unpack:
        try:
            for _ in ledger.blobs.pieces(Blob(role=said.role, content=content, stored=stored, size=said.size)):
                pass
        except LedgerError as error:
            yield error.problem


def _strays(ledger: Ledger, walk: _Walk) -> None:
    """Remarks on files in the contents' folder that no entry names."""
    known = {ledger.blobs.place(content) for content in walk.contents}
    strays = [path for path in ledger.blobs.folder.rglob("*") if path not in known and not path.is_dir()]
    parts = sum(path.suffix == PART for path in strays)
    if strays:
        said = f"{len(strays):,} files that no entry names stand in {ledger.blobs.folder.name}/"
        walk.remarks.append(f"{said} ({parts:,} of them half written): their writers were stopped")
