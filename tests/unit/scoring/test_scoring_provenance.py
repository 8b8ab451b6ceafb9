"""Who counts as the origin: cuts, own blocs, own voice, crowds, aliases."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from strategies import bloc, link, numbered, only, p_true, rated, report, shipped, small_policy

from reliability.errors import InputError
from reliability.model.report import Link, Report
from reliability.rules.directory import Directory
from reliability.rules.policy import Policy
from reliability.rules.schema import SourceEntry


def labels(reports: list[Report], policy: Policy, kind: str = "origin") -> list[str]:
    """Labels of a claim's nodes of one kind, in the order of the tree."""
    (record,) = rated(reports, policy)
    return [node["label"] for node in record["tree"] if node["kind"] == kind]


def with_sources(policy: Policy, *entries: SourceEntry) -> Policy:
    return replace(policy, sources=Directory.of([("test", entry) for entry in entries]))


POLICY = small_policy({"official": 0.85, "witness": 0.8, "agency": 0.9, "media": 0.9})


def test_who_may_carry_passes_on_and_who_may_not_is_the_origin_itself() -> None:
    carried = [report(link("The minister", "official"), link("The agency", "agency"))]
    cut = [report(link("The minister", "official"), link("A blog", "witness"), link("The agency", "agency"))]
    assert labels(carried, POLICY) == ["The minister"]
    assert labels(cut, POLICY) == ["A blog"]
    assert p_true(cut, POLICY) == pytest.approx((1 + 0.6 * 0.97) / 2, abs=1e-12)


def test_a_chain_is_cut_at_the_last_who_may_not_carry() -> None:
    chain = [
        link("A", "official"),
        link("B", "witness"),
        link("C", "agency"),
        link("D", "witness"),
        link("E", "agency"),
    ]
    (record,) = rated([report(*chain)], POLICY)
    assert [(node["kind"], node["label"]) for node in record["tree"]][1:] == [("origin", "D"), ("outlet", "E")]
    assert record["chains"][0]["counted_from"] == 3
    assert len(record["chains"][0]["links"]) == 5  # the names behind the cut are shown


def test_one_unknown_site_with_ten_officials_is_one_voice() -> None:
    reports = [report(link(f"Official {i}", "official"), link("The site", "unknown"), key=f"r{i}") for i in range(10)]
    assert labels(reports, POLICY) == ["The site"]
    assert p_true(reports, POLICY) == pytest.approx(p_true(reports[:1], POLICY), abs=1e-12)


@pytest.mark.parametrize(("fact", "origin"), [(True, "The minister"), (False, "A blog"), (None, "A blog")])
def test_the_fact_that_an_outlet_may_carry_overrides_its_type(fact: bool | None, origin: str) -> None:
    blog = Link(source="A blog", type="witness", facts={"carries": fact})
    assert labels([report(link("The minister", "official"), blog)], POLICY) == [origin]


@pytest.mark.parametrize(("given", "kind", "origin"), [(True, "witness", "He"), (False, "agency", "The outlet")])
def test_the_sources_file_says_who_may_carry(given: bool, kind: str, origin: str) -> None:
    policy = with_sources(POLICY, SourceEntry(name="The outlet", carries=given))
    assert labels([report(link("He", "official"), link("The outlet", kind))], policy) == [origin]


STATE = [bloc("union", 0.95), bloc("russia", 0.9, inside="union"), bloc("other", 0.9)]
TASS = SourceEntry(name="TASS", type="partisan", bloc="russia")


