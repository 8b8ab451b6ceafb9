"""The scenarios of single rules stand as they were worked out, without this package, from the rules' own numbers."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

from . import by_formula
from .by_formula.files import files
from .by_formula.reading import RULES


def test_the_files_are_what_the_formulas_give() -> None:
    kept = {path.name: path.read_text(encoding="utf-8") for path in (RULES / "scenarios").glob("each-*.toml")}
    assert kept == files(), "python -m tests.golden.by_formula writes them anew; read the diff"
    claims = [one["claim"] for text in kept.values() for one in tomllib.loads(text)["expect"]]
    assert len(claims) > 200


def test_they_are_worked_out_without_the_engine() -> None:
    imported = set()
    for path in Path(by_formula.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                imported.add(node.module or "")
    assert imported == {"__future__", "collections.abc", "dataclasses", "math", "pathlib", "tomllib", "typing"}
