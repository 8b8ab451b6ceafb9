"""STIX 2.1: a report object a claim, a note a report of it, an identity a source, an opinion a rating.

`confidence` of a claim is its p in percent, absent where it is not assessed; of a note the Admiralty digit on STIX's
scale (1 is 90, …, 5 is 10, 6 absent). Ids are UUIDv5 of an object's own content, so that another rating is another
object. Validated by stix2 as it is made.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from reliability.errors import MissingExtra
from reliability.exchange.dossier import ENGINE, Dossier, Source, claim_text, percent_of
from reliability.exchange.ids import id_of
from reliability.exchange.moments import ALWAYS
from reliability.exchange.stix_extension import NAME, TITLE, VERSION, schema_text
from reliability.exchange.tags import admiralty_tags
from reliability.io.reports_out import report_record
from reliability.io.stix import EXTENSION
from reliability.io.visible import json_text
from reliability.model.base import canonical_json
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.sentences import firmness, likelihood, paragraph

Object = dict[str, Any]

CREDIBILITY = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
"""STIX 2.1, appendix A: the Admiralty digit as confidence; 6 has none."""

OPINIONS = ((0.2, "strongly-disagree"), (0.45, "disagree"), (0.55, "neutral"), (0.8, "agree"), (2.0, "strongly-agree"))
"""Below which p an opinion is which: ICD 203's edges, the outer words of each side taken together."""

CLASSES = {
    "individual": ("defector-testimony", "elected-official", "eyewitness", "expert", "private-person"),
    "organization": ("advocacy", "armed-group", "company", "court-record", "fact-checker", "government",
                     "intelligence-agency", "international-organisation", "law-enforcement", "media", "military",
                     "official-document", "political-campaign", "state-media", "survey", "wire-agency"),
    "class": ("anonymous", "anonymous-official", "social-media", "unattributed"),
}  # fmt: skip
"""STIX's identity classes by source type; others are unknown."""

PASSED_ON = {"direct-quote": "quotes", "translation": "translates", "document": "publishes-document-of"}
"""Relationships from who passed on to who was passed on, by `via`; else `paraphrases`."""


def stix_bundle(dossier: Dossier) -> str:
    """The bundle as text; the same ratings give the same bytes. Raises MissingExtra without stix2."""
    found = _Bundle(dossier).objects()
    return json_text({"type": "bundle", "id": f"bundle--{id_of('bundle', found)}", "objects": found}, indent=2) + "\n"


