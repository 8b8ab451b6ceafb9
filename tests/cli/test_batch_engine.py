"""Options of Spark without it, two clusters at once, and what only a local run can do are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from .batch_runs import batch, some_reports, written


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--master", "local[2]"), "--master: is an option of Spark"),
        (("--remote", "sc://hub:15002"), "--remote: is an option of Spark"),
        (("--engine", "spark", "--master", "yarn", "--remote", "sc://hub"), "are two clusters"),
        (("--engine", "spark", "--remote", "hub:15002"), "is no Spark Connect server; write sc://"),
        (("--engine", "spark", "-", "--input-format", "jsonl"), "reads files, not standard input"),
        (("--engine", "spark", "--memory", "500MB"), "is too little for Spark; say 1800MB or more"),
    ],
)
def test_options_that_do_not_go_together_are_a_usage_error(arguments: tuple[str, ...], problem: str) -> None:
    pytest.importorskip("pyspark")
    found = batch(written(Path("a.jsonl"), *some_reports()), *arguments)
    assert found.code == 2
    assert problem in found.err
    assert not Path("out").exists()


def test_a_missing_extra_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.spark.session.find_spec", lambda name: None)
    found = batch(written(Path("a.jsonl"), *some_reports()), "--engine", "spark")
    assert found.code == 2
    assert "pip install 'source-reliability[spark]'" in found.err
