"""`reliability export`: ratings in the formats of other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from reliability.cli import options as o

FORMAT = ("stix, misp, claimreview, prov, provn, icd206, memo, ach, or the name of an installed package's exporter "
          "(`doctor` lists them).")  # fmt: skip


def run(
    name: Annotated[str, typer.Argument(help=FORMAT, metavar="FORMAT", show_default=False)],
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
    reviewed_by: Annotated[
        str | None, typer.Option(help="Who checked the claims and vouches for the ratings: claimreview needs it.",
                                 rich_help_panel=o.OUTPUT, metavar="NAME")
    ] = None,
    at: Annotated[
        datetime | None, typer.Option(help="The day that formats which insist on one are dated (default: the newest "
                                      "report's, else 1970-01-01; never today).", formats=["%Y-%m-%d"],
                                      rich_help_panel=o.OUTPUT)
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the export is called, where it has a title.",
                                              rich_help_panel=o.OUTPUT)] = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:  # fmt: skip
    """Rate, and write the ratings as another system reads them: STIX, MISP, ClaimReview, PROV, lists and memos."""
    from reliability.cli.exporting import exported, exporter_for
    from reliability.cli.output import emit
    from reliability.cli.reading import Request, load_policy, read, remark
    from reliability.cli.reading import rate as rated

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, jobs=jobs, at_least=at_least,
    )  # fmt: skip
    exporter = exporter_for(name, reviewed_by)
    if dry_run:
        from reliability.cli.plan import plan

        load_policy(rules, sources, request.day)
        emit(plan(paths, input_format, output, rejects), None)
        return
    from reliability.cli.table import in_text_order
    from reliability.exchange.dossier import TITLE, Dossier
    from reliability.exchange.formats import ExportFormat

    found = read(request)
    outcome = rated(found, request)
    if outcome.set_apart:
        remark(f"{len(outcome.set_apart):,} reports published after {request.day} were set apart", quiet)
    if not outcome.ratings:
        remark("no claims found that can be rated", quiet)
    if not isinstance(exporter, ExportFormat):
        emit(exported(exporter, [rating.record() for rating in outcome.ratings]), output)
        return
    dossier = Dossier(
        ratings=tuple(in_text_order(outcome)), reports=outcome.reports, policy=found.policy, articles=found.articles,
        title=title or TITLE, at=None if at is None else at.date().isoformat(), reviewer=reviewed_by,
    )  # fmt: skip
    emit(exporter.write(dossier), output)
