"""How a batch goes on, on stderr: a bar with rate and time left, plain lines, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
from types import TracebackType
from typing import Any

from reliability.cli.options import Progress
from reliability.io.visible import visible

_STEPS = 20


class Shown:
    """Hears of stages and steps, and shows them as asked for; by default a bar on a terminal, else nothing."""

    def __init__(self, how: Progress | None, quiet: bool) -> None:
        if how is None:
            how = Progress.bar if sys.stderr.isatty() else Progress.none
        self._how = Progress.none if quiet else how
        self._quiet = quiet
        self._bar: Any = None
        self._task: Any = None
        self._name, self._total, self._done, self._said = "", 0, 0, 0

    def __enter__(self) -> Shown:
        if self._how is Progress.bar:
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=True),
                       TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def stage(self, name: str, total: int | None) -> None:
        """Something new begins, of so many steps."""
        self._name, self._total, self._done, self._said = name, total or 0, 0, 0
        if self._bar is not None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(name, total=total)
        else:
            self._say()

    def advance(self, steps: int) -> None:
        """So many steps of it are done."""
        self._done += steps
        if self._bar is not None:
            self._bar.advance(self._task, steps)
        elif self._total and self._done * _STEPS // self._total > self._said:
            self._said = self._done * _STEPS // self._total
            self._say()

    def remark(self, text: str) -> None:
        """Something that a reader should know."""
        if self._quiet:
            return
        if self._bar is not None:
            self._bar.console.print(visible(text), markup=False, highlight=False)
        else:
            sys.stderr.write(visible(text) + "\n")

    def _say(self) -> None:
        if self._how is Progress.json:
            sys.stderr.write(json.dumps({"stage": self._name, "done": self._done, "of": self._total}) + "\n")
        elif self._how is Progress.plain:
            of = f" {100 * self._done // self._total} %" if self._total else ""
            sys.stderr.write(f"{self._name}{of}\n")
