"""The policies that a ledger's entries used, by their digests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from reliability.errors import InputError
from reliability.io.sources import read_sources_file
from reliability.ledger import index
from reliability.ledger.details import details_of
from reliability.ledger.extracting import policy_laid_out, written_out
from reliability.ledger.kept import blob_of
from reliability.ledger.store import Ledger
from reliability.rules.policy import Policy


@contextmanager
def archived(ledger: Ledger, name: str, as_of: date | None) -> Iterator[Policy | None]:
    """The policy whose digest (sha256:…) begins so, with the sources that the digest covers; None for none.

    Its folder is gone when this closes. Raises InputError where two begin so, LedgerError where it was altered.
    """
    with ledger.searched() as connection:
        found = index.with_policy(connection, name.casefold())
        known = index.by_number(connection, found[0][1]) if found else None
    if len(found) > 1:
        raise InputError(name, problem=f"is the beginning of {len(found)} digests in the ledger", remedy="give more")
    if known is None:
        yield None
        return
    placed = ledger.placed(known)
    details = details_of(placed, ledger.blobs)
    with tempfile.TemporaryDirectory(prefix="reliability-rules-") as place:
        rules = policy_laid_out(placed, ledger, Path(place))
        entries = []
        for file in details.files if details is not None else ():
            if file.role == "sources":
                path = written_out(file, blob_of(placed, ledger.blobs, "sources"), ledger, Path(place))
                entries = [(str(path), entry) for entry in read_sources_file(path)]
        yield Policy.load(rules, sources=entries, as_of=as_of)
