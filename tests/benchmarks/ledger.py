"""What recording costs beside rating, how fast `verify` is beside hashing alone, and how long a search takes.

    python -m tests.benchmarks.ledger [claims [entries [bytes [claims of a batch]]]]

Processor time counts, both sides in one run. Claims have four reports each, of 2,000 origins in 500 outlets; entries of
the large ledger are decisions, which need no rating.
"""  # fmt: skip

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from reliability import Policy, Rating, Report, api
from reliability.io.reports_out import dump_reports
from reliability.io.writers import dump_records
from reliability.ledger.batches import record_batch, run_again
from reliability.ledger.details import Decision, Options, as_content
from reliability.ledger.entry import FIRST, Entry, Override, opened, sealed
from reliability.ledger.given import given_files
from reliability.ledger.index import Wanted
from reliability.ledger.recording import Evidence, record_run
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify

from .made_reports import write_parquet

ROOT = Path(__file__).resolve().parents[2]
BEGAN = datetime(2026, 11, 26, 12, tzinfo=UTC)
KINDS = ("government", "eyewitness", "expert", "advocacy", "company", "military", "private-person")
CLAIMS, ENTRIES, FILES, BATCHED = 2_000, 1_000_000, 64_000_000, 100_000


def made_reports(claims: int) -> list[Report]:
    """Four reports a claim."""
    draw = random.Random(3)
    reports = []
    for number in range(claims * 4):
        origin, outlet = draw.randrange(2_000), draw.randrange(500)
        chain = [{"source": f"Origin {origin}", "type": KINDS[origin % len(KINDS)], "via": "paraphrase"},
                 {"source": f"Outlet {outlet}", "type": "media"}]  # fmt: skip
        claim = f"claim-{number // 4:06}"
        reports.append(Report.model_validate({"id": f"r{number:07}", "claim": claim, "text": f"{claim} is so",
                                              "provenance": chain, "published": "2026-03-01"}))  # fmt: skip
    return reports


def recording(claims: int, place: Path) -> tuple[float, Ledger]:
    """What recording adds to the processor time of reading a file of reports, rating and printing it, by that time.

    A run that is recorded prints the lines that the ledger keeps, so that they are made once.
    """
    policy = Policy.load(ROOT / "rules", scenarios=False)
    path = place / "reports.jsonl"
    path.write_text(dump_reports(made_reports(claims), "jsonl"), encoding="utf-8")
    began = time.process_time()
    reports = api.read_reports(path)
    ratings = api.rate_reports(reports, policy).ratings
    rated = time.process_time()
    dump_records([rating.record() for rating in ratings], "jsonl").encode()
    alone = time.process_time() - began
    printing = began + alone - rated
    ledger = Ledger.open(place / "ledger", create=True)
    began = time.process_time()
    b"".join(record_as_read(ledger, path, policy, reports, ratings))
    return (time.process_time() - began - printing) / alone, ledger


def record_as_read(
    ledger: Ledger, path: Path, policy: Policy, reports: Sequence[Report], ratings: Sequence[Rating]
) -> list[bytes]:  # fmt: skip
    """All that `--ledger` adds to a run; the lines to be printed."""
    printed: list[bytes] = []
    evidence = Evidence(given_files([str(path)], ledger=ledger.folder), policy, reports, Options(max_chars=2_000_000))
    record_run(ledger, evidence, ratings, at=BEGAN, printed=printed)
    return printed


def batching(claims: int, place: Path) -> tuple[float, Ledger]:
    """The processor time of recording a batch by that of running it: four reports a claim, 60,000 chains."""
    policy = Policy.load(ROOT / "rules", scenarios=False)
    path = place / "reports.parquet"
    write_parquet(path, claims * 4)
    options = Options(max_chars=2_000_000, batch=True)
    began = time.process_time()
    run_again([path], policy, options, None, place / "out")
    alone = time.process_time() - began
    ledger = Ledger.open(place / "batches", create=True)
    began = time.process_time()
    evidence = Evidence(given_files([str(path)], ledger=ledger.folder), policy, (), options)
    record_batch(ledger, evidence, place / "out", at=BEGAN, rules=())
    return (time.process_time() - began) / alone, ledger


