"""Errors with the place that they are about: the file is read again, so that loading costs nothing for it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from reliability.errors import RuleError
from reliability.rules.positions import Keys, Position, positions

Say = Callable[[RuleError], object]
"""Where a fault goes: raised at once (`refuse`), or kept, so that the next one is found too."""


def refuse(error: RuleError) -> NoReturn:
    """Raise a fault: what loading does with the first one."""
    raise error


def fault(file: str | Path, at: Keys, problem: str, remedy: str) -> RuleError:
    """A RuleError with line and column of the key at the path `at` of a TOML file, or of what stands around it.

    A file that can't be read any more has no line.
    """
    return _fault(file, None, at, place(file, at), problem, remedy)


def rule_fault(
    file: str | Path, rule: str, at: Keys, problem: str, remedy: str, since: date | None = None
) -> RuleError:  # fmt: skip
    """The same for a key of the rule with an id, or the source with a name (and a day), wherever in the file it stands.

    Where several have the id the last is meant: it is the one that comes too late.
    """
    return _fault(file, rule, at, rule_place(file, rule, at, since), problem, remedy)


def table_fault(
    file: str | Path, rule: str | None, base: Keys, at: Keys, problem: str, remedy: str
) -> RuleError:  # fmt: skip
    """The same for a key of a table that stands at the path `base`, and perhaps has an id."""
    return _fault(file, rule, at, place(file, (*base, *at)), problem, remedy)


def spelled(at: Keys) -> str:
    """A path as people write it; the first of several effects has no number, as if it were the only one."""
    return ".".join(str(part) for n, part in enumerate(at) if n == 0 or (at[n - 1], part) != ("effect", 0))


def _fault(
    file: str | Path, rule: str | None, at: Keys, position: Position | None, problem: str, remedy: str
) -> RuleError:  # fmt: skip
    line, column = position or (None, None)
    return RuleError(file, rule=rule, key=spelled(at) or None, line=line, column=column, problem=problem,
                     remedy=remedy)  # fmt: skip


def place(file: str | Path, at: Keys) -> Position | None:
    """Where in a file a path leads, or as much of it as is there; None for a file that is no TOML."""
    text, _ = _read(file)
    return None if text is None else _nearest(positions(text), (), at)


def rule_place(file: str | Path, rule: str, at: Keys, since: date | None = None) -> Position | None:
    """Where in a file a key of the rule (or source) with that id (or name) stands; None for a file that is no TOML.

    A source may stand in a file several times, each `since` another day.
    """
    text, table = _read(file)
    if text is None:
        return None
    named: list[tuple[bool, Keys]] = []
    for family in ("rule", "source"):
        entries = table.get(family)
        named += [(entry.get("since") == since, (family, n))
                  for n, entry in enumerate(entries if isinstance(entries, list) else ())
                  if isinstance(entry, dict) and entry.get("id", entry.get("name")) == rule]  # fmt: skip
    return _nearest(positions(text), max(named, default=(True, ()))[1], at)


def _read(file: str | Path) -> tuple[str | None, dict[str, Any]]:
    try:
        text = Path(file).read_bytes().decode("utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, ValueError, RecursionError):
        return None, {}


def _nearest(known: dict[Keys, Position], base: Keys, at: Keys) -> Position:
    """The place of the longest part of a path that the file spells. One table may stand where a list is meant."""
    path = base
    for part in at:
        if (*path, part) in known:
            path = (*path, part)
        elif not isinstance(part, int):
            break
    return known.get(path, (1, 1))
