"""A provenance chain in one cell: NIS [intelligence-agency] > Yonhap [wire-agency] > ABC News [media]."""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(r"\\([>\[\]\\])|([>\[\]])")
_SPECIAL = re.compile(r"([>\[\]\\])")


def parse_chain(cell: str) -> list[dict[str, Any]]:
    r"""The links of a chain's one-cell spelling, origin first, each with `source` and perhaps `type`.

    A backslash escapes `>`, `[`, `]` and itself; before any other character it stands for itself.
    Raises ValueError with the reason.
    """
    return [_link(parts, at) for at, parts in enumerate(_split(cell))]


def write_chain(links: list[tuple[str, str | None]]) -> str:
    """The one-cell spelling of (source, type) pairs; `parse_chain` reads it back."""
    return " > ".join(_escaped(source) + ("" if kind is None else f" [{_escaped(kind)}]") for source, kind in links)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _split(cell: str) -> list[list[tuple[str, bool]]]:
    """The links as lists of (piece, is it an operator)."""
    links: list[list[tuple[str, bool]]] = [[]]
    end = 0
    for token in _TOKEN.finditer(cell):
        links[-1].append((cell[end : token.start()], False))
        end = token.end()
        if token[1] is not None:
            links[-1].append((token[1], False))
        elif token[2] == ">":
            links.append([])
        else:
            links[-1].append((token[2], True))
    links[-1].append((cell[end:], False))
    return links


def _link(parts: list[tuple[str, bool]], at: int) -> dict[str, Any]:
    texts, operators = [""], []
    for piece, is_operator in parts:
        if is_operator:
            operators.append(piece)
            texts.append("")
        else:
            texts[-1] += piece
    source, spaces = texts[0], " \t\r\n"
    if not source.strip(spaces):
        raise ValueError(f"link {at + 1} of the chain has no name")
    if not operators:
        return {"source": source}
    if operators != ["[", "]"] or texts[2].strip(spaces):
        raise ValueError(
            f"link {at + 1} of the chain must read `Name [type]`; "
            "a `>`, `[` or `]` in a name needs a backslash before it"
        )
    kind = texts[1].strip(spaces)
    return {"source": source, "type": kind} if kind else {"source": source}
