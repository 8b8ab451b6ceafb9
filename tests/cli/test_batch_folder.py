"""The folder of a batch: whose it is, who may work in it, and how a run that broke off goes on."""

from __future__ import annotations

import fcntl
import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .batch_runs import batch, content, in_buckets, ratings, some_reports, written
from .command import assert_refused, die

HARNESS = """
import json, os, signal, sys
from reliability.batch.asked import Asked
Asked.bits = 2
import reliability.batch.kernel, reliability.batch.run, reliability.cli, reliability.cli.batch_progress
from reliability.rules.policy import Policy
Policy.load(scenarios=False)
run, calls = reliability.batch.run.run, 0

def life(at, argv):
    def count(frame, event, argument):
        global calls
        if event == "call" and "/reliability/" in frame.f_code.co_filename:
            calls += 1
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
    def counted(*arguments):
        sys.setprofile(count)
        try:
            return run(*arguments)
        finally:
            sys.setprofile(None)
    reliability.batch.run.run = counted
    sys.argv = ["reliability", *argv]
    try:
        reliability.cli.main()
    except SystemExit as end:
        return end.code or 0
    return 0

for line in sys.stdin:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        code = life(*json.loads(line))
        os.write(write, str(calls).encode())
        os._exit(code)
    os.close(write)
    _, status = os.waitpid(child, 0)
    print(json.dumps([os.waitstatus_to_exitcode(status), int(os.read(read, 20) or 0)]), flush=True)
    os.close(read)
"""


