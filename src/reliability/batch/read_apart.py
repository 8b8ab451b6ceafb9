"""Tables read by several processes, each at its own desk: pieces are dealt out in turn."""

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
from reliability.batch.workers import Workers, advance
from reliability.io.rows import Reject
from reliability.rules.policy import Policy


@dataclass(frozen=True)
class Desks:
    """What desks have in common: the policy, how many chains a book holds at most, how many buckets there are (as a
    power of two).
    """

    policy: Policy
    most: int
    bits: int


def read_apart(
    pieces: Sequence[Piece], folders: Sequence[Path], desks: Desks, workers: Workers, tell: Teller
) -> list[dict[str, Any]]:
    """Read pieces at a desk a folder; what each noticed, as `Desk.close` has it.

    Raises what a process raises; then, or when interrupted, the others stop after the batch that they are at.
    """
    parts = [(folder, tuple(pieces[at :: len(folders)])) for at, folder in enumerate(folders)]
    found = dict(workers.each(_at_a_desk, parts, desks, tell.advance))
    return [found[part] for part in parts]


def _at_a_desk(part: tuple[Path, Sequence[Piece]], desks: Desks) -> dict[str, Any]:
    folder, pieces = part
    desk = Desk(folder, desks.bits, Preparer(desks.policy, most=desks.most))
    for piece in pieces:
        desk.read(_while_awaited(batches_of(piece)), piece.number, piece.name)
        advance(piece.size)
    return desk.close()


def _while_awaited(batches: Iterator[RawBatch | Reject]) -> Iterator[RawBatch | Reject]:
    for batch in batches:
        advance(0)
        yield batch
