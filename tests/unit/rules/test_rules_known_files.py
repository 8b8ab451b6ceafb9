"""A folder that differs from one that was read in some files has these read, and is what it would be from scratch."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROOT

from reliability.errors import RuleError
from reliability.rules import load
from reliability.rules.known_files import KnownFiles
from reliability.rules.policy import Policy


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are parsed from now on."""
    found: list[str] = []
    original = load.parse_toml

    def parse(path: Path, data: bytes) -> dict[str, Any]:
        found.append(path.name)
        return original(path, data)

    monkeypatch.setattr(load, "parse_toml", parse)
    return found


def test_only_what_differs_is_parsed_and_the_policy_is_that_of_a_first_reading(
    tmp_path: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Policy.load(ROOT / "rules")
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules"))
    path = folder / "modifiers" / "interest.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    parsed.clear()
    found = Policy.load(folder)
    assert parsed == ["interest.toml"]
    monkeypatch.setattr(load, "KNOWN", KnownFiles(0))
    monkeypatch.setattr(load, "REMEMBERED", {})
    afresh = Policy.load(folder)
    assert len(parsed) > 300
    assert (found.written, found.files, found.digest) == (afresh.written, afresh.files, afresh.digest)
    assert found.sources.entries == afresh.sources.entries


def test_a_faulty_file_is_said_to_be_so_each_time(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("sources")))
    (folder / "modifiers" / "x.toml").write_text('id = "x"\nrationale = "r"\n[when]\nfirst_hand = true\n[effect]\n')
    said = []
    for _ in range(2):
        with pytest.raises(RuleError) as caught:
            Policy.load(folder)
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "x.toml" in said[0]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.binary(max_size=6)), max_size=30), st.integers(0, 20))
def test_what_is_remembered_is_what_was_kept_and_never_more_than_there_is_room_for(
    files: list[tuple[str, bytes]], at_most: int
) -> None:
    known = KnownFiles(at_most)
    for kind, data in files:
        known.keep(kind, data, (kind, data))
        held = {one for one in files if known.get(*one) is not None}
        assert all(known.get(*one) == one for one in held)
        assert sum(len(data) for _, data in held) <= at_most
        assert (kind, data) in held or len(data) > at_most
