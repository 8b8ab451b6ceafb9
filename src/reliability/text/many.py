"""Many articles read one after another, or by several processes: the same reports, in the same order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice

from reliability.errors import InputError, ProcessKilledError
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.processes import given, pool
from reliability.rules.policy import Policy
from reliability.text.credits import without_credits
from reliability.text.languages import Language, language_of
from reliability.text.pipeline import parsed_each
from reliability.text.reading import reports_in
from reliability.text.syndication import Passed

Given = tuple[Article, tuple[Passed, ...] | None]
"""An article and those through whom its text came; None asks its own credit line."""
_A_TASK = 8
_LONG = 100_000
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
    or its model, ProcessKilledError where one of several processes was killed.
    """
    tasks = _tasks((article, None if relays is None else relays.get(article.id, ())) for article in articles)
    if jobs <= 1:
        for task in tasks:
            yield from _read_together(task, policy, every_kind)
        return
    waiting: deque[Future[list[Reading]]] = deque()
    readers = pool(jobs, (policy, every_kind))
    try:
        while True:
            for task in islice(tasks, jobs * _WAITING - len(waiting)):
                waiting.append(readers.submit(_read_task, task))
            if not waiting:
                return
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise ProcessKilledError from error
    finally:
        readers.shutdown(cancel_futures=True)


def _tasks(articles: Iterable[Given]) -> Iterator[list[Given]]:
    """Articles a few at a time, fewer where they are long; where one begins does not depend on who reads it."""
    task: list[Given] = []
    length = 0
    for article, passed in articles:
        task.append((article, passed))
        length += len(article.text)
        if len(task) == _A_TASK or length > _LONG:
            yield task
            task, length = [], 0
    if task:
        yield task


def _read_together(task: Sequence[Given], policy: Policy, every_kind: bool) -> Iterator[Reading]:
    """The readings of a few articles, whose texts go through the pipeline together."""
    spoken = [_language(article) for article, _ in task]
    texts: dict[str, list[str]] = {}
    for (article, _), language in zip(task, spoken, strict=True):
        if isinstance(language, Language):
            texts.setdefault(language.code, []).append(without_credits(article.text))
    passages = {code: parsed_each(some, code) for code, some in texts.items()}
    for (article, passed), language in zip(task, spoken, strict=True):
        remarks: list[str] = []
        if isinstance(language, InputError):
            yield Reading(problem=(language.where, language.problem, language.remedy))
            continue
        try:
            found = reports_in(article, next(passages[language.code]), language, policy, every_kind=every_kind,
                               remarks=remarks, passed=passed)  # fmt: skip
        except InputError as error:
            yield Reading(problem=(error.where, error.problem, error.remedy))
        else:
            yield Reading(tuple(found), tuple(remarks))


def _language(article: Article) -> Language | InputError:
    try:
        return language_of(article.language, article.text)
    except InputError as error:
        return error


def _read_task(task: list[Given]) -> list[Reading]:
    policy, every_kind = given()
    return list(_read_together(task, policy, every_kind))
