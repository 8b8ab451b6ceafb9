"""Tables read by several processes, each at its own desk: pieces are dealt out in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reliability.batch.asked import Teller
from reliability.batch.desk import Desk
from reliability.batch.memory import keep_little
from reliability.batch.pieces import Piece, batches_of
from reliability.batch.prepare import Preparer
from reliability.batch.raw import RawBatch
from reliability.io.rows import Reject
from reliability.processes import given, pool
from reliability.rules.policy import Policy

_OFTEN = 0.2
"""Seconds between looks at how far the others are."""


@dataclass(frozen=True)
class _Work:
    policy: Policy
    most: int
    bits: int


def read_apart(
    pieces: Sequence[Piece], folders: Sequence[Path], policy: Policy, most: int, bits: int, tell: Teller
) -> list[dict[str, Any]]:
    """Read pieces with a process a folder; what each noticed, as `Desk.close` has it.

    Raises what a process raises; then, or when interrupted, the others stop after the batch that they are at.
    """
    shared: Any = get_context("spawn").Array("q", [0, 0])  # bytes done; whether to stop
    readers = pool(len(folders), (_Work(policy, most, bits), shared))
    try:
        tasks = [readers.submit(_at_a_desk, folder, pieces[at :: len(folders)]) for at, folder in enumerate(folders)]
        _watch(tasks, shared, tell)
        return [task.result() for task in tasks]
    finally:
        shared[1] = 1
        readers.shutdown(cancel_futures=True)


def _watch(tasks: Sequence[Future[Any]], shared: Any, tell: Teller) -> None:
    told, left = 0, set(tasks)
    while left:
        done, left = wait(left, timeout=_OFTEN)
        for task in done:
            task.result()
        reached = shared[0]
        tell.advance(reached - told)
        told = reached


class _Stopped(Exception):
    """Nobody waits for the result any more."""


def _at_a_desk(folder: Path, pieces: Sequence[Piece]) -> dict[str, Any]:
    keep_little()
    work, shared = given()
    desk = Desk(folder, work.bits, Preparer(work.policy, most=work.most))
    for piece in pieces:
        desk.read(_while_awaited(batches_of(piece), shared), piece.number, piece.name)
        with shared.get_lock():
            shared[0] += piece.size
    return desk.close()


def _while_awaited(batches: Iterator[RawBatch | Reject], shared: Any) -> Iterator[RawBatch | Reject]:
    for batch in batches:
        if shared[1]:
            raise _Stopped
        yield batch
