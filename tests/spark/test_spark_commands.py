"""`reliability batch --engine spark` as people type it: on this machine, closed to others, and by Spark Connect."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import made
import pytest
from processes import listening, tree

from reliability.spark.session import settings

NAMES = ("ratings.parquet", "reports.parquet", "rejects.jsonl", "manifest.json")
BATCH = (sys.executable, "-m", "reliability", "batch", "a.jsonl", "--memory", "2GB", "--out")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports, rated on this machine."""
    found = tmp_path_factory.mktemp("commands")
    made.as_jsonl(found / "a.jsonl", made.reports(600))
    subprocess.run([*BATCH, "local"], cwd=found, check=True, capture_output=True)
    return found


def same(folder: Path, name: str) -> None:
    for one in NAMES:
        assert (folder / name / one).read_bytes() == (folder / "local" / one).read_bytes(), one


def test_a_session_of_this_machine_listens_to_nobody_else_and_gives_the_same(folder: Path) -> None:
    command = subprocess.Popen([*BATCH, "spark", "--engine", "spark", "--master", "local[2]"], cwd=folder,
                               stderr=subprocess.PIPE)  # fmt: skip
    seen: set[str] = set()
    while command.poll() is None:
        seen |= listening(tree(command.pid))
        time.sleep(0.2)
    _, told = command.communicate()
    assert command.returncode == 0, told
    assert b"rated as" in told.splitlines()[-1]
    assert seen == {"127.0.0.1"}
    same(folder, "spark")


def test_the_least_memory_that_is_taken_is_enough(folder: Path) -> None:
    found = subprocess.run([*BATCH, "least", "--engine", "spark", "--memory", "1800MB"], cwd=folder, check=False,
                           capture_output=True)  # fmt: skip
    assert found.returncode == 0, found.stderr
    same(folder, "least")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Spark Connect server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    conf = {**settings("local[2]", 2_000_000_000, tmp_path), "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": str(port)}  # fmt: skip
    options = [word for name, value in conf.items() for word in ("--conf", f"{name}={value}")]
    submit = Path(sys.executable).parent / "spark-submit"
    process = subprocess.Popen([submit, *options, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
                                "spark-internal"], env={**os.environ, "PYSPARK_PYTHON": sys.executable})  # fmt: skip
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.5)
    yield f"sc://127.0.0.1:{port}"
    process.terminate()
    process.wait(60)


def test_a_connect_server_gives_the_same(folder: Path, server: str) -> None:
    found = subprocess.run([*BATCH, "connect", "--engine", "spark", "--remote", server], cwd=folder,
                           capture_output=True)  # fmt: skip
    assert found.returncode == 0, found.stderr
    same(folder, "connect")
