"""One entry of the ledger, and the line that it is: canonical JSON, sealed by the hash of its own bytes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from reliability.model.base import Record, canonical_json
from reliability.model.report import Name

Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
Role = Literal[
    "input", "sidecar", "sources", "grouping", "reports", "copies", "policy", "ratings", "manifest", "details", "keys",
    "override",
]  # fmt: skip
Overridden = Literal["label", "merge", "source-type", "adjudication"]

FIRST = "0" * 64
"""What the first entry follows."""
MAX_LINE = 64_000_000
_SEAL = b',"hash":"'
_LENGTH = len(_SEAL) + 64 + len(b'"}\n')


class NoEntry(ValueError):
    """A line that is no entry; its message is the reason."""


class Blob(Record):
    """One stored content: `content` is the SHA-256 of its bytes, `stored` of the file that holds them compressed.

    `size` is the number of its bytes.
    """

    role: Role
    content: Hex
    stored: Hex
    size: Annotated[int, Field(ge=0)]


class Run(Record):
    """What made ratings: how many claims, the Merkle root over their records, the rules' digest, and the engine.

    `code` is a digest over the engine's own source files: two versions in development may have one number.
    """

    claims: Annotated[int, Field(ge=0)]
    ratings_root: Hex
    rules: str
    engine: str
    code: str
    libraries: dict[str, str]


class Tombstone(Record):
    """Contents that were removed, by digest, and why."""

    removed: Annotated[tuple[Hex, ...], Field(min_length=1)]
    why: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class Override(Record):
    """A decision that a person took over the engine's head; what it was and became is in the blob `override`."""

    what: Overridden
    about: Annotated[int, Field(ge=1)] | None = None


class Draft(Record):
    """An entry before it has its place in the chain."""

    at: Moment
    kind: Literal["rating", "override", "redaction"]
    by: Name | None = None
    blobs: tuple[Blob, ...] = ()
    run: Run | None = None
    override: Override | None = None
    tombstone: Tombstone | None = None


class Entry(Draft):
    """An entry in its place: `seq` counts from 1, `prev` is the hash of the one before."""

    format: Literal[1] = 1
    seq: Annotated[int, Field(ge=1)]
    prev: Hex

    def blob(self, role: Role) -> Blob | None:
        """The first blob with a role, if there is one."""
        return next((one for one in self.blobs if one.role == role), None)


def moment(at: datetime) -> str:
    """A moment as entries have it: UTC, to the microsecond, so that texts sort as times do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sealed(entry: Entry) -> bytes:
    """The line of an entry, line feed included."""
    body = canonical_json(entry.model_dump(mode="json", exclude_none=True)).encode("utf-8")
    return body[:-1] + _SEAL + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


def opened(line: bytes) -> tuple[bytes, str]:
    """The body of a sealed line, and its hash: nothing but the seal is looked at.

    Raises NoEntry where the line is not as `sealed` writes it, or its bytes don't have the hash that it states.
    """
    body, seal = line[:-_LENGTH] + b"}", line[-_LENGTH:]
    if not (seal.startswith(_SEAL) and seal.endswith(b'"}\n')):
        raise NoEntry("is not a sealed line")
    digest = hashlib.sha256(body).hexdigest()
    if seal[len(_SEAL) : -3] != digest.encode():
        raise NoEntry("was altered: its bytes do not have the hash that it states")
    return body, digest


def entry_of(body: bytes) -> Entry:
    """The entry that a body holds. Raises NoEntry."""
    try:
        return Entry.model_validate_json(body)
    except ValidationError as error:
        raise NoEntry(f"is no entry of a ledger ({error.errors(include_url=False)[0]['msg']})") from None
