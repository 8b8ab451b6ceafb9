"""Laws of the ledger: whatever is altered is found, and what was acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from ledgers import KEPT, KEPT_HEAD, ROOT, copied, files, some

from reliability.errors import LedgerError
from reliability.ledger import index
from reliability.ledger.chain import NAME
from reliability.ledger.store import Ledger
from reliability.ledger.verify import verify

FLIPS, KILLS = 500, 20
AT_ONCE, EACH = 4, 1_000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger of six entries, not to be altered."""
    return some(tmp_path_factory.mktemp("kept") / "ledger")


def test_an_untouched_ledger_is_in_order(kept: Ledger) -> None:
    found = verify(kept, contents=True)
    assert (found.findings, found.remarks, found.entries) == ((), (), 6)
    assert verify(kept, head=found.head).findings == ()


def test_any_flipped_byte_is_found(kept: Ledger, tmp_path: Path) -> None:
    """Flips of one bit at 500 random places, drawn over every byte of every file, the index too."""
    ledger = copied(kept.folder, tmp_path / "spoilt")
    every = list(files(ledger))
    sizes = [path.stat().st_size for path in every]
    draw = random.Random(10)
    unnoticed = []
    seen = Counter[str]()
    for _ in range(FLIPS):
        path = draw.choices(every, weights=sizes)[0]
        seen[path.relative_to(ledger.folder).parts[0]] += 1
        data = path.read_bytes()
        at = draw.randrange(len(data))
        spoilt = data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
        path.write_bytes(spoilt)
        if not verify(ledger).findings:
            unnoticed.append((path.name, at))
        path.write_bytes(data)
    assert unnoticed == []
    assert min(seen[name] for name in ("entries.jsonl", "blobs", "index")) > 10
    assert verify(ledger).findings == ()


@pytest.mark.parametrize("name", ["entries.jsonl", "index/index.sqlite"])
def test_a_flip_of_each_byte_in_the_first_and_last_part_of_a_file_is_found(
    kept: Ledger, tmp_path: Path, name: str
) -> None:
    ledger = copied(kept.folder, tmp_path / "spoilt")
    path = ledger.folder / name
    data = path.read_bytes()
    for at in [*range(0, 100, 3), *range(len(data) - 100, len(data), 3)]:
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert verify(ledger).findings, at


def _lines(edit: Callable[[list[bytes]], list[bytes]]) -> Callable[[Ledger], None]:
    def spoil(ledger: Ledger) -> None:
        path = ledger.folder / NAME
        path.write_bytes(b"".join(edit(path.read_bytes().splitlines(keepends=True))))

    return spoil


def _swap_contents(ledger: Ledger) -> None:
    one, other = [path for path in files(ledger) if path.suffix == ".zst"][:2]
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)


def _remove_a_content(ledger: Ledger) -> None:
    next(path for path in files(ledger) if path.suffix == ".zst").unlink()


