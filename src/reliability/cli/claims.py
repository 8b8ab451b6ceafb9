"""`reliability claims`: only read, and print the reports found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reliability.cli import options as o
from reliability.errors import UsageError


def run(
    paths: o.Paths,
    all_kinds: Annotated[
        bool, typer.Option("--all", help="Also the kinds that are not rated: beliefs, wishes, questions, …")
    ] = False,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    jobs: o.Jobs = 1,
    grouping: o.GroupingFile = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    format: o.FormatOption = None,
    output: o.Output = None,
    texts_out: Annotated[
        Path | None,
        typer.Option(
            help="A folder for the articles as read (JSON), which the reports' spans point into.",
            rich_help_panel=o.OUTPUT,
            metavar="DIR",
        ),
    ] = None,
    grouping_out: o.GroupingOut = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:
    """Only read: print the reports found as report records. Edit them, then rate them."""
    from reliability import api
    from reliability.cli.output import chosen, emit, report_format
    from reliability.cli.reading import Request, read
    from reliability.io.reports_out import dump_reports
    from reliability.text.grouping import group

    if dry_run:
        from reliability.cli.plan import plan

        emit(plan(paths, input_format, output, rejects, grouping_out), None)
        return
    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, jobs=jobs, grouping_out=grouping_out,
    )  # fmt: skip
    found = read(request, every_kind=all_kinds)
    if texts_out is not None:
        from reliability.io.articles_out import write_articles

        write_articles(texts_out, found.articles)
    in_time, _ = api.split_by_day(found.reports, request.day)
    grouped, _ = group(in_time, found.grouping)
    if grouping_out is not None:
        from reliability.io.groupings import dump_grouping
        from reliability.io.writers import write_atomically

        write_atomically(grouping_out, dump_grouping(in_time, grouped, found.grouping))
    reports = [report for report in grouped if all_kinds or report.kind == "statement"]
    form = chosen(format, output)
    if form is o.Format.table:
        from reliability.cli.claims_table import claims_table
        from reliability.cli.table import width

        emit(claims_table(reports, width()), output)
    elif form is o.Format.markdown:
        raise UsageError("--format", problem="reports are no Markdown", remedy="choose table, json, jsonl or csv")
    else:
        emit(dump_reports(reports, report_format(form)), output)
