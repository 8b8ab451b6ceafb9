"""An entry's run once more: its files read, its reports rated, under its own policy and options."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reliability import api
from reliability.errors import LedgerError, MissingExtra
from reliability.io.groupings import read_grouping
from reliability.io.inputs import read_inputs
from reliability.io.reports import ReportReader
from reliability.io.rows import Located
from reliability.io.sources import read_sources_file
from reliability.io.strict_json import BadJson, parse_json
from reliability.ledger.chain import Placed
from reliability.ledger.details import Details, details_of
from reliability.ledger.extracting import Laid, laid_out, policy_laid_out, reports_laid_out
from reliability.ledger.kept import blob_of
from reliability.ledger.store import Ledger
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.editing import Grouping

_REMEMBERED = 4


@dataclass(frozen=True)
class Again:
    """What an entry's run was made of, ready to be rated: `remarks` say what could not be read anew."""

    policy: Policy
    details: Details
    reports: tuple[Report, ...]
    copied: dict[str, str]
    grouping: Grouping | None
    from_files: bool
    remarks: tuple[str, ...]

    @property
    def as_of(self) -> date | None:
        """The day whose rules and reports were meant."""
        day = self.details.options.as_of
        return None if day is None else date.fromisoformat(day)

    def rated(self) -> api.Outcome:
        """The ratings, computed now."""
        return api.rate_reports(self.reports, self.policy, as_of=self.as_of, grouping=self.grouping,
                                at_least=self.details.options.at_least, copied=self.copied)  # fmt: skip


def policy_of(placed: Placed, ledger: Ledger, laid: Laid, place: Path) -> Policy:
    """An entry's policy, with the run's sources on top; the last few are remembered by their contents."""
    day = laid.details.options.as_of
    blobs = placed.entry.blob("policy"), placed.entry.blob("sources")
    key = (*(None if blob is None else blob.content for blob in blobs), day)
    if key in ledger.policies:
        return ledger.policies[key]
    entries = [] if laid.sources is None else [(str(laid.sources), one) for one in read_sources_file(laid.sources)]
    policy = Policy.load(policy_laid_out(placed, ledger, place), sources=entries,
                         as_of=None if day is None else date.fromisoformat(day), scenarios=False)  # fmt: skip
    if len(ledger.policies) >= _REMEMBERED:
        ledger.policies.pop(next(iter(ledger.policies)))
    ledger.policies[key] = policy
    return policy


@contextmanager
def again(placed: Placed, ledger: Ledger, *, read: bool = True) -> Iterator[Again]:
    """An entry's run, ready to be rated; its files are gone when this closes.

    With `read` its files are read anew; where one was removed, or an extra is missing, the reports that were recorded
    stand in, as they do without, and for batches, whose reports are recorded with their groups. Raises LedgerError
    where those, or the policy, were removed or altered.
    """
    with tempfile.TemporaryDirectory(prefix="reliability-replay-") as place:
        laid = laid_out(placed, ledger, Path(place))
        policy = policy_of(placed, ledger, laid, Path(place))
        batch = laid.details.options.batch
        grouping = None if laid.grouping is None or batch else read_grouping(laid.grouping)
        remarks = list(removed_remarks(laid))
        found = None
        if read and not laid.removed and not batch:
            try:
                found = _read(laid, policy)
            except MissingExtra as error:
                remarks.append(f"its files are not read again: {error}")
        reports, copied = found or (recorded_reports(placed, ledger), _copies(placed, ledger))
        yield Again(policy, laid.details, reports, copied, grouping, found is not None, tuple(remarks))


def removed_remarks(laid: Laid) -> tuple[str, ...]:
    """What to say of files that are not there any more."""
    said = "was removed: the reports that were recorded are rated"
    return tuple(f"the file {name!r} {said}" for name in laid.removed)


def _read(laid: Laid, policy: Policy) -> tuple[tuple[Report, ...], dict[str, str]]:
    """The reports in the files, by the steps in which a command reads them, and which articles are copies."""
    options = laid.details.options
    inputs = read_inputs(
        laid.inputs, publisher=options.publisher, publisher_type=options.publisher_type, published=options.published,
        url=options.url, max_chars=options.max_chars,
    )  # fmt: skip
    articles = [article for _, article in inputs.articles]
    shared = api.copies_among(articles, policy)
    found = [report for reading in api.reports_of_each(articles, policy, shared=shared) for report in reading.reports]
    usable, _ = api.check_reports([*found, *(one.report for one in inputs.reports)], policy)
    return tuple(usable), shared.evidence


def recorded_reports(placed: Placed, ledger: Ledger) -> tuple[Report, ...]:
    """The reports that an entry recorded. Raises LedgerError where they were removed, or are none."""
    blob = blob_of(placed, ledger.blobs, "reports")
    details = details_of(placed, ledger.blobs)
    if details is not None and details.options.batch:
        with tempfile.TemporaryDirectory(prefix="reliability-replay-") as place:
            return tuple(one.report for one in read_inputs([reports_laid_out(placed, ledger, Path(place))]).reports)
    with tempfile.TemporaryFile() as file:
        file.writelines(ledger.blobs.pieces(blob))
        file.seek(0)
        found = list(ReportReader().read(file, kind="jsonl", name="reports")) if blob.size else []
    reports = tuple(one.report for one in found if isinstance(one, Located))
    if len(reports) < len(found):
        raise LedgerError(f"entry {placed.entry.seq}", problem="its reports are not as this version reads them",
                          remedy="was it recorded by another version?")  # fmt: skip
    return reports


def _copies(placed: Placed, ledger: Ledger) -> dict[str, str]:
    if placed.entry.blob("copies") is None:
        return {}
    try:
        found = parse_json(ledger.blobs.read(blob_of(placed, ledger.blobs, "copies")).decode("utf-8"))
    except (BadJson, UnicodeDecodeError):
        found = None
    if not isinstance(found, dict):
        raise LedgerError(f"entry {placed.entry.seq}", problem="its copies are no JSON", remedy="`audit verify` it")
    return found
