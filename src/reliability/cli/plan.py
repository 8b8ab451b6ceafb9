"""What a dry run says: what would be read and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reliability.io.kinds import find_inputs
from reliability.io.streams import reading
from reliability.io.visible import visible


def plan(
    paths: Sequence[str], input_format: str | None, output: Path | None, rejects: Path | None,
    grouping_out: Path | None = None, ledger: Path | None = None,
) -> str:  # fmt: skip
    """A line a file that would be read, with its kind, and a line a file that would be written."""
    written = {"rejects": rejects, "the grouping": grouping_out}
    lines = [*_inputs(paths, input_format), _result(output), *_written(written)]
    if ledger is not None:
        lines.append(f"would record in the ledger {visible(str(ledger))}")
    return "\n".join(lines) + "\n"


def plan_beside(
    paths: Sequence[str], input_format: str | None, beside: Mapping[str, Path | None],
    written: Mapping[str, Path | None],
) -> str:  # fmt: skip
    """The same of a command that reads and writes more than reports and results, each under what it is.

    A `result` of None goes to stdout. Raises InputError for a file beside that is not there.
    """
    lines = _inputs(paths, input_format)
    for what, path in beside.items():
        if path is not None:
            with reading(str(path)):
                path.stat()
            lines.append(f"would read {what} from {visible(str(path))}")
    if "result" in written:
        lines.append(_result(written["result"]))
    rest = {what: path for what, path in written.items() if what != "result"}
    return "\n".join([*lines, *_written(rest)]) + "\n"


def _inputs(paths: Sequence[str], input_format: str | None) -> list[str]:
    files, refused = find_inputs(paths, input_format)
    lines = [f"would read {visible(file.name)} ({file.kind})" for file in files]
    return lines + [f"would set aside {visible(one.file)}: {visible(one.reason)}" for one in refused]


def _result(output: Path | None) -> str:
    return f"would write {visible(str(output)) if output else 'to stdout'}"


def _written(written: Mapping[str, Path | None]) -> list[str]:
    return [f"would write {what} to {visible(str(path))}" for what, path in written.items() if path is not None]
