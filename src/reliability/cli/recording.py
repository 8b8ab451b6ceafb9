"""`--ledger DIR`: what a command reads and rates is recorded, by the same steps for every command."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from reliability.api import Outcome
from reliability.cli.reading import Read, Request, publisher_of, rate, read
from reliability.cli.said import require_name, require_text
from reliability.ledger.chain import Placed
from reliability.ledger.details import Options
from reliability.ledger.given import Given, given_files, require_read
from reliability.ledger.pseudonyms import Disguise, disguised_file, read_confidential
from reliability.ledger.recording import Evidence, record_run
from reliability.ledger.store import Ledger


@dataclass(frozen=True)
class Recorder:
    """A ledger that is open, and the files of the run that it will record."""

    ledger: Ledger
    given: Sequence[Given]
    disguise: Disguise | None = None

    @property
    def stdin(self) -> BinaryIO | None:
        """Where standard input is to be read from, once it was kept aside."""
        return next((one.stream for one in self.given if one.stream is not None), None)

    def disguised(self, found: Read, request: Request, note: str | None) -> tuple[Recorder, Read]:
        """The same with confidential names replaced: what was read is then not kept, but the reports read from it."""
        if self.disguise is None:
            return self, found
        self.disguise.require_unknown(found.policy)
        for option, text in (("--note", note), ("--publisher", request.publisher), ("--url", request.url)):
            self.disguise.require_unnamed(option, text or "")
        kept = [one for one in self.given if one.file.role in ("sources", "grouping")]
        for one in kept:
            text = b"".join(one.pieces()).decode("utf-8", "replace")
            self.disguise.require_unnamed(one.file.name, f"{one.file.name} {text}")
        reports = tuple(map(self.disguise.report, found.reports))
        shared = replace(found.shared, copies=(), relays={})
        given = (disguised_file(reports), *kept)
        return replace(self, given=given), replace(found, articles=(), reports=reports, shared=shared)

    def record(self, found: Read, outcome: Outcome, request: Request, *, by: str | None, note: str | None,
               printed: list[bytes] | None = None) -> Placed:  # fmt: skip
        """Records what was read and rated; the ratings' lines are put into `printed` too, if it is given."""
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
        return record_run(self.ledger, evidence, outcome.ratings, at=datetime.now(UTC), by=by, note=note,
                          printed=printed)  # fmt: skip


@contextmanager
def recorder(folder: Path, request: Request, confidential: Path | None) -> Iterator[Recorder]:
    """Opens (or makes) the ledger, and takes the digests of what will be read, before it is read."""
    ledger = Ledger.open(folder, create=True)
    stdin = None if sys.stdin is None else sys.stdin.buffer
    given = given_files(
        request.paths, ledger=folder, input_format=request.input_format, stdin=stdin, sources=request.sources,
        grouping=request.grouping,
    )  # fmt: skip
    try:
        yield Recorder(ledger, given, None if confidential is None else read_confidential(confidential))
    finally:
        for one in given:
            if one.stream is not None:
                one.stream.close()


def read_rated_recorded(
    request: Request, folder: Path, *, by: str | None = None, note: str | None = None,
    confidential: Path | None = None, printed: list[bytes] | None = None,
) -> tuple[Read, Outcome, Placed]:  # fmt: skip
    """Read, rate and record all that a request names: nothing is recorded unless all of it went well.

    The lines that `rate --format jsonl` prints are put into `printed`, if it is given.
    """
    given = {"--note": note, "--publisher": request.publisher, "--published": request.published, "--url": request.url}
    for option, text in given.items():
        require_text(option, text)
    require_name("--by", by)
    with recorder(folder, request, confidential) as begun:
        as_read = read(request, stdin=begun.stdin)
        require_read(begun.given, as_read.files)
        recording, found = begun.disguised(as_read, request, note)
        outcome = rate(found, request)
        return found, outcome, recording.record(found, outcome, request, by=by, note=note, printed=printed)


def told(placed: Placed, folder: Path) -> str:
    """What a person is told of an entry that was added."""
    return f"recorded in {folder} as entry {placed.entry.seq:,}, whose hash is {placed.hash}"
