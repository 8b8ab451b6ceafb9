"""A ledger that somebody hands over to be audited is hostile input: it is refused, quickly, and nothing is written."""

from __future__ import annotations

import io
import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from ledgers import BEGAN, decide, some

from reliability.errors import LedgerError, ReliabilityError
from reliability.ledger.blobs import Blobs
from reliability.ledger.chain import Placed
from reliability.ledger.details import Details, GivenFile, Options, as_content
from reliability.ledger.entry import FIRST, Blob, Entry, Role, Run, moment, opened, sealed
from reliability.ledger.extracting import extracted
from reliability.ledger.kept import lines_of
from reliability.ledger.replay import replay
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify


def forged(folder: Path, contents: dict[Role, bytes], sizes: dict[str, int] | None = None) -> Ledger:
    """A ledger of one entry with any contents at all, whose hashes are all in order."""
    ledger = Ledger.open(folder, create=True)
    with ledger.writing():
        pass
    blobs = []
    for role, data in contents.items():
        packed = zstd.compress(data)
        name = sha256(data).hexdigest()
        place = ledger.blobs.place(name)
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(packed)
        size = (sizes or {}).get(role, len(data))
        blobs.append(Blob(role=role, content=name, stored=sha256(packed).hexdigest(), size=size))
    run = Run(claims=1, ratings_root=FIRST, rules="sha256:0", engine="0", code="0", libraries={})
    entry = Entry(at=moment(BEGAN), kind="rating", blobs=tuple(blobs), run=run, seq=1, prev=FIRST)
    ledger.chain.path.write_bytes(sealed(entry))
    return ledger


def details(*names: str, data: bytes = b"x") -> bytes:
    files = tuple(GivenFile(role="input", name=name, content=sha256(data).hexdigest()) for name in names)
    return as_content(Details(files=files, options=Options(max_chars=9)))


def tar(*members: tuple[str, Callable[[tarfile.TarInfo], Any]]) -> bytes:
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode="w") as archive:
        for name, change in members:
            about = tarfile.TarInfo(name)
            change(about)
            archive.addfile(about)
    return found.getvalue()


def _link(about: tarfile.TarInfo) -> None:
    about.type, about.linkname = tarfile.SYMTYPE, "/etc/passwd"


@pytest.mark.parametrize("name", ["..", ".", "a/..", "x\0y", "a\\..", "n" * 300])
def test_a_stored_name_leads_nowhere(tmp_path: Path, name: str) -> None:
    ledger = forged(tmp_path / "ledger", {"input": b"x", "policy": tar(), "details": details(name)})
    with pytest.raises(ReliabilityError):
        extracted(ledger.entry("1"), ledger, tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} <= {"ledger", "out"}
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_folders_in_a_stored_name_are_not_followed(tmp_path: Path) -> None:
    ledger = forged(tmp_path / "ledger", {"input": b"x", "policy": tar(), "details": details("../../up.txt")})
    extracted(ledger.entry("1"), ledger, tmp_path / "out")
    assert (tmp_path / "out" / "000001" / "up.txt").read_bytes() == b"x"


@pytest.mark.parametrize(
    "member", [("../evil.toml", lambda about: None), ("/evil.toml", lambda about: None), ("link.toml", _link)]
)
def test_a_stored_policy_stays_in_its_folder(tmp_path: Path, member: tuple[str, Any]) -> None:
    ledger = forged(tmp_path / "ledger", {"policy": tar(member), "details": details(), "ratings": b"{}\n"})
    with pytest.raises(ReliabilityError):
        replay(ledger.entry("1"), ledger)
    assert not (tmp_path / "evil.toml").exists()
    assert not Path("/evil.toml").exists()


@pytest.mark.parametrize("role", ["policy", "details", "ratings", "reports"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000, b"{}", b"null", b'{"claim": 1}\n'])
def test_contents_that_are_not_what_they_should_be_are_refused(tmp_path: Path, role: Role, data: bytes) -> None:
    contents: dict[Role, bytes] = {"policy": tar(), "details": details(), "ratings": b"{}\n", "reports": b""}
    ledger = forged(tmp_path / "ledger", {**contents, role: data})
    with pytest.raises(ReliabilityError):
        replay(ledger.entry("1"), ledger)


@pytest.mark.parametrize("stated", [10, 10**6, 10**18])
def test_a_content_that_unpacks_to_more_than_it_says_is_cut_short(tmp_path: Path, stated: int) -> None:
    ledger = forged(tmp_path / "ledger", {"reports": bytes(50_000_000)}, {"reports": stated})
    blob = ledger.entry("1").entry.blobs[0]
    with pytest.raises(LedgerError):
        ledger.blobs.read(blob, at_most=10**7)
    with pytest.raises(LedgerError):
        sum(len(piece) for piece in ledger.blobs.pieces(blob))
    assert verify(ledger).findings == (), "the file is what was recorded"
    assert verify(ledger, contents=True).first_bad == 1


def test_a_line_without_end_is_not_gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.ledger.kept.MAX_LINE", 1_000_000)
    ledger = forged(tmp_path / "ledger", {"ratings": bytes(3_000_000)})
    with pytest.raises(LedgerError, match="a line of over"):
        list(lines_of(ledger.entry("1"), ledger.blobs, "ratings"))


