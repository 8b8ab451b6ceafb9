"""What a dry run says: what would be read and written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reliability.io.kinds import find_inputs
from reliability.io.visible import visible


def plan(
    paths: Sequence[str], input_format: str | None, output: Path | None, rejects: Path | None,
    grouping_out: Path | None = None, ledger: Path | None = None,
) -> str:  # fmt: skip
    """A line a file that would be read, with its kind, and a line a file that would be written."""
    files, refused = find_inputs(paths, input_format)
    lines = [f"would read {visible(file.name)} ({file.kind})" for file in files]
    lines += [f"would set aside {visible(one.file)}: {visible(one.reason)}" for one in refused]
    lines.append(f"would write {visible(str(output)) if output else 'to stdout'}")
    if rejects is not None:
        lines.append(f"would write rejects to {visible(str(rejects))}")
    if grouping_out is not None:
        lines.append(f"would write the grouping to {visible(str(grouping_out))}")
    if ledger is not None:
        lines.append(f"would record in the ledger {visible(str(ledger))}")
    return "\n".join(lines) + "\n"
