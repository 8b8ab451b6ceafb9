"""Which files a batch reads: those that paths and patterns stand for, but for its own."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from pathlib import Path

from reliability.errors import InputError
from reliability.io.kinds import InputFile, PluggedFile, find_inputs
from reliability.io.rows import Reject

_PATTERN = re.compile(r"[*?\[]")


def expanded(inputs: Sequence[str]) -> list[str]:
    """Paths as given; a pattern that no shell has spread out stands for the files that match, by name.

    Raises InputError for a pattern that nothing matches.
    """
    found: list[str] = []
    for path in inputs:
        if not _PATTERN.search(path) or os.path.exists(path):
            found.append(path)
            continue
        matching = sorted(glob.glob(path, recursive=True))
        if not matching:
            raise InputError(path, problem="matches no file", remedy="check the pattern")
        found += matching
    return found


def files_of(
    paths: Sequence[str], out: Path, input_format: str | None
) -> tuple[list[InputFile | PluggedFile], list[Reject]]:
    """The files that paths stand for, and those set aside, as `find_inputs` has them.

    What lies in `out`, which may stand in a folder that is read, is none of them. Raises InputError as `find_inputs`
    does, and for a pipe: a file is read more than once, at last for its digest.
    """
    files, refused = find_inputs(paths, input_format)
    for file in files:
        if file.path is not None and not os.path.isfile(file.path):
            raise InputError(file.name, problem="is a pipe or a device, which gives its bytes only once",
                             remedy="give it as standard input: - with --input-format")  # fmt: skip
    own = os.path.join(os.path.realpath(out), "")
    return (
        [file for file in files if file.path is None or not os.path.realpath(file.path).startswith(own)],
        [one for one in refused if not os.path.realpath(one.file).startswith(own)],
    )
