"""Track records learned from what was settled: recovery, laws, and what is no evidence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from strategies import link, report, shipped, small_policy

from reliability.io.settled_table import SettledRow
from reliability.io.sources import read_sources_file
from reliability.io.sources_out import sources_toml
from reliability.learning.records import LISTED, LearnedRecords, learn_records
from reliability.learning.records_evidence import Said, from_table
from reliability.learning.records_said import HINDSIGHT, OTHER_SAYINGS, from_reports
from reliability.model.adjudication import Adjudication
from reliability.rules.directory import Directory
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import MOST_SETTLED
from reliability.scoring.records import posterior_fidelity


def said(source: str, claim: str, truth: float, stance: str = "asserts", kind: str = "media",
         group: str | None = None) -> Said:  # fmt: skip
    return Said(source, kind, group, claim, stance, truth)  # type: ignore[arg-type]


def simulated(
    seed: int, n_sources: int, n_reports: int, mean: float = 0.6, worth: float = 6.0
) -> tuple[list[Said], np.ndarray]:
    """Sources with φ from a Beta, each on claims of its own: half are true, and who does not know guesses evenly."""
    rng = np.random.default_rng(seed)
    fidelity = rng.beta(mean * worth, (1 - mean) * worth, n_sources)
    rows = []
    for at, phi in enumerate(fidelity.tolist()):
        truth = rng.random(n_reports) < 0.5
        knows = rng.random(n_reports) < phi
        says = np.where(knows, truth, rng.random(n_reports) < 0.5)
        rows += [said(f"s{at:04}", f"c{at}-{n}", float(t), "asserts" if s else "denies")
                 for n, (t, s) in enumerate(zip(truth.tolist(), says.tolist(), strict=True))]  # fmt: skip
    return rows, fidelity


def intervals(learned: LearnedRecords) -> np.ndarray:
    """Each source's 5 and 95 % points of φ: (n, 2)."""
    found = []
    for key in sorted(learned.sources):
        record = learned.sources[key].record
        assert record.fidelity is not None
        assert record.worth is not None
        mean, worth = posterior_fidelity(record.fidelity, record.worth, record.counts(), record.base_rate)
        found.append(beta.ppf([0.05, 0.95], mean * worth, (1 - mean) * worth))
    return np.array(found)


def test_the_true_fidelity_lies_in_nine_of_ten_intervals_and_more_reports_narrow_them() -> None:
    widths, covered = [], []
    for n_reports in (8, 40):
        inside = []
        for seed in range(3):
            rows, fidelity = simulated(seed, 500, n_reports)
            ends = intervals(learn_records(rows))
            inside.append((ends[:, 0] <= fidelity) & (fidelity <= ends[:, 1]))
        covered.append(float(np.concatenate(inside).mean()))
        widths.append(float((ends[:, 1] - ends[:, 0]).mean()))
    assert covered == pytest.approx([0.9, 0.9], abs=0.03)
    assert widths[1] < widths[0]


def test_what_kinds_have_in_common_is_found_again() -> None:
    rng = np.random.default_rng(7)
    rows, means = [], {"good": 0.8, "bad": 0.3}
    for kind, mean in means.items():
        for at in range(200):
            p = rng.beta(mean * 12, (1 - mean) * 12)
            rows += [said(f"{kind}{at}", f"{kind}{at}-{n}", float(rng.random() < p), kind=kind) for n in range(10)]
    learned = learn_records(rows)
    pools = {pool.type: pool for pool in learned.pools}
    for kind, mean in means.items():
        assert pools[kind].p_true == pytest.approx(mean, abs=0.03)
        assert pools[kind].p_true_low < mean < pools[kind].p_true_high
    worth = learned.worths[2]
    assert worth is not None
    assert worth[1] < 12 < worth[2]


def test_a_source_lies_between_its_own_share_and_its_kinds() -> None:
    rows = [said(f"m{at}", f"c{at}-{n}", float(n < 7)) for at in range(30) for n in range(10)]
    rows += [said("low", f"low{n}", float(n < 1)) for n in range(10)]
    learned = learn_records(rows)
    assert 0.1 < learned.p_true("low") < learned.p_true("m1") < 0.72


