"""Positions in TOML text: checked against tomllib, on texts made for it and on every shipped rule."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ROOT

from reliability.rules.positions import Keys, positions

BARE = st.text("abcXYZ019_-", min_size=1, max_size=4)
ODD = st.text("a.b =\"[]{}#,\\é\u00e9\U0001f600'\t", min_size=0, max_size=4)
SPACE = st.sampled_from(["", " ", "  ", "\t"])
BLANK = st.sampled_from(["", " ", "\n", "  # a ] } , = remark\n", "\n\n# [no.header]\n  "])
TEXTS = st.text("ab\"'\\#[]{}=,\n é", max_size=8)


def spelled(name: str, way: int) -> str:
    """One key, bare where it can be, in single or in double quotes."""
    if way == 0 and re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return name
    if way == 1 and "'" not in name and "\t" not in name:
        return f"'{name}'"
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def written(text: str, way: int) -> str:
    """One string, in one of TOML's four forms where it fits."""
    if way == 0 and "'" not in text and "\n" not in text:
        return f"'{text}'"
    if way == 1 and "''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""{escaped}"""' if way == 2 else '"' + escaped.replace("\n", "\\n") + '"'


@st.composite
def documents(draw: st.DrawFn) -> str:
    """TOML with tables, nested tables, tables in lists, dotted keys, inline tables, lists, all strings, remarks."""
    numbers = iter(range(100, 10_000))

    def key() -> str:
        return spelled(draw(st.one_of(BARE, ODD)), draw(st.integers(0, 2)))

    def value(depth: int) -> str:
        kind = draw(st.integers(0, 4 if depth else 2))
        if kind == 1:
            return written(draw(TEXTS), draw(st.integers(0, 3)))
        if kind == 2:
            return draw(st.sampled_from(["true", "1979-05-27 07:32:00Z", "6.02e23", "-0x1f".lstrip("-"), "+nan"]))
        if kind == 3:
            inner = [draw(BLANK) + value(depth - 1) + draw(BLANK) for _ in range(draw(st.integers(0, 3)))]
            return "[" + ",".join(inner) + ("," if inner and draw(st.booleans()) else "") + draw(BLANK) + "]"
        if kind == 4:
            return "{" + ", ".join(pair(depth - 1) for _ in range(draw(st.integers(0, 2)))) + "}"
        return str(next(numbers))

    def dotted() -> str:
        dot = draw(SPACE) + "." + draw(SPACE)
        return dot.join(key() for _ in range(draw(st.integers(1, 3))))

    def pair(depth: int) -> str:
        return f"{dotted()}{draw(SPACE)}={draw(SPACE)}{value(depth)}"

    lines: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        header = draw(st.sampled_from(["", "[{}]", "[[{}]]", "[[{}]]", "[ {} ] # remark"]))
        if header:
            lines.append(header.format(draw(st.sampled_from([dotted(), "rule", "rule.test", "rule . 'a'"]))))
        lines += [draw(SPACE) + pair(2) + draw(st.sampled_from(["", " # = [x]", "\n"]))
                  for _ in range(draw(st.integers(0, 3)))]  # fmt: skip
    end = draw(st.sampled_from(["\n", "\r\n"]))
    # a text that breaks a rule of TOML (a key twice, say) loses its last lines until it doesn't
    while lines:
        try:
            tomllib.loads(end.join(lines))
            break
        except tomllib.TOMLDecodeError:
            lines.pop()
    return end.join(lines)


def paths(value: Any, path: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Every path of a parsed text, with what it leads to."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*path, name), inner
        yield from paths(inner, (*path, name))


def check(text: str) -> None:
    found = positions(text)
    expected = dict(paths(tomllib.loads(text)))
    assert set(found) == set(expected)
    lines = text.split("\n")
    for path, (line, column) in found.items():
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        value = expected[path]
        if isinstance(path[-1], str):
            token = re.match(r'[\w-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\'', rest, re.ASCII)
            assert token is not None, (path, rest)
            assert next(iter(tomllib.loads(f"{token[0]} = 0"))) == path[-1]
            rest = rest[token.end() :].lstrip(" \t").removeprefix("=").lstrip(" \t")
        if type(value) is int and value >= 100:
            assert rest.startswith(str(value)), path


@given(documents())
def test_every_path_of_a_text_has_a_position_and_there_stands_its_key_or_value(text: str) -> None:
    check(text)


def test_every_shipped_rule_file_has_all_its_positions() -> None:
    files = sorted((ROOT / "rules").rglob("*.toml"))
    assert len(files) > 200
    for file in files:
        check(file.read_text(encoding="utf-8"))


TEXT = '''# é
id = "x"
  [ a . "b c" ]
note = """
[no]
k = 1"""
[[rule]]
effect.shift_db = 1
[[rule]]
when = { any = [ { x = 1 },
  { "y" = 2 } ] }
[rule.effect]
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [(("id",), (2, 1)), (("a",), (3, 5)), (("a", "b c"), (3, 9)), (("a", "b c", "note"), (4, 1)),
     (("rule",), (7, 3)), (("rule", 0), (7, 3)), (("rule", 0, "effect", "shift_db"), (8, 8)), (("rule", 1), (9, 3)),
     (("rule", 1, "when", "any", 0), (10, 18)), (("rule", 1, "when", "any", 1, "y"), (11, 5)),
     (("rule", 1, "effect"), (12, 7))],
)  # fmt: skip
def test_lines_and_columns_are_counted_from_one(path: Keys, place: tuple[int, int]) -> None:
    assert positions(TEXT)[path] == place
