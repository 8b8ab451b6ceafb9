"""The measures read their sets, and find an error where there is one."""

import pytest
from measure import chain_reading, source_typing

from reliability.model.report import Link, Report
from reliability.rules.policy import Policy


@pytest.mark.parametrize("name", ["typing.txt", "typing-held.txt"])
def test_each_typing_case_names_a_mention_that_stands_there(name: str) -> None:
    cases = source_typing.cases(source_typing.DATA.with_name(name))
    assert len(cases) > 50
    assert all(case.text[case.start : case.end] == case.mention for case in cases)
    assert {kind for case in cases for kind in case.types} <= set(Policy.load().types)


@pytest.mark.parametrize("name", ["chains.txt", "chains-held.txt"])
def test_each_file_of_chains_has_a_third_of_negatives(name: str) -> None:
    cases = chain_reading.cases(chain_reading.DATA.with_name(name))
    assert 0.25 < sum(not case.chains for case in cases) / len(cases) < 0.45


def test_a_chain_in_the_wrong_order_is_no_match() -> None:
    police = Link(source="Police", type="law-enforcement", via="paraphrase")
    reuters = Link(source="Reuters", type="wire-agency", via="paraphrase")
    outlet = Link(source="The Velm Post", type="media")
    (case,) = [c for c in chain_reading.cases(chain_reading.DATA) if c.text.startswith("The general has left")]
    stance, (first, second) = case.chains[0]
    wanted = (chain_reading.Expected(("police",), ("law-enforcement",), False, None), second)
    policy = Policy.load()
    right = Report(text="x", provenance=(police, reuters, outlet))
    wrong = Report(text="x", provenance=(reuters, police, outlet))
    assert first.names == ("officials",)
    assert chain_reading.matches(right, stance, wanted, policy, strict=True)
    assert not chain_reading.matches(wrong, stance, wanted, policy, strict=True)
