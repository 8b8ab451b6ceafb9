"""TOML files: sidecars, sources and groupings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from reliability.errors import InputError
from reliability.io.streams import decoded, opened, read_bounded

MAX_TOML = 1_000_000
"""A TOML file longer than this, in bytes, is refused unless its reader says otherwise."""


def read_toml(path: Path, max_bytes: int = MAX_TOML) -> dict[str, Any]:
    """A TOML file's tables. Raises InputError, with the line of a syntax error."""
    where = str(path)
    with opened(path, packed=None) as stream:
        data = read_bounded(stream, max_bytes, where)
    if data is None:
        raise InputError(where, problem=f"is longer than {max_bytes:,} bytes", remedy="shorten or split it")
    try:
        return tomllib.loads(decoded(data, where).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place[1]) if place else None
        remedy = "correct the syntax there"
        raise InputError(where, line=line, problem=f"TOML syntax error: {error}", remedy=remedy) from None
    except RecursionError:
        raise InputError(where, problem="TOML that is nested too deeply", remedy="make it flat") from None
