"""`reliability learn`: what reports teach of one another, and what adjudications add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.cli.reading import Request
    from reliability.io.rows import Reject
    from reliability.io.truths import Truth
    from reliability.learning.learn import Result, Vocabulary
    from reliability.learning.settled import Row


def run(
    reports: Annotated[str, typer.Argument(help="Report records, or a table of question, source and alternative "
                                           "(CSV, JSON Lines, Parquet), or - (stdin).", metavar="REPORTS")],
    ratings: Annotated[Path | None, typer.Option("--ratings", metavar="FILE", help="Write a CSV of question, "
                                                 "alternative and p, the chance that it is the true one.",
                                                 rich_help_panel=o.OUTPUT)] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write sources' track records, from what is "
                                             "adjudicated, as a sources file for --sources.",
                                             rich_help_panel=o.OUTPUT)] = None,
    blocs: Annotated[Path | None, typer.Option("--blocs", metavar="FILE", help="Write sources that err together as "
                                               "blocs to be looked at, a sources file.",
                                               rich_help_panel=o.OUTPUT)] = None,
    columns: Annotated[str | None, typer.Option("--columns", metavar="NAME=COLUMN,…", help="What a table calls its "
                                                "question, source and alternative (question=object,source=site), "
                                                "or with --out its group (group=party).",
                                                rich_help_panel=o.INPUT)] = None,
    adjudicated: Annotated[Path | None, typer.Option("--adjudicated", metavar="FILE", help="What is settled: the "
                                                     "columns claim and truth (0 to 1), or the table's question and "
                                                     "alternative.", rich_help_panel=o.INPUT)] = None,
    unclaimed: Annotated[bool, typer.Option("--unclaimed", help="The table's alternatives (20 at most) are all "
                                            "that there are: rate those too that nobody claims for a question.",
                                            rich_help_panel=o.INPUT)] = False,
    input_format: o.InputFormatOption = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
) -> None:  # fmt: skip
    """How likely each answer is, from who agrees with whom, and what is settled helps; sources' track records."""
    from reliability.cli.keeping import keep, named_files
    from reliability.cli.learn_records import write_records
    from reliability.cli.output import emit
    from reliability.cli.reading import Request, load_policy
    from reliability.errors import UsageError

    to_records = out is not None or blocs is not None
    if ratings is None and not to_records:
        raise UsageError("learn", problem="has nothing to write",
                         remedy="say --ratings FILE, or --out FILE with what is adjudicated")  # fmt: skip
    if out is not None and out.suffix not in ("", ".toml"):
        raise UsageError(f"--out {out}", problem="a sources file is written as TOML", remedy="name it .toml")
    if ratings is not None and to_records and (adjudicated is None or columns is not None):
        raise UsageError("learn", problem="--ratings and --out are learned together from report records only",
                         remedy="make two runs of it")  # fmt: skip

    written = {"--ratings": ratings, "--out": out, "--blocs": blocs, "--rejects": rejects}
    keep([*named_files(reports), adjudicated, sources], written)
    if dry_run:
        load_policy(rules, sources, None if as_of is None else as_of.date())
        emit(_plan(reports, input_format, adjudicated, written), None)
        return

    def asked(output: Path | None) -> Request:
        return Request(paths=[reports], input_format=input_format, rules=rules, sources=sources, as_of=as_of,
                       rejects=rejects, strict=strict, quiet=quiet, progress=progress, output=output)  # fmt: skip

    if ratings is not None:
        _rate(asked(ratings), ratings, adjudicated, columns, unclaimed=unclaimed)
    if to_records:
        write_records(asked(out), adjudicated, columns, blocs)


def _plan(
    reports: str, input_format: str | None, adjudicated: Path | None, written: dict[str, Path | None]
) -> str:  # fmt: skip
    """What a dry run says. A Parquet file is no input of other commands, so that it is named beside them."""
    from reliability.cli.plan import plan_beside

    parquet = Path(reports) if reports.lower().endswith(".parquet") else None
    names = {"--ratings": "ratings", "--out": "track records", "--blocs": "proposed blocs", "--rejects": "rejects"}
    beside = {"answers": parquet, "what is adjudicated": adjudicated}
    return plan_beside([] if parquet else [reports], input_format, beside,
                       {names[option]: path for option, path in written.items()})  # fmt: skip


def _rate(request: Request, ratings: Path, adjudicated: Path | None, columns: str | None, *, unclaimed: bool) -> None:
    """Learn how likely each answer is, and write it."""
    from reliability.cli.learn_reading import read_vocabularies
    from reliability.cli.output import emit
    from reliability.cli.progress import stages_told
    from reliability.io.answers import Columns
    from reliability.io.truths import Truths, read_truths
    from reliability.learning.learn import learn_from

    named = Columns() if columns is None else Columns.parse(columns)
    vocabularies, unread = read_vocabularies(request, named, flat=columns is not None, unclaimed=unclaimed)
    settled = Truths((), ()) if adjudicated is None else read_truths(adjudicated, named)
    in_time = [one for one in settled.found if _by(one, request)]
    with stages_told(request.progress, request.quiet) as told:
        result = learn_from(vocabularies, in_time, told)
    _say(request, vocabularies, result, (*unread, *settled.rejects), len(settled.found) - len(in_time))
    emit(as_csv(result.rows), ratings)


def as_csv(rows: tuple[Row, ...]) -> str:
    """Rows as the CSV of question, alternative and p. Cells are as they came: the table joins with its input."""
    from reliability.io.reports_out import csv_line

    lines = [csv_line((row.question, row.alternative, f"{row.p:.6f}")) for row in rows]
    return csv_line(("question", "alternative", "p")) + "".join(lines)


def _by(truth: Truth, request: Request) -> bool:
    """Whether it was settled by the day that is asked for; what is undated was."""
    from reliability.model.dates import date_span

    if request.as_of is None or truth.date is None:
        return True
    return date_span(truth.date)[1] <= date_span(request.as_of.date().isoformat())[1]


def _say(
    request: Request, vocabularies: list[Vocabulary], result: Result, earlier: tuple[Reject, ...], n_late: int
) -> None:
    """Rejects written and counted (under --strict any is the end), and what was learned from."""
    from reliability.cli.reading import remark
    from reliability.errors import InputError
    from reliability.io.writers import write_rejects

    bad = (*earlier, *result.rejects)
    if request.rejects is not None:
        write_rejects(request.rejects, bad)
    if bad:
        if request.strict:
            raise InputError(bad[0].file, line=bad[0].line, problem=f"{bad[0].reason} ({len(bad):,} rejects in all)",
                             remedy="--strict stops at any reject")  # fmt: skip
        place = bad[0].file if bad[0].line is None else f"{bad[0].file}:{bad[0].line}"
        noun = "reject" if len(bad) == 1 else "rejects"
        remark(f"{len(bad):,} {noun}; the first: {place}: {bad[0].reason}", request.quiet)
    if n_late:
        remark(f"{n_late:,} adjudications of a later day were set apart", request.quiet)
    for one in vocabularies:
        table = one.table
        remark(f"learned from {len(table.question):,} answers of {len(table.names.sources):,} sources to "
               f"{len(table.names.questions):,} questions", request.quiet)  # fmt: skip
