"""Findings on rules as other programs read them: SARIF 2.1.0 and GitHub's annotations."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reliability.io.visible import visible
from reliability.rules.findings import CHECKS, Finding

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(found: Sequence[Finding], beside: Path) -> dict[str, Any]:
    """Findings as a SARIF log: a result each. Files below the folder `beside` are named from there, with slashes."""
    names = list(CHECKS)
    driver = {
        "name": "reliability", "version": version("source-reliability"),
        "rules": [{"id": name, "shortDescription": {"text": CHECKS[name]}} for name in names],
    }  # fmt: skip
    results = [_result(one, names.index(one.check), beside) for one in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(one: Finding, index: int, beside: Path) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(one.file, beside)}}
    if one.line is not None:
        place["region"] = {"startLine": one.line, "startColumn": one.column or 1}
    location: dict[str, Any] = {"physicalLocation": place}
    if one.rule:
        location["logicalLocations"] = [{"name": one.rule}]
    return {"ruleId": one.check, "ruleIndex": index, "level": _level(one), "message": {"text": message(one)},
            "locations": [location]}  # fmt: skip


def _level(one: Finding) -> str:
    return "error" if one.check == "load" else "warning"


def _uri(file: str, beside: Path) -> str:
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(beside):
        path = path.relative_to(beside)
    name = quote(path.as_posix().encode("utf-8", "surrogateescape"))
    return f"file://{name}" if path.is_absolute() else name


def as_github(found: Sequence[Finding], beside: Path) -> str:
    """Findings as workflow commands, a line each, which GitHub shows at the lines of the files that they are about."""
    return "".join(_command(one, beside) for one in found)


def _command(one: Finding, beside: Path) -> str:
    path = Path(one.file)
    file = path.relative_to(beside).as_posix() if path.is_absolute() and path.is_relative_to(beside) else one.file
    said = {"file": file, "line": one.line, "col": one.column, "title": one.rule or one.check}
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in said.items() if value is not None)
    return f"::{_level(one)} {properties}::{_data(message(one))}\n"


def _data(text: str) -> str:
    """Text as GitHub wants it: visible, so without line breaks, and with its percent signs escaped."""
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def message(one: Finding) -> str:
    """What is wrong with which key, and what to do."""
    return f"{one.key}: {one.problem}; {one.remedy}" if one.key else f"{one.problem}; {one.remedy}"
