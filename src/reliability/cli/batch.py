"""`reliability batch`: sets of articles and tables of reports, in bounded memory; resume, rejects, manifest."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.batch.asked import Asked
    from reliability.batch.run import Done
    from reliability.batch.workers import Workers
    from reliability.io.kinds import InputFile, PluggedFile
    from reliability.rules.policy import Policy

Out = Annotated[Path, typer.Option("--out", help="The folder for ratings, reports, rejects and manifest.",
                                   rich_help_panel=o.OUTPUT, show_default=False)]  # fmt: skip
Memory = Annotated[
    str,
    typer.Option(
        help="How much memory may be taken, as 2GB; on a Spark cluster, by an executor.", rich_help_panel=o.INPUT
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where a run in the folder broke off.",
                                      rich_help_panel=o.OUTPUT)]  # fmt: skip
_UNITS = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_SIZE = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(kb|mb|gb|)", re.IGNORECASE)
LEAST = 300_000_000
AT_LEAST = 16_000_000
"""Tables of so many bytes are worth several processes, however they are packed."""
SPARK = "On Spark"


class Engine(StrEnum):
    """Who does the work."""

    local = "local"
    spark = "spark"


def run(
    inputs: o.Paths,
    out: Out,
    memory: Memory = "1GB",
    jobs: o.Jobs = 1,
    resume: Resume = False,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    grouping: o.GroupingFile = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Low and high too, which takes longer.", rich_help_panel=o.OUTPUT)
    ] = False,
    waterfall: Annotated[
        bool, typer.Option("--waterfall", help="Also a table of all bars.", rich_help_panel=o.OUTPUT)
    ] = False,
    links: Annotated[
        bool, typer.Option("--links", help="Also a table of all links' numbers.", rich_help_panel=o.OUTPUT)
    ] = False,
    format: Annotated[
        o.TableFormat, typer.Option("--format", help="How ratings are written.", rich_help_panel=o.OUTPUT)
    ] = o.TableFormat.parquet,
    since: Annotated[
        Path | None,
        typer.Option(
            "--since",
            help="A finished run's folder: its reports and these; what is not touched is not rated again.",
            rich_help_panel=o.INPUT,
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Who does the work; results are the same.", rich_help_panel=SPARK)
    ] = Engine.local,
    master: Annotated[
        str | None,
        typer.Option(
            "--master", help="Spark's master (default: this machine, as --memory allows).", rich_help_panel=SPARK
        ),
    ] = None,
    remote: Annotated[
        str | None, typer.Option("--remote", help="A Spark Connect server, as sc://host:15002.", rich_help_panel=SPARK)
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            metavar="DIR",
            help="Record the run in this ledger too: its files, reports, policy, options and ratings.",
            rich_help_panel=o.OUTPUT,
        ),
    ] = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:
    """Rate sets of articles and tables of reports, of any size, into a folder."""
    from reliability.cli.batch_inputs import expanded, files_of
    from reliability.cli.output import emit
    from reliability.cli.reading import load_policy, publisher_of, remark

    _needs_arrow()
    os.environ.setdefault(*ALLOCATOR)
    refuse_engine(engine, master, remote)
    if ledger is not None:
        refuse_ledger(inputs, since)
    day = None if as_of is None else as_of.date()
    paths = expanded(inputs)
    files, refused = files_of(paths, out, input_format)
    most = bytes_of(memory)
    workers = None if dry_run or engine is Engine.spark else _early(files, jobs)
    policy = load_policy(rules, sources, day)
    name, kind = publisher_of(publisher, policy)
    edits = None
    if grouping is not None:
        from reliability.io.groupings import read_grouping

        edits = read_grouping(grouping)
    from reliability.batch.asked import Asked

    asked = Asked(
        files=files, refused=refused, policy=policy, memory=most, jobs=jobs, as_of=day, grouping=edits,
        publisher=name, publisher_type=kind, published=published, url=url, max_chars=max_chars, intervals=intervals,
        waterfall=waterfall, links=links, form=format.value, strict=strict, resume=resume,
    )  # fmt: skip
    if since is not None:
        from reliability.batch.since import Before

        record = asked.record()
        asked = replace(asked, before=Before.of(since, {**record, **record["options"]}))
    if dry_run:
        from reliability.batch.workplace import Workplace
        from reliability.cli.batch_plan import plan
        from reliability.io.visible import visible

        Workplace(out).refuse(resume=resume)
        recorded = "" if ledger is None else f"would record in the ledger {visible(str(ledger))}\n"
        emit(plan(asked, out) + recorded, None)
        return
    recorder = None
    if ledger is not None:
        from reliability.cli.batch_recording import recording

        recorder = recording(ledger, asked, out, paths, sources=sources, grouping=grouping)
    done = _rated(asked, out, Spark(engine, master, remote), workers, progress, quiet)
    for line in remarks(done.read, policy):
        remark(line, quiet)
    remark(told(done.counts, out), quiet)
    if recorder is not None:
        remark(recorder(done), quiet)


ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL", "system"
"""Which allocator Arrow takes as it is imported, here and in processes that are begun from here: its own one keeps more
of what is freed (of 5 M reports 541 MB, not 460, in the same time).
"""


class Spark(NamedTuple):
    """Who does the work, and where Spark is."""

    engine: Engine
    master: str | None
    remote: str | None


def _early(files: Sequence[InputFile | PluggedFile], jobs: int) -> Workers | None:
    """Processes for tables that are large, which make themselves ready while this one goes on."""
    from reliability.io.kinds import TABLES

    size = sum(file.path.stat().st_size for file in files if file.kind in TABLES and file.path and file.path.is_file())
    if jobs <= 1 or size < AT_LEAST:
        return None
    from reliability.batch.workers import Workers

    workers = Workers(jobs)
    workers.begin()
    return workers


def _rated(
    asked: Asked, out: Path, spark: Spark, workers: Workers | None, progress: o.Progress | None, quiet: bool
) -> Done:  # fmt: skip
    """Run what is asked; Ctrl-C says how to go on."""
    from reliability.batch.run import run as rate
    from reliability.cli.batch_progress import Shown

    with _ended_by_signals(resume_line(sys.argv)), Shown(progress, quiet) as shown, _told(asked, out, quiet):
        if spark.engine is Engine.spark:
            from reliability.spark.run import run_on_spark

            return run_on_spark(asked, out, shown, master=spark.master, remote=spark.remote)
        return rate(asked, out, shown, workers)


@contextmanager
def _ended_by_signals(command: str) -> Iterator[None]:
    """Ctrl-C, or SIGTERM, ends what is done inside, with the command that goes on."""
    before = {number: signal.signal(number, lambda number, _: _interrupted(number, command))
              for number in (signal.SIGINT, signal.SIGTERM)}  # fmt: skip
    try:
        yield
    finally:
        for number, one in before.items():
            signal.signal(number, one)


@contextmanager
def _told(asked: Asked, out: Path, quiet: bool) -> Iterator[None]:
    """Whatever ends a run, what was noticed in reading is said: it may be why nothing could be rated."""
    from reliability.batch.reading import READ_MARK
    from reliability.batch.workplace import Workplace
    from reliability.cli.reading import remark
    from reliability.errors import InputError

    try:
        yield
    except InputError:
        with suppress(ValueError, TypeError, LookupError, AttributeError):  # a damaged mark, which ended the run
            read = Workplace(out).load(READ_MARK)
            for line in [] if read is None else remarks(read, asked.policy):
                remark(line, quiet)
        raise


def _needs_arrow() -> None:
    from reliability.errors import MissingExtra

    for package in ("pyarrow", "msgspec"):
        if find_spec(package) is None:
            raise MissingExtra("batch", "reliability batch", package)


def refuse_engine(engine: Engine, master: str | None, remote: str | None) -> None:
    """Raise UsageError for options of Spark without it, or for two clusters at once."""
    from reliability.errors import UsageError

    asked = "--remote" if remote is not None else "--master" if master is not None else None
    if engine is not Engine.spark and asked is not None:
        raise UsageError(asked, problem="is an option of Spark", remedy="say --engine spark too")
    if remote is not None and not remote.startswith("sc://"):
        raise UsageError(f"--remote {remote}", problem="is no Spark Connect server", remedy="write sc://host:15002")
    if master is not None and remote is not None:
        raise UsageError("--master and --remote", problem="are two clusters", remedy="name one")


def refuse_ledger(inputs: Sequence[str], since: Path | None) -> None:
    """Raise UsageError where a ledger's entry would not hold all that a run was made of."""
    from reliability.errors import UsageError

    if since is not None:
        raise UsageError("--ledger", problem="can't record what an earlier folder holds, so not with --since",
                         remedy="rate all inputs at once, or `audit record` them")  # fmt: skip
    if "-" in inputs:
        raise UsageError("--ledger", problem="reads the inputs a second time, which standard input can't give",
                         remedy="name a file, or use `audit record -`")  # fmt: skip


