"""A Spark session for a run: one that is there already, a cluster's, or this machine's own, closed to others."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reliability.errors import InputError, MissingExtra, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HERE = re.compile(r"local(\[[^,\]]*\])?")
_LEAST_HEAP = 480
"""Megabytes without which Spark does not begin."""
_SUBMITTED = "PYSPARK_GATEWAY_PORT"


@contextmanager
def session(master: str | None, remote: str | None, memory: int, scratch: Path) -> Iterator[SparkSession]:
    """A session that is active already (or spark-submit's), or a new one, stopped afterwards.

    `master` by default is all of this machine. A local one listens on 127.0.0.1 alone, keeps its scratch files in
    `scratch`, takes half the `memory` (bytes) for itself and leaves the rest to its Python workers, and tries a task
    four times. Raises MissingExtra without pyspark, UsageError where there is no Java or no such cluster, InputError
    for what fails in a task.
    """
    if find_spec("pyspark") is None:
        raise MissingExtra("spark", "--engine spark", "pyspark")
    if remote is not None and find_spec("grpc") is None:
        raise MissingExtra("spark", "--remote", "grpcio")
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession() if remote is None else None
    try:
        spark = active or _new(master, remote, memory, scratch)
    except (PySparkException, Py4JError, OSError, ValueError) as error:
        raise UsageError("--engine spark", problem=f"no session ({_said(error)})",
                         remedy="check Java 17, --master or --remote") from None  # fmt: skip
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise InputError("spark", problem=f"a task failed for good ({_said(error)})",
                         remedy="mend what it says, then go on with --resume") from None  # fmt: skip
    finally:
        if active is None:
            spark.stop()


def _new(master: str | None, remote: str | None, memory: int, scratch: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName("reliability batch")
    if remote is not None:
        return builder.remote(remote).getOrCreate()  # type: ignore[no-any-return]
    if _SUBMITTED not in os.environ:
        for name, value in settings(master or "local[*]", memory, scratch).items():
            builder = builder.config(name, value)
    interrupt = signal.getsignal(signal.SIGINT)
    found: SparkSession = builder.getOrCreate()
    signal.signal(signal.SIGINT, interrupt)  # Spark sets its own
    return found


def settings(master: str, memory: int, scratch: Path) -> dict[str, str]:
    """What a new session is begun with. Raises UsageError for less memory than Spark needs."""
    heap = memory // 2_000_000
    found = {"spark.master": master, "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
             "spark.log.level": "ERROR", "spark.pyspark.python": sys.executable}  # fmt: skip
    if not master.startswith("local"):
        return {**found, "spark.executor.memory": f"{max(heap, _LEAST_HEAP)}m"}
    if heap < _LEAST_HEAP:
        raise UsageError("--memory", problem="is too little for Spark",
                         remedy=f"say {2 * _LEAST_HEAP}MB or more")  # fmt: skip
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    if (match := _HERE.fullmatch(master)) is not None:
        cores = (match[1] or "[1]")[1:-1]
        found["spark.master"] = f"local[{cores},4]"
    return {**found, "spark.driver.memory": f"{heap}m", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1", "spark.local.dir": str(scratch)}  # fmt: skip


def _said(error: Exception) -> str:
    """The last line of Python's part of an error, which says what happened, or its first line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    ours = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Extra): ", line)]
    return ([*ours, *lines] or [type(error).__name__])[0][:300]
