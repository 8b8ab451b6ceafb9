"""Chains cut at who may not introduce origins: what stands before the cut tells nothing, however long the chain."""

from __future__ import annotations

import pytest
from strategies import link, numbered, only, p_true, report, small_policy

from reliability.rules.schema import SourceEntry


def test_a_crowds_word_at_the_end_of_the_longest_chain_is_the_same_as_alone() -> None:
    """`anonymous` is a descriptor: apart by who stands next to it, and here nobody does, however long the chains."""
    alone = report(link("officials", "anonymous"))
    cut = report(link("He", "witness"), link("officials", "anonymous"))
    assert only(numbered([alone, cut]), small_policy()).links.next.tolist() == [-1]


@pytest.mark.parametrize("stance", ["asserts", "denies"])
def test_before_an_outlet_that_may_not_introduce_others_nobody_is_heard(stance: str) -> None:
    """M's own voice is the crowd behind it, with M as the relay, whoever it names; B passes it on."""
    policy = small_policy(entries=[SourceEntry(name="M", carries=False)])
    alone = report(link("M", "media"), link("B", "agency"), stance=stance)
    names = report(
        link("He", "official"), link("She", "agency"), link("M", "media"), link("B", "agency"), stance=stance
    )
    assert p_true([names], policy) == pytest.approx(p_true([alone], policy), abs=1e-12)
    labels = only([names], policy).paths.kind.tolist()
    assert labels == only([alone], policy).paths.kind.tolist()
