"""What STIX and MISP readers share: Admiralty codes in tags, JSON as it comes, and rows made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from reliability.io.rows import RawRow, cut
from reliability.model.report import MAX_NAME

_TAG = re.compile(r'admiralty-scale:(source-reliability|information-credibility)="([A-Ga-g1-6])"')
_FACTS = {"source-reliability": "admiralty_source", "information-credibility": "admiralty_information"}


def admiralty_facts(tags: Iterable[Any]) -> dict[str, str]:
    """The facts that admiralty-scale tags say: a letter for the source, a digit for the information.

    F and 6 are kept as they are: they are abstentions, and no number is made of any of them. MISP's own g
    (deliberately deceptive) is G.
    """
    found: dict[str, str] = {}
    for tag in tags:
        match = _TAG.fullmatch(tag) if isinstance(tag, str) else None
        if match is not None:
            found.setdefault(_FACTS[match[1]], match[2].upper())
    return found


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing of what is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list that are not blank; nothing of what is no list."""
    return [one for one in value if isinstance(one, str) and one.strip()] if isinstance(value, list) else []


def text_of(value: Any) -> str | None:
    """A text that is not blank."""
    return value if isinstance(value, str) and value.strip() else None


def chain_of(names: Iterable[str | None], facts: dict[str, str]) -> list[dict[str, Any]]:
    """A chain of the names that are there, each once; the facts are the first one's."""
    links: list[dict[str, Any]] = []
    for name in names:
        told = "" if name is None else " ".join(name.split())[:MAX_NAME]
        if told and all(told.casefold() != link["source"].casefold() for link in links):
            links.append({"source": told, **({"facts": facts} if facts and not links else {})})
    return links


def row_of(record: dict[str, Any], line: int | None, made_of: Any) -> RawRow:
    """A report record as a row, without what is not there; one that nobody stands behind is a bad row."""
    raw = cut(json.dumps(made_of, ensure_ascii=False))
    if not record.get("provenance"):
        return RawRow(line, raw, problem=f"{record.get('id', 'an object')}: names nobody who says it")
    return RawRow(line, raw, fields={key: value for key, value in record.items() if value is not None})
