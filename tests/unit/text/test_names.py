"""Names: short forms, offices before them, first names like ranks, and spokespeople of the paragraph's institution."""

from __future__ import annotations

import time

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.abbreviations import abbreviations
from reliability.text.reading import read_reports_of


def origins(text: str, policy: Policy) -> list[tuple[str, str | None]]:
    reports = read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)
    return [(r.provenance[0].source, r.provenance[0].type) for r in reports if len(r.provenance) > 1]


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("US Secretary of State Ana Rehn said the talks were over.", ("Ana Rehn", "government")),
        ("Japan's Defense Minister Gen Nakadai said the talks were over.", ("Gen Nakadai", "government")),
        ("Gen. Mark Doyle said the talks were over.", ("Mark Doyle", "military")),
        ("Norway's foreign ministry said the talks were over.", ("Norwegian foreign ministry", "government")),
        ("The Norwegian foreign ministry said the talks were over.", ("Norwegian foreign ministry", "government")),
        ("New Zealand's health ministry said the talks were over.", ("New Zealand's health ministry", "government")),
        ("The French finance ministry said the talks were over.", ("French finance ministry", "government")),
        ("The WHO said the cases had doubled.", ("World Health Organization", "international-organisation")),
    ],
)
def test_an_office_and_a_name_are_told_apart(text: str, origin: tuple[str, str], policy: Policy) -> None:
    assert origins(text, policy) == [origin]


def test_a_short_name_in_a_headline_is_the_institution_spelled_out_below(policy: Policy) -> None:
    text = "Two boats sink off Velm: VMS\n\nThe Velm Meteorological Service (VMS) said two boats had sunk."
    assert {who for who, _ in origins(text, policy)} == {"Velm Meteorological Service"}


def test_a_bare_spokesperson_speaks_for_the_institution_of_the_paragraph(policy: Policy) -> None:
    lead = "Russia's defence ministry denied that its forces had struck the port. "
    said = '"We hit nothing," spokesman Igor Rehn told reporters in Moscow.'
    assert origins(lead + said, policy)[1] == ("Igor Rehn", "government")
    assert origins(f"{lead}\n\n{said}", policy)[1] == ("Igor Rehn", "unknown")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Joint Chiefs of Staff (JCS)", {"JCS": "Joint Chiefs of Staff"}),
        ("The Ministry of Health (MoH)", {"MoH": "Ministry of Health"}),
        ("the port of Velm (JCS)", {}),
        ("he left (NATO)", {}),
    ],
)
def test_capitals_before_a_bracket_spell_a_short_name(text: str, found: dict[str, str]) -> None:
    assert abbreviations([text]) == found


def test_looking_for_short_names_takes_linear_time() -> None:
    def seconds(n: int) -> float:
        start = time.process_time()
        abbreviations(["A" * n, "Ab " * n, "(A" * n])
        return time.process_time() - start

    seconds(10_000)
    assert seconds(80_000) < 30 * max(seconds(10_000), 0.005)
