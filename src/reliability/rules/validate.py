"""One TOML table as a record, and all that is wrong with it when it is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from reliability.errors import RuleError
from reliability.model.base import Record
from reliability.rules.places import Say, refuse, table_fault
from reliability.rules.positions import Keys

R = TypeVar("R", bound=Record)

_SCHEMA = "see `reliability schema rule`"
_REMEDIES = {
    "string_pattern_mismatch": {
        "id": "write small letters, digits, dots, dashes: at most 100, a letter or digit first",
        "url": "write an address without spaces that begins with https://, http://, doi: or urn:",
    }
}


def validated(kind: type[R], entry: Any, path: Path | str, at: Keys = (), say: Say = refuse) -> R | None:
    """One table, at the path `at` of its file, as a record; None when it is none and `say` does not raise.

    Says a RuleError for each wrong key, with its place and the nearest right one; unknown keys come first.
    """
    try:
        return kind.model_validate(_as_tuples(entry), strict=True)
    except ValidationError as error:
        for one in _faults(kind, entry, path, at, error):
            say(one)
    return None


def _faults(kind: type[Record], entry: Any, path: Path | str, at: Keys, error: ValidationError) -> Iterator[RuleError]:
    named = entry.get("id", entry.get("name")) if isinstance(entry, dict) else None
    name = str(named)[:100] if named is not None else None
    found = error.errors(include_url=False)
    extra = [one for one in found if one["type"] == "extra_forbidden"]
    meant = set()
    for one in extra:
        known = _keys_at(kind, one["loc"])
        wrong = str(one["loc"][-1])
        meant |= {(*one["loc"][:-1], near) for near in difflib.get_close_matches(wrong, known, n=1)}
        keys = _there(entry, one["loc"])
        remedy = "let the rule end: write `until` above [effect]" if wrong == "until" else nearest(wrong, known)
        yield table_fault(path, name, at, keys, "no such key here", remedy)
    said: dict[Keys, list[str]] = {}
    remedies: dict[Keys, str] = {}
    for one in found:
        if one["type"] == "extra_forbidden" or (one["type"] == "missing" and tuple(one["loc"]) in meant):
            continue
        keys = _meant(entry, _there(entry, one["loc"]), str(one["msg"])) or one.get("ctx", {}).get("at", ())
        if one["type"] == "missing":
            keys = (*keys, str(one["loc"][-1]))
        said.setdefault(keys, []).append(_problem(one))
        remedies[keys] = _REMEDIES.get(one["type"], {}).get(str(keys[-1]) if keys else "", _SCHEMA)
    for keys, problems in said.items():
        problem = " or ".join(dict.fromkeys(problems))
        yield table_fault(path, name, at, keys, problem, remedies[keys])


def _problem(one: Any) -> str:
    if one["type"] == "missing":
        return "is missing"
    message = str(one["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    given = one["input"]
    if isinstance(given, bool):
        return f"{message}, not {str(given).lower()}"
    if isinstance(given, str | int | float) and one["type"] != "value_error":
        return f"{message}, not {(given[:60] if isinstance(given, str) else given)!r}"
    return message


def _there(entry: Any, loc: tuple[int | str, ...]) -> Keys:
    """As much of an error's place as the table has: one effect needs no number, and a union's branch is no key."""
    keys: Keys = ()
    current = entry
    for part in loc:
        inside = dict(enumerate(current)) if isinstance(current, list) else current if isinstance(current, dict) else {}
        if part in inside:
            current = inside[part]
            keys = (*keys, part)
        elif isinstance(part, str) or not isinstance(current, dict):
            break
    return keys


def _meant(entry: Any, keys: Keys, message: str) -> Keys:
    """The key that a message about a whole table names first in backticks, where the table has it."""
    table = entry
    for part in keys:
        table = table[part]
    named = re.search(r"`(\w+)`", message)
    return (*keys, named[1]) if named and isinstance(table, dict) and named[1] in table else keys


def _as_tuples(value: Any) -> Any:
    """TOML's lists as tuples, which strict validation wants; conditions keep theirs."""
    if isinstance(value, dict):
        return {
            key: _as_tuples(inner) if isinstance(inner, dict | list) and key != "when" else inner
            for key, inner in value.items()
        }
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _keys_at(kind: type[Record], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the record at this place may have, by walking the types of its fields."""
    current: Any = kind
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        field = current.model_fields.get(part) if hasattr(current, "model_fields") else None
        current = _record_in(field.annotation) if field is not None else None
        if current is None:
            return []
    return sorted(current.model_fields)


def _record_in(annotation: Any) -> Any:
    if hasattr(annotation, "model_fields"):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if (found := _record_in(part)) is not None:
            return found
    return None


def nearest(word: str, known: list[str]) -> str:
    """A remedy that names the word that was probably meant, else those that there are."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}" if known else "take it out"
