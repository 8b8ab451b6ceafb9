"""From reports to claims: what is merged, what never is, and what an editor changes."""

import hashlib
import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.errors import InputError
from reliability.io.groupings import read_grouping
from reliability.model.report import Link, Quantity, Report
from reliability.text.editing import GroupedClaim, Grouping
from reliability.text.grouping import claim_texts, group
from reliability.text.signature import signature
from reliability.text.similarity import Related, related

NIS = (Link(source="NIS"), Link(source="Paper"))


def report(text: str | None = "t", id: str | None = None, **fields) -> Report:
    return Report(**{"id": id, "text": text, "provenance": NIS, **fields})


def merged(*reports: Report | str) -> bool:
    done, _ = group([one if isinstance(one, Report) else report(one, str(at)) for at, one in enumerate(reports)])
    return len({one.claim for one in done}) == 1


def one_side(a: str, b: str) -> bool:
    """Whether two texts are one claim with one stance."""
    done, _ = group([report(a, "0"), report(b, "1")])
    return len({(one.claim, one.stance) for one in done}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("300 soldiers were killed", "  300 Soldiers were KILLED. "),
        ("The U.S. sent troops", "the US sent the troops"),
        ("The United States sent troops", "USA sent troops"),
        ("Around 300 soldiers had been killed", "about 300 soldiers were killed"),
        ("some 300 soldiers have been killed", "roughly three hundred soldiers were killed"),
        ("12,500 troops have arrived", "twelve thousand five hundred troops arrived"),
        ("more than 1.5 million fled", "over 1,500,000 fled"),
        ("fewer than a dozen died", "less than 12 died"),
        ("Fifty-one percent fell ill on the 3rd day", "51% fell ill on the third day"),
        ("one hundred and two died", "102 died"),
        ("Two million three hundred thousand voted", "2,300,000 voted"),
        ("They can't and won't surrender in the besieged city of Kursk",
         "they cannot and will not surrender in the besieged city of Kursk"),
        ("The troops didn’t surrender", "the troops did not surrender"),
        ("The organisation denied labour abuses", "the organization denied labor abuses"),
        ("In January, North Korea sent troops to Russia", "North Korea sent troops to Russia in January"),
        ("In January North Korea sent troops to Russia", "North Korea sent troops to Russia in January"),
        ("North Korea sent troops in January 2025 to Russia", "North Korea sent troops to Russia in January 2025"),
        ("Kim died yesterday in Kursk", "Kim died in Kursk yesterday"),
        ("In Kyiv protesters gathered", "protesters gathered in Kyiv"),
        ("the re-entry failed", "the reentry failed"),
        ("a coalition ＡＢＣ formed", "a coalition ABC formed"),
    ],
)  # fmt: skip
def test_what_says_nearly_the_same_is_one_claim(a: str, b: str) -> None:
    assert merged(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("300 soldiers were killed", "301 soldiers were killed"),
        ("300 soldiers were killed", "more than 300 soldiers were killed"),
        ("300 soldiers were killed", "about 300 soldiers were killed"),
        ("300 soldiers were killed", "300 soldiers were wounded"),
        ("300 soldiers were killed", "300 soldiers were not killed"),
        ("the soldiers were killed", "the soldiers weren't killed"),
        ("the soldiers were killed", "no soldiers were killed"),
        ("a soldier was killed", "soldiers were killed"),
        ("the soldiers were killed", "the soldiers were killing"),
        ("Kim is president", "Kim was president"),
        ("Kim will attack", "Kim would attack"),
        ("Russia attacked Ukraine", "Ukraine attacked Russia"),
        ("Troops from Russia attacked soldiers", "troops attacked soldiers from Russia"),
        ("Officials in Kyiv said troops attacked", "officials said troops in Kyiv attacked"),
        ("trains ran to Kursk", "trains ran from Kursk"),
        ("it is notable work by the army", "it is not able work by the army"),
        ("a few people survived", "few people survived"),
        ("it was -5 degrees in Seoul", "it was 5 degrees in Seoul"),
        ("more than 12,000 North Korean troops have been deployed to Russia",
         "more than 12,000 North Korean troops have been deployed"),
        ("Account 12345678901234567 paid", "account 12345678901234568 paid"),
        ("dozens died in a fire", "a dozen died in a fire"),
        ("Kim fled not in June from Seoul", "not in June from Seoul Kim fled"),
        ("they did not surrender in June", "in not June they did surrender"),
        ("300 died of the 12", "12 died of the 300"),
    ],
)  # fmt: skip
def test_what_differs_in_a_number_a_negation_a_word_or_its_order_never_says_the_same(a: str, b: str) -> None:
    assert not one_side(a, b)


