"""A policy's files as they were read, to be kept elsewhere: with all that it inherits."""

from __future__ import annotations

from pathlib import Path

from reliability.rules.load import INHERITED, POLICY_FILE, contents_of, inherited_by
from reliability.rules.places import refuse


def archived_files(folder: Path, depth: int = 0) -> dict[str, bytes]:
    """Every file that a folder's digest covers, by its place in the archive.

    What is inherited stands in `.inherited/`, where the loader looks first: a folder with these files has the same
    digest, wherever it is. Raises RuleError as `load_folder` does.
    """
    contents, _, _ = contents_of(folder, refuse)
    files = {path.relative_to(folder).as_posix(): data for path, data in contents}
    if (folder / POLICY_FILE).exists():
        start, _, files[POLICY_FILE] = inherited_by(folder / POLICY_FILE, depth)
        inherited = archived_files(start, depth + 1)
        files |= {f"{INHERITED}/{name}": data for name, data in inherited.items()}
    return files
