"""Progress on stderr: a bar, plain lines, JSON lines, or nothing. No clock touches a result."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
            _line({"done": done, "of": len(items)}, f"read {done} of {len(items)}", how)


@contextmanager
def stages_told(how: Progress | None, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """What to call with (stages done, of how many); None where no progress is wanted, as by default off a terminal."""
    if how is None:
        how = Progress.bar if sys.stderr.isatty() else Progress.none
    if quiet or how is Progress.none:
        yield None
    elif how is Progress.bar:
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("learning", total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)
    else:
        yield lambda done, of: _line({"done": done, "of": of}, f"stage {done} of {of}", how)


def _line(record: dict[str, int], text: str, how: Progress) -> None:
    sys.stderr.write((json.dumps(record) if how is Progress.json else text) + "\n")
