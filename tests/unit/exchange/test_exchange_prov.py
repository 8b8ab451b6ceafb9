"""PROV: read back from PROV-JSON and PROV-N to the same document, whose edges follow the chains."""

from __future__ import annotations

from io import StringIO

import pytest
from exchange_dossier import HOSTILE, Dossier, every, fixture, hostile
from prov.model import PROV, ProvAttribution, ProvDerivation, ProvDocument, ProvEntity

from reliability.exchange.prov_out import prov_document
from reliability.io.visible import visible


def read(dossier: Dossier) -> ProvDocument:
    found: ProvDocument = ProvDocument.deserialize(content=prov_document(dossier, "json"), format="json")
    return found


@pytest.mark.parametrize("dossier", every())
def test_both_notations_are_read_back_to_one_document(dossier: Dossier) -> None:
    from_json = read(dossier)
    from_n = ProvDocument.deserialize(StringIO(prov_document(dossier, "provn")), format="provn")
    assert from_json == from_n
    assert len(from_json.get_records()) > len(dossier.ratings)


def derived(document: ProvDocument, kind: str | None) -> list[tuple[str, str]]:
    """Pairs (later, earlier) of derivations of a kind (Quotation, PrimarySource); None: of no kind."""
    found = []
    for one in document.get_records(ProvDerivation):
        kinds = {str(value) for value in one.get_attribute("prov:type")}
        if (f"prov:{kind}" in kinds) if kind else not kinds:
            later, earlier = (str(value) for _, value in one.formal_attributes[:2])
            found.append((later, earlier))
    return found


def test_ten_outlets_that_quote_one_spokesman_are_ten_statements_from_one_first_source() -> None:
    dossier = fixture("circular-reporting")
    first: dict[str, set[str]] = {}
    for later, earlier in derived(read(dossier), "PrimarySource"):
        first.setdefault(earlier, set()).add(later)
    origins = {(r.claim, r.text, r.stance, r.provenance[0].source) for r in dossier.evidence if len(r.provenance) > 1}
    assert len(first) == len(origins)
    assert max(map(len, first.values())) >= 10


def test_quotes_are_quotations_and_paraphrases_plain_derivations() -> None:
    document = read(fixture("seed-figures"))
    steps = {(link.via, report.claim, report.text, report.provenance[0].source)
             for report in fixture("seed-figures").evidence for link in report.provenance[:1]}  # fmt: skip
    quoted = [one for one in steps if one[0] == "direct-quote"]
    assert len(derived(document, "Quotation")) == len(quoted) > 0
    assert len(derived(document, None)) > len(steps) - len(quoted)


@pytest.mark.parametrize("dossier", every())
def test_every_statement_is_attributed_to_somebody(dossier: Dossier) -> None:
    document = read(dossier)
    said = {str(one.identifier) for one in document.get_records(ProvEntity) if any(
        name.localpart == "stance" for name, _ in one.attributes)}  # fmt: skip
    attributed = {str(one.formal_attributes[0][1]) for one in document.get_records(ProvAttribution)}
    assert said == attributed
    assert said


def test_hostile_texts_are_values_in_both_notations() -> None:
    for document in (
        read(hostile()),
        ProvDocument.deserialize(StringIO(prov_document(hostile(), "provn")), format="provn"),
    ):
        values = {str(value) for one in document.get_records(ProvEntity) for value in one.get_attribute(PROV["value"])}
        assert set(HOSTILE) <= values


def test_prov_n_on_a_terminal_steers_nothing() -> None:
    shown = prov_document(hostile(), "provn")
    assert visible(shown.replace("\n", "")) == shown.replace("\n", "")
    assert any(visible(text) != text for text in "".join(HOSTILE).split("\n")), "or nothing was tried"
