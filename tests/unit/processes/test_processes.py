"""Processes of a pool have what they were given, and end when whoever began them is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reliability.processes import given, pool

_MOTHER = """
import sys, time
from reliability.processes import pool
sys.path.insert(0, sys.argv[1])
from children import tell, wait
if __name__ == "__main__":
    some = pool(2, "x")
    print(some.submit(tell).result(), flush=True)
    [some.submit(wait) for _ in range(2)][0].result()
"""
_CHILDREN = """
import os, time
def tell(): return os.getpid()
def wait(): time.sleep(60)
"""


def told(word: str) -> tuple[str, str]:
    return word, given()


def test_all_processes_have_what_they_were_given() -> None:
    with pool(2, "one policy") as some:
        assert list(some.map(told, "abc")) == [(word, "one policy") for word in "abc"]


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_they_end_when_whoever_began_them_is_killed(tmp_path: Path) -> None:
    (tmp_path / "children.py").write_text(_CHILDREN, encoding="utf-8")
    (tmp_path / "mother.py").write_text(_MOTHER, encoding="utf-8")
    with subprocess.Popen([sys.executable, tmp_path / "mother.py", tmp_path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as mother:  # fmt: skip
        assert mother.stdout is not None
        child = int(mother.stdout.readline())
        assert alive(child)
        os.kill(mother.pid, signal.SIGKILL)
    until = time.monotonic() + 30
    while alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(child)


_INTERRUPTED = """
import os, signal, sys
from multiprocessing import popen_spawn_posix, util
from reliability.processes import given, pool

def begun(*arguments, of=util.spawnv_passfds):
    child = of(*arguments)
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    return child

if __name__ == "__main__":
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda number, _: sys.exit(128 + number))
    some = pool(2, "x" * 1_000_000)
    popen_spawn_posix.util = type("", (), {**vars(util), "spawnv_passfds": staticmethod(begun)})
    with some:
        some.submit(given)
    raise AssertionError("no signal")
"""


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_while_they_are_begun_ends_all_without_a_word(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "mother.py").write_text(_INTERRUPTED, encoding="utf-8")
    found = subprocess.run([sys.executable, tmp_path / "mother.py", name], capture_output=True, check=False, timeout=60)
    assert (found.returncode, found.stderr) == (code, b"")


_BEGINNING = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from multiprocessing import popen_spawn_posix, util
from reliability.processes import pool

def begun(*arguments, of=util.spawnv_passfds):
    print(time.monotonic(), flush=True)
    return of(*arguments)

if __name__ == "__main__":
    popen_spawn_posix.util = type("", (), {**vars(util), "spawnv_passfds": staticmethod(begun)})
    with pool(2, __import__("slow").Thing("x" * 1_000_000)) as some:
        for task in [some.submit(os.getpid) for _ in range(2)]:
            task.result()
"""
_SLOW = """
import multiprocessing, time
if multiprocessing.parent_process():
    time.sleep(5)
class Thing:
    def __init__(self, text): self.text = text
"""


def test_none_waits_until_another_has_what_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(_SLOW, encoding="utf-8")
    (tmp_path / "mother.py").write_text(_BEGINNING, encoding="utf-8")
    found = subprocess.run([sys.executable, tmp_path / "mother.py", tmp_path], stdout=subprocess.PIPE, check=True)
    first, second = map(float, found.stdout.split())
    assert second - first < 4


_KILLED = """
import os, signal, time
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import popen_spawn_posix, util
from reliability.processes import pool

def begun(*arguments, of=util.spawnv_passfds):
    for one in list(some._processes or ()):
        os.kill(one, signal.SIGKILL)
        while not some._broken:
            time.sleep(.01)
        time.sleep(.5)
    return of(*arguments)

if __name__ == "__main__":
    popen_spawn_posix.util = type("", (), {**vars(util), "spawnv_passfds": staticmethod(begun)})
    with pool(2, "x") as some:
        tasks = [some.submit(time.sleep, 60) for _ in range(2)]
    assert all(isinstance(task.exception(), BrokenProcessPool) for task in tasks)
"""


def test_where_one_is_killed_while_another_is_begun_both_end(tmp_path: Path) -> None:
    (tmp_path / "mother.py").write_text(_KILLED, encoding="utf-8")
    found = subprocess.run([sys.executable, tmp_path / "mother.py"], capture_output=True, check=False, timeout=20)
    assert (found.returncode, found.stderr) == (0, b"")
