"""Names and words that only look like an institution's; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def kinds(text: str, policy: Policy, language: str = "en") -> list[tuple[str, str]]:
    """Origin and its type of what is attributed."""
    article = Article(id="a", text=text, publisher="Velm Post", publisher_type="media", language=language)
    return [(r.provenance[0].source, r.provenance[0].type) for r in read_reports_of(article, policy)]


@pytest.mark.parametrize(
    "who",
    ["A parody account of the Ministry of Defence", "The Ministry of Sound nightclub", "Judge Jules, a DJ,"],
)
def test_who_only_looks_like_an_office_has_no_offices_type(who: str, policy: Policy) -> None:
    assert [kind for _, kind in kinds(f"{who} said the dam was empty.", policy)] == ["unknown"]


def test_a_ministry_and_a_judge_still_have_theirs(policy: Policy) -> None:
    text = "The Ministry of Defence said the dam was empty. Judge Ana Rehn, a mother of two, said the mill was empty."
    assert [kind for _, kind in kinds(text, policy)] == ["government", "court-record"]


@pytest.mark.parametrize(
    "text",
    [
        "Le porte-parole de l'armée, Jean Mbeki, a nié toute implication dans l'attaque.",
        "Selon que le maire accepte ou non, le pont fermera.",
        "Selon moi, le pont fermera demain.",
    ],
)
def test_french_words_after_a_cue_are_not_always_a_speaker(text: str, policy: Policy) -> None:
    assert [who for who, _ in kinds(text, policy, "fr")] == ["Velm Post"]


def test_a_day_may_stand_before_the_french_que(policy: Policy) -> None:
    text = "Le ministère de la Défense a affirmé jeudi que douze soldats étaient morts."
    assert kinds(text, policy, "fr") == [("ministère de la Défense", "government")]


@pytest.mark.parametrize(
    "text", ['"We never fired," said\nColonel Ivan Bohun.', "Mayor Ivo Kalns said the\nKalns mill burned."]
)
def test_a_line_that_ends_in_a_small_word_goes_on(text: str, policy: Policy) -> None:
    (found,) = kinds(text, policy)
    assert found[0] in ("Ivan Bohun", "Ivo Kalns")