class Lives:
    """Runs that are killed at a call of ours, each in a process of its own: forks of one that has all imported."""

    def __init__(self) -> None:
        self._mother = subprocess.Popen(
            [sys.executable, "-c", HARNESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, kill_at: int, *arguments: object) -> tuple[int, int]:
        """A run's exit code, and how many calls it made until it was killed (0 for never)."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write(json.dumps([kill_at, ["batch", *map(str, arguments)]]) + "\n")
        self._mother.stdin.flush()
        code, calls = json.loads(self._mother.stdout.readline())
        return code, calls

    def end(self) -> None:
        self._mother.communicate()


@pytest.fixture
def lives() -> Iterator[Lives]:
    one = Lives()
    yield one
    one.end()


@pytest.mark.parametrize("bits", [0, 2])
def test_however_few_rows_are_held_at_a_time_the_folder_is_the_same(monkeypatch: pytest.MonkeyPatch, bits: int) -> None:
    in_buckets(monkeypatch, bits)
    records = some_reports()
    written(Path("old.jsonl"), *records[:40])
    written(Path("new.jsonl"), *records[40:])
    tables = ("--waterfall", "--links", "--intervals")
    for out, rows in (("many", None), ("few", 2)):
        if rows is not None:
            monkeypatch.setattr("reliability.batch.buckets.A_PIECE", rows)
            monkeypatch.setattr("reliability.batch.buckets.AT_ONCE", rows)
            monkeypatch.setattr("reliability.batch.spill._A_PART", 1)
        assert batch("old.jsonl", *tables, out=f"old-{out}").code == 0
        assert batch("new.jsonl", "--since", f"old-{out}", *tables, out=f"new-{out}").code == 0
    for which in ("old", "new"):
        names = sorted(path.name for path in Path(f"{which}-many").iterdir())
        assert {"ratings.parquet", "reports.parquet", "waterfall.parquet", "links.parquet"} <= {*names}
        for name in {*names} - {"manifest.json"}:
            assert Path(f"{which}-few", name).read_bytes() == Path(f"{which}-many", name).read_bytes(), name


def test_a_run_killed_at_twenty_moments_ends_as_if_it_had_not_been(lives: Lives) -> None:
    path = written(Path("reports.jsonl"), *some_reports(30), "{")
    code, calls = lives.run(0, path, "--out", "whole", "--waterfall")
    assert code == 0
    moments, killed = random.Random(8), 0
    for life in range(5):
        out = f"killed{life}"
        for _ in range(4):
            resume = ["--resume"] if Path(out, ".batch", "run.json").exists() else []
            code, _ = lives.run(moments.randrange(1, calls), path, "--out", out, "--waterfall", *resume)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            killed += 1
        if not Path(out, "manifest.json").exists():
            assert lives.run(0, path, "--out", out, "--waterfall", "--resume")[0] == 0
        assert content(out) == content("whole")
        assert not Path(out, ".batch").exists()
    assert killed >= 12


def test_a_folder_that_is_not_ours_is_refused() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    Path("out").mkdir()
    Path("out/diary.txt").write_text("mine", encoding="utf-8")
    for more in ((), ("--dry-run",)):
        assert_refused(batch(path, *more), 2, "out", "not empty", "choose another folder")
    assert Path("out/diary.txt").read_text(encoding="utf-8") == "mine"
    assert_refused(batch(path, out="reports.jsonl"), 2, "is a file")


def test_a_finished_run_is_not_written_over() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    assert batch(path).code == 0
    before = content("out")
    assert_refused(batch(path), 2, "finished run")
    assert_refused(batch(path, "--resume"), 2, "finished run")
    assert content("out") == before


def _full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_an_unfinished_run_wants_resume_and_the_same_inputs_and_options() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3), "{")
    assert batch(path, "--strict").code == 3
    assert_refused(batch(path), 2, "unfinished run", "--resume")
    assert_refused(batch(path, "--resume", "--as-of", "2025-01-01"), 2, "options")
    written(path, *some_reports(4))
    assert_refused(batch(path, "--resume"), 2, "inputs")


def test_two_runs_can_not_work_in_one_folder() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3), "{")
    assert batch(path, "--strict").code == 3
    with Path("out/.batch/lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for resume in ((), ("--resume",)):
            assert_refused(batch(path, *resume), 2, "another run works in it")
    assert batch(path, "--resume").code == 0


@pytest.mark.parametrize(
    "name", ["run.json", "read.json", "checks/0000.json", "rates/0000.json", "reports/0000.arrow", "chains.arrow"]
)
@pytest.mark.parametrize("left", [lambda size: 0, lambda size: size // 2, lambda size: size - 8])
def test_a_run_whose_own_files_were_damaged_is_not_gone_on_with(
    name: str, left: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    with monkeypatch.context() as patch:
        patch.setattr("reliability.batch.run.Run._publish", _full)
        assert_refused(batch(path), 3, "No space left on device", "--resume")
    damaged = Path("out/.batch", name)
    damaged.write_bytes(damaged.read_bytes()[: left(damaged.stat().st_size)])
    assert_refused(batch(path, "--resume"), 3, ".batch", "damaged or changed")


def test_what_is_done_is_not_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    in_buckets(monkeypatch, 2)
    path = written(Path("reports.jsonl"), *some_reports())
    assert batch(path).code == 0

    with monkeypatch.context() as patch:
        patch.setattr("reliability.batch.writing.write_table", _full)
        assert_refused(batch(path, out="again"), 3, "No space left on device", "--resume")

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("reliability.batch.buckets.rate_tables", never)
    monkeypatch.setattr("reliability.batch.reading.Reading._tables", never)
    assert batch(path, "--resume", out="again").code == 0
    assert ratings("again") == ratings()


def test_progress_is_said_as_asked_for() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    said = batch(path, "--progress", "json").err.splitlines()
    stages = [json.loads(line)["stage"] for line in said if line.startswith("{")]
    assert list(dict.fromkeys(stages)) == ["reading", "checking", "rating", "writing"]
    assert "rating" in batch(path, "--progress", "plain", out="plain").err


@pytest.mark.parametrize("memory", ["lots", "0", "10MB", "-1GB", "1TB!"])
def test_memory_that_is_none_is_a_usage_error(memory: str) -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    assert_refused(batch(path, f"--memory={memory}"), 2, "--memory")


def test_where_nothing_can_be_read_the_first_reason_is_said_as_rate_says_it() -> None:
    path = written(Path("reports.jsonl"), "{", "[]")
    found = batch(path)
    assert_refused(found, 3, "reports.jsonl:1: nothing readable: ", "(and 1 more reject)", "out/rejects.jsonl")
    assert "{" not in found.err


def test_a_folder_that_can_not_be_made_is_said_without_talk_of_room() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    done = batch(path, out="reports.jsonl/out")
    assert_refused(done, 3, "can't be written")
    assert "make room" not in done.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_told_to_end_says_how_to_go_on(number: int, code: int) -> None:
    command = [sys.executable, "-m", "reliability", "batch", "-", "--input-format", "jsonl", "--out", "out",
               "--progress", "plain"]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as mine:
        assert mine.stderr is not None
        assert mine.stderr.readline().startswith(b"reading")  # and so it waits for what it is to read
        mine.send_signal(number)
        told = mine.stderr.read().decode()
    assert mine.returncode == code
    assert told.split("go on with: ")[1].endswith("--progress plain --resume\n")
    assert "Traceback" not in told


def test_a_run_one_of_whose_processes_is_killed_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.batch.pieces.LEAST_BYTES", 1000)
    path = written(Path("reports.jsonl"), *some_reports(300))
    with monkeypatch.context() as patch:
        patch.setattr("reliability.batch.read_apart._at_a_desk", die)
        assert_refused(batch(path, "--jobs", "2"), 3, "was killed", "--resume", "--jobs")
    assert batch(path, "--jobs", "2", "--resume").code == 0
    assert batch(path, out="whole").code == 0
    assert content("out") == content("whole")


def test_an_error_before_processes_have_begun_is_all_that_is_said() -> None:
    path = written(Path("reports.jsonl"), {"text": "x" * 900_000}, *["{}" + " " * 999_997] * 16)
    found = subprocess.run(
        [sys.executable, "-m", "reliability", "batch", path, "--out", "out", "--jobs", "2", "--rules", "none"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 3
    assert found.stderr.splitlines() == [found.stderr.strip()]
    assert found.stderr.startswith("error: none: ")


def test_signals_mean_what_they_did_once_a_run_is_over() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert batch(written(Path("reports.jsonl"), *some_reports(3))).code == 0
    assert signal.getsignal(signal.SIGTERM) is before
