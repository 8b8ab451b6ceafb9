"""JSON as RFC 8259 has it: no NaN, no key twice, no lone surrogates, no bottomless nesting."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from reliability.io.visible import visible


class BadJson(ValueError):
    """A text that is not strict JSON; its message is the reason. `at` is the offset of a syntax error, else None."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.at = at


def parse_json(text: str) -> Any:
    """The value of a JSON text. Raises BadJson with one plain reason."""
    value, end = parse_json_at(text, skip_space(text, 0))
    if (end := skip_space(text, end)) < len(text):
        raise BadJson(f"malformed JSON: more after its end, at character {end + 1}", end)
    return value


def parse_json_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that starts at an offset, and the offset after it. Raises BadJson."""
    try:
        value, end = _DECODER.raw_decode(text, start)
        if "\\u" in text[start:end]:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise BadJson(f"malformed JSON: {error.msg}, at character {error.pos - start + 1}", error.pos) from None
    except RecursionError:
        raise BadJson("JSON that is nested too deeply") from None
    except UnicodeEncodeError:
        raise BadJson("a lone surrogate (\\ud800 to \\udfff), which is no character") from None
    except BadJson:
        raise
    except ValueError:  # Python's own limit on the digits of an integer
        raise BadJson("a number with thousands of digits") from None
    return value, end


def end_of_value(text: str, start: int) -> int | None:
    """Where a value ends that is JSON for a lenient reader (NaN, keys twice, lone surrogates); None for others."""
    try:
        return _LENIENT.raw_decode(text, start)[1]
    except (ValueError, RecursionError):
        return None


def skip_space(text: str, at: int) -> int:
    """The offset of the first character at or after `at` that is not JSON white space."""
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not JSON; a number must be finite, and null is unknown")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise BadJson(f"the key `{visible(twice)[:100]}` stands twice in one object")
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_unique)
_LENIENT = json.JSONDecoder(parse_int=str)
