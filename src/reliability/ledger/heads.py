"""A ledger's head: how many entries it has, the hash of the last, and the Merkle root over all."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from reliability.ledger.entry import FIRST, Hex, opened
from reliability.ledger.locks import locked
from reliability.ledger.merkle import Root, leaf_hash
from reliability.ledger.store import Ledger
from reliability.model.base import Record


class Head(Record):
    """What stands for a ledger as it was at a time: any entry altered, cut off or put in since gives another."""

    format: Literal["reliability-head/1"] = "reliability-head/1"
    entries: Annotated[int, Field(ge=0)]
    head: Hex
    root: Hex


def head_of(ledger: Ledger) -> Head:
    """The head of a ledger. Raises LedgerError at a line that is no entry."""
    root, last, count = Root(), FIRST, 0
    with locked(ledger.chain.path, exclusive=False):
        for placed in ledger.chain.whole():
            root.add(leaf_hash(opened(placed.line.data)[0]))
            last, count = placed.hash, count + 1
    return Head(entries=count, head=last, root=root.digest().hex())
