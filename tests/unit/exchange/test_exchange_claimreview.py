"""ClaimReview: schema.org's types and properties, read by a JSON-LD processor, and only over somebody's name."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from exchange_dossier import HOSTILE, Dossier, every, fixture, hostile, seed
from jsonschema import Draft202012Validator
from pyld import jsonld

from reliability.errors import UsageError
from reliability.exchange.claimreview import claim_reviews

TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": r"^\d{4}"}
WHO = {
    "type": "object", "required": ["@type", "name"], "additionalProperties": False,
    "properties": {"@type": {"enum": ["Person", "Organization"]}, "name": TEXT},
}  # fmt: skip
WORK = {
    "type": "object", "required": ["@type", "publisher"], "additionalProperties": False,
    "properties": {"@type": {"const": "CreativeWork"}, "publisher": WHO, "datePublished": DATE, "identifier": TEXT,
                   "url": {"type": "string", "pattern": "^https?://[^ <>]+$"}},
}  # fmt: skip
CLAIM = {
    "type": "object", "required": ["@type", "text", "identifier"], "additionalProperties": False,
    "properties": {"@type": {"const": "Claim"}, "text": TEXT, "identifier": TEXT, "datePublished": DATE,
                   "author": {"oneOf": [WHO, {"type": "array", "items": WHO, "minItems": 2}]},
                   "appearance": {"type": "array", "items": WORK, "minItems": 1}},
}  # fmt: skip
RATING = {
    "type": "object", "additionalProperties": False,
    "required": ["@type", "ratingValue", "bestRating", "worstRating", "alternateName", "ratingExplanation"],
    "properties": {"@type": {"const": "Rating"}, "ratingValue": {"type": "integer", "minimum": 0, "maximum": 100},
                   "bestRating": {"const": 100}, "worstRating": {"const": 0}, "alternateName": TEXT,
                   "reviewAspect": TEXT, "ratingExplanation": TEXT},
}  # fmt: skip
REVIEW = {
    "type": "object", "required": ["@type", "claimReviewed", "itemReviewed", "reviewRating", "author"],
    "additionalProperties": False,
    "properties": {"@type": {"const": "ClaimReview"}, "claimReviewed": TEXT, "itemReviewed": CLAIM,
                   "reviewRating": RATING, "author": WHO, "datePublished": DATE},
}  # fmt: skip
SCHEMA = {
    "type": "object", "required": ["@context", "@graph"], "additionalProperties": False,
    "properties": {"@context": {"const": "https://schema.org"}, "@graph": {"type": "array", "items": REVIEW}},
}  # fmt: skip
"""From schema.org's definitions of ClaimReview, Claim, Rating and CreativeWork: their properties, none of ours."""


def reviews(dossier: Dossier) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(claim_reviews(replace(dossier, reviewer=dossier.reviewer or "A. Editor")))
    return found


@pytest.mark.parametrize("reviewer", [None, "", "  "])
def test_nobodys_review_is_refused(reviewer: str | None) -> None:
    with pytest.raises(UsageError, match="--reviewed-by"):
        claim_reviews(replace(fixture("seed-figures"), reviewer=reviewer))


@pytest.mark.parametrize("dossier", every())
def test_every_review_has_schema_orgs_shape(dossier: Dossier) -> None:
    found = reviews(dossier)
    Draft202012Validator(SCHEMA).validate(found)
    assessed = [one for one in dossier.ratings if one.rating.assessed and one.claim.text != "none of these"]
    told = {one["itemReviewed"]["identifier"]: one["reviewRating"]["ratingValue"] for one in found["@graph"]}
    assert told == {one.claim.id: round(one.p * 100) for one in assessed}


@pytest.mark.parametrize("dossier", [seed(), hostile()])
def test_a_json_ld_processor_finds_schema_orgs_terms_and_drops_none(dossier: Dossier) -> None:
    def offline(url: str, _: Any) -> dict[str, Any]:
        assert url.rstrip("/") == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": "http://schema.org/"}}}

    (first, *_) = expanded = jsonld.expand(reviews(dossier), {"documentLoader": offline})
    assert len(expanded) == len(reviews(dossier)["@graph"])
    assert first["@type"] == ["http://schema.org/ClaimReview"]
    assert {name.rpartition("/")[2] for name in first} == set(reviews(dossier)["@graph"][0])


class Tags(HTMLParser):
    """What a browser would take for markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_hostile_texts_cannot_leave_the_script_that_holds_them() -> None:
    text = claim_reviews(hostile())
    parser = Tags()
    parser.feed(f'<script type="application/ld+json">{text}</script>')
    assert parser.tags == ["script"]
    assert set("<>&") & set(text) == set()
    assert {one["claimReviewed"] for one in reviews(hostile())["@graph"]} == {
        one.claim.text for one in hostile().ratings if one.rating.assessed
    }
    assert {one.claim.text for one in hostile().ratings} >= set(HOSTILE)


def test_the_reviews_author_is_the_person_and_the_claims_author_who_said_it() -> None:
    told = {one["itemReviewed"]["identifier"]: one for one in reviews(fixture("seed-figures"))["@graph"]}
    one = told["nis-alone"]
    assert one["author"] == {"@type": "Person", "name": "A. Editor"}
    assert one["itemReviewed"]["author"] == {"@type": "Organization", "name": "National Intelligence Service"}
