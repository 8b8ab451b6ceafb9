"""The folder of a run: whose it is, who works in it now, and what is done already."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from reliability.batch.spill import to_disk
from reliability.errors import InputError, ProcessKilledError, UsageError
from reliability.io.parquet import first_line
from reliability.io.writers import write_atomically

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
WORK, MANIFEST, ASKED = ".batch", "manifest.json", "run.json"


class Workplace:
    """A run's folder: results in `out`, what is not finished yet in `work`."""

    def __init__(self, out: Path) -> None:
        self.out, self.work = out, out / WORK

    @property
    def finished(self) -> bool:
        """Whether the folder holds all that a run gives."""
        return (self.out / MANIFEST).is_file()

    @contextmanager
    def opened(self, asked: dict[str, Any], *, resume: bool) -> Iterator[None]:
        """Hold the folder for one run; `asked` is what the run depends on.

        Raises UsageError for a folder that is not a run's, a finished run, one that works there now, and an unfinished
        one unless `resume` asks for it, with the same inputs and options.
        """
        self.refuse(resume=resume)
        self.work.mkdir(parents=True, exist_ok=True)
        with (self.work / "lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise self._usage("another run works in it now", "wait for it, or choose another folder") from None
            self.refuse(resume=resume)
            known = self.load(ASKED)
            if known is None:
                self.save(ASKED, asked)
            elif known != asked:
                other = sorted(name for name in asked if known.get(name) != asked[name])
                raise self._usage(f"its run had other {', '.join(other) or 'options'}",
                                  "give what it was begun with, or choose another folder")  # fmt: skip
            yield

    def refuse(self, *, resume: bool) -> None:
        """Raise UsageError for a folder in which no run can begin, or (`resume`) go on."""
        try:
            str(self.out).encode("utf-8")
        except UnicodeEncodeError:
            raise self._usage("has a name that is not UTF-8, which Arrow can't open", "choose another folder") from None
        if not self.out.exists():
            return
        if not self.out.is_dir():
            raise self._usage("is a file", "name a folder")
        if self.finished:
            raise self._usage("holds a finished run", "choose another folder, or remove it")
        if (self.work / ASKED).is_file():
            if not resume and not self._is_held():
                raise self._usage("holds an unfinished run", "say --resume, or remove it")
        elif any(one.name != WORK for one in self.out.iterdir()):
            raise self._usage("is not empty, and no run of ours", "choose another folder")

    def _is_held(self) -> bool:
        with (self.work / "lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def _usage(self, problem: str, remedy: str) -> UsageError:
        return UsageError(f"--out {self.out}", problem=problem, remedy=remedy)

    def load(self, name: str) -> Any:
        """A mark that was saved, None where there is none."""
        path = self.work / name
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def save(self, name: str, value: Any) -> None:
        """Save a mark: after this all that it stands for is on disk."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(value, ensure_ascii=False, sort_keys=True))
        to_disk(path.parent)

    def fresh(self, name: str) -> Path:
        """An empty folder of work; what an interrupted run left in it is gone."""
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def publish(self, names: list[str], manifest: str) -> None:
        """Move finished files from work to the folder, the manifest last; then the work is removed."""
        for name in names:
            os.replace(self.work / name, self.out / name)
        to_disk(self.out)
        write_atomically(self.out / MANIFEST, manifest)
        to_disk(self.out)
        shutil.rmtree(self.work, ignore_errors=True)


@contextmanager
def written(out: Path, *, resume: bool) -> Iterator[None]:
    """Whatever keeps files from being written, or ends a process that works on them, is said, with how to go on.

    Where a run is resumed, so is what can't be read of what it had done: a disk may fail, a hand may change it.
    """
    try:
        yield
    except (BrokenProcessPool, ProcessKilledError):
        raise ProcessKilledError(out, remedy="go on with --resume, and fewer --jobs") from None
    except (pa.ArrowException, ValueError, TypeError, LookupError) as error:
        if not resume:
            raise
        raise InputError(out / WORK, problem=f"what is in it can't be gone on with ({first_line(error)})",
                         remedy="it was damaged or changed: remove it, and begin anew") from error  # fmt: skip
    except OSError as error:
        reason = error.strerror or str(error).splitlines()[0]
        remedy = "make room" if error.errno in _FULL else "see to it that the folder can be written"
        raise InputError(error.filename or out, problem=f"can't be written ({reason})",
                         remedy=f"{remedy}, then go on with --resume") from None  # fmt: skip
