"""`python -m tests.unit.rules.rewrite_schemas`: write the schemas that editors use anew, from the code."""

from __future__ import annotations

import json
from pathlib import Path

from reliability.rules.file_schema import file_schemas, taplo

ROOT = Path(__file__).resolve().parents[3]


def stored() -> dict[Path, str]:
    """What the repository is to hold: a schema a kind of file, and taplo's configuration here and in rules/."""
    found = {ROOT / "rules" / ".schemas" / f"{name}.json": json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
             for name, schema in file_schemas().items()}  # fmt: skip
    return {**found, ROOT / ".taplo.toml": taplo("rules/"), ROOT / "rules" / ".taplo.toml": taplo("")}


if __name__ == "__main__":
    for path, text in stored().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
