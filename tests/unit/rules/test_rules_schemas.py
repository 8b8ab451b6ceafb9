"""The JSON Schemas that editors use: what is stored is what the code says; they refuse what loading refuses."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from rewrite_schemas import ROOT, stored

from reliability.rules.file_schema import file_schemas
from reliability.rules.schema import RULE_KINDS

FILES = [path for path in sorted((ROOT / "rules").rglob("*.toml"))
         if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]  # fmt: skip


def as_json(value: Any) -> Any:
    """A TOML value as an editor's validator sees it: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def problems(name: str, text: str) -> list[str]:
    validator = Draft7Validator(file_schemas()[name])
    return [error.message for error in validator.iter_errors(as_json(tomllib.loads(text)))]


def test_every_kind_of_file_has_a_schema_that_is_one() -> None:
    assert set(file_schemas()) == {kind.folder for kind in RULE_KINDS} | {"sources", "policy"}
    for schema in file_schemas().values():
        Draft7Validator.check_schema(schema)


def test_the_stored_schemas_and_configurations_are_what_the_code_says() -> None:
    for path, text in stored().items():
        assert path.read_text(encoding="utf-8") == text, "run python -m tests.unit.rules.rewrite_schemas"
    assert {path.name for path in (ROOT / "rules/.schemas").iterdir()} == {
        path.name for path in stored() if path.suffix == ".json"
    }


@pytest.mark.parametrize("configuration", [ROOT / ".taplo.toml", ROOT / "rules/.taplo.toml"])
def test_taplos_configuration_gives_every_shipped_file_one_schema_that_is_there(configuration: Path) -> None:
    beside = configuration.parent
    matched: dict[Path, list[Path]] = {}
    for rule in tomllib.loads(configuration.read_text(encoding="utf-8"))["rule"]:
        assert (beside / rule["schema"]["path"]).is_file()
        for pattern in rule["include"]:
            for path in beside.glob(pattern):
                matched.setdefault(path, []).append(beside / rule["schema"]["path"])
    for path in FILES:
        assert [schema.stem for schema in matched[path]] == [path.relative_to(ROOT / "rules").parts[0]]


def test_every_shipped_file_is_valid_by_its_schema() -> None:
    validators = {path.stem: Draft7Validator(json.loads(path.read_text(encoding="utf-8")))
                  for path in (ROOT / "rules/.schemas").iterdir()}  # fmt: skip
    assert len(FILES) > 200
    for path in FILES:
        table = as_json(tomllib.loads(path.read_text(encoding="utf-8")))
        assert list(validators[path.relative_to(ROOT / "rules").parts[0]].iter_errors(table)) == [], path


SINGLE = 'id = "x"\nrationale = "r"\n[when]\nfirst_hand = true\n[effect]\nshift_db = 1.0\n'
FAMILY = (
    '[[rule]]\nid = "x"\nrationale = "r"\nwhen = { my_own_fact = [1, 2] }\neffect = [{ guess = 0.5 }, { p = 0.1 }]\n'
)
REPORTS = """id = "x"
rationale = "r"
report = [{ claim = "c", provenance = [{ source = "A" }], published = 2026-01-02 }]
expect = [{ claim = "c", p = 0.5 }]
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [("modifiers", SINGLE), ("modifiers", FAMILY), ("scenarios", REPORTS), ("policy", 'inherits = "shipped"\n'),
     ("sources", '[[source]]\nname = "A"\nsince = 2026-01-01\n'), ("sources", "")],
)  # fmt: skip
def test_what_may_be_written_is_accepted(name: str, text: str) -> None:
    assert problems(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "spoil", "said"),
    [("modifiers", SINGLE, lambda t: t.replace("shift_db", "shfit_db"), "shfit_db"),
     ("modifiers", SINGLE, lambda t: t.replace("1.0", "99.0"), "99"),
     ("modifiers", SINGLE, lambda t: t.replace("first_hand = true", ""), "non-empty"),
     ("modifiers", SINGLE, lambda t: t.replace("first_hand = true", 'via = { iss = "document" }'), "iss"),
     ("modifiers", SINGLE, lambda t: t.replace("first_hand = true", 'is = "document"'), "is"),
     ("modifiers", SINGLE, lambda t: t.replace("shift_db = 1.0", 'basis = "elicited"'), "elicited"),
     ("modifiers", FAMILY, lambda t: 'id = "y"\n' + t, "too many properties"),
     ("scenarios", REPORTS, lambda t: t.replace("claim = \"c\", provenance", "clam = \"c\", provenance"), "clam"),
     ("policy", 'inherits = "shipped"\n', lambda t: t.replace("inherits", "inherit"), "inherit"),
     ("sources", '[[source]]\nname = "A"\n', lambda t: t + 'domains = "a.org"\n', "domains")],
)  # fmt: skip
def test_what_loading_refuses_is_refused_with_the_key_named(
    name: str, text: str, spoil: Callable[[str], str], said: str
) -> None:
    assert any(said in message for message in problems(name, spoil(text)))
