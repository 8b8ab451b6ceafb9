"""Runs on Spark give the bytes of local runs: ratings, reports, rejects, manifest; also when parts of it die."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import made
import pytest
from processes import ancestors, with_words
from strategies import ROOT, shipped

from reliability.batch import pieces
from reliability.batch.asked import Asked
from reliability.batch.run import run
from reliability.io.kinds import find_inputs
from reliability.spark.run import run_on_spark

NAMES = ("ratings.parquet", "reports.parquet", "rejects.jsonl", "manifest.json")


class Silent:
    """Hears of stages; does what it is told to at one of them."""

    def __init__(self, at: str = "", do: Any = None) -> None:
        self.at, self.do = at, do

    def stage(self, name: str, total: int | None) -> None:
        if name == self.at:
            self.do()

    def advance(self, steps: int) -> None: ...

    def remark(self, text: str) -> None: ...


def asked(*paths: Path, **more: Any) -> Asked:
    files, refused = find_inputs([str(path) for path in paths], None)
    return Asked(files=files, refused=refused, policy=shipped(), **{"memory": 2_000_000_000, **more})


def same(one: Path, other: Path, names: tuple[str, ...] = NAMES) -> None:
    found = sorted(path.name for path in other.iterdir())
    assert set(found) - {"articles.parquet"} == set(names)
    assert sorted(path.name for path in one.iterdir()) == found
    for name in found:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_200_000_reports_give_the_bytes_of_a_local_run(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "LEAST_BYTES", 2_000_000)
    records = made.reports(200_000)
    paths = [made.as_parquet(tmp_path / "a.parquet", records[:120_000], 9_000),
             made.as_jsonl(tmp_path / "b.jsonl", records[110_000:])]  # fmt: skip
    set_of_reports = asked(*paths)
    done = run_on_spark(set_of_reports, tmp_path / "spark", Silent())
    assert done.counts == run(set_of_reports, tmp_path / "local", Silent()).counts
    assert done.counts["read"] == sum(done.counts[name] for name in ("rated", "rejected", "set_apart"))
    assert done.counts["rejected"] > 20
    same(tmp_path / "local", tmp_path / "spark")


def executors(spark: Any) -> list[int]:
    """The processes of this session's executors."""
    return with_words(b"CoarseGrainedExecutorBackend", str(spark.sparkContext.applicationId).encode())


def workers(spark: Any) -> list[int]:
    """The Python processes that this session's executors have started."""
    mine = set(executors(spark))
    return [pid for pid in with_words(b"pyspark.daemon") if mine & ancestors(pid)]


@pytest.mark.parametrize(("what", "stage"), [(executors, "rating"), (workers, "checking")])
def test_what_is_killed_on_the_way_changes_no_byte(spark: Any, tmp_path: Path, what: Any, stage: str) -> None:
    killed: list[int] = []

    def kill() -> None:
        until = time.monotonic() + 60
        while not (pids := what(spark)) and time.monotonic() < until:
            time.sleep(0.1)
        os.kill(pids[0], signal.SIGKILL)
        killed.append(pids[0])

    path = made.as_parquet(tmp_path / "a.parquet", made.reports(1_500), 300)
    set_of_reports = asked(path, waterfall=True, form="jsonl")
    run(set_of_reports, tmp_path / "local", Silent())
    run_on_spark(set_of_reports, tmp_path / "spark", Silent(stage, kill))
    assert len(killed) == 1
    names = ("ratings.jsonl", "waterfall.jsonl", *NAMES[1:])
    same(tmp_path / "local", tmp_path / "spark", names)


def test_articles_and_texts_without_claims_are_read_and_grouped_the_same(spark: Any, tmp_path: Path) -> None:
    articles = [ROOT / "seeds" / "000_00793e7f8cbc5f38.txt", ROOT / "fixtures" / "circular-reporting"]
    loose = [
        {
            "text": "North Korea sent additional troops to Russia in January",
            "provenance": [{"source": "Ada Vo", "type": "eyewitness"}, {"source": "The Quay", "type": "media"}],
        }
    ]
    set_of_reports = asked(*articles, made.as_jsonl(tmp_path / "loose.jsonl", loose), publisher="ABC News",
                           publisher_type="media", memory=2_000_000_000)  # fmt: skip
    run(set_of_reports, tmp_path / "local", Silent())
    run_on_spark(set_of_reports, tmp_path / "spark", Silent())
    same(tmp_path / "local", tmp_path / "spark")