def test_an_unknown_source_has_what_its_group_has_else_its_type_else_all() -> None:
    rows = [said(f"{kind}{group}{at}", f"{kind}{group}{at}-{n}", float(n < right), kind=kind, group=group)
            for kind, group, right in (("media", "a", 8), ("media", "b", 5), ("expert", None, 3))
            for at in range(12) for n in range(10)]  # fmt: skip
    learned = learn_records(rows)
    in_a, in_media, at_all = (learned.p_true("new", *key) for key in (("media", "a"), ("media", "z"), ("court", "z")))
    assert in_a > in_media > 0.5
    assert learned.p_true("new", "expert") < at_all < in_a


def test_an_always_true_source_on_a_set_that_is_nearly_all_true_earns_almost_nothing() -> None:
    rows = [said(f"s{at}", f"c{n}", float(n % 10 != 0)) for at in range(20) for n in range(100)]
    record = learn_records(rows).sources["s0"].record
    assert record.base_rate == pytest.approx(0.9, abs=0.01)
    assert record.fidelity is not None
    assert record.worth is not None
    assert posterior_fidelity(record.fidelity, record.worth, record.counts(), record.base_rate)[0] < 0.1


def test_a_spammer_earns_nothing_beside_who_knows() -> None:
    rng = np.random.default_rng(3)
    rows = []
    for n in range(400):
        truth = float(rng.random() < 0.5)
        rows += [said("knows", f"c{n}", truth, "asserts" if truth else "denies"),
                 said("spams", f"c{n}", truth, "asserts" if rng.random() < 0.5 else "denies")]  # fmt: skip
    learned = learn_records(rows)
    found = {name: posterior_fidelity(one.record.fidelity or 0, one.record.worth or 1, one.record.counts(),
                                        one.record.base_rate)
             for name, one in learned.sources.items()}  # fmt: skip
    assert found["knows"][0] > 0.95
    assert found["spams"][0] < 0.1


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9), st.sampled_from(["asserts", "denies"]),
                          st.sampled_from([0.0, 0.3, 1.0])), min_size=1, max_size=40), st.randoms())  # fmt: skip
def test_neither_order_nor_names_matter(rows: list[tuple[int, int, str, float]], random: object) -> None:
    truths: dict[int, float] = {}
    once = {(source, claim): (stance, truths.setdefault(claim, truth)) for source, claim, stance, truth in rows}

    def learned(prefix: str, items: Sequence[tuple[tuple[int, int], tuple[str, float]]]) -> LearnedRecords:
        return learn_records([said(f"{prefix}{s}", f"c{c}", truth, stance) for (s, c), (stance, truth) in items])

    items = list(once.items())
    first = learned("a", items)
    random.shuffle(items)  # type: ignore[attr-defined]
    again, renamed = learned("a", items), learned("b", items)
    assert again == first
    for name, one in first.sources.items():
        assert renamed.sources["b" + name[1:]].record.p_true == one.record.p_true
        assert renamed.sources["b" + name[1:]].record.fidelity == one.record.fidelity


@pytest.mark.parametrize("n", [1, 50])
@pytest.mark.parametrize("truth", [0.0, 0.5, 1.0])
def test_one_source_that_is_always_or_never_or_half_right_has_a_record(n: int, truth: float) -> None:
    learned = learn_records([said("one", f"c{at}", truth) for at in range(n)], shipped())
    record = learned.sources["one"].record
    assert record.p_true is not None
    assert record.p_true_low is not None
    assert record.p_true_high is not None
    assert 0 <= record.p_true_low <= record.p_true <= record.p_true_high <= 1
    assert record.counts() == (n * truth, n * (1 - truth), 0.0, 0.0)


