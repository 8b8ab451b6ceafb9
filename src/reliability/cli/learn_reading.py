"""What `reliability learn` learns from: a flat table, or report records."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from reliability import api
from reliability.cli.reading import Request, load_policy, read, remark
from reliability.errors import InputError, UsageError
from reliability.io.answers import Columns, is_flat, read_answers
from reliability.io.flat import ending_of
from reliability.io.rows import Reject
from reliability.learning.from_reports import flatten
from reliability.learning.learn import Vocabulary, table_of


def read_vocabularies(
    request: Request, columns: Columns, *, flat: bool, unclaimed: bool
) -> tuple[list[Vocabulary], tuple[Reject, ...]]:
    """The tables to learn from, one for flat rows, one each for claims and for questions of report records."""
    path = request.paths[0]
    if flat or (path != "-" and Path(path).is_file() and is_flat(Path(path))):
        return _flat(request, columns, unclaimed)
    return _records(request, unclaimed)


def _flat(request: Request, columns: Columns, unclaimed: bool) -> tuple[list[Vocabulary], tuple[Reject, ...]]:
    path = request.paths[0]
    if request.as_of is not None:
        raise UsageError("--as-of", problem="needs dates, which a flat table has none of", remedy="leave it out")
    if path == "-":
        if request.input_format is None:
            raise UsageError("-", problem="what standard input holds is not told by an ending",
                             remedy="say --input-format csv or jsonl")  # fmt: skip
        found = read_answers(sys.stdin.buffer, request.input_format, columns)
    else:
        found = read_answers(Path(path), ending_of(Path(path))[0], columns)
    if not found.question.codes:
        first = found.rejects[0]
        raise InputError(first.file, line=first.line, problem=f"no row can be used: {first.reason}",
                         remedy="--rejects FILE lists each with its reason")  # fmt: skip
    policy = None
    if request.sources is not None:
        policy = load_policy(request.rules, request.sources, None)
    table = table_of(found, policy)
    if unclaimed and not table.closed:
        raise UsageError("--unclaimed", problem=f"is for 20 alternatives at most, and there are {table.k:,}",
                         remedy="leave it out")  # fmt: skip
    return [Vocabulary(table, unclaimed)], found.rejects


def _records(request: Request, unclaimed: bool) -> tuple[list[Vocabulary], tuple[Reject, ...]]:
    """Report records as tables. A stream can't be looked into beforehand: its flat table is one by --columns."""
    try:
        found = read(replace(request, rejects=None, strict=False, quiet=True))
    except InputError as error:
        if error.line != 1 or Path(request.paths[0]).is_file():
            raise
        raise InputError(request.paths[0], line=1, problem=error.problem,
                         remedy="give report records, or name the columns of a flat table: --columns "
                                "question=question,source=source,alternative=alternative") from error  # fmt: skip
    in_time, late = api.split_by_day(found.reports, request.day)
    flattened = flatten(in_time, found.policy)
    aside = dict(flattened.set_aside) | ({"published later": len(late)} if late else {})
    for reason, count in sorted(aside.items()):
        remark(f"{count:,} {'report was' if count == 1 else 'reports were'} set aside: {reason}", request.quiet)
    vocabularies = []
    if flattened.claims is not None:
        vocabularies.append(Vocabulary(flattened.claims, True))
    if flattened.questions is not None:
        vocabularies.append(Vocabulary(flattened.questions, unclaimed and flattened.questions.closed))
    if not vocabularies:
        raise InputError(request.paths[0], problem="no report here teaches anything",
                         remedy="give reports that assert or deny")  # fmt: skip
    return vocabularies, found.rejects
