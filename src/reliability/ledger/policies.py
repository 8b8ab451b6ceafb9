"""Policies as one content: a tar of a rules folder's files and of all that it inherits."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from reliability.errors import InputError, LedgerError
from reliability.rules.archive import archived_files
from reliability.rules.load import digest_of


def packed(folder: Path) -> bytes:
    """A rules folder as a tar: the same files give the same bytes, whoever owns them and whenever they were saved."""
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in sorted(archived_files(folder).items()):
            about = tarfile.TarInfo(name)
            about.size, about.mode = len(data), 0o644
            archive.addfile(about, io.BytesIO(data))
    return found.getvalue()


def unpacked(data: bytes, place: Path) -> None:
    """A packed policy as a folder. Raises LedgerError for what is no such tar."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            archive.extractall(place, filter="data")
    except (tarfile.TarError, OSError) as error:
        raise LedgerError(place, problem=f"the stored policy can't be unpacked ({error})",
                          remedy="`audit verify --contents` says what is wrong") from None  # fmt: skip


def packed_as_loaded(folder: Path, digest: str) -> bytes:
    """The same, where the folder still is what a digest says (without `sha256:`).

    Raises InputError where somebody has changed it since it was loaded.
    """
    if digest_of(folder) != digest:
        raise InputError(folder, problem="changed while it was used", remedy="record again, when nobody writes to it")
    return packed(folder)
