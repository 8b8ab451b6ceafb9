"""Merkle trees in the manner of RFC 6962: a root over many leaves, and short proofs that one of them is in it.

Source: RFC 6962, section 2.1 (hashes, audit paths); RFC 9162, section 2.1.3.2 (the check of a path).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; never that of an inner node, since the two begin with another byte."""
    return sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Root:
    """The root over leaves that come one by one, in memory that grows with the logarithm of their number."""

    def __init__(self) -> None:
        self.n = 0
        self._full: list[bytes] = []  # the roots of the perfect trees that the leaves so far fill, largest first

    def add(self, leaf: bytes) -> None:
        """Takes the hash of the next leaf."""
        self.n += 1
        self._full.append(leaf)
        n = self.n
        while n % 2 == 0:
            right = self._full.pop()
            self._full.append(_node(self._full.pop(), right))
            n //= 2

    def digest(self) -> bytes:
        """The root; of no leaves it is the hash of nothing."""
        if not self._full:
            return sha256(b"").digest()
        *rest, found = self._full
        for left in reversed(rest):
            found = _node(left, found)
        return found


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    root = Root()
    for leaf in leaves:
        root.add(leaf)
    return root.digest()


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of a leaf: the hashes beside its way to the root, nearest first. IndexError for no leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    begin, end = 0, len(leaves)
    while end - begin > 1:
        split = begin + (1 << (end - begin - 1).bit_length() - 1)
        if index < split:
            path.append(root_of(leaves[split:end]))
            end = split
        else:
            path.append(root_of(leaves[begin:split]))
            begin = split
    return path[::-1]


def root_by(path: Sequence[bytes], leaf: bytes, index: int, size: int) -> bytes | None:
    """The root that a leaf's hash and its path lead to; None where the path is not one of that place and size."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = _node(beside, found)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, beside)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None
