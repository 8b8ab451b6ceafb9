"""The kernel of batches gives what `rate` gives, field by field, however the claims are split and the rows stand."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pytest
from golden import sets as golden
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, World, cases, reports_in, shipped, worlds

from reliability.batch.arrays import one_array
from reliability.batch.canonical import contents
from reliability.batch.compact import compact
from reliability.batch.kernel import Options, rate_table, records_of
from reliability.batch.records import rating_rows
from reliability.batch.rows import rows_of_reports
from reliability.batch.schema import CONTENT
from reliability.model.base import canonical_json
from reliability.model.report import Link, Quantity, Report
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import TrackRecord
from reliability.text.grouping import group

pytestmark = pytest.mark.usefixtures("few_draws")
STANCES = ("asserts", "asserts", "denies", "silent", "retracts")
TEXTS = (None, "It rained.", "It did not rain.", "It is a hoax that it rained.")


def by_records(reports: Sequence[Report], policy: Policy, options: Options) -> list[dict[str, Any]]:
    ratings, read = records_of(rows_of_reports(reports), policy, options)
    found: list[dict[str, Any]] = rating_rows(ratings, read, intervals=options.intervals).to_pylist()
    return sorted(found, key=lambda one: (one["claim"], one["digest"]))


def by_kernel(reports: Sequence[Report], policy: Policy, options: Options | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rate_table(rows_of_reports(reports), policy, options).to_pylist()
    return found


@st.composite
def sets(draw: st.DrawFn) -> tuple[World, tuple[Report, ...]]:
    """Reports on some plain claims of one world: texts, dates, hedges, silences, retractions, questions, events."""
    world = draw(worlds())
    reports = draw(st.lists(reports_in(world, stances=STANCES), min_size=1, max_size=10))
    found = []
    for at, one in enumerate(reports):
        claim, text, question = draw(st.tuples(st.sampled_from("abc"), st.sampled_from(TEXTS),
                                               st.sampled_from((None, None, "q1", "q2"))))  # fmt: skip
        update = {"id": f"r{at:02d}", "claim": claim, "text": text, "question": question}
        found.append(one.model_copy(update=update))
    return world, tuple(found)


@pytest.mark.parametrize("intervals", [False, True])
@given(sets())
def test_the_kernel_gives_every_field_of_a_rating_as_records_have_it(
    intervals: bool, made: tuple[World, tuple[Report, ...]]
) -> None:
    world, reports = made
    options = Options(intervals=intervals)
    assert by_kernel(reports, world.policy, options) == by_records(reports, world.policy, options)


def departed(at: int) -> Report:
    link = Link(source=f"Soldier {at % 100}", type="defector-testimony", facts={"departed": f"20{at % 100:02d}-05"})
    return Report(
        id=f"r{at:03d}", claim=f"c{at % 7}", text="It rained.", provenance=(link,), event=f"20{at // 3:02d}-01"
    )


def test_facts_that_follow_from_more_dates_than_links_have_facts_are_told_apart() -> None:
    reports = [departed(at) for at in range(290)]
    assert by_kernel(reports, shipped()) == by_records(reports, shipped(), Options())


@given(sets())
def test_rows_whose_repeating_texts_stand_once_are_rated_and_spelled_as_others(
    made: tuple[World, tuple[Report, ...]],
) -> None:
    world, reports = made
    rows, held = rows_of_reports(reports), compact(rows_of_reports(reports))
    assert rate_table(held, world.policy).equals(rate_table(rows, world.policy))
    texts, same = (contents({name: one_array(table[name]) for name in CONTENT}) for table in (rows, held))
    assert same.equals(texts)


@given(cases(k=None, max_reports=5))
def test_answers_to_a_question_are_rated_as_records_have_them(case: Case) -> None:
    assert by_kernel(case.reports, case.policy) == by_records(case.reports, case.policy, Options())


@pytest.mark.parametrize("name", golden.NAMES)
@pytest.mark.parametrize("intervals", [False, True])
def test_every_fixture_is_rated_as_records_have_it(name: str, intervals: bool) -> None:
    reports, _ = group([one for one in golden.reports_of(name) if one.kind == "statement"])
    policy, options = golden.policy_of(name), Options(intervals=intervals)
    assert by_kernel(reports, policy, options) == by_records(reports, policy, options)


@given(sets(), st.randoms(use_true_random=False))
def test_no_byte_depends_on_the_order_of_rows(made: tuple[World, tuple[Report, ...]], random: Any) -> None:
    world, reports = made
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert as_bytes(shuffled, world.policy) == as_bytes(reports, world.policy)


@given(sets(), st.sets(st.sampled_from("abc")))
def test_no_byte_depends_on_which_claims_are_rated_in_one_call(
    made: tuple[World, tuple[Report, ...]], first: set[str]
) -> None:
    world, reports = made
    parts = [[one for one in reports if (one.claim in first) is here] for here in (True, False)]
    apart = pa.concat_tables([rate_table(rows_of_reports(part), world.policy) for part in parts])
    together = rate_table(rows_of_reports(reports), world.policy)
    assert in_bytes(apart.sort_by("claim")) == in_bytes(together)


@given(sets(), st.integers(1, 4))
def test_a_claims_digest_is_that_of_its_reports_lines_however_few_are_spelled_out_at_a_time(
    made: tuple[World, tuple[Report, ...]], at_once: int
) -> None:
    world, reports = made
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reliability.batch.claims.SPELLED", at_once)
        found = {one["claim"]: one["digest"] for one in by_kernel(reports, world.policy)}
    lines: dict[str, list[str]] = {}
    for one in sorted(reports, key=lambda one: one.key):
        lines.setdefault(str(one.claim), []).append(canonical_json({"id": one.key, **one.content}))
    digests = {claim: sha256("\n".join(some).encode()).hexdigest() for claim, some in lines.items()}
    assert found == {claim: f"sha256:{digest}" for claim, digest in digests.items()}


def test_figures_of_one_question_are_rated_together_and_beside_plain_claims() -> None:
    reports = [
        Report(id=f"r{at}", claim=claim, question=question, quantity=quantity,
               provenance=(Link(source="General Staff", type="military"), Link(source="Daily", type="media")))
        for at, (claim, question, quantity) in enumerate([
            ("low", "how-many", Quantity(value=100, unit="killed")),
            ("high", "how-many", Quantity(value=900, unit="killed")), ("plain", None, None),
        ])
    ]  # fmt: skip
    found = by_kernel(reports, shipped())
    assert found == by_records(reports, shipped(), Options())
    assert [one["quantity"] is None for one in found] == [False, False, True]


def as_bytes(reports: Sequence[Report], policy: Policy) -> bytes:
    return in_bytes(rate_table(rows_of_reports(reports), policy))


def in_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    found: bytes = sink.getvalue().to_pybytes()
    return found


def test_track_records_count_as_records_have_it_the_rated_claim_left_out() -> None:
    settled = [{"claim": "a", "truth": 0.0}, *({"claim": f"old-{n}", "truth": 1.0} for n in range(6))]
    known = SourceEntry(name="Interior Ministry", type="government", record=TrackRecord.model_validate(
        {"settled": settled}))  # fmt: skip
    policy = Policy.load(sources=[("mine", known)])
    chain = (Link(source="Interior Ministry", type="government"), Link(source="ABC", type="media"))
    reports = [Report(id=name, claim=name, text=f"it is so in {name}", provenance=chain) for name in ("a", "b")]
    found = by_kernel(reports, policy)
    assert found == by_records(reports, policy, Options())
    own, other = (one["p"] for one in found)
    assert own > other
