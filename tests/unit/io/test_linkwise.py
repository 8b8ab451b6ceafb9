"""Chains judged link by link are the chains that reports with them have; others are judged whole, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import shipped

from reliability import api
from reliability.batch.links import LinkJudge
from reliability.batch.raw import parts_of
from reliability.io.reports import validated
from reliability.model.base import canonical_json
from reliability.model.report import Link

TEXTS = st.sampled_from(
    ["NIS", "media", "paraphrase", " likely ", "", 'a "b" \\', "ü\u2028", "x" * 201, "\u00a0", None, 1, [1]]
)
LINK = st.fixed_dictionaries(
    {"source": st.one_of(
        st.sampled_from(["NIS", "nis", "National Intelligence Service", "Abc", " Dee ", "", "X" * 600]), TEXTS)},
    optional={
        "type": st.one_of(st.sampled_from(["media", "medai", None]), TEXTS),
        "via": st.one_of(st.sampled_from(["paraphrase", "hearsay", None]), TEXTS), "hedge": TEXTS, "more": TEXTS,
        "facts": st.sampled_from([{}, {"paid": True}, {"paid": 1}, {"paid": "yes"}, {"new": 3}, {"new": 3.0},
                                  {"new": -0.0}, {"new": 0.0}, {"new": "\\"}, {"vetted": None}, {"Bad": 1}, [1], None]),
    },
)  # fmt: skip
LINKS = st.one_of(LINK, st.sampled_from(["NIS", 1, None, [], {}]))
Judged = list[tuple[str | None, tuple[str, ...]]]


def judged(judge: LinkJudge, chains: Sequence[Sequence[Any]]) -> Judged:
    """Chains of links, each link with a number of its own, as a judge finds them."""
    every = [link for one in chains for link in one]
    stands, texts, strange = judge.chains(
        np.array([len(one) for one in chains], dtype=np.int64), np.arange(len(every)),
        lambda number: parts_of(every[number]), every.__getitem__)  # fmt: skip
    found = iter([(text, strange.get(at, ())) for at, text in enumerate(texts)])
    return [next(found) if one else (None, ()) for one in stands.tolist()]


def expected(chain: Sequence[Any]) -> tuple[str | None, tuple[str, ...]]:
    """The same by way of a whole report."""
    try:
        report = validated({"claim": "x", "provenance": list(chain)})
    except ValueError:
        return None, ()
    if api.report_problem(report, shipped()) is not None:
        return None, ()
    return canonical_json(report.content["provenance"]), tuple(sorted(api.unknown_facts([report], shipped())))


@given(st.lists(st.lists(LINKS, max_size=4), max_size=4))
@example([[{"source": "A", "facts": {"new": 0.0}}], [{"source": "A", "facts": {"new": -0.0}}]])
@example([[{"source": "A", "facts": {"paid": True}}], [{"source": "A", "facts": {"paid": 1}}]])
def test_chains_of_judged_links_are_what_their_reports_have(chains: list[list[Any]]) -> None:
    assert judged(LinkJudge(shipped()), chains) == [expected(chain) for chain in chains]


def test_no_field_of_a_link_depends_on_another() -> None:
    decorators = Link.__pydantic_decorators__
    assert not {**decorators.model_validators, **decorators.root_validators, **decorators.field_validators}


@pytest.mark.parametrize(("n", "stands"), [(0, False), (1, True), (32, True), (33, False)])
def test_a_chain_has_one_to_thirty_two_links(n: int, stands: bool) -> None:
    ((text, _),) = judged(LinkJudge(shipped()), [[{"source": f"Outlet {at}"} for at in range(n)]])
    assert (text is not None) == stands


def test_a_chain_that_cant_stand_leaves_its_neighbours_as_they_are() -> None:
    good, cycle, bad = [{"source": "Ann"}, {"source": "Abc"}], [{"source": "Ann"}, {"source": "ann "}], [{"source": ""}]
    found = judged(LinkJudge(shipped()), [bad, good, cycle, bad, good, []])
    assert [text is not None for text, _ in found] == [False, True, False, False, True, False]


def test_links_of_another_numbering_are_read_anew() -> None:
    judge = LinkJudge(shipped())
    read: list[int] = []

    def link(number: int) -> dict[str, str]:
        read.append(number)
        return {"source": "Ann"}

    for numbering in ("a", "a", "b"):
        judge.renew(numbering)
        judge.chains(np.array([1]), np.array([7]), lambda number: parts_of(link(number)), lambda number: {})
    assert read == [7, 7]
