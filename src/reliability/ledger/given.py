"""What a run is given: its files' names and digests, taken before they are read, so that the very bytes are kept."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from reliability.errors import InputError
from reliability.io.articles import sidecars_of
from reliability.io.kinds import find_inputs
from reliability.io.streams import reading
from reliability.ledger.blobs import file_pieces
from reliability.ledger.details import GivenFile
from reliability.ledger.entry import Role

_IN_MEMORY = 50_000_000
STDIN = "-"


@dataclass(frozen=True)
class Given:
    """A file that a run is given: what the ledger says of it, and where its bytes are (None: standard input)."""

    file: GivenFile
    place: Path | None
    stream: BinaryIO | None = None

    def pieces(self) -> Iterator[bytes]:
        """Its bytes. Raises InputError where they are no longer those that were read."""
        if self.place is not None:
            yield from file_pieces(self.place, self.file.content)
        elif self.stream is not None:
            self.stream.seek(0)
            while piece := self.stream.read(1 << 18):
                yield piece


def given_files(
    paths: Sequence[str], *, ledger: Path, input_format: str | None = None, stdin: BinaryIO | None = None,
    sources: Path | None = None, grouping: Path | None = None,
) -> tuple[Given, ...]:  # fmt: skip
    """All files that a run will read, in the order in which it reads them, with their sidecars; then the others.

    Standard input is kept aside (`stream`), to be read from there. Raises InputError as `find_inputs` does, and for
    what can't be read twice.
    """
    files, _ = find_inputs(paths, input_format)
    found: list[Given] = []
    for file in files:
        if file.path is None:
            found.append(_from_stream(stdin, input_format or ""))
            continue
        found.append(_from_file("input", file.path, ledger))
        found += [_from_file("sidecar", place, ledger) for place in sidecars_of(file.path)]
    others: tuple[tuple[Role, Path | None], ...] = (("sources", sources), ("grouping", grouping))
    found += [_from_file(role, place, ledger) for role, place in others if place is not None]
    return tuple(found)


def require_read(given: Sequence[Given], files: Sequence[Path | None]) -> None:
    """Raises InputError where other files or sidecars were read than were given: somebody wrote to a folder."""
    expected = [(one.file.role, one.place) for one in given if one.file.role in ("input", "sidecar")]
    found: list[tuple[Role, Path | None]] = []
    for path in files:
        found.append(("input", path))
        found += [("sidecar", place) for place in (sidecars_of(path) if path is not None else ())]
    if found != expected:
        other = next((path for _, path in {*found} ^ {*expected} if path is not None), None)
        raise InputError(other, problem="came, went or moved while it was read",
                         remedy="record it again, when nobody writes to it")  # fmt: skip


def _from_file(role: Role, path: Path, ledger: Path) -> Given:
    if path.resolve().is_relative_to(ledger.resolve()):
        raise InputError(path, problem="belongs to the ledger itself", remedy="keep the ledger outside of what is read")
    if path.exists() and not path.is_file():
        raise InputError(path, problem="can't be read twice, as a ledger must", remedy="save it as a file first")
    with reading(str(path)), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Given(GivenFile(role=role, name=_shown(str(path)), content=digest), path)


def _from_stream(stdin: BinaryIO | None, input_format: str) -> Given:
    kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it lives as long as the run
    if stdin is not None:
        shutil.copyfileobj(stdin, kept)
    kept.seek(0)
    digest = hashlib.sha256()
    while piece := kept.read(1 << 18):
        digest.update(piece)
    kept.seek(0)
    name = f"stdin.{input_format.lower().removeprefix('.')}"
    return Given(GivenFile(role="input", name=name, content=digest.hexdigest()), None, cast(BinaryIO, kept))


def _shown(name: str) -> str:
    """A file's name as text: what is no UTF-8 in it as escapes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
