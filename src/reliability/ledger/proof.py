"""One rating, proved to be in a ledger, in a bundle that an outsider can check without the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from reliability.errors import InputError, UsageError
from reliability.ledger.chain import Placed
from reliability.ledger.entry import Entry, Hex, NoEntry, entry_of, opened
from reliability.ledger.heads import SignedHead, leaves_of, signed
from reliability.ledger.kept import Told, lines_of
from reliability.ledger.merkle import leaf_hash, path_of, root_by
from reliability.ledger.store import Ledger
from reliability.model.base import Record
from reliability.rules.policy import near

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LONGEST_PATH = 64
Path = Annotated[tuple[Hex, ...], Field(max_length=LONGEST_PATH)]


class Proof(Record):
    """A rating and its way to a ledger's head.

    `rating` and `entry` are texts whose bytes were hashed: the rating's line, and the entry's body, which has the
    digests of its inputs. The rating's leaf and `rating_path` lead to the entry's `ratings_root`; the entry's leaf and
    `entry_path` to the head's root.
    """

    format: Literal["reliability-proof/1"] = "reliability-proof/1"
    rating: str
    rating_index: Annotated[int, Field(ge=0)]
    rating_path: Path
    entry: str
    entry_path: Path
    head: SignedHead


def prove(placed: Placed, claim: str, ledger: Ledger, key: Ed25519PrivateKey | None = None) -> Proof:
    """The proof of a claim's rating in an entry; the head is signed where a key is given.

    Raises UsageError for a claim that the entry does not rate, LedgerError where its ratings were removed.
    """
    leaves, claims = [], []
    found: tuple[int, bytes] | None = None
    for index, line in enumerate(lines_of(placed, ledger.blobs, "ratings")):
        leaves.append(leaf_hash(line))
        if found is None:
            claims.append(Told.of(json.loads(line)).claim)
            if claims[-1] == claim:
                found = index, line
    if found is None:
        raise UsageError(claim, problem=f"is not rated in entry {placed.entry.seq}", remedy=near(claim, claims))
    entries, last = leaves_of(ledger)
    return Proof(
        rating=found[1].decode("utf-8"), rating_index=found[0], rating_path=_hex(path_of(leaves, found[0])),
        entry=opened(placed.line.data)[0].decode("utf-8"),
        entry_path=_hex(path_of(entries, placed.entry.seq - 1)), head=signed(entries, last, key),
    )  # fmt: skip


def proof_from(data: bytes, where: str) -> Proof:
    """The proof in a bundle. Raises InputError for what is none."""
    try:
        return Proof.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or None
        raise InputError(where, key=place, problem=f"is no proof ({first['msg']})",
                         remedy="give a bundle that `audit prove` wrote") from None  # fmt: skip


def check(proof: Proof, *, public_key: str | None = None, root: str | None = None) -> Iterator[str]:
    """What a proof does not prove: nothing where it holds. It needs the bundle alone.

    `public_key` is whose signature is expected; `root` is one that was noted down.
    """
    entry, body = proven_entry(proof), proof.entry.encode("utf-8")
    if entry is None or entry.run is None:
        yield "the entry is no entry of ratings"
        return
    leaf = leaf_hash(proof.rating.encode("utf-8"))
    if root_by(_bytes(proof.rating_path), leaf, proof.rating_index, entry.run.claims) != bytes.fromhex(
        entry.run.ratings_root):  # fmt: skip
        yield "the rating is not among those of the entry"
    found = root_by(_bytes(proof.entry_path), leaf_hash(body), entry.seq - 1, proof.head.entries)
    if found != bytes.fromhex(proof.head.root):
        yield "the entry is not in the ledger of that head"
    if entry.seq == proof.head.entries and sha256(body).hexdigest() != proof.head.head:
        yield "the entry is the last one, and has not the hash of the head"
    if root is not None and root != proof.head.root:
        yield f"the head's root is {proof.head.root}, not the one that was noted down"
    if (unproven := proof.head.unproven(public_key)) is not None:
        yield unproven


def proven_entry(proof: Proof) -> Entry | None:
    """The entry that a proof is about; None where it holds none."""
    try:
        return entry_of(proof.entry.encode("utf-8"))
    except NoEntry:
        return None


def _hex(path: list[bytes]) -> tuple[str, ...]:
    return tuple(one.hex() for one in path)


def _bytes(path: tuple[str, ...]) -> list[bytes]:
    return [bytes.fromhex(one) for one in path]
