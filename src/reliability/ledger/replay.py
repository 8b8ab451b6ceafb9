"""Does a rating come out the same today? Computed again from what was stored, and compared byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from reliability.api import ENGINE
from reliability.errors import LedgerError, MissingExtra, ReliabilityError
from reliability.io.groupings import read_grouping
from reliability.io.strict_json import parse_json
from reliability.ledger.again import Again, again, policy_of, recorded_reports, removed_remarks
from reliability.ledger.batches import lines_in, run_again
from reliability.ledger.chain import Placed
from reliability.ledger.details import details_of
from reliability.ledger.engine import code_digest, versions
from reliability.ledger.entry import Run
from reliability.ledger.extracting import laid_out, reports_laid_out
from reliability.ledger.kept import Told, blob_of, lines_of
from reliability.ledger.keys import keys_differ
from reliability.ledger.recording import rating_line, report_line
from reliability.ledger.store import Ledger

_STAMPS = ("engine", "libraries", "models")


@dataclass(frozen=True)
class Difference:
    """One value that came out otherwise: where in which claim's record; `by` how much, where both are numbers."""

    claim: str
    where: str
    recorded: Any
    now: Any

    @property
    def by(self) -> float | None:
        """Now less what was recorded."""
        pair = self.recorded, self.now
        if any(isinstance(one, bool) or not isinstance(one, int | float) for one in pair):
            return None
        return float(self.now - self.recorded)


@dataclass(frozen=True)
class Replay:
    """How an entry came out: `identical` to the byte; `same` but for versions that the records name, if at all.

    `versions` has what changed of the engine and its libraries, (name, then, now); `reports` the ids of reports that
    are read otherwise; `from_files` whether its files were read again.
    """

    entry: int
    claims: int
    identical: bool
    differences: tuple[Difference, ...]
    reports: tuple[str, ...]
    versions: tuple[tuple[str, str | None, str | None], ...]
    from_files: bool
    remarks: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether no number, word or label came out otherwise."""
        return not self.differences and not self.reports


def replay(placed: Placed, ledger: Ledger) -> Replay:
    """Computes an entry's ratings again, from its files, under its policy.

    Raises UsageError for an entry that has no ratings, LedgerError where what it needs was removed or altered.
    """
    blob_of(placed, ledger.blobs, "ratings")
    recorded, run = lines_of(placed, ledger.blobs, "ratings"), placed.entry.run
    if run is None:
        raise LedgerError(f"entry {placed.entry.seq}", problem="has ratings of no run", remedy="`audit verify` it")
    details = details_of(placed, ledger.blobs)
    way = _as_batch if details is not None and details.options.batch else _as_records
    with way(placed, ledger) as made:
        apart = [pair for pair in zip_longest(recorded, made.lines) if pair[0] != pair[1]]
    before, after = (
        [one for one in side if one is not None] for side in (zip(*apart, strict=True) if apart else ([], []))
    )
    remarks = list(made.remarks)
    if made.rules != run.rules:
        remarks.append(f"the stored policy has the digest {made.rules}, not {run.rules}")
    return Replay(placed.entry.seq, run.claims, not apart and not made.reports, tuple(_differences(before, after)),
                  made.reports, _versions(run), made.from_files, tuple(remarks))  # fmt: skip


@dataclass(frozen=True)
class _Made:
    """A run once more: its ratings a line each, its rules' digest, the ids of reports that are read otherwise."""

    lines: Iterator[bytes]
    rules: str
    reports: tuple[str, ...]
    from_files: bool
    remarks: tuple[str, ...]


@contextmanager
def _as_records(placed: Placed, ledger: Ledger) -> Iterator[_Made]:
    with again(placed, ledger) as made:
        lines = (rating_line(rating)[:-1] for rating in made.rated().ratings)
        others = _other_reports(made, placed, ledger)
        yield _Made(lines, made.policy.digest, others, made.from_files, made.remarks)