SPOILT: dict[str, tuple[Callable[[Ledger], object], int | None]] = {
    "a line cut in its middle": (_lines(lambda lines: [*lines[:5], lines[5][:200]]), 6),
    "the last entry cut off": (_lines(lambda lines: lines[:5]), None),
    "all entries cut off": (_lines(lambda lines: []), None),
    "the last line feed cut off": (_lines(lambda lines: [*lines[:5], lines[5][:-1]]), 6),
    "an entry left out": (_lines(lambda lines: lines[:2] + lines[3:]), 3),
    "the first entry left out": (_lines(lambda lines: lines[1:]), 1),
    "two entries in another order": (_lines(lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]]), 3),
    "an entry twice": (_lines(lambda lines: [*lines[:3], lines[2], *lines[3:]]), 4),
    "an entry put in from elsewhere": (
        _lines(lambda lines: [*lines[:3], KEPT.joinpath(NAME).read_bytes().splitlines(keepends=True)[1], *lines[3:]]),
        4,
    ),
    "a swapped content": (_swap_contents, 1),
    "a content taken away": (_remove_a_content, 1),
    "an empty line": (_lines(lambda lines: [*lines[:3], b"\n", *lines[3:]]), 4),
    "an index of another ledger": (
        lambda ledger: ledger.index.path.write_bytes((KEPT / "index" / "index.sqlite").read_bytes()), None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_what_was_done_to_a_ledger_is_found_and_where(kept: Ledger, tmp_path: Path, what: str) -> None:
    ledger = copied(kept.folder, tmp_path / "spoilt")
    spoil, first_bad = SPOILT[what]
    spoil(ledger)
    found = verify(ledger)
    assert found.findings
    if "content" not in what:
        assert found.first_bad == first_bad
    if what.endswith("cut off") and first_bad is None:  # and nothing is added to what was cut off
        with pytest.raises(LedgerError, match="cut off"):
            some(ledger.folder, 1)


def test_a_tail_written_anew_is_found_by_the_head_that_was_noted_down(tmp_path: Path) -> None:
    """A forger with the program makes a ledger that is in order by itself: only the head tells."""
    mine = some(tmp_path / "ledger", 4)
    noted = verify(mine).head
    forged = some(tmp_path / "forged", 3)
    some(forged.folder, 2)
    assert verify(forged).findings == ()
    (finding,) = verify(forged, head=noted).findings
    assert "written anew" in finding.problem
    some(mine.folder, 3)
    assert verify(mine, head=noted).findings == (), "a ledger that grew still has the head of before"


def test_the_index_is_the_same_bytes_however_it_came_about(kept: Ledger, tmp_path: Path) -> None:
    one_by_one = kept.index.path.read_bytes()
    ledger = copied(kept.folder, tmp_path / "again")
    ledger.index.forget()
    with ledger.searched():
        pass
    at_once = ledger.index.path.read_bytes()
    differ = [at for at, pair in enumerate(zip(one_by_one, at_once, strict=True)) if pair[0] != pair[1]]
    assert set(differ) <= {*range(24, 28), *range(92, 96)}
    with sqlite3.connect(ledger.index.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


WRITER = """
import os, sys
sys.path.insert(0, {tests!r})
from itertools import count
from pathlib import Path
from ledgers import decide, rated, record
from reliability.ledger.store import Ledger
def write(numbers, by):
    ledger = Ledger.open(Path(sys.argv[1]), create=True)
    for number in numbers:
        placed = record(ledger, number=number, by=by) if number % 10 == 0 else decide(
            ledger, str(number), number=number, by=by)
        os.write(1, f"{{placed.entry.seq}} {{placed.hash}}\\n".encode())
def child(numbers, by):
    found = os.fork()
    if found == 0:
        write(numbers, by)
        os._exit(0)
    return found
rated()
if len(sys.argv) > 2:
    children = [child(range(int(sys.argv[2])), by) for by in sys.argv[3:]]
    sys.exit(max(os.waitpid(one, 0)[1] for one in children))
record(Ledger.open(Path(sys.argv[1]), create=True))
for asked in sys.stdin:
    killed = child(count(), "killed")
    os.write(1, f"{{killed}}\\n".encode())
    os.waitpid(killed, 0)
    os.write(1, b"\\ndead\\n")
"""


def writer(*arguments: str) -> subprocess.Popen[str]:
    """Processes that record in a folder and print what was acknowledged: a number of entries by each of some people at
    once, or, for each line of its input, what a child of it records until it is killed.
    """
    code = WRITER.format(tests=str(ROOT / "tests"))
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            text=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})  # fmt: skip


def on_memory(tmp_path: Path) -> Path:
    """A folder on a disk of memory, where flushing costs nothing, if there is one."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        return tmp_path
    place = shared / f"reliability-{os.getpid()}-{tmp_path.name}"
    place.mkdir()
    return place


def test_a_killed_writer_leaves_a_ledger_that_verifies_and_has_all_that_was_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    draw = random.Random(9)
    told: list[str] = []
    process = writer(str(folder))
    assert process.stdin is not None
    assert process.stdout is not None
    for _ in range(KILLS):
        process.stdin.write("go\n")
        process.stdin.flush()
        child = int(process.stdout.readline())
        told.append(process.stdout.readline())  # it is under way
        time.sleep(draw.uniform(0.0, 0.2))
        os.kill(child, signal.SIGKILL)
        told += iter(lambda: process.stdout.readline().strip(), "dead")  # type: ignore[union-attr]
        ledger = Ledger.open(folder)
        assert verify(ledger).findings == ()
    process.communicate()
    acknowledged = [line.split() for line in told if len(line.strip().rpartition(" ")[2]) == 64]
    there = {str(placed.entry.seq): placed.hash for placed in ledger.chain.whole()}
    assert len(acknowledged) >= KILLS
    assert [one for one in acknowledged if there.get(one[0]) != one[1]] == []
    some(folder, 1)
    assert verify(ledger).findings == (), "and the next writer goes on"


def test_four_processes_write_one_chain(tmp_path: Path) -> None:
    place = on_memory(tmp_path)
    try:
        folder = place / "ledger"
        process = writer(str(folder), str(EACH), *(f"writer-{n}" for n in range(AT_ONCE)))
        told = process.communicate()[0].splitlines()
        assert process.returncode == 0
        ledger = Ledger.open(folder)
        found = verify(ledger)
        assert (found.findings, found.remarks, found.entries) == ((), (), AT_ONCE * EACH)
        numbers = sorted(int(line.split()[0]) for line in told)
        assert numbers == list(range(1, AT_ONCE * EACH + 1))
        with ledger.searched() as connection:
            each = [len(index.wanted(connection, index.Wanted([("person", f"writer-{n}")]), 10_000))
                    for n in range(AT_ONCE)]  # fmt: skip
        assert each == [EACH] * AT_ONCE
    finally:
        if place != tmp_path:
            subprocess.run(["rm", "-r", str(place)], check=True)


def test_the_kept_ledger_verifies_by_the_head_that_was_noted_down(tmp_path: Path) -> None:
    ledger = copied(KEPT, tmp_path / "kept")
    assert verify(ledger, head=KEPT_HEAD, contents=True).findings == ()
