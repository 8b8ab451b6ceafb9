"""Grouping files: an editor's merges and splits, as TOML."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from reliability.errors import InputError
from reliability.io.problems import near, plain_reason
from reliability.io.toml import read_toml
from reliability.text.editing import GroupedClaim, Grouping

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
