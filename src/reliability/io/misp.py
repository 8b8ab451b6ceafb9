"""MISP events with Admiralty tags as reports, and analysts' Opinions as what they say of them.

A report object of our own export has its record attached and is read back as it was; ratings are no evidence. Else:
an object or attribute that bears an admiralty-scale tag is a report, and so is the event itself (its `info`); the
origin is the object's own source or author, the outlet the organisation that made the event (`Orgc`). An Opinion
above 50 asserts what it is about, one below denies it. What bears no such tag is passed over.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator
from typing import Any

from reliability.io.rows import RawRow
from reliability.io.strict_json import BadJson, parse_json
from reliability.io.tagged import admiralty_facts, chain_of, objects, row_of, text_of

TEXTS = ("narrative", "text", "narrative-summary", "content", "post", "title", "summary", "conclusion")
"""Where an object's text is looked for, in this order."""

SOURCES = ("sources", "source", "author", "username", "reporting-unit", "publisher", "name")
"""Where an object's origin is looked for, in this order."""

DATES = ("date-time", "creation-date", "datetime", "publication-date")
WORDED = ("text", "comment", "other")
"""Types of attributes whose value is a text; of others the type is told with the value."""

ENGINE = "source-reliability "
_Object = dict[str, Any]


def is_misp(value: Any) -> bool:
    """Whether a JSON value is an event, or what a MISP server answers with events."""
    return isinstance(value, dict) and (isinstance(value.get("Event"), dict) or bool(_answered(value)))


def misp_rows(document: _Object, line: int | None, passed_over: Counter[str]) -> Iterator[RawRow]:
    """The reports in a document, in its order; `passed_over` counts what says nothing that can be rated."""
    for event in [document["Event"]] if isinstance(document.get("Event"), dict) else _answered(document):
        yield from _event(event, line, passed_over)


def _answered(value: _Object) -> list[_Object]:
    response = value.get("response")
    found = response if isinstance(response, list) else [response]
    return [one["Event"] for one in found if isinstance(one, dict) and isinstance(one.get("Event"), dict)]


def _event(event: _Object, line: int | None, passed_over: Counter[str]) -> Iterator[RawRow]:
    maker = event.get("Orgc") if isinstance(event.get("Orgc"), dict) else event.get("Org")
    outlet = text_of(maker.get("name")) if isinstance(maker, dict) else None
    base: _Object = {"published": text_of(event.get("date"))}
    if facts := _codes(event):
        record = {**base, "id": event.get("uuid"), "text": event.get("info"), "provenance": chain_of([outlet], facts)}
        yield row_of(record, line, {key: event[key] for key in ("uuid", "info", "Tag") if key in event})
    yield from _opinions(event, {**base, "text": event.get("info")}, line, passed_over)
    for attribute in objects(event.get("Attribute")):
        yield from _told(attribute, [attribute], _worded(attribute), outlet, base, line, passed_over)
    for one in objects(event.get("Object")):
        attributes = objects(one.get("Attribute"))
        attached = next((row for a in attributes if (row := _attached(a, line)) is not None), None)
        if attached is not None:
            yield attached
            yield from _opinions(one, attached.fields or {}, line, passed_over)
        else:
            text = _value(attributes, TEXTS) or next((_worded(a) for a in attributes if _codes(a)), None)
            yield from _told(one, attributes, text, outlet, base, line, passed_over)


def _told(
    one: _Object, attributes: list[_Object], text: str | None, outlet: str | None, base: _Object, line: int | None,
    passed_over: Counter[str],
) -> Iterator[RawRow]:  # fmt: skip
    """The report that an attribute or object is, where it bears a code, and the Opinions on it."""
    facts = {key: value for a in reversed(attributes) for key, value in _codes(a).items()}
    published = _value(attributes, DATES) or base["published"]
    about = {"published": published, "text": text}
    if facts:
        chain = chain_of([_value(attributes, SOURCES), outlet], facts)
        yield row_of({**about, "id": one.get("uuid"), "provenance": chain}, line, one)
    else:
        passed_over[f"MISP {str(one.get('name') or one.get('type') or 'object')[:40]} without an Admiralty tag"] += 1
    opined = [one] if one in attributes else [one, *attributes]
    for part in opined:
        yield from _opinions(part, about, line, passed_over)


def _opinions(one: _Object, about: _Object, line: int | None, passed_over: Counter[str]) -> Iterator[RawRow]:
    """What analysts say of a text: above 50 asserts, below denies; the engine's own are ratings."""
    for opinion in objects(one.get("Opinion")):
        authors = text_of(opinion.get("authors"))
        try:
            value = float(str(opinion.get("opinion")))
        except ValueError:
            value = 50.0
        if (authors or "").startswith(ENGINE):
            passed_over["rating"] += 1
        elif value == 50.0 or not about.get("text"):
            passed_over["MISP Opinion that takes no side on a text"] += 1
        else:
            kept = {key: about.get(key) for key in ("claim", "text")}
            yield row_of({**kept, "id": opinion.get("uuid"), "stance": "asserts" if value > 50.0 else "denies",
                          "provenance": chain_of([authors], {}), "published": text_of(opinion.get("created"))},
                         line, opinion)  # fmt: skip


def _attached(attribute: _Object, line: int | None) -> RawRow | None:
    """The report record that our export attached; None for what is none."""
    if attribute.get("object_relation") != "raw-report" or not isinstance(attribute.get("data"), str):
        return None
    try:
        record = parse_json(base64.b64decode(attribute["data"], validate=True).decode("utf-8"))
    except (binascii.Error, UnicodeDecodeError, BadJson):
        return None
    if not isinstance(record, dict) or "provenance" not in record:
        return None
    return row_of(record, line, record)


def _codes(one: _Object) -> dict[str, str]:
    return admiralty_facts(tag.get("name") for tag in objects(one.get("Tag")))


def _worded(attribute: _Object) -> str | None:
    value = text_of(attribute.get("value"))
    return value if value is None or attribute.get("type") in WORDED else f"{attribute.get('type')} {value}"


def _value(attributes: list[_Object], relations: tuple[str, ...]) -> str | None:
    """The first value among an object's attributes of the first relation that has one."""
    for relation in relations:
        for attribute in attributes:
            if attribute.get("object_relation") == relation and (value := text_of(attribute.get("value"))):
                return value
    return None