def test_of_a_source_with_very_many_reports_the_latest_are_listed_and_all_are_counted() -> None:
    learned = learn_records(
        [replace(said("one", f"c{at:06}", float(at % 4 != 0)), date="2020") for at in range(12_000)]
    )
    record = learned.sources["one"].record
    assert len(record.settled) == 10_000
    assert record.counts() == (9_000.0, 3_000.0, 0.0, 0.0)
    assert record.until(date(2019, 1, 1)).counts() == (0.0, 0.0, 0.0, 0.0)
    assert learned.p_true("one") == pytest.approx(0.75, abs=0.01)


def test_more_reports_of_one_source_than_a_record_may_list_are_counted() -> None:
    n = MOST_SETTLED + LISTED + 1
    record = learn_records([said("one", f"c{at}", float(at % 3 != 0)) for at in range(n)]).sources["one"].record
    assert sum(record.counts()) == pytest.approx(n)
    assert record.counts()[1] == pytest.approx(sum(at % 3 == 0 for at in range(n)))


def settled(claim: str, truth: float, day: str | None = None) -> Adjudication:
    return Adjudication(claim=claim, truth=truth, date=day)


def test_the_origin_is_judged_once_a_claim_and_what_is_no_word_of_it_is_left_out_and_counted() -> None:
    ada, outlet = link("Ada", "agency"), link("The Post", "media")
    reports = [
        report(ada, outlet, key="1", claim="a"), report(ada, link("The Mail", "media"), key="2", claim="a"),
        report(ada, key="3", claim="b", stance="denies"),
        report(link("Ada", "agency", said="likely"), key="4", claim="d"),
        report(link("officials", "anonymous"), outlet, key="5", claim="a"),
        report(ada, key="6", claim="e", published="2024-02-01"), report(ada, key="7", claim="unsettled"),
    ]  # fmt: skip
    known = [
        settled("a", 1.0),
        settled("b", 1.0),
        settled("d", 1.0),
        settled("e", 1.0, "2024-01-01"),
        settled("x", 0.0),
    ]
    found = from_reports(reports, known, small_policy())
    assert [(one.source, one.claim, one.said, one.truth) for one in found.said] == [
        ("Ada", "a", "asserts", 1.0), ("Ada", "b", "denies", 1.0)]  # fmt: skip
    assert found.left_out == {HINDSIGHT: 1, OTHER_SAYINGS["hedged"]: 1, OTHER_SAYINGS["nameless"]: 1}
    assert found.unknown == ("x",)


def test_a_source_that_changes_its_mind_is_judged_by_its_last_word() -> None:
    reports = [report(link("Ada", "agency"), key="1", claim="a", published="2024-01-01"),
               report(link("Ada", "agency"), key="2", claim="a", published="2024-01-02", stance="denies")]  # fmt: skip
    found = from_reports(reports, [settled("a", 0.0)], small_policy())
    assert [one.said for one in found.said] == ["denies"]


def test_nothing_settled_is_nothing_said() -> None:
    found = from_reports([report(link("Ada", "agency"), key="1", claim="a")], [settled("b", 0.0)], small_policy())
    assert found.said == ()
    with pytest.raises(ValueError, match="nothing was said"):
        learn_records(found.said)


def test_a_written_file_reads_back_and_rates_without_the_claim_that_is_rated(tmp_path: object) -> None:
    policy = small_policy(entries=[SourceEntry(name="Ada", type="agency", aliases=("A.",), country="x")])
    rows = [SettledRow(claim=f"c{n}", source="a.", truth=float(n < 8)) for n in range(10)]
    rows.append(SettledRow(claim="z", source='Q "\\ü\n[x]', truth=1.0, type="media", date="2024-01"))
    learned = learn_records(from_table(rows, policy).said, policy)
    other = SourceEntry(name="Beside", type="media")
    entries = learned.entries(policy, [other, SourceEntry(name="Ada")])
    path = tmp_path / "records.toml"  # type: ignore[operator]
    path.write_text(sources_toml(entries, learned.pools, ["learned\nfrom 11"]), encoding="utf-8")
    assert read_sources_file(path) == tuple(entries)
    found = Directory.of([("f", entry) for entry in entries])
    ada = found.find("A.")
    assert ada is not None
    assert (ada.country, ada.type) == ("x", "agency")
    assert found.find("beside") == other
