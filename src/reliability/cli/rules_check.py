"""`reliability rules check`: all that is wrong with a policy, each at its line and column."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.lab.inspection import Inspection


class FindingFormat(StrEnum):
    """How findings are printed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    sarif = "sarif"
    github = "github"


def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A rules folder (default: the shipped "
                                                  "policy).")] = None,
    rules: o.Rules = None,
    format: Annotated[FindingFormat | None, typer.Option("--format", help="Default: table on a terminal, else jsonl; "
                                                         "sarif and github are for code review.",
                                                         rich_help_panel=o.OUTPUT)] = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """Keys, values, names, references, dates, tests, conditions, overlaps, conflicts, scales; exit 1 with findings."""
    from reliability.cli.output import emit
    from reliability.errors import UsageError
    from reliability.lab.inspection import inspect
    from reliability.rules.named import SHIPPED, policy_folder

    if folder is not None and rules is not None:
        raise UsageError(f"--rules {rules}", problem=f"and the folder {folder} are two", remedy="name one")
    found = inspect(policy_folder(folder or rules or SHIPPED))
    emit(_text(found, format or _format(output)), output)
    if found.findings:
        raise typer.Exit(1)


def _format(output: Path | None) -> FindingFormat:
    from reliability.cli.output import chosen

    if output is not None and output.suffix.lower() == ".sarif":
        return FindingFormat.sarif
    form = chosen(None, output)
    return FindingFormat(form.value) if form in (o.Format.json, o.Format.jsonl) else FindingFormat.table


def _text(found: Inspection, form: FindingFormat) -> str:
    from reliability.cli.output import as_json, one_json
    from reliability.io.findings_out import as_github, as_sarif, message
    from reliability.io.visible import visible

    every = found.findings
    match form:
        case FindingFormat.sarif:
            return one_json(as_sarif(every, Path.cwd()))
        case FindingFormat.github:
            return as_github(every, Path.cwd())
        case FindingFormat.json | FindingFormat.jsonl:
            return as_json([vars(one) for one in every], o.Format(form.value))
    lines = [
        f"{one.place}: {one.rule}: {message(one)}" if one.rule else f"{one.place}: {message(one)}" for one in every
    ]
    lines.append(f"{found.n_rules} rules, {found.n_tests} tests, {len(every)} findings")
    return "".join(f"{visible(line)}\n" for line in lines)
