"""Many articles read one after another, or by several processes: the same reports, in the same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

from reliability.errors import InputError
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of
from reliability.text.syndication import Passed

_A_TASK = 8
_WAITING = 3


@dataclass(frozen=True)
class Reading:
    """What one article gave: its reports, remarks, or the problem (where, what, what to do) for which it gave none."""

    reports: tuple[Report, ...] = ()
    remarks: tuple[str, ...] = ()
    problem: tuple[str | None, str, str | None] | None = None

    @property
    def error(self) -> InputError | None:
        """The problem as an error to raise or to show."""
        if self.problem is None:
            return None
        where, problem, remedy = self.problem
        return InputError(where, problem=problem, remedy=remedy)


def read_each(
    articles: Iterable[Article], policy: Policy, *, every_kind: bool = False, jobs: int = 1,
    relays: Mapping[str, tuple[Passed, ...]] | None = None,
) -> Iterator[Reading]:  # fmt: skip
    """Each article's reading, in their order, whatever `jobs` is; articles are taken only as they are needed.

    `relays` are those through whom an article's text came, by its id; None asks each article's own credit line.

    With several jobs at most a few tasks a process wait, so that memory stays flat. Raises MissingExtra without spaCy
    or its model.
    """
    if jobs <= 1:
        for article in articles:
            yield _read(article, policy, every_kind, _passed(article, relays))
        return
    rest = ((article, _passed(article, relays)) for article in articles)
    waiting: deque[Future[list[Reading]]] = deque()
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (policy, every_kind))
    try:
        while True:
            while len(waiting) < jobs * _WAITING and (task := list(islice(rest, _A_TASK))):
                waiting.append(pool.submit(_read_task, task))
            if not waiting:
                return
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _passed(article: Article, relays: Mapping[str, tuple[Passed, ...]] | None) -> tuple[Passed, ...] | None:
    return None if relays is None else relays.get(article.id, ())


def _read(article: Article, policy: Policy, every_kind: bool, passed: tuple[Passed, ...] | None) -> Reading:
    remarks: list[str] = []
    try:
        found = read_reports_of(article, policy, every_kind=every_kind, remarks=remarks, passed=passed)
    except InputError as error:
        return Reading(problem=(error.where, error.problem, error.remedy))
    return Reading(tuple(found), tuple(remarks))


# What a process of the pool reads with: set once as it begins, since a policy is too large to send with every task.
_GIVEN: list[tuple[Policy, bool]] = []


def _begin(policy: Policy, every_kind: bool) -> None:
    _GIVEN[:] = [(policy, every_kind)]


def _read_task(articles: list[tuple[Article, tuple[Passed, ...] | None]]) -> list[Reading]:
    policy, every_kind = _GIVEN[0]
    return [_read(article, policy, every_kind, passed) for article, passed in articles]
