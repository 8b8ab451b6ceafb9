"""Options from files and the environment: pyproject.toml, reliability.toml, RELIABILITY_*; the later wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.errors import UsageError

NAMES = (
    "as_of", "brief", "fail_under", "format", "grouping", "input_format", "ledger", "max_chars", "no_color", "output",
    "progress", "published", "publisher", "quiet", "rejects", "rules", "sources", "strict", "url",
)  # fmt: skip
"""Options that may stand outside the command line."""

ENVIRONMENT = "RELIABILITY_"


@dataclass(frozen=True)
class Setting:
    """One option's value and the place it came from."""

    value: Any
    origin: str


def settings(folder: Path, environment: Mapping[str, str]) -> dict[str, Setting]:
    """Options set outside the command line, by name, each from the last place that sets it.

    Raises UsageError for a file that is no TOML and for an option that doesn't exist.
    """
    found: dict[str, Setting] = {}
    for place, table in (
        ("pyproject.toml", ("tool", "reliability")),
        ("reliability.toml", ()),
    ):
        path = folder / place
        if path.is_file():
            origin = f"{place} [{'.'.join(table)}]" if table else place
            for key, value in _table(path, table).items():
                found[_known(key, origin)] = Setting(value, origin)
    for key in sorted(environment):
        if key.startswith(ENVIRONMENT) and key != ENVIRONMENT:
            found[_known(key.removeprefix(ENVIRONMENT).lower(), key)] = Setting(environment[key], key)
    return found


def default_map(commands: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The settings of the working folder as defaults of every command."""
    values = {name: one.value for name, one in settings(Path.cwd(), os.environ).items()}
    return dict.fromkeys(commands, values) if values else {}


def _table(path: Path, table: tuple[str, ...]) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data: Any = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise UsageError(path, problem=f"can't be read as TOML ({error})", remedy="mend it or take it away") from None
    for key in table:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    return data if isinstance(data, dict) else {}


def _known(key: str, origin: str) -> str:
    name = key.replace("-", "_")
    if name not in NAMES:
        from reliability.io.problems import near

        raise UsageError(origin, key=key, problem="is no option that can be set here",
                         remedy=f"take it out{near(name, NAMES)}")  # fmt: skip
    return name
