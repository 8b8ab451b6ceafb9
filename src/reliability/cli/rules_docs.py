"""`reliability rules docs`: the policy as readable pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reliability.cli import options as o

MADE_BY = "reliability rules docs"


def run(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="A folder that is new, empty, or was "
                                         "written by this command.", rich_help_panel=o.OUTPUT)],
    rules: o.Rules = None,
    on: Annotated[list[str] | None, typer.Option("--on", metavar="PATH", help="Articles or reports: how far their "
                                                 "ratings depend on each judgement number; repeatable.",
                                                 rich_help_panel=o.INPUT)] = None,
    publisher: o.Publisher = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """The policy as pages in Markdown and HTML: every rule with its reasons, its effect drawn, examples and history."""
    from reliability.api import ENGINE
    from reliability.cli.reading import Request, load_policy, rate, read, remark
    from reliability.cli.report import require
    from reliability.io.folder_out import write_folder
    from reliability.lab.judgement import by_dependence, judgement_numbers
    from reliability.lab.rerating import Rerating
    from reliability.report.policy_pages import pages_of_policy

    require("the pages")
    request = Request(paths=on or (), publisher=publisher, rules=rules, sources=sources, as_of=as_of, quiet=quiet)
    if on:
        found = read(request)
        policy = found.policy
        numbers = by_dependence(policy, Rerating.of(rate(found, request)))
    else:
        policy = load_policy(rules, sources, request.day)
        numbers = judgement_numbers(policy)
    pages = pages_of_policy(policy, numbers, ENGINE)
    write_folder(output, {page.name: page.text for page in pages}, MADE_BY)
    remark(f"wrote {len(pages):,} pages to {output}: begin with index.html or index.md", quiet)
