"""Chains: who is cited, who was told, who only seems to speak; invented sentences."""

from __future__ import annotations

import pytest

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of


def read(text: str, policy: Policy) -> list[Report]:
    return read_reports_of(Article(id="a", text=text, publisher="The Velm Post", publisher_type="media"), policy)


def chains(text: str, policy: Policy) -> list[list[str]]:
    return [[link.source for link in r.provenance[:-1]] for r in read(text, policy)]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Xinhua quoted Marshal Bo Tarn as saying the dam was full.", ["Bo Tarn", "Xinhua"]),
        ("Marshal Bo Tarn was quoted by Xinhua as saying that the dam was full.", ["Bo Tarn", "Xinhua"]),
        ("Le Monde, citing a diplomat, said the envoy had been expelled.", ["diplomat", "Le Monde"]),
        ("Speaking to CNN, Ina Doe said that the dam was full.", ["Ina Doe", "CNN"]),
        ("In an interview with the Financial Times, Ina Doe said it was full.", ["Ina Doe", "Financial Times"]),
        ("Ina Doe told lawmakers that the dam was full.", ["Ina Doe"]),
        ("Amnesty International said that, according to survivors, guards had fired into the crowd.",
         ["survivors", "Amnesty International"]),
        ("Ina Doe told a meeting of the council that the dam had been emptied.", ["Ina Doe"]),
    ],
)  # fmt: skip
def test_a_chain_begins_with_who_says_it_is_so(text: str, chain: list[str], policy: Policy) -> None:
    assert chains(text, policy) == [chain]


@pytest.mark.parametrize(
    "text",
    [
        "If the ministry says that the bridge is closed, drivers take the ferry.",
        "She left the room without saying that the talks had failed.",
        "Had the agency reported that the well was poisoned, the town would have been cleared.",
        "The army has yet to confirm that the general is dead.",
        "He wants the court to say that the law is void.",
        "In the novel, the detective says that the butler did it.",
        "Suppose a witness says that the car was red.",
        "Neither the police nor the army said that shots were fired.",
        "The ministry could not confirm reports that a plane had crashed.",
        "Who told you that the money was gone?",
    ],
)
def test_words_that_nobody_speaks_are_no_report(text: str, policy: Policy) -> None:
    assert all(len(report.provenance) == 1 for report in read(text, policy))


@pytest.mark.parametrize(
    "text",
    [
        "After saying that the dam was full, Ina Doe left.",
        "Ina Doe went on to say that the dam was full.",
        "Ina Doe said she wanted the court to know that the dam was full.",
        "In the capital, Ina Doe said that the dam was full.",
    ],
)
def test_words_that_are_spoken_stay_a_report(text: str, policy: Policy) -> None:
    assert "Ina Doe" in [name for chain in chains(text, policy) for name in chain]


def test_a_collective_is_no_origin_beside_its_named_member(policy: Policy) -> None:
    said = "that soldiers of the northern brigade had sold their winter boots for rice"
    text = f"The defector Han Velo said {said}. Defectors said {said}."
    assert chains(text, policy) == [["Han Velo"]]
    assert chains(f"Defectors said {said}.", policy) == [["Defectors"]]
