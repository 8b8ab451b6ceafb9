"""Opening, appending, finding: what a ledger does when it is not left as it should be."""

from __future__ import annotations

import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import BEGAN, KEPT, KEPT_HEAD, copied, decide, files, record, some

from reliability.errors import LedgerError, UsageError
from reliability.ledger.chain import NAME, PENDING
from reliability.ledger.entry import FIRST, Entry, NoEntry, entry_of, moment, opened, sealed
from reliability.ledger.index import LAYOUT, SQLITE, VERSION, Index, Wanted
from reliability.ledger.locks import locked
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return some(tmp_path / "ledger", 3)


def test_every_line_is_json_that_anybody_can_read_and_check(ledger: Ledger) -> None:
    """By another way than the ledger's own: parsed, its hash taken out, written again as canonical JSON, hashed."""
    import hashlib

    before = FIRST
    for number, line in enumerate(ledger.chain.path.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        digest = record.pop("hash")
        body = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert hashlib.sha256(body).hexdigest() == digest
        assert (record["seq"], record["prev"]) == (number, before)
        before = digest
    assert before == verify(ledger).head


def test_contents_are_named_by_their_sha_256(ledger: Ledger) -> None:
    import hashlib

    from backports import zstd

    paths = sorted(ledger.blobs.folder.rglob("*.zst"))
    assert len(paths) == 2 * 3 + 1 + 1
    for path in paths:
        assert hashlib.sha256(zstd.decompress(path.read_bytes())).hexdigest() == path.parent.name + path.stem


@given(st.binary(max_size=300))
def test_no_other_bytes_are_taken_for_a_line(data: bytes) -> None:
    with pytest.raises(NoEntry):
        opened(data)
    with pytest.raises(NoEntry):
        entry_of(data)


def test_a_line_is_opened_as_it_was_sealed() -> None:
    entry = Entry(at=moment(BEGAN), kind="override", by="Zoë \u202e", seq=1, prev=FIRST)
    body, digest = opened(sealed(entry))
    assert entry_of(body) == entry
    assert len(digest) == 64


@pytest.mark.parametrize("how", ["nothing written", "half written", "all written"])
def test_a_line_that_was_half_appended_is_completed_and_one_that_was_not_begun_is_dropped(
    ledger: Ledger, how: str
) -> None:
    path, pending = ledger.folder / NAME, ledger.folder / PENDING
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    ledger.index.forget()
    pending.write_bytes(last)
    cut = {"nothing written": len(last), "half written": 100, "all written": 0}[how]
    path.write_bytes(whole[: len(whole) - cut])
    assert verify(ledger).findings == ()
    decide(ledger)
    assert path.read_bytes().startswith(whole) == (how != "nothing written")
    assert not pending.exists()
    assert verify(ledger).findings == ()


@pytest.mark.parametrize("pending", [b"", b"{}", None])
def test_an_end_that_nobody_left_unfinished_is_not_written_on(ledger: Ledger, pending: bytes | None) -> None:
    path = ledger.folder / NAME
    path.write_bytes(path.read_bytes()[:-50])
    ledger.index.forget()
    if pending is not None:
        (ledger.folder / PENDING).write_bytes(pending)
    with pytest.raises(LedgerError, match="middle of an entry"):
        decide(ledger)
    assert verify(ledger).findings != ()


def test_a_torn_pending_line_is_forgotten(ledger: Ledger) -> None:
    (ledger.folder / PENDING).write_bytes(b'{"at":')
    assert verify(ledger).findings == ()
    decide(ledger)
    assert (verify(ledger).findings, verify(ledger).entries) == ((), 4)


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    for folder, create in (
        (tmp_path, True),
        (tmp_path, False),
        (tmp_path / "new", False),
        (tmp_path / "mine.txt", True),
    ):
        with pytest.raises(LedgerError):
            Ledger.open(folder, create=create)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_entries_are_found_by_number_hash_and_last(ledger: Ledger) -> None:
    placed = ledger.entry("2")
    assert ledger.entry(placed.hash) == ledger.entry(placed.hash[:8]) == ledger.entry(f"sha256:{placed.hash}") == placed
    assert ledger.entry("last").entry.seq == 3
    for name in ("0", "4", "-1", "", "x", placed.hash[:7], "9" * 30, "%", "'", "ffffffff"):
        with pytest.raises(UsageError, match="1 to 3"):
            ledger.entry(name)


def test_entries_are_found_by_what_they_are_about(tmp_path: Path) -> None:
    ledger = some(tmp_path / "ledger", 6)

    def numbers(*subjects: tuple[str, str], since: str | None = None, until: str | None = None) -> list[int]:
        return [one.entry.seq for one in ledger.found(Wanted(subjects, since, until), 100)]  # type: ignore[arg-type]

    assert numbers() == [1, 2, 3, 4, 5, 6]
    assert numbers(("claim", "claim-1")) == [3, 4]
    assert numbers(("claim", "claim-1"), ("kind", "rating")) == [3]
    assert numbers(("person", "a. EDITOR")) == [2, 4, 6]
    assert numbers(("source", "harbour  office OF quillport")) == [1, 3, 5]
    assert numbers(("source", "nobody")) == []
    assert numbers(("rule", "relay.paraphrase")) == numbers(("kind", "rating"))
    assert numbers(since="2026-11-26T12:00:02", until="2026-11-26T12:00:04") == [3, 4]
    assert [one.entry.seq for one in ledger.found(Wanted(), 2)] == [5, 6]


def test_an_index_that_was_removed_or_lags_is_made_again(ledger: Ledger) -> None:
    ledger.index.forget()
    assert verify(ledger).findings == ()
    assert [one.entry.seq for one in ledger.found(Wanted([("kind", "override")]), 9)] == [2]
    before = ledger.index.path.read_bytes()
    decide(ledger)
    ledger.index.path.write_bytes(before)
    found = verify(ledger)
    assert (found.findings, found.remarks) == ((), ("the index lacks the last 1 entries; it catches up",))
    assert ledger.entry("4").entry.seq == 4


@pytest.mark.parametrize(
    "data", [b"no index at all, but some text that is longer than a head" * 9, b"SQLite format 3\0" * 64]
)
def test_an_index_that_is_none_is_said_and_left(ledger: Ledger, data: bytes) -> None:
    ledger.index.path.write_bytes(data)
    assert verify(ledger).findings != ()
    with pytest.raises(LedgerError, match="remove index"):
        ledger.entry("1")
    ledger.index.path.unlink()
    assert ledger.entry("1").entry.seq == 1


def test_the_same_contents_are_stored_once(ledger: Ledger) -> None:
    before = len(list(ledger.blobs.folder.rglob("*.zst")))
    record(ledger, "claim-0", number=0)
    record(ledger, "claim-0", number=0)
    assert len(list(ledger.blobs.folder.rglob("*.zst"))) == before
    assert verify(ledger, contents=True).findings == ()


def test_a_content_that_was_altered_is_not_built_upon(ledger: Ledger) -> None:
    blob = ledger.entry("1").entry.blob("reports")
    assert blob is not None
    place = ledger.blobs.place(blob.content)
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(LedgerError, match=r"unpacked|does not hold"):
        record(ledger, "claim-0", number=7)
    assert verify(ledger).first_bad == 1


def test_a_ledger_that_can_only_be_read_is_verified_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = copied(KEPT, tmp_path / "kept")
    inside = str(ledger.folder)
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).startswith(inside))  # root may write anywhere
    before = {path: path.read_bytes() for path in files(ledger)}
    for folder, _, names in os.walk(ledger.folder):
        for name in names:
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)
    try:
        assert verify(ledger, head=KEPT_HEAD).findings == ()
        assert ledger.entry("3").entry.seq == 3
        assert {path: path.read_bytes() for path in files(ledger)} == before
    finally:
        for folder, _, _ in os.walk(ledger.folder):
            os.chmod(folder, 0o755)


