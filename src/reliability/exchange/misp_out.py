"""A MISP event: an annotation a claim, an intelligence-report a report of it, tags of two taxonomies, Opinions.

A report's object has its record attached, so that `rate` reads back what was exported. Nothing is marked for sharing
(distribution 0, your organisation only) or for detection. The templates are PyMISP's own, without a network.
"""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

from reliability.errors import MissingExtra
from reliability.exchange.dossier import Dossier, claim_text, percent_of
from reliability.exchange.ids import id_of
from reliability.exchange.tags import admiralty_tags, estimative_tags
from reliability.io.reports_out import report_record
from reliability.io.visible import json_text
from reliability.model.base import canonical_json
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.sentences import paragraph

STANCES = {"asserts": "supports", "denies": "contradicts", "retracts": "retracts", "silent": "is-silent-on"}
"""The relationship from a report to its claim."""

GONE = ("superseded", "retracted")
"""Reports that no longer speak for or against their claim: their origin said otherwise later."""

ANALYSIS_COMPLETE, THREAT_UNDEFINED, OWN_ORGANISATION = 2, 4, 0


def misp_event(dossier: Dossier) -> str:
    """The event as text; the same ratings give the same bytes. Raises MissingExtra without pymisp."""
    try:
        from pymisp import MISPEvent
    except ImportError:
        raise MissingExtra("export", "the MISP export", "pymisp") from None
    event = MISPEvent()
    event.info, event.date = dossier.title, date.fromisoformat(dossier.moment[:10])
    event.analysis, event.threat_level_id = ANALYSIS_COMPLETE, THREAT_UNDEFINED
    event.distribution, event.published = OWN_ORGANISATION, False
    claims = {rating.claim.id: _claim(dossier, rating) for rating in dossier.ratings}
    for report in dossier.evidence:
        told = _report(dossier, report)
        for rating in dossier.ratings_of(report):
            claim = claims[rating.claim.id]
            kind = STANCES[report.stance] if dossier.standing(report) not in GONE else f"{dossier.standing(report)}-on"
            told.add_reference(claim.uuid, kind, uuid=str(id_of("misp-reference", told.uuid, claim.uuid, kind)))
        event.add_object(told)
    for claim in claims.values():
        event.add_object(claim)
    found = json.loads(event.to_json(sort_keys=True))
    found["uuid"] = str(id_of("misp-event", {**found, "uuid": None}))
    return json_text({"Event": found}, indent=2) + "\n"


def _report(dossier: Dossier, report: Report) -> Any:
    """The object of a report: what was said, by whom, the chain, when, the Admiralty code, and the record itself."""
    record = canonical_json(report_record(report)).encode("utf-8")
    key = id_of("misp-report", report_record(report), report.key)
    made = _object("intelligence-report", str(key))
    code = dossier.admiralty.get(report.key)
    tags = [] if code is None else admiralty_tags(code.source, code.information)
    _attribute(made, "report-id", report.key)
    _attribute(made, "narrative", report.text or report.alternative or report.claim, tags)
    for at, link in enumerate(report.provenance):
        source = dossier.source(link)
        _attribute(made, "sources", f"{at + 1}. {source.name} [{source.type}]")
    if code is not None:
        _attribute(made, "evaluation", f"{code.source}{code.information}")
    if report.published:
        _attribute(made, "date-time", dossier.moment_of(report))
    _attribute(made, "raw-report", f"{key}.json", data=BytesIO(record))
    return made


def _claim(dossier: Dossier, rating: Rating) -> Any:
    key = id_of("misp-claim", rating.claim.id, rating.claim.text, rating.p, rating.digest.rules, rating.digest.inputs)
    made = _object("annotation", str(key))
    _attribute(made, "type", "Conclusion")
    _attribute(made, "text", claim_text(rating), estimative_tags(rating.rating))
    if rating.rating.assessed:
        opinion = made.add_opinion(percent_of(rating.p), paragraph(rating), uuid=str(id_of("misp-opinion", str(key))))
        opinion.authors = dossier.engine
    return made


def _object(template: str, key: str) -> Any:
    from pymisp import MISPObject

    made = MISPObject(template, strict=True)
    made.uuid = key
    return made


def _attribute(made: Any, relation: str, value: Any, tags: list[str] | None = None, **more: Any) -> None:
    """An attribute whose id depends on its object, its place in it and its value."""
    key = id_of("misp-attribute", made.uuid, relation, len(made.attributes), value)
    attribute = made.add_attribute(relation, value=value, uuid=str(key), **more)
    for tag in tags or ():
        attribute.add_tag({"name": tag})
