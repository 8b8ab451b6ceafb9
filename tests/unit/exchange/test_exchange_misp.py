"""MISP: PyMISP reads the event, tags are those of the taxonomies, what went in comes back."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from exchange_dossier import HOSTILE, Dossier, every, fixture, hostile, seed
from hypothesis import given
from hypothesis import strategies as st
from pymisp import MISPEvent, MISPObject

from reliability.exchange.misp_out import misp_event
from reliability.exchange.tags import LIKELIHOODS
from reliability.io.reports import ReportReader
from reliability.io.rows import Located
from reliability.model.report import Report

TAXONOMIES = {
    "admiralty-scale:source-reliability": set("abcdefg"),
    "admiralty-scale:information-credibility": set("123456"),
    "estimative-language:likelihood-probability": {
        "almost-no-chance", "very-unlikely", "unlikely", "roughly-even-chance", "likely", "very-likely",
        "almost-certain",
    },
    "estimative-language:confidence-in-analytic-judgment": {"low", "moderate", "high"},
}  # fmt: skip
"""MISP taxonomies admiralty-scale and estimative-language version 5, as misp-taxonomies 7591c551 has them."""


def event(dossier: Dossier) -> MISPEvent:
    found = MISPEvent(strict_validation=True)
    found.load(misp_event(dossier))
    return found


def read_back(document: Any) -> list[Report]:
    text = document if isinstance(document, str) else json.dumps(document)
    found = list(ReportReader().read_json_text(text, name="event.json"))
    assert all(isinstance(one, Located) for one in found), found
    return [one.report for one in found if isinstance(one, Located)]


@pytest.mark.parametrize("dossier", every())
def test_pymisp_reads_the_event_and_its_templates_know_every_attribute(dossier: Dossier) -> None:
    found = event(dossier)
    assert len(found.objects) == len(dossier.ratings) + len(dossier.evidence)
    uuids = [one.uuid for one in found.objects] + [a.uuid for one in found.objects for a in one.attributes]
    assert len(set(uuids)) == len(uuids)
    for one in found.objects:
        known = MISPObject(one.name, strict=True)
        assert one.template_uuid == known.template_uuid
        for attribute in one.attributes:
            known.add_attribute(attribute.object_relation, value=attribute.value, data=attribute.data)
        for reference in one.references:
            assert reference.referenced_uuid in uuids


@pytest.mark.parametrize("dossier", every())
def test_tags_are_values_of_the_taxonomies(dossier: Dossier) -> None:
    names = [tag.name for one in event(dossier).objects for a in one.attributes for tag in a.tags]
    assert names
    for name in names:
        predicate, _, value = name.partition("=")
        assert value.strip('"') in TAXONOMIES[predicate]
    assert set(LIKELIHOODS) == TAXONOMIES["estimative-language:likelihood-probability"]


def test_an_opinion_is_p_in_percent_on_assessed_claims_only() -> None:
    found = {one.get_attributes_by_relation("text")[0].value: one.opinions for one in event(seed()).objects
             if one.name == "annotation"}  # fmt: skip
    for rating in seed().ratings:
        values = [int(opinion.opinion) for opinion in found[rating.claim.text]]
        assert values == ([round(rating.p * 100)] if rating.rating.assessed else [])


def test_a_denial_contradicts_its_claim() -> None:
    kinds = {reference.relationship_type for one in event(fixture("agency-against-denial")).objects
             for reference in one.references}  # fmt: skip
    assert kinds == {"supports", "contradicts"}


@pytest.mark.parametrize("dossier", every())
def test_reports_come_back_as_they_were(dossier: Dossier) -> None:
    assert read_back(misp_event(dossier)) == list(dossier.evidence)


def test_hostile_texts_are_values_and_nothing_else() -> None:
    told = {a.value for one in event(hostile()).objects for a in one.attributes if a.object_relation == "narrative"}
    assert {text.strip() for text in HOSTILE} <= {str(one).strip() for one in told}


def tagged(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


B2 = tagged('admiralty-scale:source-reliability="b"', 'admiralty-scale:information-credibility="2"')


def test_a_strangers_tagged_attribute_is_what_the_organisation_says() -> None:
    document = {"Event": {"info": "Bridges", "date": "2025-03-12", "Orgc": {"name": "Velmark CERT"}, "Attribute": [
        {"uuid": "u1", "type": "text", "value": "The bridge is closed", "Tag": B2},
        {"uuid": "u2", "type": "ip-dst", "value": "192.0.2.1", "Tag": B2},
        {"uuid": "u3", "type": "text", "value": "untagged"}]}}  # fmt: skip
    first, second = read_back(document)
    assert (first.text, second.text) == ("The bridge is closed", "ip-dst 192.0.2.1")
    assert first.published == "2025-03-12"
    assert first.provenance[0].source == "Velmark CERT"
    assert first.provenance[0].facts == {"admiralty_source": "B", "admiralty_information": "2"}


def test_a_tagged_object_is_told_by_its_own_source_and_opinions_take_sides_on_it() -> None:
    document = {"response": [{"Event": {"date": "2025-03-12", "Orgc": {"name": "Velmark CERT"}, "Object": [
        {"uuid": "o1", "name": "annotation", "Attribute": [
            {"object_relation": "text", "type": "text", "value": "The bridge is closed", "Tag": B2},
            {"object_relation": "author", "type": "text", "value": "Jon Reeve"}],
         "Opinion": [{"uuid": "p1", "opinion": "20", "authors": "Dana Oak"},
                     {"uuid": "p2", "opinion": 50, "authors": "Nobody Much"},
                     {"uuid": "p3", "opinion": "90", "authors": "source-reliability 0.1.0"}]}]}}]}  # fmt: skip
    told, opinion = read_back(document)
    assert [link.source for link in told.provenance] == ["Jon Reeve", "Velmark CERT"]
    assert (opinion.stance, opinion.text, opinion.provenance[0].source) == ("denies", told.text, "Dana Oak")


def test_a_tagged_event_says_its_own_info() -> None:
    (one,) = read_back([{"Event": {"uuid": "e", "info": "The bridge is closed", "Orgc": {"name": "X"}, "Tag": B2}}])
    assert (one.text, one.key) == ("The bridge is closed", "e")


def test_a_damaged_attachment_leaves_the_object_as_any_other() -> None:
    data = base64.b64encode(b"\xff{").decode()
    document = {"Event": {"Orgc": {"name": "X"}, "Object": [{"uuid": "o", "name": "intelligence-report", "Attribute": [
        {"object_relation": "raw-report", "type": "attachment", "value": "a.json", "data": data},
        {"object_relation": "narrative", "type": "text", "value": "It rained", "Tag": B2}]}]}}  # fmt: skip
    (one,) = read_back(document)
    assert (one.text, one.provenance[0].source) == ("It rained", "X")


KEYS = ("Event", "response", "Object", "Attribute", "Tag", "name", "Opinion", "opinion", "authors", "info", "value",
        "object_relation", "data", "type", "Orgc", "uuid", "date")  # fmt: skip
VALUES = st.sampled_from(["raw-report", "text", "e30=", B2[0]["name"], "x", "60", "nan", "inf", "2025"])
JSON = st.recursive(
    st.none() | st.integers() | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@given(inside=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
def test_no_event_breaks_the_reader(inside: dict[str, Any]) -> None:
    found = list(ReportReader().read_json_text(json.dumps({"Event": inside}), name="x"))
    assert all(one.file == "x" for one in found)