def test_an_index_of_another_sqlite_is_compared_by_its_rows_and_made_again(ledger: Ledger) -> None:
    """Its two notes of the version, its own and SQLite's, say 3.99: a flip in one of them would leave them unlike."""
    data = bytearray(ledger.index.path.read_bytes())
    data[60:64], data[96:100] = (3_099_000 | LAYOUT).to_bytes(4), (3_099_000).to_bytes(4)
    ledger.index.path.write_bytes(bytes(data))
    found = verify(ledger)
    assert found.findings == ()
    assert "another SQLite (3099000" in found.remarks[0]
    decide(ledger)
    assert (verify(ledger).findings, verify(ledger).remarks) == ((), ())
    data[60:64] = ledger.index.path.read_bytes()[60:64]
    ledger.index.path.write_bytes(bytes(data))
    assert verify(ledger).findings != ()


def test_an_index_that_an_earlier_version_made_is_said_and_made_again(ledger: Ledger) -> None:
    """Its own note is SQLite's version without the mark of today's tables."""
    before = ledger.index.path.read_bytes()
    ledger.index.path.write_bytes(before[:60] + SQLITE.to_bytes(4) + before[64:])
    found = verify(ledger)
    assert found.findings == ()
    assert "an earlier version's" in found.remarks[0]
    assert ledger.entry("1").entry.seq == 1
    assert ledger.index.path.read_bytes()[60:64] == before[60:64]
    assert (verify(ledger).findings, verify(ledger).remarks) == ((), ())


def test_who_begins_an_index_while_another_does_waits(tmp_path: Path) -> None:
    """SQLite fails at once where a second one switches a new file to a log."""
    mine = Index(tmp_path, lambda one: ((), b""))
    mine.folder.mkdir()
    with closing(sqlite3.connect(mine.path, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        with locked(tmp_path, exclusive=True):
            other.execute("BEGIN IMMEDIATE")
            waiting = pool.submit(_version, mine)
            with pytest.raises(TimeoutError):
                waiting.result(0.3)
            other.execute("COMMIT")
        assert waiting.result(60) == VERSION


def _version(index: Index) -> int:
    with index.connected() as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
