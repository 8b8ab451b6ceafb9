"""Tables written as TOML: what `tomllib` reads back to the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Arrays of tables by name: `[[source]]` with its keys, tables within as `[source.record]`, the rest inline.

    Values are texts, numbers, dates, yes and no, lists and tables of these; TOML has no null.
    """
    lines: list[str] = []
    for name, rows in tables.items():
        for row in rows:
            inner = {key: value for key, value in row.items() if isinstance(value, Mapping)}
            lines += ["", f"[[{_key(name)}]]", *_pairs({key: row[key] for key in row if key not in inner})]
            for key, table in inner.items():
                lines += ["", f"[{_key(name)}.{_key(key)}]", *_pairs(table)]
    return "\n".join(lines[1:]) + "\n" if lines else ""


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in table.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
        case list() | tuple():
            parts = [_value(one) for one in value]
            return "[" + ", ".join(parts) + "]" if sum(map(len, parts)) < 100 else (
                "[\n" + "".join(f"  {part},\n" for part in parts) + "]")  # fmt: skip
    raise TypeError(f"TOML has no {type(value).__name__}")
