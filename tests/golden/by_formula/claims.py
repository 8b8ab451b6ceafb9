"""A claim of a scenario, and a scenario as its file has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .sums import Origin, word_of

WITHIN = 0.0005


@dataclass(frozen=True)
class Claim:
    """One claim of a scenario: its reports' chains and stances, what it must come to, and the sum in a line."""

    name: str
    chains: list[list[dict[str, Any]]]
    p: float
    why: str
    stances: tuple[str, ...] = ()
    word: str | None = None


def claim(name: str, origin: Origin, p: float, why: str, *more: dict[str, Any]) -> Claim:
    return Claim(name, [[origin.row, *more]], p, why, (origin.stance,), word_of(p))


def value(given: Any) -> str:
    if isinstance(given, dict):
        return "{ " + ", ".join(f"{key} = {value(one)}" for key, one in given.items()) + " }"
    if isinstance(given, bool):
        return str(given).lower()
    return f'"{given}"' if isinstance(given, str) else str(given)


def written(name: str, question: str, rationale: str, claims: Sequence[Claim]) -> str:
    lines = [f'id = "{name}"', f'question = "{question}"', f'rationale = "{rationale}"', "", "[[references]]",
             'title = "Worked out from the rules\' numbers by tests/golden/by_formula, 2026"']  # fmt: skip
    for one in claims:
        for i, chain in enumerate(one.chains):
            lines += ["", *([f"# {one.why}"] if i == 0 else []), "[[report]]", f'claim = "{one.name}"']
            lines += [f'stance = "{stance}"' for stance in one.stances[i : i + 1] if stance != "asserts"]
            lines += ["provenance = [", *(f"  {value(link)}," for link in chain), "]"]
    for one in claims:
        lines += ["", "[[expect]]", f'claim = "{one.name}"', f"p = {one.p:.4f}", f"within = {WITHIN}"]
        lines += [f'icd203 = "{one.word}"'] if one.word else []
    return "\n".join(lines) + "\n"
