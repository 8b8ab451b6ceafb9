"""Typing, figures, dates, hedges and kinds: the small readings beside attribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.rules.conditions import Column, evaluate
from reliability.rules.policy import Policy
from reliability.text.deciding import decider
from reliability.text.hedging import Hedges
from reliability.text.kinds import kind_of
from reliability.text.lexicon import lexicon
from reliability.text.own_voice import Said
from reliability.text.pipeline import load
from reliability.text.quantities import number, quantity_of
from reliability.text.typing import from_words
from reliability.text.when import event_of

POLICY = Policy.load()
WORDS = ["defector", "agency", "official", "a u.s. official", "ministry", "former president", "who fled north korea"]
ROWS = st.fixed_dictionaries(
    {
        "head": st.none() | st.sampled_from(WORDS),
        "words": st.none() | st.sampled_from(WORDS),
        "title": st.none() | st.sampled_from(WORDS),
        "appositive": st.none() | st.sampled_from(WORDS),
        "entity": st.none() | st.sampled_from(["person", "organisation", "place", "none"]),
        "named": st.none() | st.booleans(),
        "plural": st.none() | st.booleans(),
    }
)


def root(text: str) -> Any:
    return next(iter(load()(text).sents)).root


@given(ROWS)
def test_one_row_is_decided_as_the_compiled_conditions_decide_it(row: dict[str, Any]) -> None:
    columns = {
        name: Column(np.array([-1 if value is None else 0]), () if value is None else (value,))
        for name, value in row.items()
    }
    for rule in POLICY.typing:
        outcome = evaluate(rule.when, columns, 1)
        expected = True if outcome.yes[0] else None if outcome.unknown[0] else False
        assert decider(rule.when)(row) is expected


def test_what_no_rule_knows_is_unknown() -> None:
    assert from_words([{"head": "gizmo", "words": "the gizmo", "entity": "none"}], POLICY).type == "unknown"
    assert from_words([], POLICY).type == "unknown"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12,000", 12_000), ("2.5 million", 2.5e6), ("two", 2), ("three hundred", 300), ("twenty-five", 25),
        ("1,234,567", 1_234_567), ("dozens", None), ("a dozen", 12), ("half a million", 5e5),
        ("12,00", None), ("", None),
    ],
)  # fmt: skip
def test_numbers_in_figures_and_words(words: str, value: float | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Around 300 soldiers were killed.", (300, "about", "killed")),
        ("More than 1,000 people were arrested.", (1000, "more_than", "arrested")),
        ("At least 12 houses were destroyed.", (12, "at_least", "destroyed")),
        ("The army lost 300 tanks.", (300, "exact", "tanks")),
        ("He paid $2 million.", (2e6, "exact", "dollars")),
        ("The army left in 2019.", None),
        ("Two years passed.", None),
        ("Between 20 and 30 people had been arrested.", (20, "between", "arrested", 30)),
        ("20 to 30 people had been killed.", (20, "between", "killed", 30)),
        ("20-30 people were killed.", (20, "between", "killed", 30)),
        ("20–30 people were killed.", (20, "between", "killed", 30)),
        ("From 200 to 300 soldiers were captured.", (200, "between", "captured", 300)),
        ("Two or three people were killed.", (2, "between", "killed", 3)),
        ("Between 5,000 and 6,000 troops were deployed.", (5000, "between", "deployed", 6000)),
        ("They killed between 20 and 30 people.", (20, "between", "killed", 30)),
        ("Two to three thousand people were displaced.", (2000, "between", "displaced", 3000)),
        ("Dozens of people were killed.", (24, "between", "killed", 99)),
        ("Hundreds of soldiers had been wounded.", (200, "between", "wounded", 999)),
        ("Tens of thousands of people were displaced.", (20_000, "between", "displaced", 99_999)),
        ("Thousands were displaced.", (2000, "between", "displaced", 9999)),
        ("Several hundred soldiers were killed.", (200, "between", "killed", 999)),
        ("Nobody was killed.", (0, "exact", "killed")),
        ("No people were killed.", (0, "exact", "killed")),
        ("No one was injured in the blast.", (0, "exact", "injured")),
        ("There were no deaths.", (0, "exact", "deaths")),
        ("The blast killed no one.", (0, "exact", "killed")),
        ("The blast killed 12 people.", (12, "exact", "killed")),
        ("More than a dozen people were killed.", (12, "more_than", "killed")),
        ("Half a million people were displaced.", (500_000, "exact", "displaced")),
        ("No more than 10 people were killed.", (10, "at_most", "killed")),
        ("Not fewer than 10 people were killed.", (10, "at_least", "killed")),
        ("Two hundred and fifty people were killed.", (250, "exact", "killed")),
        ("About 3.5m people were displaced.", (3_500_000, "about", "displaced")),
        ("The police had not killed 30 people.", None),
        ("The army lost no time.", None),
        ("Hundreds of years passed.", None),
        ("One soldier was killed and two people were hurt.", (1, "exact", "killed")),
    ],
)  # fmt: skip
def test_the_figure_that_a_clause_is_about(text: str, expected: tuple[Any, ...] | None) -> None:
    found = quantity_of(root(text))
    read = None if found is None else (found.value, found.op, found.unit, found.high)
    assert read == (None if expected is None else (*expected, None)[:4])


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("He left in March 2019.", None, "2019-03"),
        ("He left on 3 March.", "2025-02-10", None),
        ("He left on March 3, 2025.", None, "2025-03-03"),
        ("He left in January.", "2025-03-12", "2025-01"),
        ("He left in November.", "2025-03-12", "2024-11"),
        ("He left in January.", None, None),
        ("He left in 2019.", None, "2019"),
        ("He left in spring.", "2025-03-12", None),
    ],
)
def test_when_it_happened(text: str, published: str | None, expected: str | None) -> None:
    assert event_of(root(text), None, published) == expected


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The army has left.", "statement"),
        ("The army will leave.", "prediction"),
        ("Most soldiers will kill themselves before they are captured.", "statement"),
        ("The army could leave.", "prediction"),
        ("I would have wanted to leave.", "wish"),
        ("We plan to leave.", "intention"),
        ("Leave the city now.", "instruction"),
        ("Who has left?", "question"),
    ],
)
def test_what_kind_of_thing_is_said(text: str, kind: str) -> None:
    assert kind_of(root(text), text, "statement") == kind


def test_a_clause_inside_hedges_for_itself() -> None:
    hedges = Hedges(POLICY)
    assert hedges.of_clause(root("The army has probably left the town.")) == "probably"
    assert hedges.of_clause(root("The army has left the town, which is probably empty.")) is None
    assert hedges.of_clause(None) is None


def test_a_rewording_with_the_same_words_is_a_restatement() -> None:
    said = Said()
    said.add("rebels captured the northern airport yesterday")
    assert said.restates("Rebels captured the northern airport yesterday.")
    assert not said.restates("Rebels abandoned the southern harbour yesterday.")
    assert not said.restates("Rebels won.")


def test_the_word_lists_hold_together() -> None:
    lists = lexicon()
    assert all(word == word.lower() for word in (*lists.verbs, *lists.nouns))
    assert all(found.takes for classes in lists.verbs.values() for found in classes)
    assert lists.country_by_word["ukrainian"] == "Ukraine"
    assert lists.country_by_word["u.s."] == "United States"
