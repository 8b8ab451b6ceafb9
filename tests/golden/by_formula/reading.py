"""The rules as TOML has them, and conditions in Kleene's logic: written anew, so that no engine is its own judge."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RULES = Path(__file__).resolve().parents[3] / "rules"
COLUMNS = ("source_type", "source", "bloc", "country", "via", "hedge", "hedged", "stance", "has_quantity", "unit",
           "party", "n_links")  # fmt: skip
NAMES = {
    "advocacy": "Harbour Watch", "anonymous-official": "an official", "anonymous": "a person", "armed-group":
    "the Fen Brigade", "company": "Velm Shipping", "court-record": "Ostvale District Court", "defector-testimony":
    "Mr Orel", "elected-official": "Councillor Hask", "expert": "Dr Lind", "eyewitness": "Ada Quill", "fact-checker":
    "Plain Check", "government": "the Ardanian ministry", "intelligence-agency": "the Ardanian service",
    "international-organisation": "the Lakes Commission", "law-enforcement": "the Ostvale police", "legal-party":
    "the Ostvale claimant", "media": "Harbour Courier", "military": "the Ardanian navy", "official-document":
    "the Velm register", "political-campaign": "the Hask campaign", "private-person": "Bo Tern", "social-media":
    "@fenlight", "state-media": "Ardanian Radio", "survey": "the Lakes survey", "unattributed": "unattributed",
    "unknown": "nobody known", "wire-agency": "Northwire",
}  # fmt: skip


def rules_of(kind: str) -> list[dict[str, Any]]:
    """Every rule of a kind, with the family that its file is named after."""
    found = []
    for path in sorted((RULES / kind).glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [{**rule, "family": path.stem} for rule in table.get("rule", [table])]
    return sorted(found, key=lambda rule: rule["id"])


TYPES = {rule["id"]: rule for rule in rules_of("source-types")}
MODIFIERS, RELAYS, HEDGES = rules_of("modifiers"), rules_of("relays"), rules_of("hedges")
BLOCS = {rule["id"]: rule for rule in rules_of("blocs")}
SOURCES = [
    entry for path in sorted((RULES / "sources").glob("*.toml"))
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["source"] if "until" not in entry
]  # fmt: skip
WORDS = [(band["low"], band["high"], band["word"]) for rule in rules_of("scales") if rule["id"] == "icd203"
         for band in rule["band"]]  # fmt: skip


def kin(kind: str) -> list[str]:
    """A source type and what it is a kind of."""
    line = [kind]
    while "parent" in TYPES[line[-1]]:
        line.append(TYPES[line[-1]]["parent"])
    return line


def meets(operator: str, wanted: Any, value: Any, name: str) -> bool:
    values = kin(value) if name == "source_type" else [value]
    listed = wanted if isinstance(wanted, list) else [wanted]
    match operator:
        case "is" | "in":
            return any(one in values and isinstance(one, bool) == isinstance(value, bool) for one in listed)
        case "not" | "not_in":
            return not meets("in", wanted, value, name)
        case "contains":
            return str(wanted).casefold() in str(value).casefold()
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "more_than":
            return bool(value > wanted)
    return bool(value < wanted)


def holds(when: Mapping[str, Any], seen: Mapping[str, Any]) -> bool | None:
    """A condition on what is seen of a link: yes, no, or None where something needed is unknown."""
    parts: list[bool | None] = []
    for name, wanted in when.items():
        if name in ("all", "any", "none"):
            inner = [holds(one, seen) for one in wanted]
            if name == "all":
                parts += inner
                continue
            either = True if True in inner else None if None in inner else False
            parts.append(either if name == "any" or either is None else not either)
            continue
        tests = wanted.items() if isinstance(wanted, dict) else [("in", wanted)]
        parts += [None if seen.get(name) is None else meets(op, value, seen[name], name) for op, value in tests]
    return False if False in parts else None if None in parts else True
