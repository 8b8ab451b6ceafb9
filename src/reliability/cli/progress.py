"""Progress on stderr: a bar, plain lines, JSON lines, or nothing. No clock touches a result."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

from reliability.cli.options import Progress

T = TypeVar("T")


def progress_over(items: Sequence[T], how: Progress | None, quiet: bool) -> Iterator[T]:
    """The items, one by one, with progress as asked for; by default a bar on a terminal when there are several."""
    if how is None:
        how = Progress.bar if sys.stderr.isatty() and len(items) > 1 else Progress.none
    if quiet or how is Progress.none or not items:
        yield from items
    elif how is Progress.bar:
        from rich.console import Console
        from rich.progress import track

        yield from track(items, description="reading", console=Console(stderr=True), transient=True)
    else:
        for done, item in enumerate(items, start=1):
            yield item
            if how is Progress.json:
                sys.stderr.write(json.dumps({"done": done, "of": len(items)}) + "\n")
            else:
                sys.stderr.write(f"read {done} of {len(items)}\n")
