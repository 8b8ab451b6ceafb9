"""Tables read by several processes, each at its own desk: whoever is done with a piece takes the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.batch.asked import Teller
from reliability.batch.desk import Desk
from reliability.batch.pieces import Piece, batches_of
from reliability.batch.prepare import Preparer
from reliability.batch.raw import RawBatch
from reliability.batch.readers import Readers
from reliability.batch.workers import Workers, advance, turn
from reliability.io.rows import Reject
from reliability.rules.policy import Policy


@dataclass(frozen=True)
class Desks:
    """What desks have in common: the pieces that are read, the policy, how many chains a book holds at most, how many
    buckets there are (as a power of two).
    """

    pieces: Sequence[Piece]
    policy: Policy
    most: int
    bits: int


def read_apart(folders: Sequence[Path], desks: Desks, workers: Workers, tell: Teller) -> list[dict[str, Any]]:
    """Read pieces at a desk a folder; what each noticed, as `Desk.close` has it.

    Raises what a process raises; then, or when interrupted, the others stop after the batch that they are at.
    """
    found = dict(workers.each(_at_a_desk, folders, desks, tell.advance))
    return [found[folder] for folder in folders]


def _at_a_desk(folder: Path, desks: Desks) -> dict[str, Any]:
    desk, readers = Desk(folder, desks.bits, Preparer(desks.policy, most=desks.most)), Readers()
    while (at := turn()) < len(desks.pieces):
        piece = desks.pieces[at]
        desk.read(_while_awaited(batches_of(piece, readers)), piece.number, piece.name)
        advance(piece.size)
    return desk.close()


def _while_awaited(batches: Iterator[RawBatch | Reject]) -> Iterator[RawBatch | Reject]:
    for batch in batches:
        advance(0)
        yield batch
