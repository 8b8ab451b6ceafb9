"""Where things stand in a TOML text: line and column of every key, table header and list element.

tomllib keeps no positions, so this is a second pass, made only when something is wrong. It trusts that tomllib has
accepted the text, and looks no further than where keys and values begin and end.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import lru_cache

Keys = tuple[str | int, ...]
Position = tuple[int, int]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_STRING = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\''
)
_PLAIN = re.compile(r"[^,\]}#\r\n]+")


@lru_cache(maxsize=16)
def positions(text: str) -> dict[Keys, Position]:
    """Line and column, from 1 and in characters, of what each path leads to, in a text that tomllib accepts.

    A path has a part a key and a number a list element: `("rule", 2, "effect", "shift_db")`. A key stands where it is
    spelled first, in a header or before `=`; a list element where its value begins, or its own [[header]].
    """
    return _Scan(text).places()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[Keys, int] = {}
        self.lists: dict[Keys, int] = {}

    def places(self) -> dict[Keys, Position]:
        starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        table: Keys = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
        found = {}
        for path, offset in self.offsets.items():
            line = bisect_right(starts, offset)
            found[path] = line, offset - starts[line - 1] + 1
        return found

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at + 1
        return self.at

    def _header(self) -> Keys:
        """A [table] or [[table of a list]]: the path under which the keys that follow stand."""
        several = self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        parts = self._spelled()
        self.at += 2 if several else 1
        path: Keys = ()
        for n, (name, offset) in enumerate(parts, start=1):
            path = (*path, name)
            self.offsets.setdefault(path, offset)
            if several and n == len(parts):
                self.lists[path] = self.lists.get(path, 0) + 1
            if path in self.lists:
                path = (*path, self.lists[path] - 1)
                self.offsets.setdefault(path, offset)
        return path

    def _spelled(self) -> list[tuple[str, int]]:
        """A key, perhaps dotted, as its parts and where each begins."""
        parts = []
        while True:
            begin = self._skip(_SPACE)
            end = self._skip(_KEY)
            parts.append((_name(self.text[begin:end]), begin))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _pair(self, table: Keys) -> None:
        path = table
        for name, offset in self._spelled():
            path = (*path, name)
            self.offsets.setdefault(path, offset)
        self.at += 1
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Keys) -> None:
        opening = self.text[self.at : self.at + 1]
        if opening in ("[", "{"):
            self._inside(path, "]" if opening == "[" else "}")
        else:
            self._skip(_STRING if opening in ('"', "'") else _PLAIN)

    def _inside(self, path: Keys, closing: str) -> None:
        """A list or an inline table, up to its closing bracket."""
        self.at += 1
        n = 0
        while self._skip(_BLANK) < len(self.text) and self.text[self.at] != closing:
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "]":
                self.offsets[(*path, n)] = self.at
                self._value((*path, n))
                n += 1
            else:
                self._pair(path)
        self.at += 1


def _name(spelled: str) -> str:
    """A key without its quotes and escapes."""
    return next(iter(tomllib.loads(f"{spelled} = 0"))) if spelled[:1] in ("'", '"') else spelled