def test_a_pipe_in_place_of_what_a_writer_left_is_not_waited_for(tmp_path: Path) -> None:
    ledger = some(tmp_path / "led", 1)
    os.mkfifo(ledger.chain.pending)
    assert decide(ledger).entry.seq == 2
    assert verify(ledger).findings == ()


def test_a_file_in_place_of_the_index_s_folder_is_said(tmp_path: Path) -> None:
    ledger = some(tmp_path / "led", 1)
    ledger.index.forget()
    ledger.index.folder.rmdir()
    ledger.index.folder.touch()
    with pytest.raises(LedgerError, match="can't be made"):
        ledger.entry("last")


def test_an_index_that_nobody_may_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = some(tmp_path / "led", 1)

    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reliability.ledger.index.version_of", denied)
    with pytest.raises(LedgerError, match="can't be read"):
        ledger.entry("last")
    monkeypatch.setattr("reliability.ledger.index_check.shutil.copyfile", denied)
    assert [one.problem for one in verify(ledger).findings] == ["can't be read (Permission denied)"]


def test_a_content_that_nobody_may_look_at_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = some(tmp_path / "led", 1)
    blob = ledger.entry("1").entry.blobs[0]

    def denied(path: Path, **_: bool) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    place, stat = ledger.blobs.place(blob.content), Path.stat
    monkeypatch.setattr(Path, "stat", lambda self, **more: (denied if self == place else stat)(self, **more))
    with pytest.raises(LedgerError, match="can't be read"):
        ledger.blobs.has(blob.content)
    with pytest.raises(LedgerError, match="can't be unpacked"):
        ledger.blobs.read(blob)
    assert [one.problem for one in verify(ledger).findings] == ["can't be read (Permission denied)"]


def test_a_pipe_in_place_of_a_content_is_not_waited_for(tmp_path: Path) -> None:
    ledger = some(tmp_path / "ledger", 1)
    blob = ledger.entry("1").entry.blob("ratings")
    assert blob is not None
    place = ledger.blobs.place(blob.content)
    place.unlink()
    os.mkfifo(place)
    assert "is no file" in verify(ledger).findings[0].problem
    with pytest.raises(LedgerError, match="is no file"):
        ledger.blobs.read(blob)


@pytest.mark.parametrize(
    "change",
    ["UPDATE entry SET start = -5", "UPDATE entry SET length = -5", "UPDATE entry SET start = 'x'",
     "UPDATE entry SET length = 1", "UPDATE entry SET start = 9223372036854775807", "DROP TABLE entry",
     "UPDATE entry SET seq = 99 WHERE seq = 2", "UPDATE entry SET hash = x'00'"],
)  # fmt: skip
def test_an_index_that_lies_is_found_out(tmp_path: Path, change: str) -> None:
    ledger = some(tmp_path / "ledger", 2)
    with sqlite3.connect(ledger.index.path) as connection:
        connection.execute(change)
    connection.close()
    assert verify(ledger).findings != ()
    wrong = 0
    for name in ("1", "2"):
        try:
            assert ledger.entry(name).entry.seq == int(name)
        except ReliabilityError:
            wrong += 1
    assert wrong > 0


def test_a_forger_s_entry_with_a_wrong_digest_of_its_content_is_found_when_contents_are_unpacked(
    tmp_path: Path,
) -> None:
    ledger = forged(tmp_path / "ledger", {"reports": b"{}\n"})
    placed: Placed = ledger.entry("1")
    blob = placed.entry.blobs[0]
    other = sha256(b"another").hexdigest()
    place = Blobs(ledger.folder).place(other)
    place.parent.mkdir(exist_ok=True)
    ledger.blobs.place(blob.content).rename(place)
    entry = placed.entry.model_copy(update={"blobs": (blob.model_copy(update={"content": other}),)})
    ledger.chain.path.write_bytes(sealed(entry))
    assert opened(sealed(entry))[1] != placed.hash
    ledger.index.forget()
    assert verify(ledger).findings == ()
    assert "does not hold what its name says" in verify(ledger, contents=True).findings[0].problem


@pytest.mark.parametrize("name", ["pending.jsonl", "entries.jsonl"])
def test_nothing_is_written_through_a_link(tmp_path: Path, name: str) -> None:
    ledger = some(tmp_path / "ledger", 2)
    mine = tmp_path / "mine.txt"
    mine.write_bytes((ledger.folder / "entries.jsonl").read_bytes())
    (ledger.folder / name).unlink(missing_ok=True)
    (ledger.folder / name).symlink_to(mine)
    before = mine.read_bytes()
    with suppress(LedgerError):  # a pending line's link is taken away first, and then a file is written
        decide(ledger)
    assert mine.read_bytes() == before


def test_an_index_that_is_a_link_is_said_and_made_again_in_its_place(tmp_path: Path) -> None:
    ledger = some(tmp_path / "ledger", 2)
    theirs = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE kept (a)")
        connection.commit()
    before = theirs.read_bytes()
    for target in (theirs, Path("/dev/zero")):
        ledger.index.path.unlink()
        ledger.index.path.symlink_to(target)
        assert [one.problem for one in verify(ledger).findings] == ["is no file"]
        assert ledger.entry("last").entry.seq == 2
        assert not ledger.index.path.is_symlink()
        assert verify(ledger).findings == ()
    assert theirs.read_bytes() == before
