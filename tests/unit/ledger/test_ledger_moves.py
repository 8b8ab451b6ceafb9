"""Why a rating moved: one cause is all of the move, and the shares of several add up to it to the hundredth."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import BEGAN, ROOT, policy, said

from reliability import Policy, Rating, Report, api
from reliability.errors import UsageError
from reliability.ledger.chain import Placed
from reliability.ledger.details import Options
from reliability.ledger.moves import Moved, moves
from reliability.ledger.recording import Evidence, record_run
from reliability.ledger.store import Ledger


@cache
def other_policy() -> Policy:
    """The shipped policy, in which ministries are right less often."""
    folder = Path(tempfile.mkdtemp(prefix="reliability-test-"))
    (folder / "source-types").mkdir()
    (folder / "policy.toml").write_text(f'inherits = "{ROOT / "rules"}"\nwithout = []\n', encoding="utf-8")
    text = (ROOT / "rules" / "source-types" / "government.toml").read_text(encoding="utf-8")
    (folder / "source-types" / "government.toml").write_text(text.replace("p = 0.75", "p = 0.65"), encoding="utf-8")
    return Policy.load(folder, scenarios=False)


def keep(ledger: Ledger, reports: Sequence[Report], rules: Policy, ratings: Sequence[Rating] | None = None) -> Placed:
    made = api.rate_reports(reports, rules).ratings if ratings is None else ratings
    evidence = Evidence(given=(), policy=rules, reports=reports, options=Options(max_chars=1_000))
    return record_run(ledger, evidence, made, at=BEGAN)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger to which each example adds its entries."""
    return Ledger.open(tmp_path_factory.mktemp("shared") / "ledger", create=True)


def moved(
    folder: Path | Ledger, old: Sequence[Report], new: Sequence[Report], old_rules: Policy, new_rules: Policy
) -> Moved:  # fmt: skip
    ledger = folder if isinstance(folder, Ledger) else Ledger.open(folder / "ledger", create=True)
    placed = keep(ledger, old, old_rules), keep(ledger, new, new_rules)
    (found,) = moves(*placed, ledger, claim="bridge").moved
    return found


def shares(found: Moved) -> dict[str, float]:
    return {one.cause: one.db for one in found.shares}


A, B = said("bridge", id="a"), said("bridge", "Jane", "eyewitness", id="b")
COURT = said("bridge", "Court of Velm", "court-record", id="court")
EXPERT = said("bridge", "Jane", "expert", id="b")
NOTHING = {"reports": 0.0, "rules": 0.0, "corrected tags": 0.0, "engine": 0.0}


@pytest.mark.parametrize(
    ("new", "rules", "cause", "what"),
    [([A, B, COURT], None, "reports", "new court"), ([A], None, "reports", "no longer b"),
     ([A, EXPERT], None, "corrected tags", "b"), ([A, B], other_policy, "rules", "source-types/government changed")],
)  # fmt: skip
def test_one_cause_is_the_whole_move(shared: Ledger, new: list[Report], rules: Any, cause: str, what: str) -> None:
    found = moved(shared, [A, B], new, policy(), rules() if rules is not None else policy())
    whole = round(found.after_db - found.before_db, 2)
    assert abs(whole) > 0.1
    assert shares(found) == {**NOTHING, cause: whole}
    assert [one.what for one in found.shares if one.cause == cause] == [(what,)]


def test_a_report_without_an_id_is_known_by_what_it_says(shared: Ledger) -> None:
    """Its id is made of its record, so that a corrected tag gives it another."""
    old, new = (said("bridge", "Jane", kind) for kind in ("eyewitness", "expert"))
    assert old.key != new.key
    found = moved(shared, [A, old], [A, new], policy(), policy())
    assert shares(found)["reports"] == 0.0
    assert shares(found)["corrected tags"] == round(found.after_db - found.before_db, 2) != 0.0


def test_a_corrected_name_is_a_corrected_tag(shared: Ledger) -> None:
    renamed = said("bridge", "Court of Velm", "court-record", id="b")
    assert shares(moved(shared, [A, B], [A, renamed], policy(), policy()))["reports"] == 0.0


def test_what_today_s_engine_makes_otherwise_is_the_engine_s_share(tmp_path: Path) -> None:
    """The first entry was recorded by an engine that made 2 dB less of the same."""
    ledger = Ledger.open(tmp_path / "ledger", create=True)
    (rating,) = api.rate_reports([A, B], policy()).ratings
    verdict = rating.rating.model_copy(update={"weight_db": round(rating.rating.weight_db - 2.0, 2), "p": 0.1})
    first = keep(ledger, [A, B], policy(), [rating.model_copy(update={"rating": verdict})])
    second = keep(ledger, [A, B, COURT], policy())
    (found,) = moves(first, second, ledger).moved
    assert shares(found)["engine"] == pytest.approx(2.0)
    assert sum(shares(found).values()) == pytest.approx(found.after_db - found.before_db, abs=1e-9)


REPORTS = st.lists(
    st.builds(
        lambda n, kind, stance: said("bridge", f"Source {n}", kind, id=f"r{n}", stance=stance),
        st.integers(0, 5), st.sampled_from(["government", "eyewitness", "expert", "court-record", "anonymous"]),
        st.sampled_from(["asserts", "asserts", "denies"]),
    ), min_size=1, max_size=5, unique_by=lambda one: one.id,
)  # fmt: skip


@settings(max_examples=10)
@given(old=REPORTS, new=REPORTS, change=st.booleans())
def test_the_shares_add_up_to_the_move(shared: Ledger, old: list[Report], new: list[Report], change: bool) -> None:
    found = moved(shared, old, new, policy(), other_policy() if change else policy())
    total = sum(round(one.db * 100) for one in found.shares)
    assert total == round(found.after_db * 100) - round(found.before_db * 100)
    assert shares(found)["engine"] == 0.0
    assert change or shares(found)["rules"] == 0.0


def test_what_is_in_one_entry_only_is_listed_and_not_split(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger", create=True)
    first, second = keep(ledger, [A, said("road")], policy()), keep(ledger, [A, said("quay")], policy())
    found = moves(first, second, ledger)
    assert (found.n_moved, found.only_before, found.only_after) == (0, ("road",), ("quay",))
    with pytest.raises(UsageError, match="not rated in both"):
        moves(first, second, ledger, claim="road")


def test_an_answer_to_a_question_moves_with_all_of_its_question(tmp_path: Path) -> None:
    def answer(name: str, source: str) -> Report:
        chain = [{"source": source, "type": "government"}, {"source": "The Quay", "type": "media"}]
        return Report.model_validate({"question": "who", "alternative": name, "provenance": chain})

    ledger = Ledger.open(tmp_path / "ledger", create=True)
    old = [answer("Ana", "Ministry A"), answer("Bo", "Ministry B")]
    first, second = keep(ledger, old, policy()), keep(ledger, [*old, answer("Bo", "Ministry C")], policy())
    found = moves(first, second, ledger)
    assert found.n_moved >= 2
    for one in found.moved:
        whole = round(one.after_db - one.before_db, 2)
        assert shares(one) == {**NOTHING, "reports": whole}
