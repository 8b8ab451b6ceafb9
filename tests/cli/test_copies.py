"""Copies at the command line: what is said of them, and that they hang under who had the words first."""

import json
from pathlib import Path

import pytest

from .command import run

STORY = (
    "The ferry Orla sank in the early hours of Tuesday off the coast of Velmland after its bow door gave way in heavy "
    "seas, the coast guard of Velmland said. Two tugs reached the wreck at dawn and pulled eleven people from a raft.\n"
)
TOLD = f"second: {len(STORY.split())} words (100%) stand in first too, which was first: read as passed on by Velm first"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, day in (("first", 1), ("second", 2)):
        (tmp_path / f"{name}.txt").write_text(STORY, encoding="utf-8")
        meta = f'publisher = "Velm {name}"\npublished = "2026-03-0{day}"\n'
        (tmp_path / f"{name}.meta.toml").write_text(meta, encoding="utf-8")
    return tmp_path


def test_a_copy_is_named_with_whom_it_is_read_as_passed_on_by(folder: Path) -> None:
    result = run("claims", folder, "--format", "jsonl")
    rows = [json.loads(line) for line in result.out.splitlines()]
    chains = {row["article"]: [link["source"] for link in row["provenance"]] for row in rows}
    assert TOLD in result.err
    assert chains["second"][-2:] == ["Velm first", "Velm second"]
    assert chains["first"][-1:] == ["Velm first"]
    assert TOLD not in run("claims", folder, "--quiet").err


def test_the_page_lists_the_copies(folder: Path) -> None:
    assert TOLD in run("report", folder).out
