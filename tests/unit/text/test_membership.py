"""Who only stands beside an institution is not typed as one of it; invented names."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def typed(who: str, policy: Policy) -> str | None:
    text = f"{who} said the weir had burst."
    (report, *_) = read_reports_of(
        Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy
    )
    assert len(report.provenance) > 1
    return report.provenance[0].type


@pytest.mark.parametrize(
    "who",
    [
        "Police impersonator Dag Moll",
        "Police informant Rex Hahn",
        "Bogus colonel Ian Toft",
        "Would-be minister Ana Rehn",
        "Prime Minister look-alike Guy Pabst",
        "Soldier of fortune Vic Kahn",
        "Actor Bo Stern, who plays a police chief,",
        "Mia Torp, widow of a police officer,",
        "Ida Holm, a friend of the prime minister,",
        "Army supplier Milo Drenk",
        "Otto Brandt, expelled from the police in 2011,",
        "A man posing as a police officer",
        "The Ambassador Hotel",
        "Government critic Hana Belik",
        "Private detective Sam Stone",
        "Amy Judge",
    ],
)
def test_who_is_beside_an_office_has_none(who: str, policy: Policy) -> None:
    assert not policy.types[str(typed(who, policy))].carries


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("Police chief Dag Moll", "law-enforcement"),
        ("Army spokesman Lt. Col. Ian Toft", "military"),
        ("Foreign Minister Ana Rehn", "government"),
        ("Guy Pabst, the prime minister,", "government"),
        ("Senator Ida Holm", "elected-official"),
        ("The Pentagon's Dana Ruhl", "government"),
        ("CIA director Otto Brandt", "intelligence-agency"),
    ],
)
def test_who_holds_an_office_keeps_it(who: str, kind: str, policy: Policy) -> None:
    assert typed(who, policy) == kind
