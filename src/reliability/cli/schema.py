"""`reliability schema`: JSON Schema of every record and rule."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from reliability.cli import options as o


class Name(StrEnum):
    """What there is a schema of."""

    report = "report"
    article = "article"
    rating = "rating"
    rule = "rule"
    scenario = "scenario"
    sources = "sources"
    policy = "policy"


def run(
    name: Annotated[Name, typer.Argument(help="What the schema is of.")],
    kind: Annotated[
        str | None, typer.Option(help="With rule: one kind, named by its folder (modifiers, relays, …).")
    ] = None,
    output: o.Output = None,
) -> None:
    """Print a JSON Schema: report, article, rating; files of rules (--kind), scenarios, sources, and policy.toml."""
    from reliability.cli.output import emit

    emit(_pretty(schema_of(name, kind)), output)


def _pretty(schema: dict[str, Any]) -> str:
    import json

    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_of(name: Name, kind: str | None = None) -> dict[str, Any]:
    """The schema of one record, or of a kind of file (a file of rules holds one, or several as [[rule]])."""
    from reliability.errors import UsageError
    from reliability.model.article import Article
    from reliability.model.base import Record
    from reliability.model.rating import Rating
    from reliability.model.report import Report
    from reliability.rules.file_schema import POLICY, SOURCES, file_schemas
    from reliability.rules.policy import near
    from reliability.rules.schema import Scenario

    if kind is not None and name is not Name.rule:
        raise UsageError("--kind", problem=f"goes with rule, not with {name.value}", remedy="leave it out")
    records: dict[Name, type[Record]] = {Name.report: Report, Name.article: Article, Name.rating: Rating}
    if name in records:
        return records[name].model_json_schema()
    files = file_schemas()
    named = {Name.scenario: Scenario.folder, Name.sources: SOURCES, Name.policy: POLICY}
    if name in named:
        return files[named[name]]
    kinds = {folder: schema for folder, schema in files.items() if folder not in (SOURCES, POLICY)}
    if kind is None:
        return {"description": "A schema for each folder of rules.", **kinds}
    if kind not in kinds:
        raise UsageError("--kind", problem=f"no kind of rule {kind!r}", remedy=near(kind, kinds))
    return kinds[kind]
