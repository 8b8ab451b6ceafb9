"""A Spark session for a run: one that is there already, a cluster's, or this machine's own, closed to others."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reliability.errors import InputError, MissingExtra, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HERE = re.compile(r"local(?:\[([^,\]]*)(,[^\]]*)?\])?")
_LEAST_HEAP = 540
"""Megabytes without which Spark does not begin: it wants 450 MiB, and Java keeps a ninth of its heap to itself."""
_DRIVERS, _WORKERS = 500_000_000, 400_000_000
"""What the driver's Python, and a worker's, take with their libraries and a share of rows."""
ARROW: dict[str, str | None] = {"spark.sql.execution.arrow.maxRecordsPerBatch": "4"}
"""A pack, of some megabytes, is a record to Spark."""
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC"
"""Java moves packs from here to there: its second compiler would take more time than it saves, and its usual collector
of garbage has a small heap filled with holes by them.
"""
_ENDED = re.compile(r"OutOfMemoryError|SparkContext was shut down")
_SPARING = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
"""What has processes keep little memory that is free: see `tasks.sparing`, which tells Python's so everywhere."""
_SUBMITTED = "PYSPARK_GATEWAY_PORT"


def refuse_unready(master: str | None, remote: str | None, memory: int) -> None:
    """Raise MissingExtra or UsageError for what keeps Spark from beginning: packages, Java, or too little memory."""
    if find_spec("pyspark") is None:
        raise MissingExtra("spark", "--engine spark", "pyspark")
    if remote is not None:
        if find_spec("grpc") is None:
            raise MissingExtra("spark", "--remote", "grpcio")
        return
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise UsageError("--engine spark", problem="needs Java, and there is none",
                         remedy="install Java 17, or set JAVA_HOME")  # fmt: skip
    if _SUBMITTED in os.environ or not (master or "local").startswith("local"):
        return
    least = _least(master or "local")
    if memory < least:
        raise UsageError("--memory", problem=f"is too little for Spark{f' on {master}' if master else ''}",
                         remedy=f"say {least // 1_000_000}MB or more")  # fmt: skip


def _least(master: str) -> int:
    """How much memory (bytes) a master of this machine needs at least: for its heap, and for as many workers."""
    match = _HERE.fullmatch(master)
    workers = int(match[1]) if match is not None and (match[1] or "").isdecimal() else 1
    return max(_LEAST_HEAP * 10_000_000 // 3, (_DRIVERS + workers * _WORKERS) * 10 // 7)


def _heap(memory: int) -> int:
    """How many megabytes of the memory (bytes) are Spark's heap on this machine."""
    return memory * 3 // 10_000_000


def this_machine(memory: int) -> str:
    """The master that has as many of this machine's cores as the memory (bytes) has room for workers."""
    room = (memory * 7 // 10 - _DRIVERS) // _WORKERS
    return f"local[{max(1, min(os.cpu_count() or 1, room))}]"


@contextmanager
def session(master: str | None, remote: str | None, memory: int, scratch: Path) -> Iterator[SparkSession]:
    """A session that is active already (or spark-submit's), or a new one, stopped afterwards.

    `master` by default is this machine, with as many of its cores as the `memory` (bytes) has room for. A local one
    listens on 127.0.0.1 alone, keeps its scratch files in `scratch`, has three tenths of the memory as its heap and
    leaves the rest to its own needs and its Python workers, and tries a task four times; an executor of a cluster has
    as much memory, parted so. Raises UsageError where there is no such cluster, InputError for what fails in a task.
    """
    from py4j.protocol import Py4JError, Py4JNetworkError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    active = SparkSession.getActiveSession() if remote is None else None
    try:
        spark = active or _new(master, remote, memory, scratch)
    except (PySparkException, Py4JError, OSError, ValueError) as error:
        raise UsageError("--engine spark", problem=f"no session ({_said(error)})",
                         remedy="check Java 17, --master or --remote") from None  # fmt: skip
    before = _set(spark, ARROW)
    try:
        yield spark
    except (PySparkException, Py4JError, ConnectionError) as error:
        if isinstance(error, (Py4JNetworkError, ConnectionError)) or _ENDED.search(str(error)):
            raise InputError("spark", problem="Java has ended, most likely for want of memory",
                             remedy="say more --memory, and --resume") from None  # fmt: skip
        raise InputError("spark", problem=f"a task failed for good ({_said(error)})",
                         remedy="mend what it says, then go on with --resume") from None  # fmt: skip
    finally:
        with suppress(PySparkException, Py4JError, OSError):
            _set(spark, before)
            if active is None:
                spark.stop()


def _set(spark: SparkSession, values: dict[str, str | None]) -> dict[str, str | None]:
    """Set options of a session; what they were before."""
    before = {name: spark.conf.get(name, None) for name in values}
    for name, value in values.items():
        if value is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, value)
    return before


def _new(master: str | None, remote: str | None, memory: int, scratch: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder.appName("reliability batch")
    if remote is not None:
        connected: SparkSession = builder.remote(remote).getOrCreate()
        return connected
    if _SUBMITTED not in os.environ:
        for name, value in settings(master or this_machine(memory), memory, scratch).items():
            builder = builder.config(name, value)
    interrupt = signal.getsignal(signal.SIGINT)
    found: SparkSession = builder.getOrCreate()
    signal.signal(signal.SIGINT, interrupt)  # Spark sets its own
    return found


def settings(master: str, memory: int, scratch: Path) -> dict[str, str]:
    """What a new session is begun with; what Spark takes from the environment alone is set there."""
    heap = _heap(memory)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    found = {"spark.master": master, "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
             "spark.pyspark.python": sys.executable}  # fmt: skip
    found |= {f"spark.executorEnv.{name}": value for name, value in _SPARING.items()}
    if not master.startswith("local"):
        return {**found, "spark.executor.memory": f"{max(heap, _LEAST_HEAP)}m",
                "spark.executor.memoryOverhead": f"{memory * 7 // 10_000_000}m"}  # fmt: skip
    for name, value in _SPARING.items():
        os.environ.setdefault(name, value)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    if (match := _HERE.fullmatch(master)) is not None:
        cores = this_machine(memory) if match[1] == "*" else f"local[{match[1] or 1}]"
        found["spark.master"] = cores[:-1] + (match[2] or ",4") + "]"
    quiet = f"-Dlog4j2.configurationFile={_quiet(scratch).as_uri()}"
    return {**found, "spark.driver.memory": f"{heap}m", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1", "spark.local.dir": str(scratch),
            "spark.driver.extraJavaOptions": f"{_JAVA} {quiet}"}  # fmt: skip


def _quiet(scratch: Path) -> Path:
    """Settings with which Spark's log says next to nothing: what fails is an error of ours."""
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / "log4j2.properties"
    path.write_text("rootLogger.level = fatal\nrootLogger.appenderRef.stdout.ref = console\n"
                    "appender.console.type = Console\nappender.console.name = console\n"
                    "appender.console.target = SYSTEM_ERR\n", encoding="utf-8")  # fmt: skip
    return path


def _said(error: Exception) -> str:
    """The last line of Python's part of an error, which says what happened, or its first line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    ours = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Extra): ", line)]
    return ([*ours, *lines] or [type(error).__name__])[0][:300]
