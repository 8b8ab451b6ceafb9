"""One Spark session for all tests that need one: two executors of their own, which can be killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from reliability.spark.session import settings

WHY = "Spark needs the packages pyspark and grpcio, and Java" if (
    find_spec("pyspark") is None or find_spec("grpc") is None
    or not (shutil.which("java") or "JAVA_HOME" in os.environ)) else ""  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is marked, and skipped by name where Spark can't run."""
    for item in items:
        if "tests/spark/" in item.path.as_posix():
            item.add_marker(pytest.mark.spark)
            if WHY:
                item.add_marker(pytest.mark.skip(reason=WHY))


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of two executors, active for runs of this process."""
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    for name, value in settings("local-cluster[2,1,1024]", 2_000_000_000, tmp_path_factory.mktemp("scratch")).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