class _Bundle:
    """The objects in the making; each is checked by stix2 once."""

    def __init__(self, dossier: Dossier) -> None:
        try:
            import stix2
        except ImportError:
            raise MissingExtra("export", "the STIX export", "stix2") from None
        self._parse = stix2.parse
        self.dossier = dossier
        self._made: dict[str, Object] = {}
        self.creator = self._add("identity", ALWAYS, name=ENGINE, identity_class="system")

    def objects(self) -> list[Object]:
        """Every object, after those that it refers to."""
        self._keep(EXTENSION, ALWAYS, extension_types=["property-extension"], name=NAME, description=TITLE,
                   schema=schema_text(), version=VERSION, created_by_ref=self.creator)  # fmt: skip
        notes = {report.key: self._note(report) for report in self.dossier.evidence}
        ways = {report.key: self._ways(report) for report in self.dossier.evidence}
        for rating in self.dossier.ratings:
            self._claim(rating, notes, ways)
        return list(self._made.values())

    def _add(self, kind: str, at: str, **properties: Any) -> str:
        given = {name: value for name, value in properties.items() if value is not None and value != []}
        key = f"{kind}--{id_of(kind, given, at)}"
        if key not in self._made:
            self._keep(key, at, **given)
        return key

    def _keep(self, key: str, at: str, **properties: Any) -> None:
        kind = key.partition("--")[0]
        whole = {"type": kind, "spec_version": "2.1", "id": key, "created": at, "modified": at, **properties}
        self._parse(whole, version="2.1")
        self._made[key] = whole

    def _identity(self, source: Source) -> str:
        kind = next((name for name, types in CLASSES.items() if source.type in types), "unknown")
        return self._add("identity", ALWAYS, name=source.name, identity_class=kind, roles=[source.type],
                         created_by_ref=self.creator)  # fmt: skip

    def _note(self, report: Report) -> str:
        chain = [self.dossier.source(link) for link in report.provenance]
        code = self.dossier.admiralty.get(report.key)
        confidence = None if code is None else CREDIBILITY.get(code.information)
        extension = _present(
            extension_type="property-extension", record=canonical_json(report_record(report)),
            admiralty_source=code and code.source, admiralty_information=code and code.information,
            confidence_scale=confidence and "Admiralty credibility (STIX 2.1, appendix A)",
        )  # fmt: skip
        refs = dict.fromkeys(self._identity(source) for source in chain)
        standing = self.dossier.standing(report)
        return self._add(
            "note", self.dossier.moment_of(report), abstract=f"{report.stance} ({standing}): {chain[0].name}",
            content=report.text or report.alternative or report.claim, authors=[chain[0].name],
            object_refs=list(refs), created_by_ref=self.creator, confidence=confidence,
            labels=[] if code is None else admiralty_tags(code.source, code.information),
            external_references=_references(chain[-1].name, self.dossier.address(report)),
            extensions={EXTENSION: extension},
        )  # fmt: skip

    def _ways(self, report: Report) -> list[str]:
        """A relationship a step of the chain, from who passed on to whom they passed on."""
        found = []
        chain = [(link, self._identity(self.dossier.source(link))) for link in report.provenance]
        for (before, told), (_, teller) in pairwise(chain):
            if told != teller:
                kind = PASSED_ON.get(before.via or "", "paraphrases")
                found.append(self._add("relationship", ALWAYS, relationship_type=kind, source_ref=teller,
                                       target_ref=told, created_by_ref=self.creator))  # fmt: skip
        return found

    def _claim(self, rating: Rating, notes: dict[str, str], ways: dict[str, list[str]]) -> None:
        refs: dict[str, None] = {}
        for report in self.dossier.behind(rating):
            people = [self._identity(self.dossier.source(link)) for link in report.provenance]
            refs |= dict.fromkeys([notes[report.key], *people, *ways[report.key]])
        verdict = rating.rating
        claim = self._add(
            "report", self.dossier.moment, name=claim_text(rating), description=paragraph(rating),
            published=self.dossier.moment, object_refs=list(refs), created_by_ref=self.creator,
            confidence=percent_of(rating.p) if verdict.assessed else None, extensions={EXTENSION: _rating(rating)},
        )  # fmt: skip
        if verdict.assessed:
            opinion = next(word for below, word in OPINIONS if rating.p < below)
            self._add("opinion", self.dossier.moment, opinion=opinion, authors=[self.dossier.engine],
                      explanation=f"{likelihood(rating)} {firmness(rating)}", object_refs=[claim],
                      created_by_ref=self.creator)  # fmt: skip


def _references(outlet: str, url: str | None) -> list[Object]:
    return [] if url is None else [{"source_name": outlet, "url": url}]


def _rating(rating: Rating) -> Object:
    verdict, digest = rating.rating, rating.digest
    return _present(
        extension_type="property-extension", claim=rating.claim.id, question=rating.claim.question, p=rating.p,
        low=rating.low, high=rating.high, assessed=verdict.assessed, icd203=verdict.icd203, phia=verdict.phia,
        analytic_confidence=verdict.analytic_confidence.level, weight_db=verdict.weight_db,
        independent=rating.counts.independent, outlets=rating.counts.outlets, flags=list(rating.flags),
        rules=digest.rules, inputs=digest.inputs, engine=digest.engine,
        confidence_scale="p in percent" if verdict.assessed else None,
    )  # fmt: skip


def _present(**properties: Any) -> Object:
    """STIX knows no null and no empty list: what is not there is left out."""
    return {name: value for name, value in properties.items() if value is not None and value != []}
