"""Nothing is written over what is read, nor two things to one file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from reliability.errors import UsageError
from reliability.io.kinds import find_inputs


def keep(read: Iterable[Path | None], written: Mapping[str, Path | None]) -> None:
    """Refuse to write where something is read, or twice to one file: nobody means that.

    `written` maps options to the files that they name; None is what was not asked for. Devices may stand twice.
    Raises UsageError that names the option.
    """
    inputs = [path for path in read if path is not None]
    before: list[Path] = []
    for option, target in written.items():
        if target is None:
            continue
        for others, problem in ((inputs, "is an input too"), (before, "is the output too")):
            if any(_is_same(target, one) for one in others):
                raise UsageError(f"{option} {target}", problem=problem, remedy="write somewhere else")
        before.append(target)


def named_files(path: str) -> list[Path]:
    """The files that a path of any kind stands for: itself, a folder's inputs, and of standard input none."""
    if path == "-":
        return []
    if Path(path).is_dir():
        return [one.path for one in find_inputs([path])[0] if one.path is not None]
    return [Path(path)]


def _is_same(a: Path, b: Path) -> bool:
    if a.exists() and b.exists():
        return a.is_file() and b.is_file() and a.samefile(b)
    return os.path.realpath(a) == os.path.realpath(b)