@pytest.mark.parametrize(
    ("chain", "origin"),
    [
        (["The Kremlin"], "The Kremlin"),  # TASS carries the Kremlin
        (["The Kremlin", "RIA"], "The Kremlin"),  # and what a member had from a member
        (["A ministry abroad"], "TASS"),  # nobody else
        (["The Kremlin", "A ministry abroad"], "TASS"),
        (["The union's secretary"], "TASS"),  # an outer bloc is not its own
        (["A stranger"], "TASS"),
    ],
)
def test_state_media_carry_their_own_bloc_only(chain: list[str], origin: str) -> None:
    entries = [
        TASS, SourceEntry(name="RIA", type="partisan", bloc="russia"),
        SourceEntry(name="The Kremlin", type="official", bloc="russia"),
        SourceEntry(name="A ministry abroad", type="official", bloc="other"),
        SourceEntry(name="The union's secretary", type="official", bloc="union"),
    ]  # fmt: skip
    policy = small_policy({"official": 0.85}, blocs=STATE, entries=entries)
    links = [link(name, None if name != "A stranger" else "official") for name in chain]
    assert labels([report(*links, link("TASS"))], policy) == [origin]


def test_an_outer_bloc_carries_its_inner_members() -> None:
    entries = [SourceEntry(name="Union TV", type="partisan", bloc="union"),
               SourceEntry(name="The Kremlin", type="official", bloc="russia")]  # fmt: skip
    policy = small_policy({"official": 0.85}, blocs=STATE, entries=entries)
    assert labels([report(link("The Kremlin"), link("Union TV"))], policy) == ["The Kremlin"]


def test_the_shipped_tass_carries_the_shipped_kremlin_and_nobody_elses_ministry() -> None:
    kremlin = [report(link("Kremlin"), link("TASS"))]
    abroad = [report(link("Ukrainian Ministry of Defence", "government"), link("TASS"))]
    assert shipped().sources.find("TASS").bloc == shipped().sources.find("Kremlin").bloc
    assert "TASS" not in labels(kremlin, shipped())
    assert labels(abroad, shipped()) == ["TASS"]


