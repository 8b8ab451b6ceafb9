"""What an entry's own content says in words: a run's files, options and claims, an override's old and new value.

It stands beside the chain, not in it: names can thus be removed, and an entry can be shown to outsiders.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from reliability.errors import LedgerError
from reliability.ledger.blobs import Blobs
from reliability.ledger.chain import Placed
from reliability.ledger.entry import Blob, Hex, Role
from reliability.model.base import Record, canonical_json

Said = TypeVar("Said", bound=Record)


class GivenFile(Record):
    """A file that went in: its name as it was given, and the digest of its content."""

    role: Role
    name: str
    content: Hex


class Options(Record):
    """What a run was asked for, besides its files. `batch`: of `reliability batch`; only that can lack intervals."""

    publisher: str | None = None
    publisher_type: str | None = None
    published: str | None = None
    url: str | None = None
    max_chars: int
    at_least: tuple[float, ...] = ()
    as_of: str | None = None
    batch: bool = False
    intervals: bool = False


class Details(Record):
    """What a run's entry says in words. Claims are (id, p, ICD 203's word or None), in id order; names are as said.

    `rules` are those that set or shifted a link's numbers.
    """

    note: str | None = None
    files: tuple[GivenFile, ...] = ()
    options: Options
    claims: tuple[tuple[str, float, str | None], ...] = ()
    sources: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rejects: int = Field(default=0, ge=0)
    set_apart: int = Field(default=0, ge=0)


class Decision(Record):
    """What a person decided: about which claim or source, what it was, what it is now, and why."""

    subject: str = Field(min_length=1)
    old: str | None = None
    new: str
    why: str = Field(min_length=1)


def as_content(record: Record) -> bytes:
    """A record as a content: canonical JSON."""
    return canonical_json(record.model_dump(mode="json")).encode("utf-8")


def details_of(placed: Placed, blobs: Blobs) -> Details | None:
    """A run's details; None where they were removed, or for an entry of another kind."""
    data = _json(placed.entry.blob("details"), blobs)
    return None if data is None else _valid(Details, data, placed)


def decision_of(placed: Placed, blobs: Blobs) -> Decision | None:
    """What an override decided; None where that was removed, or for an entry of another kind."""
    data = _json(placed.entry.blob("override"), blobs)
    return None if data is None else _valid(Decision, data, placed)


def _json(blob: Blob | None, blobs: Blobs) -> Any:
    if blob is None or not blobs.has(blob.content):
        return None
    try:
        return json.loads(blobs.read(blob))
    except (ValueError, RecursionError):
        raise LedgerError(blobs.place(blob.content), problem="is no JSON", remedy="`audit verify` it") from None


def _valid(kind: type[Said], data: Any, placed: Placed) -> Said:
    try:
        return kind.model_validate(data)
    except ValidationError:
        raise LedgerError(f"entry {placed.entry.seq}", problem=f"its {kind.__name__.lower()} are not as this version "
                          "writes them", remedy="was it recorded by a later version?") from None  # fmt: skip
