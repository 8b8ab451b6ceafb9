"""One process or several that do the same to many things, with one job that all have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from types import TracebackType
from typing import Any, Generic, TypeVar

from reliability.batch.memory import give_back, keep_little
from reliability.processes import given, pool

J = TypeVar("J")
K = TypeVar("K")
R = TypeVar("R")


class Workers(Generic[J]):
    """Processes that have a job, begun when there is work for more than one; memory that a thing took is given back.

    What they are to do is a function of a thing and the job, at the top of a module.
    """

    def __init__(self, job: J, jobs: int) -> None:
        self._job, self._jobs = job, jobs
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers[J]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def each(self, what: Callable[[K, J], R], things: Sequence[K]) -> Iterator[tuple[K, R]]:
        """What is done to each thing, as they are done. Raises what that raises."""
        yield from self.all([(what, one) for one in things])

    def all(self, calls: Sequence[tuple[Callable[[K, J], R], K]]) -> Iterator[tuple[K, R]]:
        """The same where something else is done to each."""
        if self._jobs <= 1 or len(calls) <= 1:
            for what, one in calls:
                yield one, _done(what, one, self._job)
            return
        if self._pool is None:
            self._pool = pool(self._jobs, self._job)
        tasks = {self._pool.submit(_task, what, one): one for what, one in calls}
        for task in as_completed(tasks):
            yield tasks[task], task.result()


def _task(what: Callable[[K, Any], R], one: K) -> R:
    return _done(what, one, given())


def _done(what: Callable[[K, J], R], one: K, job: J) -> R:
    keep_little()
    found = what(one, job)
    give_back()
    return found
