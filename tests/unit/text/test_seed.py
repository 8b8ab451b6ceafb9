"""The seed article as an editor would annotate it: who says what, of which type, kind and stance, in text order."""

from __future__ import annotations

import re

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

RYU = ("Ryu Seong-hyeon", "defector-testimony")
PAK = ("Pak Yusung", "defector-testimony")
NIS = ("National Intelligence Service", "intelligence-agency")
ABC = ("ABC News", "media")
DEFECTORS = ("Defectors", "defector-testimony")
SERGEANT = ("former North Korean military sergeant", "private-person")
TEAM = ("Voices of North Korean Youth", "unknown")

EXPECTED = [
    (*SERGEANT, "statement",
     "paraphrase", "Pyongyang's soldiers deployed to Russia to fight in Ukraine fear capture more "
     "than death, as they are told their families will be executed if they are taken alive"),
    (*RYU, "statement", "direct-quote", "Most soldiers will kill themselves before they're killed by the enemy"),
    (*RYU, "statement", "direct-quote", "It's the biggest shame to be captured"),
    (*ABC, "statement", None,
     "Ryu escaped to South Korea in 2019 by crossing a minefield in the demilitarized zone"),
    ("U.S. government", "government",
     "statement", "paraphrase", "more than 12,000 North Korean troops have been deployed to Russia"),
    ("reports", "anonymous", "statement", "paraphrase", "Russian forces have also used North Korean weapons"),
    (*NIS, "statement", "paraphrase", "around 300 North Korean soldiers had been killed"),
    (*NIS, "statement", "paraphrase", "over 2,700 North Korean soldiers had been wounded in Ukraine"),
    (*ABC, "statement", None, "Since February, more troops have been sent to Russia's western Kursk region following "
     "intensified fighting"),
    ("Volodymyr Zelenskyy", "government", "statement", "paraphrase", "the capture of two North Korean soldiers"),
    (*ABC, "statement", None, "In a video released by Ukraine, one soldier, when asked if he wished to return home, "
     "shook his head"),
    (*NIS, "statement", "paraphrase", "the captured men are operatives of North Korea's Reconnaissance General Bureau, "
     "a key military intelligence agency"),
    (*DEFECTORS, "statement", "paraphrase", "North Korean soldiers struggle to adapt to modern warfare, particularly "
     "against drones"),
    (*RYU, "statement", "direct-quote", "Before they go, they don't have any practice in how to defend against a drone "
     "or how to fight Ukrainians, that's why they just die like a dog"),
    (*PAK, "prediction",
     "direct-quote", "If the soldiers are captured and tell information to the enemy, their families "
     "will be punished, go to a political prison camp, or worse, they will be executed in front of the people"),
    (*NIS, "statement", "paraphrase", "the heavy casualties are due to a lack of combat training, including futile "
     "attempts to shoot at long-range drones"),
    (*NIS, "statement",
     "paraphrase", "North Korean soldiers have been ordered to kill themselves rather than be captured"),
    (*RYU, "wish", "paraphrase", "he, too, would have wanted to be deployed if he were still in North Korea"),
    (*RYU, "prediction", "direct-quote", "If I went to Ukraine, I could eat food, and I could see another country"),
    (*RYU, "statement", "paraphrase", "many soldiers are lured by financial incentives but are unaware of their slim "
     "chances of survival"),
    (*DEFECTORS, "statement", "paraphrase", "Pyongyang manipulates its troops, telling them they are fighting against "
     "Americans"),
    (*RYU, "statement", "direct-quote", "From a young age, they're told to hate the American 'wolves,'"),
    (*PAK, "statement", "direct-quote", "From a young age, they're told to hate the American 'wolves,'"),
    (*RYU, "statement", "direct-quote", "now they are told they are finally killing Americans"),
    (*PAK, "statement", "direct-quote", "now they are told they are finally killing Americans"),
    (*PAK, "statement",
     "paraphrase", "North Korean leader Kim Jong Un is likely receiving critical military technology "
     "in exchange for manpower, which could have alarming consequences"),
    (*PAK, "prediction", "direct-quote", "If Russia wins the war, it will empower the dictator alliance"),
    (*PAK, "statement", "direct-quote", "This is just the start"),
    (*PAK, "prediction", "direct-quote", "If the Ukraine war keeps going, Kim will keep sending soldiers"),
    (*PAK, "prediction", "paraphrase", "it could threaten Kim's regime"),
    (*PAK, "statement",
     "direct-quote", "Think about it: your sons died on the battlefield and not for your own country"),
    (*PAK, "statement", "direct-quote", "You cannot send so many people to the labor camps"),
    (*PAK, "instruction", "paraphrase", "the international community to condemn Russia and North Korea"),
    (*TEAM, "instruction", "paraphrase", "the international community to condemn Russia and North Korea"),
    (*PAK, "instruction", "paraphrase", "the International Criminal Court to hold Kim accountable for his actions"),
    (*TEAM, "instruction", "paraphrase", "the International Criminal Court to hold Kim accountable for his actions"),
]  # fmt: skip