def ledger_of_files(n_bytes: int, place: Path) -> Ledger:
    """A ledger of a few files that can't be packed further, as documents and archives can't."""
    policy = Policy.load(ROOT / "rules", scenarios=False)
    reports = made_reports(1)
    draw = random.Random(4)
    for number in range(4):
        (place / f"{number}.jsonl").write_bytes(draw.randbytes(n_bytes // 4))
    ledger = Ledger.open(place / "files", create=True)
    given = given_files([str(place / f"{number}.jsonl") for number in range(4)], ledger=ledger.folder)
    evidence = Evidence(given, policy, reports, Options(max_chars=2_000_000))
    record_run(ledger, evidence, api.rate_reports(reports, policy).ratings, at=BEGAN)
    return ledger


def verifying(ledger: Ledger, *, contents: bool, rounds: int = 5) -> float:
    """The processor time of hashing the bytes that `verify` hashes, alone, by that of `verify`: the best of rounds."""
    paths = [path for path in ledger.folder.rglob("*") if path.is_file() and path.parent != ledger.index.folder]
    blobs = {blob.content: blob for placed in ledger.chain.entries() for blob in placed.entry.blobs}
    unpacked = [ledger.blobs.read(blob) for blob in blobs.values()] if contents else []
    found = []
    for _ in range(rounds):
        began = time.process_time()
        for path in paths:
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")
        for data in unpacked:
            hashlib.sha256(data)
        alone = time.process_time() - began
        began = time.process_time()
        assert verify(ledger, contents=contents).findings == ()
        found.append(alone / (time.process_time() - began))
    return max(found)


def large_ledger(entries: int, place: Path) -> Ledger:
    """A ledger of many decisions, written as `append` does, but all at once: by 1,000 people on 100 claims."""
    ledger = Ledger.open(place / "large", create=True)
    with ledger.writing() as writing:
        for number in range(100):
            writing.put("override", as_content(Decision(subject=f"claim-{number}", new="true", why="seen")))
        contents = writing.settle()
    before = FIRST
    with ledger.chain.path.open("ab") as file:
        for number in range(entries):
            entry = Entry.model_construct(
                at=f"2026-{1 + number % 12:02}-01T00:00:00.000000Z", kind="override", by=f"person {number % 1_000}",
                blobs=(contents[number % 100],), override=Override(what="label"), format=1, seq=number + 1, prev=before,
            )  # fmt: skip
            line = sealed(entry)
            before = opened(line)[1]
            file.write(line)
    return ledger


def searching(ledger: Ledger) -> dict[str, float]:
    """Seconds on the clock of a filter's list, in a ledger whose index is up to date."""
    took = {}
    for name, which in (("a person", Wanted([("person", "person 7")])),
                        ("a person and a month", Wanted([("person", "person 7")], "2026-08-01", "2026-09-01")),
                        ("the newest", Wanted())):  # fmt: skip
        began = time.perf_counter()
        listed = ledger.found(which, 1_000)
        took[f"{name} ({len(listed):,} listed)"] = time.perf_counter() - began
    return took


def main(arguments: Sequence[str]) -> None:
    sizes = [int(one) for one in arguments[:4]]
    claims, entries, n_files, batched = sizes + [CLAIMS, ENTRIES, FILES, BATCHED][len(sizes) :]
    with tempfile.TemporaryDirectory(prefix="reliability-benchmark-") as folder:
        place = Path(folder)
        ratio, ledger = recording(claims, place)
        print(f"recording ÷ reading, rating and printing, {claims:,} claims: {ratio:.3f} (≤ 0.15)")
        of_batches, batches = batching(batched, place)
        print(f"recording ÷ a batch of {batched:,} claims: {of_batches:.3f} (≤ 0.15); hashlib ÷ verify of its ledger: "
              f"{verifying(batches, contents=False):.2f} (≥ 0.5)")  # fmt: skip
        n_bytes = sum(path.stat().st_size for path in ledger.folder.rglob("*") if path.is_file())
        for contents in (False, True):
            what = "every file's bytes" if not contents else "and every content's, unpacked"
            print(f"hashlib alone ÷ verify, {what} ({n_bytes:,} on disk): {verifying(ledger, contents=contents):.2f} "
                  "(≥ 0.5)")  # fmt: skip
        files = ledger_of_files(n_files, place)
        stored, unpacked = (verifying(files, contents=contents) for contents in (False, True))
        print(f"hashlib alone ÷ verify, of {n_files / 1e6:.0f} MB of packed files: {stored:.2f} (≥ 0.5), unpacked too: "
              f"{unpacked:.2f}")  # fmt: skip
        large = large_ledger(entries, place)
        began = time.process_time()
        with large.searched():
            print(f"index of {entries:,} entries made in {time.process_time() - began:.0f} s of processor time")
        for name, seconds in searching(large).items():
            print(f"list of {name} in a ledger of {entries:,} entries: {seconds:.2f} s (≤ 1)")


if __name__ == "__main__":
    main(sys.argv[1:])
