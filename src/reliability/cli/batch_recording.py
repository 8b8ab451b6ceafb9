"""`batch --ledger DIR`: what a batch read and gave is recorded once it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from reliability.batch.asked import Asked
from reliability.batch.run import Done
from reliability.cli.recording import told
from reliability.errors import UsageError
from reliability.io.kinds import TABLES
from reliability.ledger.batches import record_batch
from reliability.ledger.details import Options
from reliability.ledger.given import given_files
from reliability.ledger.recording import Evidence
from reliability.ledger.store import Ledger


def recording(
    folder: Path, asked: Asked, out: Path, paths: Sequence[str], *, sources: Path | None, grouping: Path | None
) -> Callable[[Done], str]:
    """Opens (or makes) the ledger and takes the digests of what will be read, before it is read.

    The result records the finished run, and says so.
    """
    mine, theirs = folder.resolve(), out.resolve()
    if mine.is_relative_to(theirs) or theirs.is_relative_to(mine):
        raise UsageError(f"--ledger {folder}", problem="is in --out, or --out is in it", remedy="keep the two apart")
    ledger = Ledger.open(folder, create=True)
    given = given_files(paths, ledger=folder, sources=sources, grouping=grouping)
    options = Options(
        publisher=asked.publisher, publisher_type=asked.publisher_type, published=asked.published, url=asked.url,
        max_chars=asked.max_chars, as_of=None if asked.as_of is None else asked.as_of.isoformat(), batch=True,
        intervals=asked.intervals,
    )  # fmt: skip

    def record(done: Done) -> str:
        evidence = Evidence(
            given=given, policy=asked.policy, reports=(), options=options, rejects=done.counts["rejected"],
            read_articles=any(file.kind not in TABLES for file in asked.files), set_apart=done.counts["set_apart"],
        )  # fmt: skip
        placed = record_batch(ledger, evidence, out, at=datetime.now(UTC), rules=done.rules)
        return told(placed, folder)

    return record
