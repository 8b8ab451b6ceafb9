"""What track records do to explanations beside the link's own row."""

import pytest
from strategies import link, modifier, report, small_policy

from reliability.reasoning.account import Account
from reliability.reasoning.settling import origins_settled
from reliability.rules.schema import SourceEntry
from reliability.rules.track_record import TrackRecord
from reliability.scoring.score import score

ADA = SourceEntry(name="Ada", type="agency", record=TrackRecord(asserted_true=20, asserted_false=1))


@pytest.mark.parametrize("effect", [{"shift_db": -3.0}, {"p": 0.6}])
def test_settling_a_fact_comes_to_what_rating_with_it_comes_to(effect: dict[str, float]) -> None:
    """Whether the fact shifts the weight, beside the record, or sets p, in which case the record does not act."""
    policy = small_policy(entries=[ADA], modifiers=[modifier("m", {"first_hand": False}, **effect)])
    account = Account.of(score([report(link("Ada", "agency"), key="r")], policy)[0], policy)
    asked, _, fidelity, _ = origins_settled(account)
    found = {one.value: float(phi) for one, phi in zip(asked, fidelity, strict=True)}
    for answer in (True, False):
        given = score([report(link("Ada", "agency", first_hand=answer), key="r")], policy)[0]
        assert found[answer] == pytest.approx(float(given.links.fidelity[0]), abs=1e-12)
    assert found[True] > found[False]
