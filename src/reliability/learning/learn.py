"""How likely each alternative of each question is, learned from reports and from what was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reliability.errors import InputError
from reliability.io.answers import Answers, Coded
from reliability.io.rows import Reject
from reliability.io.truths import Truth, as_answers
from reliability.learning.estimate import Learned, estimate
from reliability.learning.settled import Row, known_of, of_claim
from reliability.learning.settled import Truth as Settled
from reliability.learning.table import CLOSED, Names, Table, lay_table
from reliability.rules.policy import Policy
from reliability.scoring.channel import Floats
from reliability.scoring.trie import Ints

Told = Callable[[int, int], None]
MILLION = 1_000_000
"""Probabilities are given in millionths."""


@dataclass(frozen=True)
class Vocabulary:
    """A table to learn from. `every`: its few answers are all that any question can have, and each is rated."""

    table: Table
    every: bool = False


@dataclass(frozen=True)
class Result:
    """Rows in order of question and alternative, p to 6 digits; adjudications that fit nothing; what was learned."""

    rows: tuple[Row, ...]
    rejects: tuple[Reject, ...]
    learned: tuple[Learned, ...]


def learn(
    answers: Iterable[tuple[str, str, str]], settled: Mapping[str, str] | None = None, *, unclaimed: bool = False
) -> list[Row]:
    """How likely each answer is, from (question, source, answer) triples; in order of question and answer.

    `settled` gives questions' true answers, which are kept. With `unclaimed` all of at most 20 answers are rated for
    every question, also where nobody gave them. Raises InputError for no triples at all, for what is none, and for more
    than 20 answers with `unclaimed`.
    """
    if not isinstance(settled or {}, Mapping):
        raise InputError("learn", problem="`settled` is no mapping", remedy="give {question: true answer}")
    columns = Coded(), Coded(), Coded()
    for at, row in enumerate(answers, start=1):
        if not isinstance(row, tuple | list) or len(row) != 3 or None in row:
            raise InputError("learn", line=at, problem=f"{str(row)[:80]} is no (question, source, answer)",
                             remedy="give three texts")  # fmt: skip
        for column, text in zip(columns, row, strict=True):
            column.add(str(text))
    if not columns[0].codes:
        raise InputError("learn", problem="no answers to learn from", remedy="give (question, source, answer) triples")
    table = table_of(Answers(*columns, rejects=()))
    if unclaimed and not table.closed:
        raise InputError("learn", problem=f"unclaimed is for {CLOSED} answers at most, and there are {table.k:,}",
                         remedy="leave it out")  # fmt: skip
    truths = [Truth(name, true, None, _no_row) for name, true in (settled or {}).items()]
    return list(learn_from([Vocabulary(table, unclaimed)], truths).rows)


def table_of(answers: Answers, policy: Policy | None = None) -> Table:
    """A flat table's rows. With a policy, aliases are their source, and members of a bloc the bloc: one voice."""
    voices = answers.source.names if policy is None else [_voice(name, policy) for name in answers.source.names]
    code_of: dict[str, int] = {}
    of_name = np.array([code_of.setdefault(voice, len(code_of)) for voice in voices], dtype=np.int64)
    names = Names(tuple(answers.question.names), tuple(code_of), tuple(answers.alternative.names))
    return lay_table(answers.question.array, of_name[answers.source.array], answers.alternative.array, names)


def learn_from(vocabularies: Sequence[Vocabulary], truths: Iterable[Truth] = (), told: Told | None = None) -> Result:
    """Learn each table by itself; an adjudication of a question that no table has, or of another kind, is a reject.

    `told` hears of every stage done, and of how many there are.
    """
    settled, rejects = _settled(truths, vocabularies)
    rows: list[Row] = []
    learned: list[Learned] = []
    for at, one in enumerate(vocabularies):
        known, extra = known_of(one.table, settled)
        found = estimate(one.table, known, every=one.every, told=_among(told, at, len(vocabularies)))
        names = one.table.names
        rows += [Row(names.questions[question], names.answers[answer], p) for question, answer, p in zip(
            found.question.tolist(), found.answer.tolist(), in_millionths(found.p, found.question).tolist(), strict=True
        )]  # fmt: skip
        shown = set(names.answers) if one.every else set()
        rows += [row for row in extra if row.alternative not in shown]
        learned.append(found)
    return Result(tuple(sorted(rows, key=lambda row: (row.question, row.alternative))), rejects, tuple(learned))


