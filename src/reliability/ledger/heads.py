"""A ledger's head: how many entries it has, the hash of the last, and the Merkle root over all; perhaps signed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from reliability.errors import InputError
from reliability.ledger.entry import FIRST, Hex, opened
from reliability.ledger.locks import locked
from reliability.ledger.merkle import leaf_hash, root_of
from reliability.ledger.signing import is_signed, sign
from reliability.ledger.store import Ledger
from reliability.model.base import Record, canonical_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


_MOST = 100_000


class Head(Record):
    """What stands for a ledger as it was at a time: any entry altered, cut off or put in since gives another."""

    format: Literal["reliability-head/1"] = "reliability-head/1"
    entries: Annotated[int, Field(ge=0)]
    head: Hex
    root: Hex

    @property
    def message(self) -> bytes:
        """What is signed: the head as canonical JSON."""
        return canonical_json(self.model_dump(mode="json", include=set(Head.model_fields))).encode("utf-8")


class SignedHead(Head):
    """A head that somebody vouches for: an ed25519 signature of `message`, and the public key, as hex digits."""

    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")] | None = None
    public_key: Hex | None = None

    @property
    def signed_by(self) -> str | None:
        """The public key whose signature of this head holds; None without one."""
        if self.signature is None or self.public_key is None:
            return None
        return self.public_key if is_signed(self.message, self.signature, self.public_key) else None

    def unproven(self, expected: str | None) -> str | None:
        """What is wrong with the signature, if anything: one that is there must hold, and be the expected key's."""
        signer = self.signed_by
        if signer is None and (self.signature is not None or self.public_key is not None):
            return "the signature is not one of this head by that key"
        if expected is not None and signer != expected:
            return "is not signed by the key that was given" if signer else "is not signed"
        return None


def head_from(path: Path) -> SignedHead:
    """The head in a file that `audit head` wrote, as a bare hash or as JSON. Raises InputError for anything else.

    Of a bare hash the number of entries and the root are not known: they stand as 0 and zeros.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST)
        text = data.decode("ascii").strip()
        bare = len(text) == len(FIRST)
        return SignedHead(entries=0, head=text, root=FIRST) if bare else SignedHead.model_validate_json(data)
    except OSError as error:
        problem = f"is no hash, nor a file that can be read ({error.strerror})"
        raise InputError(path, problem=problem, remedy="give what `audit head` prints") from None
    except ValueError:
        raise InputError(path, problem="holds no head", remedy="give what `audit head` prints") from None


def leaves_of(ledger: Ledger) -> tuple[list[bytes], str]:
    """The hash of every entry as a leaf of the Merkle tree, and the head.

    Raises LedgerError at a line that is none, and where entries that the index knows of are gone or others: such a
    head is none to note down.
    """
    leaves, last = [], FIRST
    with ledger.searched():
        pass
    with locked(ledger.chain.path, exclusive=False):
        for placed in ledger.chain.whole():
            leaves.append(leaf_hash(opened(placed.line.data)[0]))
            last = placed.hash
    return leaves, last


def head_of(ledger: Ledger, key: Ed25519PrivateKey | None = None) -> SignedHead:
    """The head of a ledger, signed where a key is given."""
    leaves, last = leaves_of(ledger)
    return signed(leaves, last, key)


def signed(leaves: Sequence[bytes], last: str, key: Ed25519PrivateKey | None) -> SignedHead:
    """The head over leaves, signed where a key is given."""
    head = Head(entries=len(leaves), head=last, root=root_of(leaves).hex())
    signature, public = (None, None) if key is None else sign(head.message, key)
    return SignedHead(**head.model_dump(), signature=signature, public_key=public)
