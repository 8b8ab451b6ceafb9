"""python -m tests.golden.by_formula: write rules/scenarios/each-*.toml anew; a diff shows what moves."""

from .files import files
from .reading import RULES

for name, text in files().items():
    (RULES / "scenarios" / name).write_text(text, encoding="utf-8")