def in_millionths(p: Floats, question: Ints) -> Floats:
    """Probabilities to 6 digits that still add up: what rounding down leaves goes to the largest remainders.

    Shapes: p, question (n,), a question's rows together. Sums are kept to the nearest millionth.
    """
    scaled = p * MILLION
    whole = np.floor(scaled + 1e-7)
    starts = np.flatnonzero(np.append(True, question[1:] != question[:-1]))
    left = np.rint(np.add.reduceat(scaled, starts) - np.add.reduceat(whole, starts)).astype(np.int64)
    order = np.lexsort((whole - scaled, question))
    length = np.diff(np.append(starts, len(p)))
    rank = np.empty(len(p), dtype=np.int64)
    rank[order] = np.arange(len(p)) - np.repeat(starts, length)
    found: Floats = (whole + (rank < np.repeat(left, length))) / MILLION
    return found


def _settled(
    truths: Iterable[Truth], vocabularies: Sequence[Vocabulary]
) -> tuple[dict[str, Settled], tuple[Reject, ...]]:
    table_of_question = {name: one.table for one in vocabularies for name in one.table.names.questions}
    settled: dict[str, Settled] = {}
    rejects: list[Reject] = []
    of_answers: list[tuple[Truth, str, str]] = []
    for truth in truths:
        table = table_of_question.get(truth.question)
        if table is None:
            answer = _answer(truth.question, table_of_question)
            if answer is None or isinstance(truth.settled, str):
                rejects.append(truth.rejected(f"no report is about {truth.question[:80]!r}"))
            else:
                of_answers.append((truth, *answer))
        elif isinstance(truth.settled, str):
            settled[truth.question] = {truth.settled: 1.0}
        elif (found := of_claim(truth.settled, table.names.answers)) is not None:
            settled[truth.question] = found
        else:
            rejects.append(truth.rejected("a truth from 0 to 1 is of a question whose answers are false and true, no "
                                          "and yes, or 0 and 1; name the alternative that is true"))  # fmt: skip
    return settled, (*rejects, *_hold_answers(of_answers, settled))


def _answer(name: str, tables: Mapping[str, Table]) -> tuple[str, str] | None:
    """The given answer, with its question, that a claim's id stands for; None for no such."""
    return next((one for one in as_answers(name) if one[0] in tables and one[1] in tables[one[0]].names.answers), None)


def _hold_answers(of_answers: Sequence[tuple[Truth, str, str]], settled: dict[str, Settled]) -> list[Reject]:
    """Settle questions by the answers that are true; what that leaves unsaid, or contradicts it, is a reject."""
    rejects = []
    for truth, question, answer in sorted(of_answers, key=lambda one: one[0].settled != 1.0):
        if truth.settled == 1.0 and settled.setdefault(question, {answer: 1.0}) != {answer: 1.0}:
            rejects.append(truth.rejected(f"another answer to {question[:80]!r} was settled as true"))
        elif truth.settled != 1.0 and (truth.settled != 0.0 or question not in settled):
            rejects.append(truth.rejected(f"does not say which answer to {question[:80]!r} is true; name that one"))
    return rejects


def _no_row(reason: str) -> Reject:
    return Reject("settled", None, reason, "")


def _among(told: Told | None, at: int, of: int) -> Told | None:
    """The progress of one table among several."""
    if told is None:
        return None
    return lambda done, stages: told(at * stages + done, of * stages)


def _voice(name: str, policy: Policy) -> str:
    entry = policy.sources.find(name)
    if entry is None:
        return name
    bloc = entry.bloc
    while bloc is not None and policy.blocs[bloc].inside is not None:
        bloc = policy.blocs[bloc].inside
    return entry.name if bloc is None else f"bloc {bloc}"