@given(
    words=st.lists(st.sampled_from(["army", "seoul", "sent", "of", "troops", "in"]), max_size=6),
    at=st.integers(0, 6),
    two=st.lists(st.integers(0, 10**7), min_size=2, max_size=2, unique=True),
)
def test_texts_with_different_numbers_are_never_merged(words: list[str], at: int, two: list[int]) -> None:
    a, b = (" ".join([*words[:at], f"{number:,}", *words[at:]]) for number in two)
    assert not merged(a, b)
    assert merged(a, a.replace(",", ""))


@given(
    words=st.lists(st.sampled_from(["army", "seoul", "is", "able", "troops", "in"]), min_size=1, max_size=6),
    at=st.integers(0, 6),
    negation=st.sampled_from(["not", "never", "no", "without", "nobody"]),
)
def test_a_text_and_its_negation_never_say_the_same(words: list[str], at: int, negation: str) -> None:
    assert not one_side(" ".join(words), " ".join([*words[:at], negation, *words[at:]]))


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "prediction"},
        {"quantity": Quantity(value=300, unit="killed")},
        {"question": "q"},
    ],
)
def test_another_kind_figure_or_question_is_another_claim_with_an_id_of_its_own(changes: dict) -> None:
    a, b = report("300 were killed in Kursk", "a"), report("300 were killed in Kursk", "b", **changes)
    assert not merged(a, b)
    done, pairs = group([a, b])
    assert pairs == [Related(*sorted(one.claim for one in done), 1.0)]


def test_another_figure_is_another_claim() -> None:
    quantities = [
        Quantity(value=300, unit="killed"),
        Quantity(value=300, unit="wounded"),
        Quantity(value=301, unit="killed"),
    ]
    done, _ = group([report("around 300", str(at), quantity=one) for at, one in enumerate(quantities)])
    assert len({one.claim for one in done}) == 3


def test_a_stance_does_not_make_another_claim() -> None:
    assert merged(report("t", "a"), report("T.", "b", stance="denies"), report("t", "c", stance="silent"))


def test_events_that_overlap_are_one_claim_and_others_are_not() -> None:
    def n_claims(*events: str | None) -> int:
        done, _ = group([report("North Korea sent troops", str(at), event=event) for at, event in enumerate(events)])
        return len({one.claim for one in done})

    assert n_claims("2025-01", "2025", "2025-01-12", None) == 1
    assert n_claims("2024-01", "2025-01") == 2
    assert n_claims("2024-01", "2025-01", None, None) == 3
    assert n_claims("2024-01", "2025-01", "2024-06", "2024") == 2
    assert n_claims("2024-01", "2025-01", "2024-01-31T23:59:59+00:00") == 2


def test_a_short_text_with_a_pronoun_is_grouped_within_its_article_only() -> None:
    assert not merged(report("He was killed", "a", article="x"), report("he was killed", "b", article="y"))
    assert merged(report("He was killed", "a", article="x"), report("he was killed", "b", article="x"))
    long = "Their families will be executed if soldiers are taken alive"
    assert merged(report(long, "a", article="x"), report(long, "b", article="y"))


def test_we_is_who_says_so() -> None:
    other = (Link(source="Russia"), Link(source="Paper"))
    assert not merged(report("We did not attack them", "a"), report("We did not attack them", "b", provenance=other))
    assert merged(
        report("We did not attack them", "a"),
        report("We did not attack them", "b", provenance=(Link(source=" nis"), NIS[1])),
    )


def test_a_claims_id_is_the_hash_of_its_earliest_folded_text() -> None:
    reports = [
        report("THE Soldiers fled", "c", published="2025-02"),
        report("The soldiers fled.", "b", published="2025-01-01"),
        report("soldiers fled", "d", published="2024-12-31T23:00:00-05:00"),
    ]
    expected = "c-" + hashlib.sha256(b"the soldiers fled.").hexdigest()[:8]
    assert {one.claim for one in group(reports)[0]} == {expected}
    undated = report("Soldiers  FLED", "z")
    expected = "c-" + hashlib.sha256(b"soldiers fled").hexdigest()[:8]
    done, _ = group([*reports, undated])
    assert {one.claim for one in done} == {expected}
    assert claim_texts(done) == {expected: "Soldiers  FLED"}


