"""`reliability rules backtest`: a policy held to claims whose truth was settled later."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reliability.cli import options as o
from reliability.model.number import n_of

if TYPE_CHECKING:
    from reliability.cli.reading import Request
    from reliability.io.adjudications import Adjudicated
    from reliability.io.rows import Reject
    from reliability.lab.tested import Tested

LISTED = 20
"""Of so many rejects each is told on stderr; the others are counted."""


def run(
    paths: o.Paths,
    adjudicated: Annotated[Path, typer.Option("--adjudicated", metavar="FILE", help="CSV or JSONL with the columns "
                                              "claim, truth (0 to 1), and perhaps date and by.")],
    against: Annotated[str | None, typer.Option("--against", metavar="POLICY", help="Another policy: a folder, "
                                                "`shipped`, or git:REVISION[:FOLDER].",
                                                rich_help_panel=o.POLICY)] = None,
    publisher: o.Publisher = None,
    input_format: o.InputFormatOption = None,
    grouping: o.GroupingFile = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    bins: Annotated[int, typer.Option(min=1, max=100, help="Bins of the calibration table.")] = 10,
    most: Annotated[int, typer.Option(min=1, help="So many rules that help and that hurt most.")] = 10,
    format: o.FormatOption = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """Scores of the ratings against what turned out: Brier, log score, calibration, words; and what each rule does."""
    from reliability.cli.backtest_views import printed
    from reliability.cli.keeping import keep
    from reliability.cli.output import chosen, emit
    from reliability.cli.reading import Request, remark
    from reliability.io.adjudications import read_adjudications
    from reliability.lab.backtest import against as compared
    from reliability.lab.backtest import backtest
    from reliability.lab.revisions import policy_named

    request = Request(
        paths=paths, publisher=publisher, input_format=input_format, grouping=grouping, rules=rules, sources=sources,
        as_of=as_of, rejects=rejects, strict=strict, quiet=quiet, output=output,
    )  # fmt: skip
    keep([adjudicated], {"--output": output, "--rejects": rejects})
    settled = read_adjudications(adjudicated)
    with ExitStack() as stack:
        other = None if against is None else stack.enter_context(policy_named(against, request.day))
        policy, tested, set_aside = tested_by(request, settled)
        say(request, settled, set_aside, tested)
        found = backtest(tested, policy, bins)
        if other is not None and against is not None:
            there = replace(request, rules=other.folder, quiet=True, rejects=None, strict=False)
            found = replace(found, against=compared(tested, tested_by(there, settled)[1], against))
    if found.against is not None and (found.against.only_here or found.against.only_there):
        remark(f"{found.against.only_here:,} claims are rated only by this policy, {found.against.only_there:,} only "
               f"by {against}: they are not compared", quiet)  # fmt: skip
    emit(printed(found, chosen(format, output), most), output)


def tested_by(request: Request, settled: Adjudicated) -> tuple[Any, Tested, tuple[Reject, ...]]:
    """The policy, its ratings of adjudicated claims, and rows that could not be read."""
    from reliability.cli.reading import rate, read
    from reliability.lab.tested import adjudicated

    found = read(request)
    outcome = rate(found, request)
    tested = adjudicated(outcome, found.policy, (one.adjudication for one in settled.settled))
    return found.policy, tested, found.rejects


def say(request: Request, settled: Adjudicated, earlier: tuple[Reject, ...], tested: Tested) -> None:
    """Rejects written and counted, and what else was set aside; InputError where no claim is left to be scored."""
    from reliability.cli.reading import remark

    unmatched = frozenset(tested.unmatched)
    missing = [one.rejected(f"no rated claim {one.adjudication.claim!r}: its id is none, or nothing was published "
                            "before it was adjudicated") for one in settled.settled
               if one.adjudication.claim in unmatched]  # fmt: skip
    told_rejects(request, earlier, [*settled.rejects, *missing], nothing_left=not tested.ratings)
    for column, count in sorted(settled.unknown_columns.items()):
        remark(f"unknown column {column!r}, filled in {n_of(count, 'row', 'rows')}, was set aside", request.quiet)
    n_weak = int((~tested.assessed).sum())
    if n_weak:
        remark(f"{n_weak:,} claims are not assessed: they count with their p in `all`, and have no word", request.quiet)
    if tested.n_late:
        remark(f"{tested.n_late:,} reports published after their claim was adjudicated were set apart", request.quiet)


def told_rejects(
    request: Request, earlier: Sequence[Reject], bad: Sequence[Reject], *, nothing_left: bool
) -> None:  # fmt: skip
    """Rejects written and told; InputError where they leave nothing to be scored, or under --strict at any."""
    from reliability.cli.reading import remark
    from reliability.errors import InputError
    from reliability.io.writers import write_rejects

    bad = sorted(bad, key=lambda one: one.line or 0)
    if request.rejects is not None:
        write_rejects(request.rejects, [*earlier, *bad])
    for one in bad[:LISTED]:
        remark(f"reject: {one.file}:{one.line}: {one.reason}", request.quiet)
    if len(bad) > LISTED:
        remark(f"{len(bad) - LISTED:,} more rejects; --rejects FILE lists all", request.quiet)
    if bad and (request.strict or nothing_left):
        problem = f"{bad[0].reason} ({len(bad):,} rejects in all)"
        remedy = "--strict stops at any reject" if request.strict else "nothing is left to be scored"
        raise InputError(bad[0].file, line=bad[0].line, problem=problem, remedy=remedy)
