"""Files of many kinds and languages in one run, by one process or two, with the texts that spans point into."""

import json
from pathlib import Path

import docx
import pytest

from .command import assert_refused, die, run

OUTLET = ("--publisher", "The Quay:media")
ENGLISH = "The police said that the bridge was closed.\n\nThe mayor of Velmar denied that anybody had been hurt.\n"
FRENCH = "La police a déclaré que le pont était fermé dans la nuit et que la route est ouverte aux camions.\n" * 2
GERMAN = "Die Polizei sagte, dass die Brücke nicht mehr offen ist und dass der Rat mit den Leuten spricht.\n" * 2


def made(folder: Path) -> None:
    (folder / "in").mkdir()
    (folder / "in" / "en.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "in" / "fr.txt").write_text(FRENCH, encoding="utf-8")
    (folder / "in" / "de.txt").write_text(GERMAN, encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("A spokesman for the army said that the soldiers had left.")
    document.save(str(folder / "in" / "W ö.docx"))


def test_what_is_read_does_not_depend_on_the_number_of_processes(folder: Path) -> None:
    made(folder)
    one = run("claims", "in", *OUTLET, "--format", "jsonl", "--rejects", "r1.jsonl")
    two = run("claims", "in", *OUTLET, "--format", "jsonl", "--rejects", "r2.jsonl", "--jobs", 2)
    assert one.code == 0
    assert {record["article"] for record in one.records} == {"en", "fr", "W ö"}
    assert (two.code, two.stdout, two.err.replace("r2", "r1")) == (0, one.stdout, one.err)
    assert (folder / "r2.jsonl").read_bytes() == (folder / "r1.jsonl").read_bytes()
    (reject,) = map(json.loads, (folder / "r1.jsonl").read_text().splitlines())
    assert reject["file"] == str(Path("in") / "de.txt")
    assert "German" in reject["reason"]


@pytest.mark.parametrize("command", ["rate", "claims"])
def test_where_a_process_that_reads_is_killed_that_is_said(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(folder)
    monkeypatch.setattr("reliability.text.many._read_task", die)
    assert_refused(
        run(command, "in", *OUTLET, "--jobs", 2), 3, "a process that did a part of the work was killed", "--jobs"
    )


def test_the_texts_as_read_hold_the_spans_and_read_as_the_files_did(folder: Path) -> None:
    made(folder)
    found = run("claims", "in", *OUTLET, "--format", "jsonl", "--texts-out", "texts", "--quiet")
    assert found.code == 0
    articles = {one["id"]: one for one in map(json.loads, (p.read_text("utf-8") for p in Path("texts").glob("*.json")))
                if "id" in one}  # fmt: skip
    for report in found.records:
        text = articles[report["article"]]["text"]
        said = " ".join(text[start:end] for start, end in report["spans"]["content"])
        assert report["text"].split()[-1] in said
    again = run("claims", "texts", "--format", "jsonl", "--quiet")
    key = "id"
    assert sorted(again.records, key=lambda r: r[key]) == sorted(found.records, key=lambda r: r[key])


def test_an_article_alone_in_a_language_that_is_not_read_is_bad_input(folder: Path) -> None:
    (folder / "de.txt").write_text(GERMAN, encoding="utf-8")
    assert_refused(run("rate", "de.txt", *OUTLET), 3, "de.txt", "German", "English and French only")
