"""W3C PROV along the chains: who is quoted from whom, on what first source, and what a rating was derived from.

A statement is what one source of a chain says, given what came before it: ten outlets that quote one spokesman are
ten statements quoted from one. There are no times of our own making. Ids are UUIDs of the content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from reliability.errors import MissingExtra
from reliability.exchange.dossier import Dossier, Source, claim_text
from reliability.exchange.ids import id_of
from reliability.io.visible import escaped
from reliability.model.rating import Rating
from reliability.model.report import Report

if TYPE_CHECKING:
    from prov.model import ProvDocument

OURS = "https://example.org/source-reliability/ns#"
"""Our names for what PROV has none for (it need not resolve)."""

QUOTED = ("direct-quote", "translation", "document")
"""Ways of passing on that repeat words; others are derivations."""


def prov_document(dossier: Dossier, notation: Literal["json", "provn"]) -> str:
    """The document as PROV-JSON or PROV-N; the same ratings give the same bytes. Raises MissingExtra without prov."""
    try:
        from prov.model import ProvDocument
    except ImportError:
        raise MissingExtra("export", "the PROV export", "prov") from None
    document = ProvDocument()
    _Provenance(document, dossier).fill()
    if notation == "provn":
        return escaped(document.get_provn()) + "\n"
    return str(document.serialize(format="json", indent=2)) + "\n"


class _Provenance:
    """The document in the making."""

    def __init__(self, document: ProvDocument, dossier: Dossier) -> None:
        self.document, self.dossier = document, dossier
        self.ids = document.add_namespace("id", "urn:uuid:")
        self.ours = document.add_namespace("sr", OURS)
        self.seen: set[str] = set()

    def fill(self) -> None:
        """Sources, statements, and a rating a claim."""
        for report in self.dossier.evidence:
            self._statements(report)
        if self.dossier.ratings:
            self._ratings()

    def _name(self, kind: str, *content: Any) -> Any:
        return self.ids[str(id_of(f"prov-{kind}", *content))]

    def _new(self, name: Any) -> bool:
        """Whether something is named for the first time."""
        key = str(name)
        known = key in self.seen
        self.seen.add(key)
        return not known

    def _agent(self, source: Source) -> Any:
        name = self._name("source", source.key)
        if self._new(name):
            self.document.agent(name, {"prov:label": source.name, self.ours["sourceType"]: source.type})
        return name

    def _statements(self, report: Report) -> list[Any]:
        """The statements of a report's chain, the origin's first."""
        about = [report.claim, report.question, report.alternative, report.text, report.stance]
        chain = [self.dossier.source(link) for link in report.provenance]
        names = [self._name("statement", about, [source.key for source in chain[: at + 1]]) for at in range(len(chain))]
        for at, (name, source) in enumerate(zip(names, chain, strict=True)):
            if not self._new(name):
                continue
            said = report.text or report.alternative or report.claim
            self.document.entity(name, {"prov:label": f"{source.name}: {said}", "prov:value": said,
                                        self.ours["stance"]: report.stance})  # fmt: skip
            self.document.wasAttributedTo(name, self._agent(source))
            if at == 0:
                continue
            if report.provenance[at - 1].via in QUOTED:
                self.document.wasQuotedFrom(name, names[at - 1])
            else:
                self.document.wasDerivedFrom(name, names[at - 1])
            self.document.hadPrimarySource(name, names[0])
        return names

    def _ratings(self) -> None:
        engine, rules = self.dossier.engine, self.dossier.ratings[0].digest.rules
        agent, plan = self._name("engine", engine), self._name("rules", rules)
        self.document.agent(agent, {"prov:type": self.document.valid_qualified_name("prov:SoftwareAgent"),
                                    "prov:label": engine})  # fmt: skip
        self.document.entity(plan, {"prov:type": self.document.valid_qualified_name("prov:Plan"),
                                    "prov:label": f"rules {rules}"})  # fmt: skip
        for rating in self.dossier.ratings:
            self._rating(rating, agent, plan)

    def _rating(self, rating: Rating, agent: Any, plan: Any) -> None:
        content = [rating.claim.id, rating.claim.text, rating.p, rating.digest.rules, rating.digest.inputs]
        name, activity = self._name("rating", *content), self._name("activity", *content)
        verdict = rating.rating
        told: dict[str, str | float] = {
            "claim": rating.claim.id, "p": rating.p, "icd203": verdict.icd203 or "not assessed",
                "analyticConfidence": verdict.analytic_confidence.level, "inputs": rating.digest.inputs,
        }  # fmt: skip
        attributes: dict[Any, Any] = {self.ours[key]: value for key, value in told.items()}
        text = claim_text(rating)
        self.document.entity(name, {"prov:label": f"rating of: {text}", "prov:value": text, **attributes})
        self.document.activity(activity, other_attributes={"prov:label": "rating"})
        self.document.wasGeneratedBy(name, activity)
        self.document.wasAssociatedWith(activity, agent, plan)
        for report in self.dossier.behind(rating):
            last = self._statements(report)[-1]
            if self._new((name, last)):
                self.document.used(activity, last)
                self.document.wasDerivedFrom(name, last, activity)
