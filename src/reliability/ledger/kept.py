"""What an entry keeps, read again: its contents, and one rating of many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reliability.errors import LedgerError, UsageError
from reliability.ledger.blobs import Blobs
from reliability.ledger.chain import Placed
from reliability.ledger.entry import MAX_LINE, Blob, Role
from reliability.rules.policy import near


def blob_of(placed: Placed, blobs: Blobs, role: Role) -> Blob:
    """The content that an entry has in a role.

    Raises UsageError for an entry of another kind, LedgerError where it was removed or is missing.
    """
    blob = placed.entry.blob(role)
    if blob is None:
        raise UsageError(f"entry {placed.entry.seq}", problem=f"is of kind {placed.entry.kind}, and has no {role}",
                         remedy="`audit list --kind rating` lists those that have")  # fmt: skip
    if not blobs.has(blob.content):
        raise LedgerError(f"entry {placed.entry.seq}", problem=f"what it keeps as {role} is not there any more",
                          remedy="`audit list --kind redaction` says what was removed and why")  # fmt: skip
    return blob


def lines_of(placed: Placed, blobs: Blobs, role: Role) -> Iterator[bytes]:
    """The lines of a content, without their line feeds."""
    rest = b""
    for piece in blobs.pieces(blob_of(placed, blobs, role)):
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
        if len(rest) > MAX_LINE:
            raise LedgerError(f"entry {placed.entry.seq}", problem=f"has a line of over {MAX_LINE:,} bytes in its "
                              f"{role}", remedy="was it recorded by this program?")  # fmt: skip
    if rest:
        yield rest


@dataclass(frozen=True)
class Told:
    """What a recorded rating says first of all: of `rate` a record, of `batch` a row of its table."""

    claim: str
    text: str
    question: str | None
    p: float
    weight_db: float
    icd203: str | None

    @classmethod
    def of(cls, record: Any) -> Told:
        """What stands in a record or a row."""
        if isinstance(record["claim"], str):
            return cls(*(record[name] for name in ("claim", "text", "question", "p", "weight_db", "icd203")))
        claim, rating = record["claim"], record["rating"]
        return cls(claim["id"], claim["text"], claim["question"], rating["p"], rating["weight_db"], rating["icd203"])


def rating_of(placed: Placed, blobs: Blobs, claim: str) -> bytes:
    """The rating record of a claim, as it was recorded: a line without its line feed. Raises UsageError for none."""
    claims = []
    for line in lines_of(placed, blobs, "ratings"):
        claims.append(Told.of(json.loads(line)).claim)
        if claims[-1] == claim:
            return line
    raise UsageError(claim, problem=f"is not rated in entry {placed.entry.seq}", remedy=near(claim, claims))
