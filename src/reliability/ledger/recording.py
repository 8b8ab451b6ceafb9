"""Recording a run: all that went into its ratings, and the ratings, as one entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from reliability.api import ENGINE
from reliability.errors import LedgerError
from reliability.io.reports_out import report_record
from reliability.io.visible import json_text
from reliability.ledger.blobs import MOST_BYTES, Writing
from reliability.ledger.chain import Placed
from reliability.ledger.details import Details, GivenFile, Options, as_content
from reliability.ledger.engine import code_digest, versions
from reliability.ledger.entry import Draft, Run, moment
from reliability.ledger.given import Given
from reliability.ledger.keys import packed_keys
from reliability.ledger.merkle import Root, leaf_hash
from reliability.ledger.policies import packed_as_loaded
from reliability.ledger.store import Ledger
from reliability.model.base import canonical_json
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.rules.policy import Policy


@dataclass(frozen=True)
class Evidence:
    """What a run's ratings were made of.

    `reports` are those that were rated, as they were read (before grouping); `copied` is the evidence that an article
    is a copy, by its id; `read_articles` says whether any report came from an article.
    """

    given: Sequence[Given]
    policy: Policy
    reports: Iterable[Report]
    options: Options
    copied: Mapping[str, str] = field(default_factory=dict)
    read_articles: bool = False
    rejects: int = 0
    set_apart: int = 0


def record_run(
    ledger: Ledger, evidence: Evidence, ratings: Iterable[Rating], *, at: datetime, by: str | None = None,
    note: str | None = None, printed: list[bytes] | None = None,
) -> Placed:  # fmt: skip
    """Adds a run to the ledger: its files, reports, policy, options, versions and ratings. On disk when it returns.

    Reports and ratings are taken one by one. The ratings' content is what `rate --format jsonl` prints; its lines are
    put into `printed` too, if it is given. Raises InputError where a file was changed since it was read, LedgerError
    where the ledger is not as it was left.
    """
    tally = Tally(evidence.policy, printed)
    with ledger.writing() as writing:
        put_given(ledger, writing, evidence)
        writing.put("reports", tally.reports(evidence.reports))
        if evidence.copied:
            writing.put("copies", canonical_json(dict(evidence.copied)).encode("utf-8"))
        writing.put("ratings", tally.ratings(ratings))
        return append_run(ledger, writing, evidence, tally, at=at, by=by, note=note)


def put_given(ledger: Ledger, writing: Writing, evidence: Evidence) -> None:
    """Puts the files that went in, and the policy unless an earlier entry has it."""
    for given in evidence.given:
        writing.put(given.file.role, given.pieces())
    known = ledger.policy_content(evidence.policy.digest)
    if known is None or not writing.again(known):
        writing.put("policy", packed_as_loaded(evidence.policy.folder, evidence.policy.folder_digest))


def append_run(
    ledger: Ledger, writing: Writing, evidence: Evidence, tally: Tally, *, at: datetime, by: str | None,
    note: str | None,
) -> Placed:  # fmt: skip
    """Puts what an entry says of its run, and appends it."""
    details = tally.details(evidence, tuple(one.file for one in evidence.given), note)
    batch = evidence.options.batch
    content = as_content(details)
    if len(content) > MOST_BYTES:
        raise LedgerError(ledger.folder, problem=f"{len(details.claims):,} claims are more than one entry holds",
                          remedy="record them in parts")  # fmt: skip
    writing.put("details", content)
    keys = packed_keys(details)
    if keys and not ledger.was_removed(sha256(keys).hexdigest()):
        writing.put("keys", keys)
    run = Run(
        claims=len(details.claims), ratings_root=tally.root.digest().hex(), rules=evidence.policy.digest,
        engine=ENGINE, code=code_digest(batch=batch), libraries=versions(evidence.read_articles, batch=batch),
    )  # fmt: skip
    return ledger.append(Draft(at=moment(at), kind="rating", by=by, run=run), writing)


def rating_line(rating: Rating) -> bytes:
    """A rating as the ledger keeps it: the line that `rate --format jsonl` prints."""
    return (json_text(rating.record()) + "\n").encode("utf-8", "backslashreplace")


def report_line(report: Report) -> bytes:
    """A report as the ledger keeps it, and readers take it."""
    return (json_text(report_record(report)) + "\n").encode("utf-8", "backslashreplace")


class Tally:
    """What is noted of reports and ratings as they go by."""

    def __init__(self, policy: Policy, printed: list[bytes] | None = None) -> None:
        self.policy = policy
        self.printed = printed
        self.root = Root()
        self.claims: list[tuple[str, float, str | None]] = []
        self.sources: set[str] = set()
        self.rules: set[str] = set()

    def reports(self, reports: Iterable[Report]) -> Iterator[bytes]:
        """Reports as lines, their sources noted."""
        for report in reports:
            self.sources.update(link.source for link in report.provenance)
            yield report_line(report)

    def ratings(self, ratings: Iterable[Rating]) -> Iterator[bytes]:
        """Ratings as lines; noted are their claims, rules, and root."""
        for rating in ratings:
            line = rating_line(rating)
            self.root.add(leaf_hash(line[:-1]))
            self.claims.append((rating.claim.id, rating.p, rating.icd203))
            for link in rating.links:
                self.rules.update(link.set_by)
                self.rules.update(shift.rule for shift in link.shifts)
            if self.printed is not None:
                self.printed.append(line)
            yield line

    def details(self, evidence: Evidence, files: tuple[GivenFile, ...], note: str | None) -> Details:
        """What the entry says in words."""
        known = (self.policy.sources.find(name) for name in self.sources)
        return Details(
            note=note, files=files, options=evidence.options, claims=tuple(self.claims),
            sources=tuple(sorted(self.sources | {entry.name for entry in known if entry is not None})),
            rules=tuple(sorted(self.rules)), rejects=evidence.rejects, set_apart=evidence.set_apart,
        )  # fmt: skip
