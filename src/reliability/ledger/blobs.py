"""Contents: a file each, named by the SHA-256 of what it holds, packed with Zstandard; written once, never again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from reliability.errors import InputError, LedgerError
from reliability.io.zst import zstd_library
from reliability.ledger.entry import Blob, Role
from reliability.ledger.locks import locked

NAME, PART = "blobs", ".part"
_PIECE = 1 << 18
_LEVEL = 3
MOST_BYTES = 500_000_000
_OVERHEAD = 1_000  # what can't be packed grows by less than that
_REMEDY = "`audit verify` says what was altered"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A content that is on disk, under its name or (`part`) a temporary one."""

    blob: Blob
    part: Path | None


@dataclass
class Writing:
    """Contents that are being written for one entry."""

    blobs: Blobs
    ready: list[Prepared] = field(default_factory=list)

    def put(self, role: Role, content: bytes | Iterable[bytes]) -> Blob:
        """Writes a content to disk, packed, unless it is there already. Returns what the entry says of it."""
        prepared = self.blobs.prepare(role, [content] if isinstance(content, bytes) else content)
        self.ready.append(prepared)
        return prepared.blob

    def again(self, blob: Blob) -> bool:
        """Takes a content that an earlier entry has, as it is; False where its file is not there."""
        there = self.blobs.has(blob.content)
        if there:
            self.ready.append(Prepared(blob, None))
        return there

    def settle(self) -> tuple[Blob, ...]:
        """Gives the contents their names, to disk. The caller holds the chain's lock."""
        settled, folders = [], set()
        for one in self.ready:
            place = self.blobs.place(one.blob.content)
            blob = one.blob
            if one.part is not None and place.exists():  # another writer was first
                blob = blob.model_copy(update={"stored": self.blobs.stored_digest(blob)})
                one.part.unlink()
            elif one.part is not None:
                os.replace(one.part, place)
                folders.add(place.parent)
            settled.append(blob)
        for folder in sorted(folders):
            flush_folder(folder)
        self.ready.clear()
        return tuple(settled)


class Blobs:
    """The folder of contents in a ledger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / NAME
        self.zstd = zstd_library("audit", "a ledger")

    def place(self, content: str) -> Path:
        """The file of a content."""
        return self.folder / content[:2] / f"{content[2:]}.zst"

    def has(self, content: str) -> bool:
        """Whether a content's file is there. Raises LedgerError where nobody can tell."""
        place = self.place(content)
        try:
            return place.exists()
        except OSError as error:
            raise LedgerError(place, problem=f"can't be read ({error.strerror})", remedy="give the right to") from None

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Contents may be written while this is open, and nobody removes any; what is not settled is taken away."""
        with locked(self.folder, exclusive=False):
            found = Writing(self)
            try:
                yield found
            finally:
                for one in found.ready:
                    if one.part is not None:
                        one.part.unlink(missing_ok=True)

    def prepare(self, role: Role, content: Iterable[bytes]) -> Prepared:
        """Packs a content into a file beside its place, or finds it there, as whole as it should be."""
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=PART)
        part = Path(name)
        try:
            digest, size = hashlib.sha256(), 0
            packer = self.zstd.ZstdCompressor(level=_LEVEL)
            with os.fdopen(handle, "wb") as file:
                stored = _Noted(file)
                for piece in content:
                    digest.update(piece)
                    size += len(piece)
                    stored.write(packer.compress(piece))
                stored.write(packer.flush())
                file.flush()
                blob = Blob(role=role, content=digest.hexdigest(), stored=stored.digest.hexdigest(), size=size)
                there = self.place(blob.content)
                if there.exists():
                    part.unlink()
                    return Prepared(blob.model_copy(update={"stored": self.stored_digest(blob)}), None)
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                there.parent.mkdir()
                flush_folder(self.folder)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Prepared(blob, part)

    def stored_digest(self, blob: Blob) -> str:
        """The SHA-256 of a content's file as it is there. Raises LedgerError where it does not hold the content."""
        for _ in self.pieces(blob):
            pass
        with self.place(blob.content).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read(self, blob: Blob, at_most: int = MOST_BYTES) -> bytes:
        """A content as a whole. Raises LedgerError where it is missing, was altered, or has more bytes than that."""
        if blob.size > at_most:
            raise LedgerError(self.place(blob.content), problem=f"has {blob.size:,} bytes; at most {at_most:,} are "
                              "read at once", remedy="was it recorded by this program?")  # fmt: skip
        return b"".join(self.pieces(blob))

    def pieces(self, blob: Blob) -> Iterator[bytes]:
        """A content piece by piece; never more than its size is unpacked, and at the end its digest is compared."""
        place = self.place(blob.content)
        digest, left = hashlib.sha256(), blob.size
        try:
            if place.exists() and not place.is_file():
                raise LedgerError(place, problem="is no file", remedy=_REMEDY)
            for piece in self._small(place, blob.size) if blob.size <= _PIECE else self._large(place):
                left -= len(piece)
                if left < 0:
                    break
                digest.update(piece)
                yield piece
        except FileNotFoundError:
            raise LedgerError(place, problem="is missing", remedy=_REMEDY) from None
        except (OSError, EOFError, self.zstd.ZstdError) as error:
            raise LedgerError(place, problem=f"can't be unpacked ({error})", remedy=_REMEDY) from None
        if left != 0 or digest.hexdigest() != blob.content:
            raise LedgerError(place, problem="does not hold what its name says", remedy=_REMEDY)

    def _small(self, place: Path, size: int) -> Iterator[bytes]:
        """All of a small content at once, which is some five times as fast."""
        unpacker = self.zstd.ZstdDecompressor()
        with place.open("rb") as file:
            yield unpacker.decompress(file.read(size + _OVERHEAD), max_length=size + 1)
        if not unpacker.eof or unpacker.unused_data:
            raise EOFError("it ends early, or goes on after its end")

    def _large(self, place: Path) -> Iterator[bytes]:
        with place.open("rb") as file, self.zstd.ZstdFile(file) as unpacked:
            while piece := unpacked.read(_PIECE):
                yield piece


class _Noted:
    """A file being written, and the digest of what was written."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)


def flush_folder(folder: Path) -> None:
    """A folder's names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_pieces(path: Path, expected: str) -> Iterator[bytes]:
    """A file's bytes, which must have a digest. Raises InputError where they don't: it changed since it was read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                yield piece
    except OSError as error:
        raise InputError(path, problem=f"can't be read again ({error.strerror})", remedy="record it anew") from None
    if digest.hexdigest() != expected:
        raise InputError(path, problem="changed while it was read", remedy="record it again, when nobody writes to it")
