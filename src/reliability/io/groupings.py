"""Grouping files: an editor's merges and splits, as TOML."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from reliability.errors import InputError
from reliability.io.problems import near, plain_reason
from reliability.io.toml import read_toml
from reliability.model.report import Report
from reliability.text.editing import GroupedClaim, Grouping
from reliability.text.grouping import claim_texts

_KEYS = tuple(GroupedClaim.model_fields)


def read_grouping(path: Path) -> Grouping:
    """The grouping in a TOML file: [[claim]] tables with `id`, perhaps `text`, and `members` and `opposed`.

    Raises InputError with the place: a TOML syntax error, a wrong key or value, a claim without members, no claims.
    What members name is checked when the grouping is applied.
    """
    tables = read_toml(path)
    for key in tables:
        if key != "claim":
            problem = f"is not a key of a grouping{near(key, ['claim'])}"
            raise InputError(path, key=key, problem=problem, remedy="a claim is a [[claim]] table")
    found = tables.get("claim", [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(
            path, key="claim", problem="is not a list of tables", remedy="write [[claim]], with two brackets"
        )
    if not found:
        raise InputError(path, problem="holds no claims", remedy="add a [[claim]] table")
    claims = []
    for at, fields in enumerate(found):
        tidy = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
        try:
            claims.append(GroupedClaim.model_validate(tidy, strict=True))
        except ValidationError as error:
            problem = plain_reason(error, {"": _KEYS})
            raise InputError(
                path, key=f"claim[{at}]", problem=problem, remedy=f"known keys: {', '.join(_KEYS)}"
            ) from None
    return Grouping(claim=tuple(claims), where=str(path))


def dump_grouping(read: Sequence[Report], grouped: Sequence[Report], grouping: Grouping | None = None) -> str:
    """The claims of grouped reports as a grouping file: read back for the same reports, it groups them the same.

    `read` are the reports before grouping, in the same order; those whose stance was flipped are listed as `opposed`.
    Members are report ids, under them a remark with what each says. Answers to a question without a claim are left out.
    """
    texts = claim_texts(grouped, grouping)
    claims: dict[str, dict[str, dict[str, str]]] = {}
    for before, after in zip(read, grouped, strict=True):
        if after.claim is not None:
            lists = claims.setdefault(after.claim, {"members": {}, "opposed": {}})
            lists["members" if before.stance == after.stance else "opposed"][after.key] = after.text or ""
    blocks = []
    for claim, lists in sorted(claims.items()):
        lines = ["[[claim]]", f"id = {_quoted(claim)}"]
        lines += [f"text = {_quoted(texts[claim])}"] if claim in texts else []
        for name, members in lists.items():
            if members:
                rows = [f"    {_quoted(key)},  # {_quoted(text)}" for key, text in sorted(members.items())]
                lines += [f"{name} = [", *rows, "]"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
