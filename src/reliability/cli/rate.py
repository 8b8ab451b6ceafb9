"""`reliability rate`: read, group, score; print claims with ratings."""

from __future__ import annotations

from typing import Annotated

import typer

from reliability.cli import options as o


def run(
    paths: o.Paths,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    jobs: o.Jobs = 1,
    grouping: o.GroupingFile = None,
    at_least: o.AtLeast = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    format: o.RateFormat = None,
    brief: o.Brief = False,
    output: o.Output = None,
    ledger: o.RecordIn = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    fail_under: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Exit 1 when a claim rates lower.", rich_help_panel=o.OUTPUT)
    ] = None,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:
    """Read articles or reports, group what they say, and rate each claim: who stands behind it, how likely it is."""
    from reliability.cli.exporting import exported, exporter_named
    from reliability.cli.output import chosen, emit, record_format
    from reliability.cli.reading import Request, load_policy, read, remark
    from reliability.cli.reading import rate as rated

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, jobs=jobs, at_least=at_least,
    )  # fmt: skip
    own = o.Format(format) if format in tuple(o.Format) else None
    exporter = exporter_named(format) if format is not None and own is None else None
    if dry_run:
        from reliability.cli.plan import plan

        load_policy(rules, sources, request.day)
        emit(plan(paths, input_format, output, rejects, ledger=ledger), None)
        return
    form = chosen(own, output)
    printed: list[bytes] | None = None
    if ledger is not None:
        from reliability.cli.recording import read_rated_recorded, told

        printed = [] if form is o.Format.jsonl and exporter is None and not brief else None
        _, outcome, placed = read_rated_recorded(request, ledger, printed=printed)
        remark(told(placed, ledger), quiet)
    else:
        outcome = rated(read(request), request)
    if outcome.set_apart:
        remark(f"{len(outcome.set_apart):,} reports published after {request.day} were set apart", quiet)
    if not outcome.ratings:
        remark("no claims found that can be rated", quiet)
    if exporter is not None:
        emit(exported(exporter, [rating.record(brief=brief) for rating in outcome.ratings]), output)
    elif form is o.Format.table:
        from reliability.cli.table import in_text_order, ratings_table, unrated_lines, width

        columns = width()
        text = ratings_table(in_text_order(outcome), columns) if outcome.ratings else ""
        listed = unrated_lines(outcome.unrated, columns)
        emit(text + ("\n" + listed if listed and text else listed), output)
    else:
        from reliability.io.writers import dump_records

        if outcome.unrated:
            remark(f"{len(outcome.unrated):,} reports that are no statements were not rated (`claims --all` lists "
                   "them)", quiet)  # fmt: skip
        if printed is None:
            emit(dump_records([rating.record(brief=brief) for rating in outcome.ratings], record_format(form)), output)
        else:
            emit(b"".join(printed), output)
    if fail_under is not None and any(rating.p < fail_under for rating in outcome.ratings):
        raise typer.Exit(1)
