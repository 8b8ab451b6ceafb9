"""A policy named on the command line: a folder, `shipped`, a package's, a revision of the repository, or a digest."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

from reliability.errors import InputError, RuleError
from reliability.rules.load import digest_of
from reliability.rules.named import shipped_rules
from reliability.rules.policy import Policy

GIT, DIGEST = "git:", "sha256:"
RULES = "rules"
FEWEST, MAX_REVISIONS = 8, 1_000
MAX_ARCHIVE = 50_000_000


Archive = Callable[[str, date | None], AbstractContextManager[Policy | None]]
"""Where policies are kept by digest, besides git: gives the one whose digest begins so, or None."""


@contextmanager
def policy_named(name: str, as_of: date | None = None, archive: Archive | None = None) -> Iterator[Policy]:
    """The policy that a name stands for: `shipped`, a folder, a package's, `git:REVISION[:FOLDER]` (default: rules), or
    the `sha256:…` that a rating or `doctor` gives.

    A digest (its first eight digits at least) is looked for in the `archive`, then in the shipped policy, then in the
    revisions of `rules`, newest first: git is an archive too. A revision is read with git itself, in the current
    folder's repository, into a folder that is gone afterwards. Raises InputError for a revision that git doesn't have,
    or a digest that is in none of them, RuleError for what is no policy.
    """
    if name.startswith(DIGEST):
        _require_digest(name)
        if archive is not None:
            with archive(name, as_of) as kept:
                if kept is not None:
                    yield kept
                    return
        with _archived(name) as place:
            yield Policy.load(place, as_of=as_of)
        return
    if not name.startswith(GIT):
        yield Policy.load(name, as_of=as_of)
        return
    revision, _, folder = name.removeprefix(GIT).partition(":")
    with tempfile.TemporaryDirectory(prefix="reliability-rules-") as place:
        yield Policy.load(_unpacked(name, revision, folder or RULES, Path(place)), as_of=as_of)


@contextmanager
def _archived(name: str) -> Iterator[Path]:
    """The folder of rules with a digest."""
    digits = name.removeprefix(DIGEST).casefold()
    if digest_of(shipped_rules()).startswith(digits):
        yield shipped_rules()
        return
    revisions = _git(name, "rev-list", f"--max-count={MAX_REVISIONS}", "HEAD", "--", RULES).decode().split()
    for revision in revisions:
        with tempfile.TemporaryDirectory(prefix="reliability-rules-") as place:
            folder = _unpacked(name, revision, RULES, Path(place))
            try:
                found = digest_of(folder).startswith(digits)
            except RuleError:  # a revision that was no policy
                continue
            if found:
                yield folder
                return
    raise InputError(name, problem=f"is the digest of none of {len(revisions)} revisions of {RULES}/ here",
                     remedy="run it in the repository that has the policy, or name a folder")  # fmt: skip


def _require_digest(name: str) -> None:
    if not re.fullmatch(f"[0-9a-f]{{{FEWEST},64}}", name.removeprefix(DIGEST).casefold()):
        raise InputError(name, problem="is no digest", remedy=f"give {DIGEST} and {FEWEST} to 64 of its hex digits")


def _unpacked(name: str, revision: str, folder: str, place: Path) -> Path:
    if not revision or revision.startswith("-"):
        raise InputError(name, problem="names no revision", remedy="write git:HEAD~3 or git:v0.1.0")
    packed = _git(name, "archive", "--format=tar", revision, "--", folder)
    if len(packed) > MAX_ARCHIVE:
        raise InputError(name, problem="is more than 50 MB", remedy="name a folder of rules: git:REVISION:FOLDER")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(place, filter="data")
    return place / folder


def _git(name: str, *arguments: str) -> bytes:
    """What git prints; InputError with what it says where it fails."""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, timeout=60, check=False)
    except FileNotFoundError:
        raise InputError(name, problem="git is not installed", remedy="name a folder") from None
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(name, problem=f"git says: {reason[-1] if reason else 'nothing'}", remedy="see `git log`")
    return done.stdout
