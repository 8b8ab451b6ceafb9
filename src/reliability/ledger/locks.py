"""Locks between processes, on files and folders that are there anyway; the system drops them when a process dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reliability.errors import LedgerError


@contextmanager
def locked(place: Path, *, exclusive: bool) -> Iterator[int]:
    """Holds a lock on a file or folder; the descriptor is open for reading. Waits for as long as another holds it.

    Raises LedgerError where there is no such place, or the system has no such locks.
    """
    try:
        import fcntl
    except ImportError:
        raise LedgerError(place, problem="this system has no flock", remedy="keep ledgers on Linux or macOS") from None
    try:
        descriptor = os.open(place, os.O_RDONLY)
    except OSError as error:
        raise LedgerError(place, problem=f"can't be opened ({error.strerror})", remedy="is it a ledger?") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield descriptor
    finally:
        os.close(descriptor)
