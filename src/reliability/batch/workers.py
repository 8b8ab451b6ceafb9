"""One process or several that do the same to many things, with a job that all of them have in common."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from types import TracebackType
from typing import Any, TypeVar
from weakref import finalize

from reliability.batch.memory import give_back, keep_little
from reliability.processes import given, pool

J = TypeVar("J")
K = TypeVar("K")
R = TypeVar("R")

_OFTEN = 0.2
"""Seconds between looks at how far the others are."""


class Stopped(Exception):
    """Nobody waits for the result any more."""


class Workers:
    """Processes for all stages of a run, begun when there is work for more than one, or when `begin` is called.

    What they are to do is a function of a thing and a job, at the top of a module; a job is sent as bytes, and each
    process makes it of them once. Memory that a thing took is given back.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._job: Any = None
        self._sent: tuple[int, bytes] = (0, b"")
        self._reached: Any = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._end()

    def begin(self) -> None:
        """Begin the processes, which make themselves ready while this one goes on."""
        if self._jobs > 1 and self._pool is None:
            self._reached = get_context("spawn").Array("q", [0, 0, 0])  # steps done; whether to stop; turns taken
            self._pool = pool(self._jobs, self._reached)
            self._end = finalize(self, _ended, self._pool, self._reached)  # an error may come before we are entered
            for _ in range(self._jobs):  # a process is begun as there is work for one more
                self._pool.submit(_ready)

    def each(
        self, what: Callable[[K, J], R], things: Sequence[K], job: J, tell: Callable[[int], None] | None = None
    ) -> Iterator[tuple[K, R]]:
        """What is done to each thing, as they are done; `tell` hears of steps that are told of by `advance`.

        Raises what that raises.
        """
        if self._jobs <= 1 or len(things) <= 1:
            for one in things:
                yield one, _done(what, one, job)
            return
        tasks = {self._begun(what, one, job): one for one in things}
        told, left = self._reached[0], set(tasks)
        while left:
            done, left = wait(left, timeout=_OFTEN, return_when="FIRST_COMPLETED")
            reached = self._reached[0]
            if tell is not None:
                tell(reached - told)
            told = reached
            for task in done:
                yield tasks[task], task.result()

    def begun(self, what: Callable[[K, J], R], one: K, job: J) -> Callable[[], R]:
        """What waits for a thing to be done, which another process begins with now; one alone does it then."""
        return partial(_done, what, one, job) if self._jobs <= 1 else self._begun(what, one, job).result

    def _begun(self, what: Callable[[K, J], R], one: K, job: J) -> Future[R]:
        self.begin()
        assert self._pool is not None
        number, sent = self._sent
        if not number or job is not self._job:
            number, sent = self._sent = number + 1, pickle.dumps(job)
            self._job = job
        task: Future[R] = self._pool.submit(_task, what, one, number, sent)
        return task


def _ended(processes: ProcessPoolExecutor, reached: Any) -> None:
    """Have processes end, each as a whole: what they share is there until then."""
    reached[1] = 1
    processes.shutdown(cancel_futures=True)


def advance(steps: int) -> None:
    """In a process of several, tell of steps that are done. Raises Stopped where nobody waits for more."""
    reached = given()
    if reached[1]:
        raise Stopped
    with reached.get_lock():
        reached[0] += steps


def turn() -> int:
    """In a process of several, a number that no other has: 0, 1, … over a run."""
    reached = given()
    with reached.get_lock():
        reached[2] += 1
        taken: int = reached[2] - 1
    return taken


_JOBS: dict[int, Any] = {}
"""The job that this process does now, by its number."""


def _ready() -> None:
    """Import what tables need, which are read and rated, while nobody waits for it."""
    for name in ("read_apart", "writing"):
        import_module(f"reliability.batch.{name}")
    keep_little()


def _task(what: Callable[[K, Any], R], one: K, number: int, sent: bytes) -> R:
    if number not in _JOBS:
        _JOBS.clear()
        _JOBS[number] = pickle.loads(sent)
    return _done(what, one, _JOBS[number])


def _done(what: Callable[[K, J], R], one: K, job: J) -> R:
    found = what(one, job)
    give_back()
    return found