@pytest.mark.parametrize(
    ("via", "origin"),
    [
        ("saw-it-ourselves", "ABC News"), ("document", "ABC News"), ("paraphrase", "unattributed (to ABC News)"),
        ("direct-quote", "unattributed (to ABC News)"), (None, "unattributed (to ABC News)"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("relayed", [False, True])
def test_an_outlets_own_sentence_is_its_own_only_where_it_saw_it_or_has_the_document(
    via: str | None, origin: str, relayed: bool
) -> None:
    chain = [link("ABC News", "media", via), *([link("Yonhap", "agency")] if relayed else [])]
    assert labels([report(*chain)], POLICY) == [origin]


def test_own_voice_is_keyed_by_the_first_outlet_of_the_chain() -> None:
    """What ABC wrote is one voice however many relay it; what the BBC wrote is another."""
    reports = numbered([
        report(link("ABC News", "media")), report(link("ABC News", "media"), link("Yonhap", "agency")),
        report(link("BBC", "media")),
    ])  # fmt: skip
    assert sorted(labels(list(reports), POLICY)) == ["unattributed (to ABC News)", "unattributed (to BBC)"]
    assert labels(list(reports), POLICY, "crowd") == ["crowd: unattributed"]


def test_own_voice_has_the_outlet_as_its_relay_and_the_outlets_hedge_below_it() -> None:
    (record,) = rated([report(link("ABC News", "media", said="likely"))], POLICY)
    assert [node["kind"] for node in record["tree"]] == ["common-error", "crowd", "origin", "outlet", "hedge"]


def official(to: str, name: str = "a U.S. official") -> Report:
    return report(link(name, "anonymous"), link(to, "agency"))


def test_an_anonymous_official_in_two_outlets_is_neither_one_person_nor_two() -> None:
    policy = small_policy({"anonymous": 0.7})
    one = p_true(numbered([official("A")]), policy)
    both = p_true(numbered([official("A"), official("B")]), policy)
    named = [report(link(name, "witness"), link(name + " to", "agency")) for name in ("He", "She")]
    two = p_true(numbered(named), small_policy({"witness": 0.7}))
    assert labels(list(numbered([official("A"), official("B")])), policy) == [
        "a U.S. official (to A)", "a U.S. official (to B)"]  # fmt: skip
    assert one == pytest.approx((1 + 0.4 * 0.97) / 2, abs=1e-12)  # alone it weighs as its type does
    assert one + 0.01 < both < two - 0.01


def test_the_same_outlet_twice_is_one_official() -> None:
    policy = small_policy({"anonymous": 0.7})
    again = report(link("a U.S. official", "anonymous"), link("A", "agency"), link("B", "agency"))
    assert labels(list(numbered([official("A"), again])), policy) == ["a U.S. official (to A)"]


def test_a_named_crowd_member_is_known_by_name_alone() -> None:
    reports = numbered(report(link("@kim", "crowd"), link(f"O{i}", "agency")) for i in range(2))
    assert labels(list(reports), POLICY) == ["@kim"]


@pytest.mark.parametrize("n", [2, 100])
@pytest.mark.parametrize("accuracy", [0.525, 0.7, 0.9])
def test_a_hundred_of_a_crowd_stay_under_their_ceiling(n: int, accuracy: float) -> None:
    """Two links of √(φ/φ_c) each under the common error: all together they stay under φ_c·√(φ/φ_c) = √(φ·φ_c)."""
    policy = small_policy({"crowd": accuracy})
    phi = 2 * accuracy - 1
    p = p_true(numbered(report(link(f"@{i}", "crowd")) for i in range(n)), policy)
    assert phi < 2 * p - 1 <= math.sqrt(phi * 0.98) + 1e-12


def test_crowds_of_two_types_or_two_affiliations_are_two_crowds() -> None:
    policy = small_policy({"crowd": 0.7, "anonymous": 0.7}, blocs=[bloc("us", 0.9)],
                          entries=[SourceEntry(name="a U.S. soldier", type="crowd", bloc="us")])  # fmt: skip
    reports = numbered(
        [report(link("@a", "crowd")), report(link("a man", "anonymous")), report(link("a U.S. soldier"))]
    )
    (record,) = rated(list(reports), policy)
    crowds = [(node["label"], record["tree"][node["parent"]]["label"]) for node in record["tree"]
              if node["kind"] == "crowd"]  # fmt: skip
    assert sorted(crowds) == [
        ("crowd: anonymous", "everyone may be wrong together"), ("crowd: crowd", "everyone may be wrong together"),
        ("crowd: crowd", "us")]  # fmt: skip


def test_aliases_and_spellings_are_one_source() -> None:
    entries = [SourceEntry(name="National Intelligence Service", aliases=("NIS", "South Korea's spy agency"))]
    policy = with_sources(POLICY, *entries)
    names = ["NIS", "national  intelligence\u00a0service", "ＮＩＳ", "South Korea's spy agency"]
    reports = numbered(report(link(name, "official"), link("The agency", "agency")) for name in names)
    scored = only(reports, policy)
    assert scored.paths.trie.n_nodes == 3
    assert labels(list(reports), policy) == ["National Intelligence Service"]


def test_a_source_that_relays_itself_under_an_alias_is_refused() -> None:
    policy = with_sources(POLICY, SourceEntry(name="The Service", aliases=("TS",)))
    with pytest.raises(InputError, match="same source"):
        only([report(link("TS", "official"), link("The Service", "agency"))], policy)


def test_a_missing_type_is_the_sources_files_else_unknown() -> None:
    policy = with_sources(POLICY, SourceEntry(name="The Service", type="official"))
    assert p_true([report(link("The Service"))], policy) == pytest.approx(0.85, abs=1e-12)
    assert p_true([report(link("Who"))], policy) == pytest.approx(0.52, abs=1e-12)


def test_a_type_that_the_policy_does_not_define_is_refused_with_near_names() -> None:
    with pytest.raises(InputError, match=r"no source type 'offical'; did you mean 'official'"):
        only([report(link("He", "offical"), key="r1")], POLICY)


def test_a_report_without_a_claim_is_refused() -> None:
    with pytest.raises(InputError, match="no claim yet"):
        only([Report(id="r1", text="It rains.", provenance=(link("He", "official"),))], POLICY)


def test_an_id_that_is_a_claim_here_and_a_question_there_is_refused() -> None:
    both = [report(link("He", "official"), claim="q"), report(link("He", "official"), alternative="A")]
    with pytest.raises(InputError, match="question in another"):
        only(numbered(both), POLICY)
