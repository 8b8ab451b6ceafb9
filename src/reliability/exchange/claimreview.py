"""ClaimReview as schema.org has it, JSON-LD: only over the name of a person who reviewed it.

Publishing one asserts that somebody checked the fact, which an engine has not. Claims that are not assessed, and
answers that nobody gave ("none of these"), are left out: there is no verdict, or no claim, to publish. `<`, `>` and `&`
are JSON escapes, so that the text can stand in a page's script.
"""

from __future__ import annotations

from typing import Any

from reliability.errors import UsageError
from reliability.exchange.dossier import Dossier, claim_text, percent_of
from reliability.io.visible import json_text
from reliability.model.dates import date_span
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.sentences import paragraph

_IN_A_PAGE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}

PEOPLE = ("defector-testimony", "elected-official", "eyewitness", "expert", "private-person")
"""Source types whose sources are persons."""


def claim_reviews(dossier: Dossier) -> str:
    """The reviews as one JSON-LD document. Raises UsageError where nobody has reviewed them."""
    reviewer = reviewer_named(dossier.reviewer)
    claimed = [
        rating for rating in dossier.ratings if rating.rating.assessed and claim_text(rating) == rating.claim.text
    ]
    reviews = [_review(dossier, rating, reviewer) for rating in claimed]
    text = json_text({"@context": "https://schema.org", "@graph": reviews}, indent=2)
    return "".join(_IN_A_PAGE.get(char, char) for char in text) + "\n"


def reviewer_named(given: str | None) -> str:
    """Who vouches for the reviews. Raises UsageError where nobody does."""
    name = (given or "").strip()
    if not name:
        raise UsageError("export claimreview", problem="publishing a ClaimReview says that somebody checked the claim",
                         remedy="say who did: --reviewed-by NAME")  # fmt: skip
    return name


def _review(dossier: Dossier, rating: Rating, reviewer: str) -> dict[str, Any]:
    return _present({
        "@type": "ClaimReview",
        "claimReviewed": rating.claim.text,
        "author": {"@type": "Person", "name": reviewer},
        "datePublished": dossier.at,
        "itemReviewed": _claim(dossier, rating),
        "reviewRating": {
            "@type": "Rating", "ratingValue": percent_of(rating.p), "worstRating": 0, "bestRating": 100,
            "alternateName": (rating.rating.icd203 or "").capitalize(),
            "reviewAspect": "likelihood in percent, in the words of ICD 203", "ratingExplanation": paragraph(rating),
        },
    })  # fmt: skip


def _claim(dossier: Dossier, rating: Rating) -> dict[str, Any]:
    """The claim: who makes it (each origin that asserts it), where it was read, and when first."""
    reports = [one for one in dossier.behind(rating) if one.stance == "asserts"]
    authors = {source.key: source for one in reports for source in [dossier.source(one.provenance[0])]}
    days = {one.published for one in reports if one.published}
    first = min(days, key=lambda day: (date_span(day)[0], day), default=None)
    made = [{"@type": "Person" if one.type in PEOPLE else "Organization", "name": one.name}
            for one in sorted(authors.values())]  # fmt: skip
    return _present({
        "@type": "Claim", "text": rating.claim.text, "identifier": rating.claim.id,
        "author": made[0] if len(made) == 1 else made, "datePublished": first,
        "appearance": [_appearance(dossier, one) for one in reports],
    })  # fmt: skip


def _appearance(dossier: Dossier, report: Report) -> dict[str, Any]:
    outlet = dossier.source(report.provenance[-1])
    return _present({
        "@type": "CreativeWork", "publisher": {"@type": "Organization", "name": outlet.name},
        "datePublished": report.published, "identifier": report.article, "url": dossier.address(report),
    })  # fmt: skip


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value != []}