def test_two_claims_whose_short_ids_would_be_alike_get_more_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "reliability.text.grouping.sha256", lambda text: "0" * 8 + hashlib.sha256(text.encode()).hexdigest()[8:]
    )
    done, _ = group([report("one thing", "a"), report("another thing", "b"), report("given", "c", claim="c-00000000")])
    assert len({one.claim for one in done}) == 3
    assert {len(one.claim) for one in done} == {10, 14}


def test_what_was_computed_before_does_not_stick_to_the_grouped_report() -> None:
    raw = report("t")
    key, content = raw.key, raw.content
    [done], _ = group([raw])
    assert (done.id, done.key) == (key, key)
    assert done.content == {**content, "claim": done.claim}
    assert Report.model_validate(done.model_dump()) == done
    assert raw.claim is None


def test_a_given_claim_and_an_answer_to_a_question_are_taken_as_they_are() -> None:
    reports = [
        report("t", "a", claim="c1"),
        report("T", "b", claim="c2"),
        report(None, "c", claim="c3"),
        report("t", "d", question="q", alternative="x"),
    ]
    assert group(reports)[0] == reports


def test_a_text_joins_the_one_claim_that_is_asserted_in_nearly_the_same_words() -> None:
    done, _ = group([report("The army fled", "a", claim="x"), report("army fled.", "b"), report("other", "c")])
    assert done[1].claim == "x"
    assert done[2].claim != "x"
    two, _ = group([report("army fled", "a", claim="x"), report("army fled", "b", claim="y"), report("army fled", "c")])
    assert two[2].claim.startswith("c-")
    denied, _ = group([report("army fled", "a", claim="x", stance="denies"), report("army fled", "b")])
    assert denied[1].claim.startswith("c-")


texts = st.sampled_from(
    [
        "army fled",
        "The army fled",
        "the army didn't flee",
        "12 fled",
        "twelve fled",
        "In May, 12 fled",
        "12 fled in May",
        "he fled",
    ]
)
loose = st.builds(
    report,
    texts,
    published=st.sampled_from([None, "2024", "2025-01", "2025-01-02"]),
    event=st.sampled_from([None, None, "2024", "2025"]),
    article=st.sampled_from([None, "x", "y"]),
    claim=st.sampled_from([None, None, None, "g1", "g2"]),
    stance=st.sampled_from(["asserts", "denies"]),
)  # fmt: skip


@given(reports=st.lists(loose, max_size=8, unique_by=lambda one: one.key), seed=st.integers(0, 99))
def test_the_order_of_reports_changes_nothing_and_grouping_again_neither(reports: list[Report], seed: int) -> None:
    done, pairs = group(reports)
    assert all(one.claim is not None for one in done)
    shuffled = random.Random(seed).sample(reports, len(reports))
    again, pairs_again = group(shuffled)
    assert {one.key: one for one in done} == {one.key: one for one in again}
    assert pairs == pairs_again
    assert group(done) == (done, pairs)


@given(reports=st.lists(loose, max_size=8, unique_by=lambda one: one.key))
def test_claims_written_out_and_read_back_group_the_same(reports: list[Report]) -> None:
    done, _ = group(reports)
    for one in done:
        [alone], _ = group([one])
        assert alone == one


def test_many_orders_of_the_same_words_are_not_compared_with_each_other() -> None:
    orders = [" ".join(one) for one in itertools.permutations(["in may", "army", "fled", "seoul", "again"])]
    done, _ = group([report(text, str(at)) for at, text in enumerate(orders)])
    assert len({one.claim for one in done}) == len(orders)


# related


def test_claims_that_are_alike_are_related_and_others_not() -> None:
    found = related({
        "c1": "North Korean soldiers were killed in Kursk",
        "c2": "North Korean soldiers were not killed in Kursk",
        "c3": "The price of bread rose in Brazil",
    })  # fmt: skip
    assert [(one.claim_a, one.claim_b) for one in found] == [("c1", "c2")]
    assert 0.5 < found[0].similarity < 1
    assert round(found[0].similarity, 2) == found[0].similarity


def test_similarity_by_hand() -> None:
    # "aa" and "bb" are in one text each, "cc" in both: idf ln(1 + 2/1) and ln(1 + 2/2)
    rare, shared = 1.0986122886681098**2, 0.6931471805599453**2
    [pair] = related({"x": "aa cc", "y": "bb cc"}, at_least=0.1)
    assert pair == Related("x", "y", round(shared / (rare + shared), 2))