def bytes_of(text: str) -> int:
    """A size as 800MB or 1.5GB in bytes. Raises UsageError for what is none, or too little to work with."""
    from reliability.errors import UsageError

    match = _SIZE.fullmatch(text.strip())
    size = 0 if match is None else int(float(match[1]) * _UNITS[match[2].lower()])
    if match is None or size < LEAST:
        raise UsageError(f"--memory {text}", problem="is no amount of memory to work with",
                         remedy="write a number and MB or GB, 300MB or more")  # fmt: skip
    return size


def resume_line(argv: Sequence[str]) -> str:
    """The command that goes on with this one."""
    import shlex

    words = ["reliability", *argv[1:]]
    return shlex.join(words if "--resume" in words else [*words, "--resume"])


def _interrupted(number: int, command: str) -> None:
    from reliability.io.visible import visible

    sys.stderr.write(f"\ninterrupted; what is done is kept, go on with: {visible(command)}\n")
    sys.exit(128 + number)


def told(counts: dict[str, Any], out: Path) -> str:
    """What was done, in one line."""
    return (
        f"{counts['read']:,} read: {counts['rated']:,} reports rated as {counts['claims']:,} claims, "
        f"{counts['rejected']:,} rejected, {counts['set_apart']:,} set apart ({counts['repeats']:,} repeats, "
        f"{counts['no_statements']:,} no statements, {counts['published_later']:,} published later); see {out}"
    )


def remarks(read: dict[str, Any], policy: Policy) -> list[str]:
    """What a reader should know of what was read, a line each."""
    from reliability.cli.reading import column_remark, fact_remark, outlet_remark, unit_remark

    return [
        *(column_remark(name, count) for name, count in sorted(read["unknown_columns"].items())),
        *(fact_remark(name, count, policy) for name, count in sorted(read["strange_facts"].items())),
        *(unit_remark(name, count, policy) for name, count in sorted(read["strange_units"].items())),
        *map(outlet_remark, read["untyped"]),
    ]