def found(reports: list[Report]) -> list[tuple[str, str | None, str, str | None, str | None]]:
    return [(r.provenance[0].source, r.provenance[0].type, r.kind, r.provenance[0].via, r.text) for r in reports]


def of(reports: list[Report], words: str) -> Report:
    return next(r for r in reports if r.text is not None and words in r.text)


def test_everything_that_an_editor_would_mark_is_found_and_nothing_else(seed_reports: list[Report]) -> None:
    got = found(seed_reports)
    assert [row for row in EXPECTED if row not in got] == []
    assert [row for row in got if row not in EXPECTED] == []
    assert got == EXPECTED


def test_no_stance_is_a_denial(seed_reports: list[Report]) -> None:
    assert {r.stance for r in seed_reports} == {"asserts"}


def test_every_chain_ends_with_the_outlet(seed_reports: list[Report]) -> None:
    assert {(r.provenance[-1].source, r.provenance[-1].type) for r in seed_reports} == {ABC}
    assert {len(r.provenance) for r in seed_reports} == {1, 2}


def test_figures_are_quantities(seed_reports: list[Report]) -> None:
    stated = [(q.value, q.op, q.unit) for r in seed_reports if (q := r.quantity) is not None]
    assert stated == [(12_000, "more_than", "deployed"), (300, "about", "killed"), (2_700, "more_than", "wounded")]


def test_a_hedge_is_on_the_link_whose_words_it_is(seed_reports: list[Report]) -> None:
    assert of(seed_reports, "critical military technology").provenance[0].hedge == "likely"
    assert of(seed_reports, "ordered to kill themselves").provenance[0].hedge is None


def test_the_year_in_which_a_defector_left_is_a_fact_of_his(seed_reports: list[Report]) -> None:
    facts = {r.provenance[0].source: r.provenance[0].facts.get("departed") for r in seed_reports}
    assert facts["Ryu Seong-hyeon"] == "2019"
    assert facts["Pak Yusung"] is None


def test_those_without_a_name_are_anonymous(seed_reports: list[Report]) -> None:
    unnamed = {r.provenance[0].source for r in seed_reports if r.provenance[0].facts.get("anonymous") is True}
    assert unnamed == {"former North Korean military sergeant", "reports", "Defectors"}


def test_a_month_without_a_year_is_the_latest_before_publication(seed_reports: list[Report]) -> None:
    assert of(seed_reports, "around 300").event == "2025-01"


def test_without_a_publication_date_a_month_is_no_event(seed: Article, policy: Policy) -> None:
    undated = read_reports_of(seed.model_copy(update={"published": None}), policy)
    assert of(undated, "around 300").event is None


def test_ids_number_the_reports_in_text_order(seed_reports: list[Report]) -> None:
    assert [r.id for r in seed_reports] == [f"a1-{n:02d}" for n in range(1, len(EXPECTED) + 1)]
    starts = [r.spans.content[0][0] for r in seed_reports if r.spans is not None]
    assert starts == sorted(starts)


def test_spans_are_the_words_themselves(seed: Article, seed_reports: list[Report]) -> None:
    made_whole = ("over 2,700", "the captured men are", "the heavy casualties are due")
    for report in seed_reports:
        assert report.spans is not None
        said = " ".join(seed.text[start:end] for start, end in report.spans.content)
        if not str(report.text).startswith(made_whole):
            assert re.sub(r"\s+", " ", said) == report.text
    killed = of(seed_reports, "around 300")
    assert killed.spans is not None
    assert [seed.text[a:b] for a, b in killed.spans.source] == ["South Korea's National Intelligence Service (NIS)"]
    assert [seed.text[a:b] for a, b in killed.spans.cue] == ["reported"]


def test_thoughts_and_mentions_come_only_when_asked_for(seed: Article, policy: Policy) -> None:
    everything = read_reports_of(seed, policy, every_kind=True)
    assert len(everything) >= len(EXPECTED)


def test_an_unnamed_publisher_is_an_unknown_outlet(seed: Article, policy: Policy) -> None:
    bare = read_reports_of(seed.model_copy(update={"publisher": None, "publisher_type": None}), policy)
    assert {(r.provenance[-1].source, r.provenance[-1].type) for r in bare} == {("unknown outlet", "unknown")}


def test_reading_twice_gives_the_same(seed: Article, seed_reports: list[Report], policy: Policy) -> None:
    assert read_reports_of(seed, policy) == seed_reports
