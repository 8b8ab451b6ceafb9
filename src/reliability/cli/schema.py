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
    sources = "sources"


def run(
    name: Annotated[Name, typer.Argument(help="What the schema is of.")],
    kind: Annotated[
        str | None, typer.Option(help="With rule: one kind, named by its folder (modifiers, relays, …).")
    ] = None,
    output: o.Output = None,
) -> None:
    """Print a JSON Schema: report, article, rating, rule (of each kind, or --kind), sources."""
    from reliability.cli.output import emit

    emit(_pretty(schema_of(name, kind)), output)


def _pretty(schema: dict[str, Any]) -> str:
    import json

    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def schema_of(name: Name, kind: str | None = None) -> dict[str, Any]:
    """The schema of one record, or of all kinds of rule (a file holds one rule, or several as [[rule]])."""
    from pydantic import TypeAdapter

    from reliability.errors import UsageError
    from reliability.model.article import Article
    from reliability.model.base import Record
    from reliability.model.rating import Rating
    from reliability.model.report import Report
    from reliability.rules.policy import near
    from reliability.rules.schema import RULE_KINDS, SourceEntry

    if name is Name.rule:
        kinds = {one.folder: one for one in RULE_KINDS}
        if kind is not None and kind not in kinds:
            raise UsageError("--kind", problem=f"no kind of rule {kind!r}", remedy=near(kind, kinds))
        chosen = {folder: one.model_json_schema() for folder, one in kinds.items() if kind in (None, folder)}
        return chosen[kind] if kind is not None else {"description": "A schema for each folder of rules.", **chosen}
    if name is Name.sources:
        return TypeAdapter(dict[str, list[SourceEntry]]).json_schema()
    records: dict[Name, type[Record]] = {Name.report: Report, Name.article: Article, Name.rating: Rating}
    return records[name].model_json_schema()
