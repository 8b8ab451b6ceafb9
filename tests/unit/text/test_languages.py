"""Other languages: French by its phrases, and a clear word on those that are not read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reliability.errors import InputError
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.languages import detected, language_of
from reliability.text.reading import read_reports_of

FRENCH = """Le pont de Velmar est fermé depuis lundi.

« Personne n’a été blessé », a déclaré Anne Leroy, porte-parole du ministère des Transports. « Le pont sera rouvert. »

La police a indiqué que deux camions s’étaient heurtés dans la nuit.

Selon le maire de Velmar, la route reste dangereuse.

Le gouvernement de Velmarque a démenti que le pont ait été mal entretenu.

Plusieurs témoins, interrogés sur place, affirment que l’accident était prévisible.

Mme Leroy n’a pas déclaré que le chauffeur dormait.

Le général Marc Dubreuil a expliqué : « Nous avons fermé la route. Elle restera fermée. »

« Tout va bien », a-t-il ajouté.

Trois soldats sont morts, d’après une source proche du dossier.
"""

GERMAN = (
    "Der Minister sagte am Montag, dass die Brücke nach dem Unfall gesperrt sei und nicht vor Mittwoch geöffnet werde. "
    "Die Polizei teilte mit, der Fahrer sei nicht verletzt worden. "
)


def read(policy: Policy, text: str, language: str | None = None, **more: bool) -> list[Report]:
    article = Article(id="f", text=text, publisher="Le Quai", publisher_type="media", language=language)
    return read_reports_of(article, policy, **more)


@pytest.fixture(scope="module")
def french() -> list[Report]:
    return read(Policy.load(), FRENCH)


SAID = [
    ("Le pont de Velmar est fermé depuis lundi", "Le Quai", "media", "asserts"),
    ("Personne n’a été blessé", "Anne Leroy", "government", "asserts"),
    ("Le pont sera rouvert", "Anne Leroy", "government", "asserts"),
    ("deux camions s’étaient heurtés dans la nuit", "police", "law-enforcement", "asserts"),
    ("la route reste dangereuse", "maire de Velmar", "elected-official", "asserts"),
    ("le pont ait été mal entretenu", "gouvernement de Velmarque", "government", "denies"),
    ("l’accident était prévisible", "témoins", "eyewitness", "asserts"),
    ("Nous avons fermé la route. Elle restera fermée", "Marc Dubreuil", "military", "asserts"),
    ("Tout va bien", "Marc Dubreuil", "military", "asserts"),
    ("Trois soldats sont morts", "source proche du dossier", "anonymous", "asserts"),
]


def test_who_says_what_in_french(french: list[Report]) -> None:
    found = [(one.text, one.provenance[0].source, one.provenance[0].type, one.stance) for one in french]
    assert found == SAID
    assert {one.provenance[-1].source for one in french} == {"Le Quai"}
    quoted = {one.text for one in french if one.provenance[0].via == "direct-quote"}
    assert quoted == {row[0] for row in SAID if f"« {row[0]}" in FRENCH}


@pytest.mark.parametrize(
    "text",
    [
        "Le maire n'a pas dit que le pont était fermé.",
        "La ministre n’a jamais affirmé que le pont était fermé.",
        "Le maire ne dit plus que le pont était fermé.",
        "Le président a-t-il dit que le pont était fermé ?",
        "Si le maire dit que le pont est fermé, nous partirons.",
        "Aucun témoin n'a dit que le pont était fermé.",
    ],
)
def test_nothing_is_said_in_french_by_who_did_not_or_only_might(text: str) -> None:
    assert read(POLICY, text, "fr") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Trois hommes sont morts, a annoncé la police. « C'est faux », a dit Jean Velm.",
         [("police", "Trois hommes sont morts"), ("Jean Velm", "C'est faux")]),
        ("Le ministre a déclaré que le pont tenait. « Il est tombé », a affirmé Jean Velm, porte-parole de l'armée.",
         [("ministre", "le pont tenait"), ("Jean Velm", "Il est tombé")]),
        ("Le maire dit que la route est fermée, tandis que la police affirme que le pont est ouvert.",
         [("maire", "la route est fermée"), ("police", "le pont est ouvert")]),
        ("Le maire a également précisé que le pont serait rouvert.", [("maire", "le pont serait rouvert")]),
        ("Les pompiers affirment avoir éteint le feu.", [("pompiers", "Les pompiers ont éteint le feu")]),
    ],
)  # fmt: skip
def test_each_speaker_in_french_has_their_own_words(text: str, said: list[tuple[str, str]]) -> None:
    assert [(one.provenance[0].source, one.text) for one in read(POLICY, text, "fr")] == said


def test_who_denies_having_done_it_denies_that_it_was_done() -> None:
    (report,) = read(POLICY, "Moscou dément avoir bombardé l'hôpital.", "fr")
    assert (report.stance, report.text) == ("denies", "Moscou a bombardé l'hôpital")
    assert report.provenance[0].type == "government"


def test_spans_in_french_are_the_words_of_source_cue_and_content(french: list[Report]) -> None:
    spans = [one.spans for one in french if one.spans is not None and one.spans.cue]
    assert len(spans) == 9
    cues = [FRENCH[a:b] for span in spans for a, b in span.cue]
    assert cues[:5] == ["a déclaré", "a déclaré", "a indiqué", "Selon", "a démenti"]
    assert cues[5:] == ["affirment", "a expliqué", "a-t-il ajouté", "d’après"]
    sources = [FRENCH[a:b] for span in spans for a, b in span.source]
    assert sources[0] == "Anne Leroy, porte-parole du ministère des Transports"
    assert sources[-2:] == ["il", "une source proche du dossier"]
    for one in french:
        assert one.spans is not None
        ((start, end),) = one.spans.content
        assert one.text in FRENCH[start:end]


def test_a_declared_language_reads_as_the_one_that_is_told_from_the_words(french: list[Report]) -> None:
    policy = Policy.load()
    assert read(policy, FRENCH, "fr-CH") == french
    assert read(policy, "« Rien », a dit la police.", "fr")[0].provenance[0].source == "police"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FRENCH, "fr"),
        (GERMAN, "de"),
        (
            "El ministro dijo que el puente no se abre y que la policía espera con los vecinos en la calle por ahora.",
            "es",
        ),
        (
            "The minister said that the bridge was closed, and that le pont de la rue was not, as the police told us.",
            "en",
        ),
        ("Der, die und das.", "en"),
        ("", "en"),
        ("Министр сказал, что мост закрыт. " * 8, "Cyrillic letters"),
    ],
)
def test_the_commonest_words_tell_the_language(text: str, code: str) -> None:
    assert detected(text) == code


@pytest.mark.parametrize(
    ("text", "declared", "name", "remedy"),
    [
        (GERMAN, None, "German", "say its language"),
        ("The bridge is closed.", "de-AT", "German", "as records"),
        ("The bridge is closed.", "tlh", "'tlh'", "as records"),
        ("Министр сказал, что мост закрыт. " * 8, None, "Cyrillic letters", "say its language"),
    ],
)
def test_a_language_that_is_not_read_is_named(text: str, declared: str | None, name: str, remedy: str) -> None:
    with pytest.raises(InputError, match=f"language {name}: .* English and French only; .*{remedy}"):
        read(Policy.load(), text, declared)


def test_a_tag_of_english_is_english() -> None:
    assert language_of(" EN_gb ", GERMAN).code == "en"


POLICY = Policy.load()
PIECES = ["« ", " »", "“", "”", "a déclaré", "selon", ", ", ". ", "que ", "qu’", " la police ", "Anne Leroy", "\n\n",
          "?", ": ", "a-t-elle dit", "l’", "😀", "n’"]  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join))
def test_any_mixture_of_french_cues_and_marks_has_valid_spans(text: str) -> None:
    for one in read(POLICY, text, "fr", every_kind=True) if text.strip() else []:
        assert one.spans is not None
        for start, end in (*one.spans.source, *one.spans.cue, *one.spans.content):
            assert 0 <= start < end <= len(text)
