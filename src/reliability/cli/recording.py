"""`--ledger DIR`: what a command reads and rates is recorded, by the same steps for every command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from reliability.api import Outcome
from reliability.cli.reading import Read, Request, publisher_of, rate, read
from reliability.ledger.chain import Placed
from reliability.ledger.details import Options
from reliability.ledger.given import Given, given_files
from reliability.ledger.recording import Evidence, record_run
from reliability.ledger.store import Ledger


@dataclass(frozen=True)
class Recorder:
    """A ledger that is open, and the files of the run that it will record."""

    ledger: Ledger
    given: Sequence[Given]

    @property
    def stdin(self) -> BinaryIO | None:
        """Where standard input is to be read from, once it was kept aside."""
        return next((one.stream for one in self.given if one.stream is not None), None)

    def record(self, found: Read, outcome: Outcome, request: Request, *, by: str | None, note: str | None) -> Placed:
        """Records what was read and rated."""
        name, kind = publisher_of(request.publisher, found.policy)
        options = Options(
            publisher=name, publisher_type=kind, published=request.published, url=request.url,
            max_chars=request.max_chars, at_least=tuple(request.at_least or ()),
            as_of=None if request.day is None else request.day.isoformat(),
        )  # fmt: skip
        evidence = Evidence(
            given=self.given, policy=found.policy, reports=found.reports, options=options,
            copied=found.shared.evidence, read_articles=bool(found.articles), rejects=len(found.rejects),
            set_apart=len(outcome.set_apart),
        )  # fmt: skip
        return record_run(self.ledger, evidence, outcome.ratings, at=datetime.now(UTC), by=by, note=note)


def recorder(folder: Path, request: Request) -> Recorder:
    """Opens (or makes) the ledger, and takes the digests of what will be read, before it is read."""
    ledger = Ledger.open(folder, create=True)
    stdin = None if sys.stdin is None else sys.stdin.buffer
    given = given_files(
        request.paths, ledger=folder, input_format=request.input_format, stdin=stdin, sources=request.sources,
        grouping=request.grouping,
    )  # fmt: skip
    return Recorder(ledger, given)


def read_rated_recorded(
    request: Request, folder: Path, *, by: str | None = None, note: str | None = None
) -> tuple[Read, Outcome, Placed]:  # fmt: skip
    """Read, rate and record all that a request names: nothing is recorded unless all of it went well."""
    recording = recorder(folder, request)
    found = read(request, stdin=recording.stdin)
    outcome = rate(found, request)
    return found, outcome, recording.record(found, outcome, request, by=by, note=note)


def told(placed: Placed, folder: Path) -> str:
    """What a person is told of an entry that was added."""
    return f"recorded in {folder} as entry {placed.entry.seq:,}, whose hash is {placed.hash}"
