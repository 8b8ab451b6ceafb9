"""STIX: stix2 reads the bundle, our extension satisfies the schema in its own definition, what went in comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stix2
from exchange_dossier import HOSTILE, SETS, Dossier, every, fixture, hostile, seed
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from stix2.confidence import scales

from reliability.exchange.stix_out import CREDIBILITY, stix_bundle
from reliability.io.reports import ReportReader
from reliability.io.rows import Located
from reliability.io.stix import EXTENSION
from reliability.model.report import Report


def bundle(dossier: Dossier) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stix_bundle(dossier))
    return found


def of_type(dossier: Dossier, kind: str) -> list[dict[str, Any]]:
    return [one for one in bundle(dossier)["objects"] if one["type"] == kind]


def read_back(text: str) -> list[Report]:
    found = list(ReportReader().read_json_text(text, name="bundle.json"))
    assert all(isinstance(one, Located) for one in found), found
    return [one.report for one in found if isinstance(one, Located)]


@pytest.mark.parametrize("dossier", every())
def test_stix2_reads_every_object_and_finds_every_reference(dossier: Dossier) -> None:
    text = stix_bundle(dossier)
    read = stix2.parse(text, allow_custom=False, version="2.1")
    store = stix2.MemoryStore(stix_data=read)
    ids = {one["id"] for one in json.loads(text)["objects"]}
    assert len(ids) == len(json.loads(text)["objects"])
    for one in json.loads(text)["objects"]:
        named = [one.get("created_by_ref"), one.get("source_ref"), one.get("target_ref"), *one.get("object_refs", ())]
        assert {ref for ref in named if ref} <= ids
        assert store.get(one["id"]) is not None


@pytest.mark.parametrize("dossier", every())
def test_our_extension_satisfies_the_schema_that_its_definition_carries(dossier: Dossier) -> None:
    (definition,) = of_type(dossier, "extension-definition")
    schema = json.loads(definition["schema"])
    Draft202012Validator.check_schema(schema)
    extended = [one for one in bundle(dossier)["objects"] if EXTENSION in one.get("extensions", {})]
    assert definition["id"] == EXTENSION
    assert len(extended) == len(dossier.ratings) + len(dossier.evidence)
    for one in extended:
        Draft202012Validator(schema).validate(one["extensions"][EXTENSION])


def test_a_claims_confidence_is_its_p_in_percent_and_absent_where_it_is_not_assessed() -> None:
    by_claim = {one["extensions"][EXTENSION]["claim"]: one for one in of_type(seed(), "report")}
    for rating in seed().ratings:
        found = by_claim[rating.claim.id].get("confidence")
        assert found == (round(rating.p * 100) if rating.rating.assessed else None)
    assert any(not rating.rating.assessed for rating in seed().ratings)


def test_the_admiralty_digit_has_the_confidence_that_stix2_gives_it() -> None:
    words = {"1": "1 - Confirmed by other sources", "2": "2 - Probably True", "3": "3 - Possibly True",
             "4": "4 - Doubtful", "5": "5 - Improbable"}  # fmt: skip
    assert {digit: scales.admiralty_credibility_to_value(word) for digit, word in words.items()} == CREDIBILITY
    with pytest.raises(ValueError, match="6"):
        scales.admiralty_credibility_to_value("6 - Truth cannot be judged")
    notes = [one for name in SETS for one in of_type(fixture(name), "note")]
    for note in notes:
        digit = note["extensions"][EXTENSION].get("admiralty_information")
        assert note.get("confidence") == CREDIBILITY.get(digit or "6")
        assert note.get("labels", [""])[-1] in ("", f'admiralty-scale:information-credibility="{digit}"')


@pytest.mark.parametrize("dossier", every())
def test_reports_come_back_as_they_were(dossier: Dossier) -> None:
    assert read_back(stix_bundle(dossier)) == list(dossier.evidence)


def test_hostile_names_and_texts_are_values_and_nothing_else() -> None:
    names = {one["name"] for one in of_type(hostile(), "identity")}
    contents = {one["content"] for one in of_type(hostile(), "note")}
    assert {f"{text} said" for text in HOSTILE} <= names
    assert set(HOSTILE) <= contents


def test_the_same_source_has_one_id_in_every_export() -> None:
    where = [{one["name"]: one["id"] for one in of_type(fixture(name), "identity")}
             for name in ("circular-reporting", "three-answers")]  # fmt: skip
    assert where[0]["Harbour Courier"] == where[1]["Harbour Courier"]


def test_a_rating_that_changes_is_another_object() -> None:
    base = fixture("seed-figures")
    moved = base.ratings[0].model_copy(update={"rating": base.ratings[0].rating.model_copy(update={"p": 0.5})})
    other = Dossier(ratings=(moved,), reports=base.reports, policy=base.policy)
    same = Dossier(ratings=base.ratings[:1], reports=base.reports, policy=base.policy)
    assert of_type(other, "report")[0]["id"] != of_type(same, "report")[0]["id"]
    assert of_type(other, "identity") == of_type(same, "identity")


def foreign(*objects: Any) -> str:
    return json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects})


ANALYST = {
    "type": "identity",
    "id": "identity--1",
    "name": "Velmark CERT",
    "x_opencti_reliability": "B - Usually reliable",
}
NOTE = {"type": "note", "id": "note--1", "content": "The bridge is closed", "created": "2025-03-12T10:00:00.000Z",
        "authors": ["Jon Reeve"], "created_by_ref": "identity--1", "object_refs": ["identity--1"]}  # fmt: skip


def test_a_strangers_note_is_what_its_author_says_in_its_creators_pages() -> None:
    (one,) = read_back(foreign(ANALYST, {**NOTE, "labels": ['admiralty-scale:information-credibility="2"']}))
    assert [link.source for link in one.provenance] == ["Jon Reeve", "Velmark CERT"]
    assert (one.text, one.stance, one.key) == ("The bridge is closed", "asserts", "note--1")
    assert one.provenance[0].facts == {"admiralty_source": "B", "admiralty_information": "2"}


def test_a_marking_tells_a_notes_admiralty_code() -> None:
    marking = {"type": "marking-definition", "id": "marking-definition--1",
               "extensions": {"extension-definition--x": {"admiralty_source_reliability": "C"}}}  # fmt: skip
    plain = {"type": "identity", "id": "identity--1", "name": "Velmark CERT"}
    (one,) = read_back(foreign(plain, marking, {**NOTE, "object_marking_refs": ["marking-definition--1"]}))
    assert one.provenance[0].facts == {"admiralty_source": "C"}


@pytest.mark.parametrize(
    ("word", "stance"),
    [("strongly-agree", "asserts"), ("agree", "asserts"), ("disagree", "denies"), ("strongly-disagree", "denies")],
)
def test_an_opinion_asserts_or_denies_what_it_is_about(word: str, stance: str) -> None:
    opinion = {"type": "opinion", "id": "opinion--1", "opinion": word, "authors": ["Dana Oak"],
               "object_refs": ["note--1"], "created": "2025-03-13T00:00:00Z"}  # fmt: skip
    note, found = read_back(foreign(ANALYST, NOTE, opinion))
    assert (found.stance, found.text, found.provenance[0].source) == (stance, note.text, "Dana Oak")


def test_what_says_nothing_to_rate_is_counted_and_passed_over() -> None:
    reader = ReportReader()
    neutral = {"type": "opinion", "id": "opinion--1", "opinion": "neutral", "object_refs": ["note--1"]}
    gone = {**NOTE, "id": "note--2", "revoked": True}
    found = list(reader.read_json_text(foreign(ANALYST, NOTE, neutral, gone, {"type": "indicator"}), name="x"))
    assert len(found) == 1
    assert reader.notes.passed_over == {"STIX identity": 1, "STIX opinion that takes no side on a text": 1,
                                        "revoked STIX note": 1, "STIX indicator": 1}  # fmt: skip


def test_one_bad_object_is_one_reject() -> None:
    nobody = {"type": "note", "id": "note--3", "content": "x"}
    broken = {**NOTE, "id": "note--4", "extensions": {EXTENSION: {"record": "{"}}}
    listed = {**NOTE, "id": "note--5", "extensions": {EXTENSION: {"record": "[]"}}}
    bad = list(ReportReader().read_json_text(foreign(ANALYST, NOTE, nobody, broken, listed, 7, None), name="x"))
    assert isinstance(bad[0], Located)
    reasons = [one.reason for one in bad[1:] if not isinstance(one, Located)]
    assert [reason.split(":")[0] for reason in reasons] == ["note--3", "note--4", "note--5", *[reasons[-1]] * 2]
    assert "names nobody" in reasons[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["note--1", "identity--1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "id", "name", "content", "authors", "extensions", EXTENSION, "labels", "object_refs",
                         "created_by_ref", "object_marking_refs", "opinion", "record", "external_references"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(objects=st.lists(JSON, max_size=4))
def test_no_bundle_breaks_the_reader(objects: list[Any]) -> None:
    reader = ReportReader()
    found = list(reader.read_json_text(foreign(*objects), name="x"))
    assert len(found) + sum(reader.notes.passed_over.values()) + reader.notes.n_repeats >= len(objects) - sum(
        isinstance(one, dict) and one.get("type") == "opinion" for one in objects
    )