@contextmanager
def _as_batch(placed: Placed, ledger: Ledger) -> Iterator[_Made]:
    """A batch once more; where a file of it was removed, of the table of its reports."""
    with tempfile.TemporaryDirectory(prefix="reliability-replay-") as folder:
        place = Path(folder)
        laid = laid_out(placed, ledger, place)
        policy = policy_of(placed, ledger, laid, place)
        grouping = None if laid.grouping is None else read_grouping(laid.grouping)
        files: Sequence[Path] = laid.inputs
        if laid.removed:
            files, grouping = [reports_laid_out(placed, ledger, place / "reports")], None
        found = run_again(files, policy, laid.details.options, grouping, place / "out")
        lines = (line for some, _ in lines_in(found) for line in some)
        yield _Made(lines, policy.digest, (), not laid.removed, removed_remarks(laid))


def problems(placed: Placed, ledger: Ledger) -> Iterator[str]:
    """What is wrong with an entry's result, as `verify --replay` says it; nothing for entries without one.

    Raises ReliabilityError for an entry that can't be computed again since contents of it are not there any more, or
    an extra is missing here.
    """
    if placed.entry.run is None:
        return
    if keys_differ(placed, ledger.blobs):
        yield "its keys, by which it is found, are not those of its details"
    try:
        found = replay(placed, ledger)
    except ReliabilityError as error:
        if isinstance(error, MissingExtra) or not all(ledger.blobs.has(blob.content) for blob in placed.entry.blobs):
            raise
        yield f"can't be replayed: {error}"
        return
    if not found.same:
        first = [f"{one.claim}: {one.where}: {one.recorded} → {one.now}" for one in found.differences[:1]]
        first += [f"the report {name} is read otherwise" for name in found.reports[:1]]
        changed = ", ".join(f"{name} {then} → {now}" for name, then, now in found.versions) or "the same engine"
        yield f"comes out otherwise ({len(found.differences):,} values; {'; '.join(first)}; {changed})"


def _other_reports(made: Again, placed: Placed, ledger: Ledger) -> tuple[str, ...]:
    blob = placed.entry.blob("reports")
    if not made.from_files or blob is None or not ledger.blobs.has(blob.content):
        return ()
    then = {report.key: report_line(report) for report in recorded_reports(placed, ledger)}
    now = {report.key: report_line(report) for report in made.reports}
    return tuple(sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key)))


def _versions(run: Run) -> tuple[tuple[str, str | None, str | None], ...]:
    """What is another version now."""
    batch = "pyarrow" in run.libraries
    here = versions("spacy" in run.libraries, batch=batch)
    pairs = [("engine", run.engine, ENGINE), ("code", run.code, code_digest(batch=batch))]
    pairs += [(name, run.libraries.get(name), here.get(name)) for name in sorted({*run.libraries, *here})]  # type: ignore[misc]
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _differences(recorded: list[bytes], now: list[bytes]) -> Iterator[Difference]:
    before, after = ({Told.of(one).claim: one for one in map(_without_stamps, lines)} for lines in (recorded, now))
    for claim in sorted({*before, *after}):
        if claim not in before or claim not in after:
            there = [None if side.get(claim) is None else Told.of(side[claim]).p for side in (before, after)]
            yield Difference(claim, "rating", *there)
        else:
            yield from (Difference(claim, *one) for one in _apart(before[claim], after[claim], ""))


def _without_stamps(line: bytes) -> Any:
    record = parse_json(line.decode("utf-8"))
    if isinstance(record["digest"], dict):
        record["digest"] = {key: value for key, value in record["digest"].items() if key not in _STAMPS}
    return record


def _apart(before: Any, after: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """Where two JSON values differ, as (place, before, after): the smallest parts."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from _apart(before.get(key), after.get(key), f"{where}.{key}" if where else key)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _apart(one, other, f"{where}[{at}]")
    elif before != after or type(before) is not type(after):
        yield where, before, after
