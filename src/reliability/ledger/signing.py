"""Signatures with ed25519 keys, by the cryptography library (RFC 8032)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reliability.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_MOST = 100_000
_MAKE = "make one with: openssl genpkey -algorithm ed25519 -out key.pem"


def sign(message: bytes, key: Ed25519PrivateKey) -> tuple[str, str]:
    """A message's signature, and the public key that goes with it, both as hex digits."""
    return key.sign(message).hex(), key.public_key().public_bytes_raw().hex()


def is_signed(message: bytes, signature: str, public_key: str) -> bool:
    """Whether a signature is one of a message by the owner of a public key (hex digits). False for what is no key."""
    keys, invalid = _library()
    try:
        keys.Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (invalid, ValueError):
        return False
    return True


def private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file without a password. Raises InputError for anything else."""
    keys, _ = _library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(path, problem="is no private key in PEM without a password", remedy=_MAKE) from None
    if not isinstance(key, keys.Ed25519PrivateKey):
        raise InputError(path, problem="is a key of another kind than ed25519", remedy=_MAKE)
    return key  # type: ignore[no-any-return]


def public_key(given: str) -> str:
    """A public key, given as 64 hex digits or as a PEM file, as hex digits. Raises InputError for anything else."""
    digits = given.strip().casefold()
    if len(digits) == 64 and all(digit in "0123456789abcdef" for digit in digits):
        return digits
    keys, _ = _library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(Path(given)))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, keys.Ed25519PublicKey):
        raise InputError(given, problem="is no public ed25519 key",
                         remedy="give a PEM file (openssl pkey -pubout) or its 64 hex digits")  # fmt: skip
    return str(key.public_bytes_raw().hex())


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MOST)
    except OSError as error:
        raise InputError(path, problem=f"can't be read ({error.strerror})", remedy=_MAKE) from None


def _library() -> tuple[Any, type[Exception]]:
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError:
        raise MissingExtra("audit", "signing and checking signatures", "cryptography") from None
    return ed25519, InvalidSignature
