"""Chains judged link by link are the chains that reports with them have; others are judged whole, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import shipped

from reliability import api
from reliability.batch.links import LinkJudge
from reliability.io.reports import validated
from reliability.model.base import canonical_json

LINK = st.fixed_dictionaries(
    {"source": st.sampled_from(["NIS", "nis", "National Intelligence Service", "Abc", " Dee ", "", "X" * 600, None])},
    optional={
        "type": st.sampled_from(["media", "medai", None]), "via": st.sampled_from(["paraphrase", "hearsay", None]),
        "facts": st.sampled_from([{}, {"paid": True}, {"paid": "yes"}, {"new": 3}, {"vetted": None}, [1]]),
    },
)  # fmt: skip


@given(st.lists(st.one_of(LINK, st.just("NIS")), max_size=4))
def test_a_chain_of_judged_links_is_what_its_report_has(chain: list[Any]) -> None:
    judge = LinkJudge(shipped())
    found = judge.chain(range(len(chain)), lambda key: chain[key])  # type: ignore[index]
    try:
        report = validated({"claim": "x", "provenance": chain})
    except ValueError:
        assert found is None
        return
    if api.report_problem(report, shipped()) is not None:
        assert found is None
    else:
        strange = tuple(sorted(api.unknown_facts([report], shipped())))
        assert found == (canonical_json(report.content["provenance"]), strange)


@pytest.mark.parametrize(("n", "stands"), [(0, False), (1, True), (32, True), (33, False)])
def test_a_chain_has_one_to_thirty_two_links(n: int, stands: bool) -> None:
    found = LinkJudge(shipped()).chain(range(n), lambda key: {"source": f"Outlet {key}"})
    assert (found is not None) == stands


def test_links_of_another_numbering_are_read_anew() -> None:
    judge, read = LinkJudge(shipped()), []
    for numbering in ("a", "a", "b"):
        judge.renew(numbering)
        judge.chain([7], lambda key: read.append(key) or {"source": "Ann"})  # type: ignore[func-returns-value]
    assert read == [7, 7]
