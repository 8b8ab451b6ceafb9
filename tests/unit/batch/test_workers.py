"""One process or several: the same things done, a job made once in each, and what goes wrong is told."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from reliability.batch.workers import Workers, advance


class Job:
    """Counts in a folder how often it was made of bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __setstate__(self, state: dict[str, Path]) -> None:
        self.folder = state["folder"]
        (self.folder / f"{os.getpid()}-{time.monotonic_ns()}").write_bytes(b"")


def squared(one: int, job: int) -> int:
    return one * one + job


def where(one: int, job: Job) -> int:
    time.sleep(0.02)
    return os.getpid()


def told(one: int, job: None) -> int:
    advance(one)
    return one


def awaited(one: int, folder: Path) -> None:
    if one == 0:
        raise ValueError("the first can't")
    for _ in range(3000):
        try:
            advance(0)
        except Exception:
            (folder / "stopped").write_bytes(b"")
            raise
        time.sleep(0.01)


@pytest.mark.parametrize("jobs", [1, 2])
def test_all_is_done_with_the_job_of_that_time(jobs: int) -> None:
    with Workers(jobs) as workers:
        assert dict(workers.each(squared, range(20), 0)) == {n: n * n for n in range(20)}
        assert dict(workers.each(squared, range(20), 7)) == {n: n * n + 7 for n in range(20)}
        assert workers.begun(squared, 3, 1)() == 10


def test_a_job_is_made_once_in_each_process(tmp_path: Path) -> None:
    with Workers(2) as workers:
        processes = {found for _, found in workers.each(where, range(12), Job(tmp_path))}
    assert os.getpid() not in processes
    assert sorted({int(one.name.split("-")[0]) for one in tmp_path.iterdir()}) == sorted(processes)
    assert len(list(tmp_path.iterdir())) == len(processes)


def test_steps_told_of_in_other_processes_are_heard_and_add_up() -> None:
    heard: list[int] = []
    with Workers(2) as workers:
        assert sorted(one for one, _ in workers.each(told, range(30), None, heard.append)) == list(range(30))
    assert sum(heard) == sum(range(30))


def test_what_one_raises_is_raised_and_the_others_stop(tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(ValueError, match="the first can't"), Workers(2) as workers:
        list(workers.each(awaited, [0, 1], tmp_path))
    assert time.monotonic() - begun < 25
    assert (tmp_path / "stopped").exists()


def test_without_several_processes_none_are_begun(tmp_path: Path) -> None:
    with Workers(1) as workers:
        workers.begin()
        assert {found for _, found in workers.each(where, range(3), Job(tmp_path))} == {os.getpid()}
    assert not list(tmp_path.iterdir())
