"""The command line: one file a command, each parses, calls, prints. Importing this loads none of them."""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "rate": "Read articles or reports, group what they say, and rate each claim.",
    "claims": "Only read: the reports found, as records to edit and rate.",
    "explain": "One claim's rationale: waterfall, chains, rules that fired, what was unknown.",
    "report": "Ratings and reasons as one self-contained HTML page.",
    "whatif": "A claim's rating before and after a change, and which bars moved.",
    "next": "What to check next, in bits.",
    "batch": "Sets of articles and tables of reports, of any size, into a folder.",
    "calibrate": "How right ratings were, by what turned out: scores, calibration, a diagram.",
    "export": "Ratings as other systems read them: STIX, MISP, ClaimReview, PROV, source lists, memos.",
    "agree": "How far raters agree, people with one another and with the engine: Krippendorff's alpha.",
    "recompute": "Compute p again from a rating record's tree alone, step by step.",
    "audit": "The ledger: record ratings, list, show, verify and replay them, say why one moved, prove one.",
    "rules": "The policy: list, show, check and test its rules.",
    "learn": "How likely each answer is, learned from who agrees with whom; settled ones are held.",
    "schema": "JSON Schema of report, article, rating, and of every kind of rule file.",
    "doctor": "Versions, extras, settings, rules digest: what is missing and how to get it.",
}


class Commands(TyperGroup):
    """The commands, each imported only when it is run."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in that knows only its help line: enough for the list of commands."""
        return TyperCommand(name=cmd_name, help=COMMANDS[cmd_name]) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, when it is about to be run (or completed)."""
        if args and args[0] in COMMANDS:
            return args[0], load_command(args[0]), args[1:]
        return super().resolve_command(ctx, args)


def load_command(name: str) -> Any:
    """Import a command's file and build it."""
    built = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    module = import_module(f"reliability.cli.{name}")
    if hasattr(module, "app"):
        command = typer.main.get_command(module.app)
        command.name = name
        return command
    built.command(name, help=module.run.__doc__)(module.run)
    return typer.main.get_command(built)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, name="reliability")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"reliability {version('source-reliability')}")
        raise typer.Exit


@app.callback(help="Rates claims by who stands behind them: is it so, did they say so, and why that number.")
def _start(
    ctx: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    if ctx.invoked_subcommand is not None and not ctx.resilient_parsing:
        from reliability.cli.settings import default_map

        ctx.default_map = default_map(COMMANDS)


def _interrupted(number: int, frame: object) -> None:
    sys.stderr.write("interrupted\n")
    sys.exit(130)


def main() -> None:
    """Run the command line; errors are one line on stderr, and the exit code says which kind.

    numpy's linear algebra has one thread unless OPENBLAS_NUM_THREADS says otherwise: on tables as small as ours more
    take longer, and several times the CPU time.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, _interrupted)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: what goes there goes nowhere
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    try:
        app()
    except Exception as error:
        from reliability.errors import ReliabilityError

        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            sys.stderr.write(f"error: stdout: can't be written ({error.strerror})\n")
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.exit(3)
        if not isinstance(error, ReliabilityError):
            raise
        from reliability.io.visible import visible

        sys.stderr.write(f"error: {visible(str(error))}\n")
        sys.exit(error.exit_code)
