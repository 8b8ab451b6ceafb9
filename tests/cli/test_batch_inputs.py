"""What a batch reads: odd names, links that lead nowhere, pipes, its own folder within its input, misspelt keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .batch_runs import adds_up, batch, manifest, rated, ratings, rejects, some_reports, written
from .command import assert_refused, lines, report, run

ODD = os.fsdecode(b"d\xff/\xfe.jsonl")


def odd(*records: object) -> str:
    Path(ODD).parent.mkdir()
    Path(ODD).write_text(lines(*records), encoding="utf-8")
    return ODD


@pytest.mark.parametrize("jobs", [1, 2])
def test_names_that_are_not_utf8_are_read_and_told_with_their_bytes(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr("reliability.batch.pieces.LEAST_BYTES", 1000)
    path = odd(*some_reports(20), "{")
    done = batch(path, "--jobs", jobs)
    assert (done.code, "Traceback" in done.err) == (0, False)
    assert [one["file"] for one in rejects()] == [one["file"] for one in manifest()["inputs"]] == [r"d\xff/\xfe.jsonl"]
    assert {one["claim"]: one["p"] for one in ratings()} == {one["claim"]: one["p"] for one in rated(path)}


def test_an_article_whose_name_is_not_utf8_has_an_id() -> None:
    name = os.fsdecode(b"\xfd.txt")
    Path(name).write_text("Police said on Monday that three people died in Oslo.\n", encoding="utf-8")
    done = run("claims", name, "--publisher", "The Quay:media")
    assert done.code == 0, done.err
    assert {one["article"] for one in done.records} == {r"\xfd"}


def test_a_folder_to_write_to_whose_name_is_not_utf8_is_refused() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3))
    assert_refused(batch(path, out=os.fsdecode(b"out\xff")), 2, "not UTF-8", "choose another folder")


def test_a_link_that_leads_nowhere_is_set_aside_and_the_others_are_rated() -> None:
    Path("in").mkdir()
    written(Path("in/reports.jsonl"), *some_reports(3))
    Path("in/gone.jsonl").symlink_to("nowhere.jsonl")
    Path("in/round.jsonl").symlink_to("round.jsonl")
    assert batch("in").code == 0
    gone, around = rejects()
    assert (gone["file"], gone["reason"]) == ("in/gone.jsonl", "no such file; check the path")
    assert (around["file"], "symbolic links" in around["reason"]) == ("in/round.jsonl", True)
    assert manifest()["counts"]["rejected"] == 2
    adds_up(manifest()["counts"])


def test_a_pipe_is_refused_with_what_to_do() -> None:
    os.mkfifo("reports.jsonl")
    assert_refused(batch("reports.jsonl"), 3, "pipe", "standard input")


def test_what_lies_in_the_folder_that_is_written_to_is_not_read() -> None:
    Path("in/out").mkdir(parents=True)
    written(Path("in/reports.jsonl"), *some_reports(3), "{")
    assert batch("in", "--strict", out="in/out").code == 3
    assert Path("in/out/rejects.jsonl").exists()
    done = batch("in", "--resume", out="in/out")
    assert done.code == 0, done.err
    assert [one["file"] for one in manifest("in/out")["inputs"]] == ["in/reports.jsonl"]


@pytest.mark.parametrize("more", [(), ("--strict",)])
def test_a_misspelt_key_is_told_though_nothing_can_be_rated(more: tuple[str, ...]) -> None:
    path = written(Path("reports.jsonl"), {**report(claim=None, text=None), "clam": "c-1"})
    for done in (batch(path, *more), run("rate", path, *more)):
        assert done.code == 3
        assert "unknown column 'clam', filled in 1 row, was set aside; did you mean 'claim'?\n" in done.err


def test_a_misspelt_key_of_a_link_is_told_before_what_is_missing_for_it() -> None:
    path = written(Path("reports.jsonl"), *some_reports(3), report(provenance=[{"sorce": "NIS"}]))
    assert batch(path).code == 0
    assert [one["reason"] for one in rejects()] == [
        "provenance[0].sorce: is not a field; did you mean `source`? (and 1 more)"
    ]
