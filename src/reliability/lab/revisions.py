"""A policy named on the command line: a folder, `shipped`, a package's, or a revision of a folder's repository."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from reliability.errors import InputError
from reliability.rules.policy import Policy

GIT = "git:"
MAX_ARCHIVE = 50_000_000


@contextmanager
def policy_named(name: str, as_of: date | None = None) -> Iterator[Policy]:
    """The policy that a name stands for: `shipped`, a folder, a package's, or `git:REVISION[:FOLDER]` (default: rules).

    A revision is read with git itself, in the current folder's repository, into a folder that is gone afterwards.
    Raises InputError for a revision that git doesn't have, RuleError for what is no policy.
    """
    if not name.startswith(GIT):
        yield Policy.load(name, as_of=as_of)
        return
    revision, _, folder = name.removeprefix(GIT).partition(":")
    with tempfile.TemporaryDirectory(prefix="reliability-rules-") as place:
        yield Policy.load(_unpacked(name, revision, folder or "rules", Path(place)), as_of=as_of)


def _unpacked(name: str, revision: str, folder: str, place: Path) -> Path:
    if not revision or revision.startswith("-"):
        raise InputError(name, problem="names no revision", remedy="write git:HEAD~3 or git:v0.1.0")
    command = ["git", "archive", "--format=tar", revision, "--", folder]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except FileNotFoundError:
        raise InputError(name, problem="git is not installed", remedy="name a folder") from None
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(name, problem=f"git says: {reason[-1] if reason else 'nothing'}", remedy="see `git log`")
    if len(done.stdout) > MAX_ARCHIVE:
        raise InputError(name, problem="is more than 50 MB", remedy="name a folder of rules: git:REVISION:FOLDER")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(place, filter="data")
    return place / folder
