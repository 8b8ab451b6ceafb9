"""Options that several commands share, spelled once."""

from __future__ import annotations

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

INPUT, POLICY, OUTPUT = "What is read", "Policy", "What is written"


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"


class TableFormat(StrEnum):
    """How tables of ratings are written."""

    parquet = "parquet"
    jsonl = "jsonl"


class InputFormat(StrEnum):
    """What standard input holds."""

    txt = "txt"
    md = "md"
    html = "html"
    docx = "docx"
    pdf = "pdf"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    stix = "stix"
    misp = "misp"


class Progress(StrEnum):
    """How progress is shown on stderr."""

    bar = "bar"
    plain = "plain"
    json = "json"
    none = "none"


def _without_colour(asked: bool) -> bool:
    """Only progress has colour; its library heeds NO_COLOR."""
    if asked:
        os.environ["NO_COLOR"] = "1"
    return asked


Paths = Annotated[list[str], typer.Argument(help="Articles, report files, folders of either, or - (stdin).",
                                            show_default=False, metavar="PATH…")]  # fmt: skip
AtLeast = Annotated[list[float] | None, typer.Option(min=0.0, help="For figures: how likely it is that there are at "
                                                     "least so many; repeatable.", metavar="X")]  # fmt: skip
Claim = Annotated[str, typer.Argument(help="A claim's id, as `rate` prints it, or the beginning of one.")]
Publisher = Annotated[str | None, typer.Option(help="The outlet, NAME or NAME:TYPE, where the file lacks it.",
                                               rich_help_panel=INPUT)]  # fmt: skip
Published = Annotated[str | None, typer.Option(help="Publication date, where the file lacks it.",
                                               rich_help_panel=INPUT)]  # fmt: skip
Url = Annotated[str | None, typer.Option(help="The article's address, where the file lacks it.",
                                         rich_help_panel=INPUT)]  # fmt: skip
InputFormatOption = Annotated[InputFormat | None, typer.Option("--input-format", help="What - holds.",
                                                               rich_help_panel=INPUT)]  # fmt: skip
MaxChars = Annotated[int, typer.Option(min=1, help="Articles with more characters are rejected, not cut.",
                                       rich_help_panel=INPUT)]  # fmt: skip
GroupingFile = Annotated[Path | None, typer.Option("--grouping", help="An editor's merges and splits of claims.",
                                                   rich_help_panel=INPUT)]  # fmt: skip
GroupingOut = Annotated[Path | None, typer.Option("--grouping-out", help="Write the claims as a --grouping file.",
                                                  rich_help_panel=OUTPUT)]  # fmt: skip
Rules = Annotated[Path | None, typer.Option(help="A rules folder, or an installed package's policy by name "
                                            "(default: the shipped one).",
                                            rich_help_panel=POLICY)]  # fmt: skip
Sources = Annotated[Path | None, typer.Option(help="A sources file (.toml or .csv) on top of the shipped ones.",
                                              rich_help_panel=POLICY)]  # fmt: skip
AsOf = Annotated[datetime | None, typer.Option(help="That day's rules; later reports are set apart.",
                                               formats=["%Y-%m-%d"], rich_help_panel=POLICY)]  # fmt: skip
FormatOption = Annotated[Format | None, typer.Option("--format", help="Default: table on a terminal, else jsonl.",
                                                     rich_help_panel=OUTPUT)]  # fmt: skip
RateFormat = Annotated[str | None, typer.Option("--format", help="Default: table on a terminal, else jsonl. NAME: an "
                                                "installed package's exporter (`doctor` lists them).",
                                                metavar=f"[{'|'.join(Format)}|NAME]",
                                                rich_help_panel=OUTPUT)]  # fmt: skip
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write there instead of stdout.",
                                             rich_help_panel=OUTPUT)]  # fmt: skip
Rejects = Annotated[Path | None, typer.Option(help="Where bad rows go (JSONL: file, line, reason, raw).",
                                              rich_help_panel=OUTPUT)]  # fmt: skip
Strict = Annotated[bool, typer.Option("--strict", help="Any reject is exit 3, and nothing is rated.",
                                      rich_help_panel=OUTPUT)]  # fmt: skip
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No remarks on stderr.", rich_help_panel=OUTPUT)]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR works too).", callback=_without_colour,
                                       rich_help_panel=OUTPUT)]  # fmt: skip
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=256, help="Processes that share the work; results "
                                   "are the same.", rich_help_panel=INPUT)]  # fmt: skip
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be read and written.", rich_help_panel=OUTPUT)]
ProgressOption = Annotated[Progress | None, typer.Option("--progress", help="Progress on stderr (default: a bar on a "
                                                         "terminal when several files are read).",
                                                         rich_help_panel=OUTPUT)]  # fmt: skip
Brief = Annotated[bool, typer.Option("--brief", help="Leave `tree` and `links` out of JSON.", rich_help_panel=OUTPUT)]
LedgerFolder = Annotated[Path, typer.Option("--ledger", metavar="DIR", readable=False, help="The ledger's folder.")]
RecordIn = Annotated[Path | None, typer.Option("--ledger", metavar="DIR", help="Record all of the run in this ledger.",
                                               readable=False, rich_help_panel=OUTPUT)]  # fmt: skip
Note = Annotated[str | None, typer.Option(help="A note that stands in the ledger beside the ratings.",
                                          rich_help_panel=OUTPUT)]  # fmt: skip
Confidential = Annotated[Path | None, typer.Option("--confidential", metavar="FILE", help="A TOML file with `key` and "
                                                   "`names`, kept outside the ledger: pseudonyms stand for the names.",
                                                   rich_help_panel=OUTPUT)]  # fmt: skip
By = Annotated[str | None, typer.Option(help="Who records this.", rich_help_panel=OUTPUT)]
