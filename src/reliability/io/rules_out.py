"""A rule written as a file of a rules folder."""

from __future__ import annotations

from reliability.io.toml_out import toml_tables
from reliability.rules.schema import Rule


def rule_toml(rule: Rule) -> str:
    """A family of one rule, that reads back as it; what is at its default is left out, as TOML has no null."""
    told = rule.model_dump(exclude_defaults=True, exclude_none=True)
    effects = told.pop("effect", ())
    return toml_tables({"rule": [{**told, "effect": effects[0] if len(effects) == 1 else list(effects)}]})
