"""Adjudications for learning: of claims, how true each is; of questions, which alternative is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reliability.errors import InputError
from reliability.io.adjudications import read_adjudications
from reliability.io.answers import Columns
from reliability.io.flat import ending_of, first_names, flat_rows
from reliability.io.rows import Reject
from reliability.model.dates import date_span


@dataclass(frozen=True)
class Truth:
    """What a question was settled to: a truth from 0 to 1, or the alternative that is true; when, and where it says."""

    question: str
    settled: float | str
    date: str | None
    rejected: Callable[[str], Reject]


@dataclass(frozen=True)
class Truths:
    """One truth a question, in the file's order, and rejects."""

    found: tuple[Truth, ...]
    rejects: tuple[Reject, ...]


def as_answers(name: str) -> Iterator[tuple[str, str]]:
    """A claim's id as question and answer (`question=answer`), at each of its signs of equality."""
    yield from ((name[:at], name[at + 1 :]) for at, sign in enumerate(name) if sign == "=" and name[at + 1 :])


def read_truths(path: Path, columns: Columns) -> Truths:
    """Adjudications from a file: the columns claim and truth, or those of question and alternative; perhaps date.

    Of rows that agree the earliest dated counts. Rows that disagree on one question are all rejects, as none of them
    can be preferred.
    Raises InputError when the file can't be read as a whole, is a pipe, or has neither pair of columns.
    """
    if path.is_fifo():
        raise InputError(path, problem="is a pipe, and adjudications are looked at twice", remedy="save it as a file")
    names = first_names(path)
    if {"claim", "truth"} <= {*names} and not {columns.question, columns.alternative} <= {*names}:
        found = read_adjudications(path)
        truths = [Truth(one.adjudication.claim, one.adjudication.truth, one.adjudication.date, one.rejected)
                  for one in found.settled]  # fmt: skip
        return Truths(tuple(truths), found.rejects)
    dated = ("date",) if "date" in names or ending_of(path)[0] == "jsonl" else ()
    return _alternatives(path, (columns.question, columns.alternative, *dated))


def _alternatives(path: Path, names: tuple[str, ...]) -> Truths:
    where = str(path)
    rejects: list[Reject] = []
    by_question: dict[str, list[tuple[int, str, str, str]]] = {}
    for line, raw, cells in flat_rows(path, ending_of(path)[0], names, where, blank=names[2:]):
        if isinstance(cells, str):
            rejects.append(Reject(where, line, cells, raw))
            continue
        question, alternative, day = cells if len(cells) > 2 else (*cells, "")
        if day and not _is_date(day):
            rejects.append(Reject(where, line, f"date: {day[:80]!r} is no year, month or day", raw))
        else:
            by_question.setdefault(question, []).append((line, raw, alternative, day))
    truths = []
    for question, rows in by_question.items():
        if len({alternative for _, _, alternative, _ in rows}) > 1:
            told = ", ".join(f"line {line} says {alternative[:80]!r}" for line, _, alternative, _ in rows[:5])
            rejects += [Reject(where, line, f"adjudications of {question[:80]!r} disagree: {told}", raw)
                        for line, raw, _, _ in rows]  # fmt: skip
        else:
            line, raw, alternative, day = min(rows, key=lambda row: (row[3] or "~", row[0]))
            truths.append(Truth(question, alternative, day or None, _rejecting(where, line, raw)))
    return Truths(tuple(truths), tuple(sorted(rejects, key=lambda one: one.line or 0)))


def _is_date(text: str) -> bool:
    try:
        date_span(text)
    except ValueError:
        return False
    return True


def _rejecting(where: str, line: int, raw: str) -> Callable[[str], Reject]:
    return lambda reason: Reject(where, line, reason, raw)
