"""Keys: what an entry can be found by, as numbers; the names themselves stand in its details alone.

A run of many claims has its names' keys as a content of their own, made when it is recorded: an index is made again
without a look at any name. `verify --replay` compares them with the details.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from reliability.ledger.blobs import Blobs
from reliability.ledger.chain import Placed
from reliability.ledger.details import Details, decision_of, details_of
from reliability.model.base import folded

Key = int
Subject = Literal["claim", "source", "rule", "person", "kind", "removed"]
WIDTH = 8
FEW = 64
"""So many names of a run, and no more, have a row each in the index."""


@lru_cache(maxsize=10_000)
def key_of(subject: Subject, name: str) -> Key:
    """A subject as the index has it: 64 bits of the hash of its folded name, signed as SQLite's integers are."""
    return int.from_bytes(_digits(subject, name), signed=True)


def _digits(subject: Subject, name: str) -> bytes:
    plain = name.lower() if name.isascii() and " " not in name and name.isprintable() else folded(name)
    return sha256(f"{subject}\0{plain}".encode("utf-8", "surrogatepass")).digest()[:WIDTH]


def packed_keys(details: Details) -> bytes:
    """The keys of all that a run is about, in order of their bytes, put together; nothing for a run of few names."""
    if len(details.claims) + len(details.sources) + len(details.rules) <= FEW:
        return b""
    return b"".join(sorted({_digits(subject, name) for subject, name in _about(details)}))


def found_by(placed: Placed, blobs: Blobs) -> tuple[Iterable[Key], bytes]:
    """What the index knows an entry by: keys, and those of many names put together. What is no keys is passed over."""
    few = {key_of(subject, name) for subject, name in _of_entry(placed, blobs)}
    blob = placed.entry.blob("keys")
    if blob is not None and blob.size and blob.size % WIDTH == 0 and blobs.has(blob.content):
        return few, blobs.read(blob)
    details = details_of(placed, blobs)
    if details is not None:
        few |= {key_of(subject, name) for subject, name in _about(details)}
    return few, b""


def keys_differ(placed: Placed, blobs: Blobs) -> bool:
    """Whether an entry's keys are others than those of its details, where both are there."""
    blob, details = placed.entry.blob("keys"), details_of(placed, blobs)
    if blob is None or details is None or not blobs.has(blob.content):
        return False
    return blobs.read(blob) != packed_keys(details)


def _of_entry(placed: Placed, blobs: Blobs) -> Iterator[tuple[Subject, str]]:
    """What stands in the entry itself, and what a person decided."""
    entry = placed.entry
    yield "kind", entry.kind
    if entry.by is not None:
        yield "person", entry.by
    if entry.tombstone is not None:
        yield from (("removed", content) for content in entry.tombstone.removed)
    decision = decision_of(placed, blobs)
    if decision is not None:
        yield "claim", decision.subject
        yield "source", decision.subject


def _about(details: Details) -> Iterator[tuple[Subject, str]]:
    yield from (("claim", claim) for claim, _, _ in details.claims)
    yield from (("source", name) for name in details.sources)
    yield from (("rule", rule) for rule in details.rules)
