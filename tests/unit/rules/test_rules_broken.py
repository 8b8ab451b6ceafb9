"""Every folder of tests/broken-rules has one fault, and `rules check` says that one and no other, where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from strategies import ROOT

from reliability.lab.inspection import inspect
from reliability.rules import load
from reliability.rules.findings import CHECKS
from reliability.rules.named import shipped_rules
from reliability.rules.places import Say, refuse

BROKEN = ROOT / "tests" / "broken-rules"
FAULTS: list[dict[str, Any]] = tomllib.loads((BROKEN / "expected.toml").read_text(encoding="utf-8"))["fault"]


@pytest.fixture(autouse=True, scope="module")
def shipped_rules_are_read_once() -> Iterator[None]:
    """All folders inherit the shipped rules, which have no fault."""
    base = load.load_folder(shipped_rules())

    def load_folder(folder: Path, depth: int = 0, say: Say = refuse, *, scenarios: bool = True) -> load.Loaded:
        return base if folder == shipped_rules() else original(folder, depth, say, scenarios=scenarios)

    original = load.load_folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load_folder", load_folder)
        yield


def test_every_broken_folder_is_expected_and_every_check_finds_something() -> None:
    assert len(FAULTS) >= 40
    assert sorted(one["folder"] for one in FAULTS) == sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
    assert {one["check"] for one in FAULTS} == set(CHECKS)


@pytest.mark.parametrize("expected", FAULTS, ids=[one["folder"] for one in FAULTS])
def test_a_broken_folder_has_exactly_the_finding_expected(
    expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BROKEN)
    found = [{key: value for key, value in vars(one).items() if value is not None}
             for one in inspect(Path(expected["folder"])).findings]  # fmt: skip
    assert found == [{key: value for key, value in expected.items() if key != "folder"}]
