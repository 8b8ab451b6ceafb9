"""STIX 2.x bundles as reports: notes and reports are what their authors say, opinions what others say of it.

A note of our own export has its report record in our extension and is read back as it was; ratings are no evidence.
Else: text from `content` or `name`; the origin is `authors`, the outlet the identity of `created_by_ref`; Admiralty
codes (tags among the labels, markings, OpenCTI's reliability) become facts of the origin; dates from `published`,
else `created`. Objects of other types, revoked ones and neutral opinions say nothing that can be rated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from reliability.io.rows import RawRow, cut
from reliability.io.strict_json import BadJson, parse_json
from reliability.io.tagged import admiralty_facts, chain_of, objects, row_of, text_of, texts

EXTENSION = "extension-definition--828d30ee-613e-5a52-be34-5f2a892d5351"
"""The id of our extension-definition, version 1.0.0."""

STANCES = {"strongly-agree": "asserts", "agree": "asserts", "disagree": "denies", "strongly-disagree": "denies"}

_Object = dict[str, Any]
_Facts = dict[str, str]


def is_stix(value: Any) -> bool:
    """Whether a JSON value is a bundle."""
    return isinstance(value, dict) and value.get("type") == "bundle" and isinstance(value.get("objects"), list)


def stix_rows(bundle: _Object, line: int | None, passed_over: Counter[str]) -> Iterator[RawRow]:
    """The reports in a bundle, in its order; `passed_over` counts other objects by what they are."""
    by_id = {one["id"]: one for one in objects(bundle["objects"]) if isinstance(one.get("id"), str)}
    markings = {key: _marked(one) for key, one in by_id.items() if one.get("type") == "marking-definition"}
    for one in bundle["objects"]:
        if not isinstance(one, dict) or not isinstance(one.get("type"), str):
            yield RawRow(line, cut(repr(one)[:2_000]), problem="an object of the bundle is no STIX object")
            continue
        kind = one["type"]
        if kind not in ("note", "report", "opinion"):
            passed_over[f"STIX {kind[:40]}"] += 1
        elif one.get("revoked") is True:
            passed_over[f"revoked STIX {kind}"] += 1
        elif kind == "opinion":
            yield from _opinion(one, by_id, markings, line, passed_over)
        elif "record" in _ours(one):
            yield _read_back(one, line)
        elif _ours(one):
            passed_over["rating"] += 1
        else:
            yield row_of(_statement(one, by_id, markings), line, one)


def _statement(one: _Object, by_id: dict[str, _Object], markings: dict[str, _Facts]) -> _Object:
    facts = _admiralty(one, by_id, markings)
    cited = next((text_of(ref.get("source_name")) for ref in objects(one.get("external_references"))), None)
    chain = chain_of([_authors(one), _creator(one, by_id)], facts) or chain_of([cited], facts)
    return {"id": one.get("id"), "text": _text(one), "provenance": chain,
            "published": one.get("published") or one.get("created")}  # fmt: skip


def _opinion(
    one: _Object, by_id: dict[str, _Object], markings: dict[str, _Facts], line: int | None, passed_over: Counter[str]
) -> Iterator[RawRow]:  # fmt: skip
    """What somebody says of others' objects: agreement asserts what they say, disagreement denies it."""
    stance = STANCES.get(str(one.get("opinion")))
    chain = chain_of([_authors(one), _creator(one, by_id)], _admiralty(one, by_id, markings))
    refs = texts(one.get("object_refs"))
    brief = {key: one[key] for key in ("type", "id", "opinion", "authors") if key in one}
    for ref in refs:
        target = by_id.get(ref, {})
        own = _ours(target) and target.get("created_by_ref") == one.get("created_by_ref")
        if stance is None or own or target.get("type") not in ("note", "report"):
            passed_over["rating" if own else "STIX opinion that takes no side on a text"] += 1
            continue
        key = one.get("id") if len(refs) == 1 else f"{one.get('id')} on {ref}"
        about = {"claim": _ours(target).get("claim"), "text": _text(target)}
        yield row_of({"id": key, **about, "stance": stance, "provenance": chain, "published": one.get("created")},
                     line, brief)  # fmt: skip


def _read_back(one: _Object, line: int | None) -> RawRow:
    """The report record of a note that we exported."""
    raw = cut(str(_ours(one)["record"]))
    try:
        record = parse_json(str(_ours(one)["record"]))
    except BadJson as error:
        return RawRow(line, raw, problem=f"{one.get('id')}: the extension's record: {error}")
    if not isinstance(record, dict):
        return RawRow(line, raw, problem=f"{one.get('id')}: the extension's record is no JSON object")
    return RawRow(line, raw, fields=record)


def _ours(one: _Object) -> _Object:
    extensions = one.get("extensions")
    found = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return found if isinstance(found, dict) else {}


def _text(one: _Object) -> str | None:
    return text_of(one.get("content")) or text_of(one.get("name")) or text_of(one.get("abstract"))


def _authors(one: _Object) -> str | None:
    return ", ".join(texts(one.get("authors"))) or None


def _identity(one: _Object, by_id: dict[str, _Object]) -> _Object:
    ref = one.get("created_by_ref")
    return by_id.get(ref, {}) if isinstance(ref, str) else {}


def _creator(one: _Object, by_id: dict[str, _Object]) -> str | None:
    return text_of(_identity(one, by_id).get("name"))


def _admiralty(one: _Object, by_id: dict[str, _Object], markings: dict[str, _Facts]) -> _Facts:
    """The Admiralty code of an object: from its own tags, its markings, or its creator's reliability in OpenCTI."""
    facts = admiralty_facts(texts(one.get("labels")))
    for ref in texts(one.get("object_marking_refs")):
        facts = {**markings.get(ref, {}), **facts}
    known = one.get("x_opencti_reliability") or _identity(one, by_id).get("x_opencti_reliability")
    return {**_graded("reliability", known), **facts}


def _marked(marking: _Object) -> _Facts:
    """The Admiralty code that a marking tells, in properties of its own or of its extensions."""
    facts: _Facts = {}
    extensions = marking.get("extensions")
    for part in [marking, *(extensions.values() if isinstance(extensions, dict) else ())]:
        for key, value in part.items() if isinstance(part, dict) else ():
            if key.startswith("admiralty_") and not key.endswith("_description"):
                facts = {**_graded(key, value), **facts}
    return facts


def _graded(key: str, value: Any) -> _Facts:
    """A grade such as "B" or "B - Usually reliable", by what its property is called."""
    grade = value.strip()[:1].upper() if isinstance(value, str) else ""
    if "reliability" in key and grade in set("ABCDEF"):
        return {"admiralty_source": grade}
    return {"admiralty_information": grade} if "credibility" in key and grade in set("123456") else {}
