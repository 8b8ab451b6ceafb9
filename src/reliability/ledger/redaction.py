"""Contents removed for a reason: a tombstone says who and why, and the chain still verifies."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from reliability.errors import LedgerError, UsageError
from reliability.ledger.blobs import PART, flush_folder
from reliability.ledger.chain import Placed
from reliability.ledger.entry import Blob, Draft, Tombstone, moment
from reliability.ledger.locks import locked
from reliability.ledger.store import Ledger

_STAYS = ("policy",)


def removable(placed: Placed) -> tuple[Blob, ...]:
    """The contents of an entry that may name people: all but the policy, which other entries share."""
    return tuple(blob for blob in placed.entry.blobs if blob.role not in _STAYS)


def entries_with(ledger: Ledger, contents: Collection[str]) -> tuple[int, ...]:
    """The numbers of the entries that have any of these contents: equal contents are kept once for all of them."""
    return tuple(
        placed.entry.seq
        for placed in ledger.chain.whole()
        if any(blob.content in contents for blob in placed.entry.blobs)
    )


def refuse_lasting(ledger: Ledger, contents: Collection[str]) -> None:
    """Raises UsageError for a policy: every entry that was rated by it, and every one to come, needs it."""
    for placed in ledger.chain.whole():
        for blob in placed.entry.blobs:
            if blob.role in _STAYS and blob.content in contents:
                raise UsageError(f"sha256:{blob.content}", problem=f"is the {blob.role} of entry {placed.entry.seq:,}, "
                                 "which can't be removed", remedy="see `audit show ENTRY`")  # fmt: skip


def redact(ledger: Ledger, contents: Sequence[str], *, at: datetime, by: str, why: str) -> Placed:
    """Removes contents: first the tombstone, which stays, then the files, and what half-written ones were left.

    Contents are digests that some entry has; with an entry's details go its keys, since names can be tried on them.
    The index is made again without what it knew of them. Writers wait. Where it is stopped half way, `verify` says so,
    and the same call completes it.
    """
    refuse_lasting(ledger, contents)
    with ledger.writing() as writing:
        tombstone = Tombstone(removed=tuple(sorted({*contents, *_keys_of(ledger, contents)})), why=why)
        placed = ledger.append(Draft(at=moment(at), kind="redaction", by=by, tombstone=tombstone), writing)
    with locked(ledger.blobs.folder, exclusive=True):
        try:
            _take_away(ledger, tombstone.removed)
        except OSError as error:
            raise LedgerError(error.filename, problem=f"can't be removed ({error.strerror})",
                              remedy="give the right to, and run the same again") from None  # fmt: skip
        ledger.index.forget()
    with ledger.searched():
        return placed


def _keys_of(ledger: Ledger, contents: Collection[str]) -> Iterator[str]:
    """The keys of entries that lose their details."""
    for placed in ledger.chain.whole():
        details, keys = placed.entry.blob("details"), placed.entry.blob("keys")
        if details is not None and keys is not None and details.content in contents:
            yield keys.content


def _take_away(ledger: Ledger, contents: Sequence[str]) -> None:
    """Removes the files of contents, and what half-written ones were left."""
    for content in contents:
        ledger.blobs.place(content).unlink(missing_ok=True)
    for part in sorted(ledger.blobs.folder.glob(f"*{PART}")):
        part.unlink()
    for folder in sorted({ledger.blobs.place(content).parent for content in contents}):
        if folder.is_dir():
            flush_folder(folder)
