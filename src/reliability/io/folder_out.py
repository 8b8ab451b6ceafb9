"""A folder of files that this program makes and may make again: never one that somebody else filled."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from reliability.errors import InputError
from reliability.io.writers import write_atomically

MANIFEST = ".made-by-reliability.json"
_OWN = re.compile(r"[a-z0-9][a-z0-9._-]{0,200}")


def write_folder(folder: Path, files: Mapping[str, str], made_by: str) -> None:
    """Writes files into a folder that is new, empty, or was written so before; each file as a whole, in order.

    What an earlier run wrote and this one does not is taken away; other files stay. A list of what was written stands
    in the folder. Raises InputError for a folder that holds other things, before anything is written.
    """
    before = _written(folder, made_by)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(folder, problem=f"can't be made ({error.strerror})", remedy="check the place") from None
    listed = json.dumps({"made_by": made_by, "files": sorted({*files, *before})}, indent=1) + "\n"
    write_atomically(folder / MANIFEST, listed)
    for name, text in files.items():
        write_atomically(folder / name, text)
    for name in sorted(set(before) - set(files)):
        (folder / name).unlink(missing_ok=True)
    write_atomically(folder / MANIFEST, json.dumps({"made_by": made_by, "files": sorted(files)}, indent=1) + "\n")


def _written(folder: Path, made_by: str) -> list[str]:
    """The files that an earlier run wrote; none for a new or empty folder."""
    if folder.exists() and not folder.is_dir():
        raise InputError(folder, problem="is a file, not a folder", remedy="name a folder")
    if not folder.exists() or not any(folder.iterdir()):
        return []
    foreign = InputError(folder, problem=f"holds files that `{made_by}` did not write", remedy="name another folder")
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = told["files"]
        if told["made_by"] != made_by or not all(isinstance(one, str) and _OWN.fullmatch(one) for one in names):
            raise foreign
    except (OSError, ValueError, KeyError, TypeError):
        raise foreign from None
    return list(names)