def test_a_claim_stands_in_five_pairs_at_most() -> None:
    found = related({f"c{at:02}": f"the very same words but for the last one which is w{at}" for at in range(20)})
    ids = [one for pair in found for one in (pair.claim_a, pair.claim_b)]
    assert max(ids.count(one) for one in set(ids)) == 5
    assert all(pair.claim_a < pair.claim_b for pair in found)
    assert found == sorted(found, key=lambda one: (-one.similarity, one.claim_a, one.claim_b))


@pytest.mark.parametrize("texts", [{}, {"a": "x"}, {"a": "…", "b": "!!!"}, {"a": "…", "b": "words"}])
def test_nothing_is_related_to_nothing(texts: dict[str, str]) -> None:
    assert related(texts) == []


def test_what_more_than_a_hundred_texts_share_relates_nothing() -> None:
    assert related({f"c{at}": "same" for at in range(101)}) == []
    assert len(related({f"c{at}": "same" for at in range(100)})) > 0


def test_thousands_of_texts_are_grouped_without_a_matrix_of_all_pairs() -> None:
    import tracemalloc

    choose = random.Random(7)
    words = [
        f"{a}{b}{c}" for a in "bcdfgkl" for b in ("ana", "iri", "oto") for c in ("men", "sol", "tar", "vik", "zed")
    ]
    reports = [report(" ".join(choose.choices(words, k=9)), str(at)) for at in range(4_000)]
    tracemalloc.start()
    done, pairs = group(reports)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(done) == 4_000
    assert peak < 4_000**2 * 8
    assert len(pairs) <= 10_000


# an editor's grouping


def grouped(reports: list[Report], *claims: dict) -> dict[str, tuple[str | None, str]]:
    grouping = Grouping(claim=tuple(GroupedClaim(**one) for one in claims), where="g.toml")
    return {one.key: (one.claim, one.stance) for one in group(reports, grouping)[0]}


ABC = [
    report("army fled", "r1"),
    report("The army fled", "r2"),
    report("army did not flee", "r3"),
    report("Seoul fell", "r4", claim="s"),
]


def test_an_editor_merges_by_id_claim_and_text_and_splits_single_reports() -> None:
    claim = group(ABC)[0][0].claim
    assert grouped(ABC, {"id": "m", "members": [claim, "s"]}) == {
        "r1": ("m", "asserts"), "r2": ("m", "asserts"), "r4": ("m", "asserts"),
        "r3": (group(ABC)[0][2].claim, "asserts"),
    }  # fmt: skip
    assert grouped(ABC, {"id": "m", "members": ["r2"]})["r1"] == (claim, "asserts")
    both = grouped(ABC, {"id": "all", "members": [claim, "seoul  FELL"]}, {"id": "mine", "members": ["r2"]})
    assert (both["r1"][0], both["r2"][0], both["r4"][0]) == ("all", "mine", "all")
    assert grouped(ABC, {"id": claim, "members": ["s"]})["r4"] == grouped(ABC, {"id": claim, "members": ["s"]})["r1"]


def test_an_opposed_member_is_flipped_and_gives_the_claim_no_text() -> None:
    reports = [
        *ABC,
        report("army did not flee", "r0", stance="denies"),
        report("army did not flee", "r9", stance="retracts"),
    ]
    claim = {"id": "m", "members": ["army fled"], "opposed": ["army did not flee"]}
    found = grouped(reports, claim)
    assert [found[key] for key in ("r0", "r1", "r3", "r9")] == [
        ("m", "asserts"),
        ("m", "asserts"),
        ("m", "denies"),
        ("m", "retracts"),
    ]
    grouping = Grouping(claim=(GroupedClaim(**claim),))
    assert claim_texts(group(reports, grouping)[0], grouping)["m"] == "army fled"
    only = Grouping(claim=(GroupedClaim(id="m", opposed=("r3",)),))
    assert claim_texts(group(ABC, only)[0], only)["m"] == "army did not flee"
    titled = Grouping(claim=(GroupedClaim(id="m", opposed=("r3",), text="The army fled."),))
    assert claim_texts(group(ABC, titled)[0], titled)["m"] == "The army fled."


