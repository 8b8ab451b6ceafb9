"""What was recorded, as files again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import InputError, LedgerError, UsageError
from reliability.ledger.chain import Placed
from reliability.ledger.details import Details, GivenFile, details_of
from reliability.ledger.entry import Blob
from reliability.ledger.kept import blob_of
from reliability.ledger.policies import unpacked
from reliability.ledger.store import Ledger

_MOST_POLICY = 100_000_000
_OUTPUTS = {"reports": "reports.jsonl", "ratings": "ratings.jsonl", "manifest": "manifest.json",
            "details": "details.json"}  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """Where an entry's files were laid out: what was read, in order; sources and grouping.

    `removed` has the names of inputs that are not there any more.
    """

    inputs: tuple[Path, ...]
    sources: Path | None
    grouping: Path | None
    details: Details
    removed: tuple[str, ...]


def laid_out(placed: Placed, ledger: Ledger, place: Path) -> Laid:
    """Lays out an entry's files under a folder: a folder each, named as they were, sidecars beside them.

    Raises LedgerError where sources or grouping were removed, or anything was altered.
    """
    details = details_of(placed, ledger.blobs)
    if details is None:
        raise LedgerError(f"entry {placed.entry.seq}", problem="its details were removed",
                          remedy="`audit list --kind redaction` says why")  # fmt: skip
    by_content = {blob.content: blob for blob in placed.entry.blobs}
    inputs: list[Path] = []
    others: dict[str, Path] = {}
    removed: list[str] = []
    for number, file in enumerate(details.files, start=1):
        blob = by_content.get(file.content)
        if blob is None:
            raise LedgerError(f"entry {placed.entry.seq}", problem=f"names the file {file.name!r}, and lacks it",
                              remedy="`audit verify` it")  # fmt: skip
        folder = inputs[-1].parent if file.role == "sidecar" and inputs else place / f"{number:06}"
        if not ledger.blobs.has(file.content):
            removed.append(file.name)
            if file.role in ("input", "sidecar"):
                continue
            raise LedgerError(f"entry {placed.entry.seq}", problem=f"its {file.role} {file.name!r} were removed",
                              remedy="`audit list --kind redaction` says why")  # fmt: skip
        target = written_out(file, blob, ledger, folder)
        if file.role == "input":
            inputs.append(target)
        elif file.role != "sidecar":
            others[file.role] = target
    return Laid(tuple(inputs), others.get("sources"), others.get("grouping"), details, tuple(removed))


def policy_laid_out(placed: Placed, ledger: Ledger, place: Path) -> Path:
    """Lays out an entry's policy as a rules folder. Raises LedgerError where it was altered or is missing."""
    rules = place / "policy"
    rules.mkdir(parents=True)
    unpacked(ledger.blobs.read(blob_of(placed, ledger.blobs, "policy"), _MOST_POLICY), rules)
    return rules


def reports_laid_out(placed: Placed, ledger: Ledger, place: Path) -> Path:
    """Lays out the table of reports that a batch's entry has. Raises LedgerError where it was altered or is missing."""
    blob = blob_of(placed, ledger.blobs, "reports")
    file = GivenFile(role="reports", name="reports.parquet", content=blob.content)
    return written_out(file, blob, ledger, place)


def written_out(file: GivenFile, blob: Blob, ledger: Ledger, folder: Path) -> Path:
    """Writes a given file into a folder, under the last part of its name, which is all that reading looks at.

    Raises LedgerError for a name that is a place, and for a content that was altered.
    """
    base = file.name.replace("\\", "/").rpartition("/")[2]
    if base in ("", ".", "..") or "\0" in base:
        raise LedgerError(file.name, problem="is no name of a file", remedy="`audit verify` the ledger")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / base, ledger.blobs.pieces(blob))
    except OSError as error:
        raise LedgerError(file.name, problem=f"can't be written out ({error.strerror})", remedy="`audit verify` the "
                          "ledger, and see that there is room in the temporary folder") from None  # fmt: skip
    return folder / base


def extracted(placed: Placed, ledger: Ledger, place: Path) -> None:
    """Writes all that an entry keeps into a new folder; what was removed is left out.

    Raises UsageError for a folder that is there already.
    """
    if place.exists():
        raise UsageError(place, problem="is there already", remedy="name a new folder")
    try:
        place.mkdir(parents=True)
        policy_laid_out(placed, ledger, place)
        if details_of(placed, ledger.blobs) is not None:
            laid_out(placed, ledger, place)
        batch = placed.entry.blob("manifest") is not None
        for role, name in (_OUTPUTS | {"reports": "reports.parquet"} if batch else _OUTPUTS).items():
            blob = placed.entry.blob(role)  # type: ignore[arg-type]
            if blob is not None and ledger.blobs.has(blob.content):
                _write(place / name, ledger.blobs.pieces(blob))
    except OSError as error:
        raise InputError(place, problem=f"can't be written ({error.strerror})", remedy="check the place") from None


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666), "wb") as file:
        for piece in pieces:
            file.write(piece)
