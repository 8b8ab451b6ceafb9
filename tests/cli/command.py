"""Running the command: in this process (fast: libraries are loaded once), or as people do, in one of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.cli import main

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "seeds" / "000_00793e7f8cbc5f38.txt"
FIXTURES = ROOT / "fixtures"
EDITOR = FIXTURES / "seed" / "grouping.toml"
OUTLET = ("--publisher", "ABC News")


@dataclass(frozen=True)
class Result:
    """What a run left behind; `out` and `err` are read as UTF-8."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8")

    @property
    def err(self) -> str:
        return self.stderr.decode("utf-8", "backslashreplace")

    @property
    def records(self) -> list[Any]:
        """The lines of stdout as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: object, stdin: bytes = b"") -> Result:
    """`reliability ARGUMENTS` in this process. An exception that `main` lets through is the test's failure."""
    out, err = io.BytesIO(), io.BytesIO()
    with _streams(["reliability", *map(str, arguments)], stdin, out, err):
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Result(code, out.getvalue(), err.getvalue())


@contextmanager
def _streams(argv: list[str], stdin: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    kept = sys.argv, sys.stdin, sys.stdout, sys.stderr
    sys.argv = argv
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", write_through=True)
    try:
        yield
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            stream.detach()
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept


def process(
    *arguments: object, stdin: bytes = b"", env: Mapping[str, str] | None = None, python: tuple[str, ...] = ()
) -> Result:
    """The same in a process of its own: `python -m reliability`, with Python's own options before it."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("RELIABILITY_")}
    command = [sys.executable, *python, *([] if "-c" in python else ["-m", "reliability"]), *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, env={**given, **(env or {})}, timeout=300)
    return Result(done.returncode, done.stdout, done.stderr)


def assert_refused(result: Result, code: int, *parts: str) -> None:
    """A run ended with one clear line on stderr, nothing on stdout, and its exit code."""
    assert result.code == code, result.err
    assert result.stdout == b""
    lines = result.err.splitlines()
    assert len(lines) == 1, result.err
    assert lines[0].startswith("error: ")
    for part in parts:
        assert part in lines[0], lines[0]


def report(**fields: Any) -> dict[str, Any]:
    """A report record: a ministry in a newspaper, with the fields given."""
    chain = [{"source": "Velmark Transport Ministry", "type": "government"}, {"source": "The Quay", "type": "media"}]
    return {"claim": "bridge", "text": "The Velm bridge is closed", "provenance": chain, **fields}


def lines(*records: Any) -> str:
    """Records as JSON Lines; a text stands for itself."""
    return "".join((one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)) + "\n" for one in records)


def die(*_: object) -> None:
    """What another process is given to do in which it is killed."""
    os.kill(os.getpid(), signal.SIGKILL)
