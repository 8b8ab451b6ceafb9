"""`reliability report`: ratings and reasons as a self-contained page."""

from __future__ import annotations

import sys
from pathlib import Path
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
    grouping: o.GroupingFile = None,
    at_least: o.AtLeast = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The page; beyond 5 MB an index, with FILE-2.html and so on beside it.",
                     rich_help_panel=o.OUTPUT, metavar="FILE.html"),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The page's heading.", rich_help_panel=o.OUTPUT)] = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:  # fmt: skip
    """Rate, and write one self-contained HTML page: summary, texts with their claims marked, every claim's reasons."""
    from reliability.cli.output import emit
    from reliability.cli.reading import Request, load_policy, read, remark
    from reliability.cli.reading import rate as rated
    from reliability.errors import UsageError

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, at_least=at_least,
    )  # fmt: skip
    if output is None and sys.stdout.isatty():
        raise UsageError("--output", problem="a page is no text for a terminal", remedy="say -o FILE.html")
    if output is not None and output.is_dir():
        raise UsageError(output, problem="is a folder", remedy="name the page: -o FOLDER/FILE.html")
    require("the page")
    if dry_run:
        from reliability.cli.plan import plan

        load_policy(rules, sources, request.day)
        emit(plan(paths, input_format, output, rejects), None)
        return
    from reliability.cli.table import in_text_order
    from reliability.report.material import TITLE, Material
    from reliability.report.page import pages_of

    found = read(request)
    outcome = rated(found, request)
    if not outcome.ratings:
        remark("no claims found that can be rated", quiet)
    material = Material(
        ratings=in_text_order(outcome), reports=outcome.reports, articles=found.articles, policy=found.policy,
        unrated=outcome.unrated, set_apart=len(outcome.set_apart), rejects=len(found.rejects),
        copies=found.shared.told(), title=title or TITLE,
    )  # fmt: skip
    pages = pages_of(material, output.name if output else "report.html")
    if output is None and len(pages) > 1:
        raise UsageError("--output", problem=f"the claims need {len(pages)} pages", remedy="say -o FILE.html")
    for page in reversed(pages):
        emit(page.text, None if output is None else output.with_name(page.name))
    if len(pages) > 1:
        beside = f"{pages[1].name} to {pages[-1].name}"
        remark(f"wrote {len(pages)} pages: the index {pages[0].name}, and {beside} beside it", quiet)


def require(what: str) -> None:
    """Raises MissingExtra, naming what needs it, without the `report` extra."""
    from importlib.util import find_spec

    from reliability.errors import MissingExtra

    for package in ("jinja2", "drawsvg"):
        if find_spec(package) is None:
            raise MissingExtra("report", what, package)
