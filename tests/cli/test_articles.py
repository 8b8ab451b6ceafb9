"""An article in, rated claims out: what `claims` prints rates as the article does, and the editor has the last word."""

import json
from functools import cache
from pathlib import Path

import pytest

from .command import EDITOR, OUTLET, SEED, Result, assert_refused, lines, report, run

GROUPED = ("--grouping", EDITOR)


@cache
def seed(*more: object) -> Result:
    """The seed article rated, as JSON Lines."""
    return run("rate", SEED, *OUTLET, *more)


def test_the_seed_is_rated_in_silence_and_every_claim_has_an_origin_and_a_chain() -> None:
    result = seed()
    assert result.code == 0
    assert len(result.records) > 15
    for record in result.records:
        assert 0.0 < record["rating"]["p"] < 1.0
        assert record["said_so"]
        assert record["counts"]["outlets"] == 1
        assert record["digest"]["inputs"].startswith("sha256:")
    said = [line for line in result.err.splitlines() if "not rated" not in line]
    assert said == []


@pytest.mark.parametrize("grouping", [(), GROUPED])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_claims_prints_rates_as_the_article_does(folder: Path, form: str, grouping: tuple[object, ...]) -> None:
    read = run("claims", SEED, *OUTLET, "--format", form)
    assert read.code == 0
    (folder / f"r.{form}").write_bytes(read.stdout)
    again = run("rate", f"r.{form}", *grouping)
    assert (again.code, again.err) == (0, "")
    assert again.stdout == seed(*grouping).stdout


def test_reports_that_claims_grouped_already_rate_as_the_grouped_article(folder: Path) -> None:
    (folder / "r.jsonl").write_bytes(run("claims", SEED, *OUTLET, *GROUPED, "--format", "jsonl").stdout)
    figures = [(one["claim"]["id"], one["rating"], one["waterfall"]) for one in run("rate", "r.jsonl").records]
    assert figures == [(one["claim"]["id"], one["rating"], one["waterfall"]) for one in seed(*GROUPED).records]


def test_spans_of_the_reports_are_the_articles_own_words() -> None:
    text = SEED.read_text(encoding="utf-8")
    reports = run("claims", SEED, *OUTLET, "--format", "jsonl").records
    assert len({one["id"] for one in reports}) == len(reports)
    for one in reports:
        assert one["provenance"][-1] == {"source": "ABC News", "type": "media"}
        assert all(0 <= start < end <= len(text) for start, end in one["spans"]["content"])
        words = " ".join(text[start:end] for start, end in one["spans"]["content"])
        assert one["text"].split()[-1].strip(".,'\"") in words


def test_the_table_of_the_seed_lists_what_was_not_rated() -> None:
    result = run("rate", SEED, *OUTLET, "--format", "table")
    assert result.code == 0
    assert "National Intelligence" in result.out
    assert "[intelligence-agency]" in result.out
    assert "defector" in result.out
    assert "\nNot rated, because only statements are true or false: " in result.out
    assert "prediction" in result.out
    every = run("claims", SEED, *OUTLET, "--all", "--format", "jsonl").records
    assert {one["kind"] for one in every} > {"statement", "prediction", "wish"}
    assert {one["kind"] for one in run("claims", SEED, *OUTLET, "--format", "jsonl").records} == {"statement"}


def test_explain_the_editors_claim_shows_both_origins() -> None:
    result = run("explain", "death-rather-than-capture", SEED, *OUTLET, *GROUPED)
    assert result.code == 0
    assert "National Intelligence Service (φ" in result.out
    assert "Ryu Seong-hyeon (φ" in result.out
    assert "departed_before_event?" in result.out
    assert "92%" in result.out


def test_recompute_agrees_with_every_claim_of_the_seed(folder: Path) -> None:
    plain = [one for one in seed().records if one["quantity"] is None]
    (folder / "seed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in plain), encoding="utf-8")
    again = run("recompute", "seed.jsonl")
    assert (again.code, {one["agrees"] for one in again.records}) == (0, {True})


def test_an_outlet_that_nobody_knows_carries_nothing_and_that_is_said_once(folder: Path) -> None:
    text = "The minister said that the bridge was closed.\n\nThe mayor said that the road was open.\n"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    result = run("rate", "a.txt", "--publisher", "Quay Blog")
    assert result.code == 0
    (remark,) = [line for line in result.err.splitlines() if "no source type" in line]
    assert "--publisher NAME:TYPE" in remark
    assert all("unknown-outlet" in one["flags"] for one in result.records)
    assert {origin["origin"] for one in result.records for origin in one["said_so"]} == {"Quay Blog"}
    typed = run("rate", "a.txt", "--publisher", "Quay Blog:media")
    assert "no source type" not in typed.err
    assert "Quay Blog" not in {origin["origin"] for one in typed.records for origin in one["said_so"]}
    wrong = run("rate", "a.txt", "--publisher", "Quay Blog:medai")
    assert wrong.code in (2, 3)
    assert "media" in wrong.err
    assert wrong.stdout == b""


def test_an_article_without_claims_is_bad_input(folder: Path) -> None:
    (folder / "a.txt").write_text("Hello there!\n", encoding="utf-8")
    for command in ("rate", "claims"):
        assert_refused(run(command, "a.txt", *OUTLET, "-o", "out.jsonl"), 3, "a.txt", "no claims found")
    assert [path.name for path in folder.iterdir()] == ["a.txt"]


def test_articles_and_reports_are_rated_together_and_a_bad_file_is_set_aside(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_text("The police said that the bridge was closed.\n", encoding="utf-8")
    (folder / "in" / "b.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "in" / "c.jsonl").write_text(lines(report(claim=None)), encoding="utf-8")
    result = run("rate", "in", *OUTLET, "--rejects", "rejects.jsonl")
    assert result.code == 0
    assert len(result.records) == 2
    (reject,) = map(json.loads, (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines())
    assert (reject["file"], reject["line"]) == (str(Path("in") / "b.txt"), None)
    assert run("rate", "in", *OUTLET, "--strict", "--quiet").code == 3