def test_a_grouping_has_its_own_text_only_for_claims_that_are_there() -> None:
    grouping = Grouping(
        claim=(
            GroupedClaim(id="m", members=("army fled",), text="T"),
            GroupedClaim(id="n", members=("r1", "r2"), text="U"),
        )
    )
    done, _ = group(ABC[:2], Grouping(claim=grouping.claim[1:]))
    assert claim_texts(done, grouping) == {"n": "U"}


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ([{"id": "m", "members": ["r11"]}],
         "g.toml: claim[0].members: `r11` is no report, claim or text here; did you mean `r1`"),
        ([{"id": "m", "opposed": ["armie fled"]}],
         "claim[0].opposed: `armie fled` is no report, claim or text here; did you mean `army fled`?"),
        ([{"id": "m", "members": ["zzz"]}],
         "`zzz` is no report, claim or text here; list ids as `reliability claims` shows them"),
        ([{"id": "m", "members": ["r1", "r1"]}],
         "`r1` is listed twice, in claim[0].members too"),
        ([{"id": "m", "members": ["r1"]}, {"id": "n", "opposed": ["r1"]}],
         "claim[1].opposed: `r1` is listed twice, in claim[0].members too"),
        ([{"id": "m", "members": ["army fled"]}, {"id": "n", "members": ["Army  Fled"]}],
         "`Army  Fled` names the report r1, as `army fled` in"),
        ([{"id": "m", "members": ["r1"]}, {"id": "m", "members": ["r2"]}],
         "claim[1].id: `m` is the id of claim[0] too; put their members together"),
        ([{"id": "m", "members": ["r1"], "opposed": ["s"]}],
         "`s` is a claim that says the opposite, and `m` has no `text`"),
    ],
)  # fmt: skip
def test_a_grouping_that_does_not_fit_is_refused_with_its_place(claims: list[dict], message: str) -> None:
    with pytest.raises(InputError) as raised:
        grouped(ABC, *claims)
    assert message in str(raised.value)


def test_an_opposed_claim_is_flipped_when_the_claim_has_a_text() -> None:
    assert grouped(ABC, {"id": "m", "members": ["r1"], "opposed": ["s"], "text": "x"})["r4"] == ("m", "denies")


def test_a_grouping_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "g.toml"
    path.write_text('[[claim]]\nid = "m"\ntext = "T"\nmembers = ["a", "b"]\n[[claim]]\nid = "n"\nopposed = ["c"]\n')
    assert read_grouping(path) == Grouping(
        claim=(GroupedClaim(id="m", text="T", members=("a", "b")), GroupedClaim(id="n", opposed=("c",))),
        where=str(path),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "g.toml: holds no claims; add a [[claim]] table"),
        ("[[claim]]\nid = \n", "g.toml:2: TOML syntax error"),
        ("[[clam]]\nid = 'x'", "g.toml: clam: is not a key of a grouping; did you mean `claim`?"),
        ("[claim]\nid = 'x'", "claim: is not a list of tables; write [[claim]], with two brackets"),
        ("[[claim]]\nmembers = ['x']", "claim[0]: id: is missing; known keys: id, text, members, opposed"),
        ("[[claim]]\nid = 'x'\nmember = ['x']", "claim[0]: member: is not a field; did you mean `members`?"),
        ("[[claim]]\nid = 'x'", "claim[0]: a claim needs `members` or `opposed`"),
        ("[[claim]]\nid = 'x'\nmembers = 'x'", "claim[0]: members: must be a list, not `x`"),
        ("[[claim]]\nid = 'x'\nmembers = [1]", "claim[0]: members[0]: must be a text, not `1`"),
    ],
)
def test_a_wrong_grouping_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "g.toml"
    path.write_text(text)
    with pytest.raises(InputError) as raised:
        read_grouping(path)
    assert message in str(raised.value)


# gold data, where it is at hand

GOLD = Path("/work/shared/data/matching")


@pytest.mark.skipif(not GOLD.exists(), reason="the public gold data is not here")
@pytest.mark.parametrize("name", ["numswap-train", "msrp-train", "emergent-train.conflict"])
def test_what_is_merged_in_the_gold_pairs_is_the_same(name: str) -> None:
    pairs = [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = [one["id"] for one in pairs if one["gold"] not in (1, "same") and merged(one["a"], one["b"])]
    assert wrong == []


@given(st.text(max_size=80))
def test_a_signature_of_any_text_is_its_words_and_stable(text: str) -> None:
    tokens = signature(text)
    assert all(tokens)
    assert signature(text.upper().lower()) == signature(text.upper().lower() + " .")
