"""One process or several that do the same to many things, with one job that all have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
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
        if self._jobs <= 1 or len(things) <= 1:
            for one in things:
                yield one, _done(what, one, self._job)
            return
        tasks = {self._processes().submit(_task, what, one): one for one in things}
        for task in as_completed(tasks):
            yield tasks[task], task.result()

    def begun(self, what: Callable[[K, J], R], one: K) -> Callable[[], R]:
        """What waits for a thing to be done, which another process begins with now; one alone does it then."""
        if self._jobs <= 1:
            return partial(_done, what, one, self._job)
        return self._processes().submit(_task, what, one).result

    def _processes(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = pool(self._jobs, self._job)
        return self._pool


def _task(what: Callable[[K, Any], R], one: K) -> R:
    return _done(what, one, given())


def _done(what: Callable[[K, J], R], one: K, job: J) -> R:
    keep_little()
    found = what(one, job)
    give_back()
    return found
