"""JSON Schemas of the files of a policy, as TOML writes them: what editors complete and check by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reliability.model.base import Record
from reliability.model.report import Report
from reliability.rules.conditions import COMBINATIONS, OPERATORS
from reliability.rules.domains import GATE, LINK, TYPING
from reliability.rules.schema import RULE_KINDS, Gate, Inheritance, Rule, Scenario, SourceEntry, Typing
from reliability.rules.track_record import Pool

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
SOURCES, POLICY = "sources", "policy"
_LISTED = ("in", "not_in")
_ORDERING = ("at_least", "at_most", "more_than", "less_than")


def file_schemas() -> dict[str, Schema]:
    """The schema of each kind of file, by the folder that such files stand in; and `policy`, of policy.toml."""
    rules = {kind.folder: _rule_file(kind) for kind in RULE_KINDS}
    return {**rules, SOURCES: _sources_file(), POLICY: _record_file(Inheritance)}


def taplo(folder: str) -> str:
    """A configuration of taplo (Even Better TOML) that gives the files of a rules folder their schemas.

    `folder` is the way to the rules from where the configuration stands: empty, or with a slash at its end.
    """
    blocks = []
    for name in file_schemas():
        files = f"{folder}policy.toml" if name == POLICY else f"{folder}{name}/**/*.toml"
        blocks.append(f'[[rule]]\ninclude = ["{files}"]\n\n[rule.schema]\npath = "{folder}.schemas/{name}.json"\n')
    head = "# Editors complete and check rules by this. Written by `python -m tests.unit.rules.rewrite_schemas`.\n\n"
    return head + "\n".join(blocks)


def _record_file(record: type[Record]) -> Schema:
    return {"$schema": DRAFT, **_as_written(record.model_json_schema())}


def _rule_file(kind: type[Rule]) -> Schema:
    """One rule, or a family of them under [[rule]] and nothing else.

    `if` says which, and not `oneOf`: so editors name the one key that is wrong, not the two forms that a file may have.
    """
    rule = kind.model_json_schema()
    definitions = rule.pop("$defs", {})
    properties = rule["properties"]
    if "effect" in properties:
        many = properties["effect"]
        effect = str(many["items"]["$ref"]).rsplit("/", 1)[-1]
        properties["effect"] = {
            "properties": {key: _part(effect, key) for key in definitions[effect]["properties"]},
            "if": {"type": "array"}, "then": many, "else": many["items"],
        }  # fmt: skip
    if "when" in properties:
        definitions |= _conditions(_fields(kind))
        properties["when"] = {"$ref": "#/$defs/Condition"}
    if kind is Scenario:
        report = Report.model_json_schema()
        definitions |= report.pop("$defs", {})
        definitions["Report"] = report
        properties["report"]["items"] = {"$ref": "#/$defs/Report"}
    name = kind.__name__
    one = {"$ref": f"#/$defs/{name}"}
    family = {"type": "array", "items": one, "description": "A family of rules."}
    return {
        "$schema": DRAFT, "description": f"A file in {kind.folder}/: one rule, or a family of them under [[rule]].",
        "type": "object", "properties": {"rule": family, **{key: _part(name, key) for key in properties}},
        "if": {"required": ["rule"]}, "then": {"maxProperties": 1}, "else": one,
        "$defs": _as_written({**definitions, name: rule}),
    }  # fmt: skip


def _part(name: str, key: str) -> Schema:
    """A key of a record: said at the top as well, where editors look for what to complete."""
    return {"$ref": f"#/$defs/{name}/properties/{key}"}


def _sources_file() -> Schema:
    entry, pool = SourceEntry.model_json_schema(), Pool.model_json_schema()
    definitions = entry.pop("$defs", {})
    return {
        "$schema": DRAFT, "description": "A sources file: one [[source]] table a source.", "type": "object",
        "properties": {"source": {"type": "array", "items": {"$ref": "#/$defs/SourceEntry"}},
                       "pool": {"type": "array", "items": {"$ref": "#/$defs/Pool"}}},
        "additionalProperties": False,
        "$defs": _as_written({**definitions, "SourceEntry": entry, "Pool": pool}),
    }  # fmt: skip


def _fields(kind: type[Rule]) -> Iterable[str]:
    known: Mapping[str, Any] = GATE if kind is Gate else TYPING if kind is Typing else LINK
    return known


def _conditions(fields: Iterable[str]) -> Schema:
    """Conditions and what a field is compared with. Facts are the policy's own, so that any other field may stand."""
    value = {"type": ["string", "number", "boolean"]}
    several = {"type": "array", "items": value, "minItems": 1}
    number = {"type": "number"}
    operators = {
        name: several if name in _LISTED else number if name in _ORDERING else value for name in OPERATORS
    }  # fmt: skip
    table = {"type": "object", "properties": operators, "additionalProperties": False, "minProperties": 1}
    parts = {"type": "array", "items": {"$ref": "#/$defs/Condition"}, "minItems": 1}
    return {
        "Test": {"description": "One value, a list of which one is meant, or operators.",
                 "anyOf": [value, several, table]},
        "Condition": {
            "description": "Fields with the values that they must have: all of them.", "type": "object",
            "properties": {**dict.fromkeys(COMBINATIONS, parts),
                           **{name: {"$ref": "#/$defs/Test"} for name in fields}},
            "propertyNames": {"not": {"enum": list(OPERATORS)}},
            "additionalProperties": {"$ref": "#/$defs/Test"}, "minProperties": 1,
        },
    }  # fmt: skip


def _as_written(value: Any) -> Any:
    """A schema for TOML: it has no null, and a field's title says no more than its name."""
    if isinstance(value, list):
        return [_as_written(one) for one in value]
    if not isinstance(value, dict):
        return value
    left = [one for one in value.get("anyOf", ()) if one != {"type": "null"}]
    known = {key: _as_written(inner) for key, inner in value.items()
             if not (key == "title" and isinstance(inner, str)) and (key, inner) != ("default", None)}  # fmt: skip
    if "anyOf" in value and len(left) == 1:
        del known["anyOf"]
        return {**_as_written(left[0]), **known}
    return {**known, "anyOf": _as_written(left)} if "anyOf" in value else known
