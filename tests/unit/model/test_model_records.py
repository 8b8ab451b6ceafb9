"""Records refuse what cannot be true, keep what was given, and have one spelling."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from reliability.model.article import Article
from reliability.model.base import canonical_json, folded, sha256
from reliability.model.dates import date_span
from reliability.model.report import Link, Quantity, Report, Spans
from reliability.model.rounding import rounded, six

HE = {"source": "He"}


def made(**given: Any) -> Report:
    return Report.model_validate({"claim": "c", "provenance": [HE], **given})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"provenance": []}, "at least 1"), ({"claim": None}, "needs `claim` or `text`"),
        ({"claim": None, "question": "q"}, "needs `claim` or `text`"), ({"alternative": "A"}, "needs the `question`"),
        ({"provenance": [{"source": f"S{i}"} for i in range(33)]}, "33 links; at most 32"),
        ({"provenance": [{"source": "NIS"}, {"source": " nis "}]}, "a cycle: 'nis' relays itself"),
        ({"provenance": [{"source": "NIS"}, HE, {"source": "ＮＩＳ"}]}, "a cycle"),
        ({"provenance": [{"source": "  "}]}, "at least 1 character"), ({"stance": "maybe"}, "asserts"),
        ({"kind": "rumour"}, "statement"), ({"published": "2025-13"}, "not a date"),
        ({"event": "yesterday"}, "not a date"),
        ({"provenance": [{**HE, "via": "hearsay"}]}, "direct-quote"), ({"extra": 1}, "Extra"),
        ({"provenance": [{**HE, "r": 1.2}]}, "Extra"), ({"provenance": [{**HE, "facts": {"A b": 1}}]}, "pattern"),
        ({"provenance": [{**HE, "facts": {"n": math.nan}}]}, "finite"),
        ({"quantity": {"value": math.nan, "unit": "killed"}}, "finite"),
        ({"quantity": {"value": -1, "unit": "killed"}}, "greater than or equal to 0"),
        ({"quantity": {"value": 3, "unit": " "}}, "at least 1 character"), ({"quantity": {"value": 3}}, "required"),
        ({"quantity": {"value": 3, "unit": "k", "op": "between"}}, "between needs it"),
        ({"quantity": {"value": 3, "unit": "k", "high": 4}}, "between needs it"),
        ({"quantity": {"value": 3, "unit": "k", "op": "between", "high": 2}}, "below value"),
        ({"spans": {"cue": [[5, 3]]}}, "ends (3) before it starts (5)"),
        ({"spans": {"cue": [[-1, 3]]}}, "greater than"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(**given)
    assert said in str(caught.value)


def test_the_least_reports() -> None:
    assert made().stance == "asserts"
    assert Report(text="It rains.", provenance=(Link(source="He"),)).kind == "statement"
    assert Report(question="q", alternative="A", provenance=(Link(source="He"),)).claim is None
    assert len(made(provenance=[{"source": f"S{i}"} for i in range(32)]).provenance) == 32
    with pytest.raises(ValidationError):
        made().stance = "denies"  # frozen


def test_without_an_id_a_report_is_known_by_its_content() -> None:
    """r- and the first 12 hex digits of the SHA-256 of the record as canonical JSON, without what was not given."""
    content = {"claim": "c", "kind": "statement", "stance": "asserts", "provenance": [{"facts": {}, "source": "Ünal"}]}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    expected = "r-" + hashlib.sha256(text.encode()).hexdigest()[:12]
    assert made(provenance=[{"source": "Ünal"}]).key == expected
    assert made(id="mine").key == "mine"
    assert made(stance="denies").key != made().key


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3),
                    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
                    max_leaves=6))  # fmt: skip
def test_canonical_json_is_json_in_one_spelling(value: Any) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert text == canonical_json(json.loads(json.dumps(value)))
    assert sha256("a") == hashlib.sha256(b"a").hexdigest()


def test_canonical_json_has_no_nan_and_hashes_take_lone_surrogates() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        canonical_json(math.nan)
    assert sha256("\ud800") == hashlib.sha256(b"\xed\xa0\x80").hexdigest()


@pytest.mark.parametrize(
    ("one", "other"),
    [("NIS", "ｎｉｓ"), ("Straße", "STRASSE"), ("a\u00a0 b", "A B"), (" x ", "X"), ("ﬁn", "FIN"), ("e\u0301", "É")],
)
def test_names_are_compared_nfkc_casefolded_and_with_spaces_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01T00:00:00", "2025-12-31T23:59:59.999999"),
        ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59.999999"),
        ("2025-12", "2025-12-01T00:00:00", "2025-12-31T23:59:59.999999"),
        ("2025-03-12", "2025-03-12T00:00:00", "2025-03-12T23:59:59.999999"),
        ("2025-03-12T10:00:00+02:00", "2025-03-12T08:00:00", "2025-03-12T08:00:00"),
        ("2025-03-12T10:00:00", "2025-03-12T10:00:00", "2025-03-12T10:00:00"),
        ("0001", "0001-01-01T00:00:00", "0001-12-31T23:59:59.999999"),
    ],
)
def test_a_date_covers_what_it_says(text: str, first: str, last: str) -> None:
    def micros(moment: str) -> int:
        return (dt.datetime.fromisoformat(moment) - dt.datetime(1, 1, 1)) // dt.timedelta(microseconds=1)

    assert date_span(text) == (micros(first), micros(last))


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31"])
def test_the_last_year_ends(text: str) -> None:
    first, last = date_span(text)
    assert first <= last


@pytest.mark.parametrize(
    "text", ["", "25", "2025-1", "2025-02-30", "2025-00", "2025-03-00", "12/03/2025", "2025-03-12T25:00", "0000"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="not a date"):
        made(published=text)


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [(0.5, 0, 0.0), (1.5, 0, 2.0), (0.97075, 4, 0.9708), (0.97 + 0.03 * 0.025, 4, 0.9708), (0.12345, 4, 0.1234),
     (0.12355, 4, 0.1236), (2.675, 2, 2.68), (-0.004, 2, 0.0), (1e-9, 4, 0.0), (0.99995, 4, 1.0)],
)  # fmt: skip
def test_rounding_is_half_to_even_and_blind_to_the_last_bits(value: float, places: int, expected: float) -> None:
    found = rounded(value, places)
    assert found == expected
    assert math.copysign(1.0, found) == 1.0 or found < 0


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_rounding_moves_by_half_a_place_at_most_and_once(value: float, places: int) -> None:
    found = rounded(value, places)
    assert abs(Decimal(found) - Decimal(value)) <= Decimal("0.5000001") * Decimal(10) ** -places + Decimal("1e-9")
    assert rounded(found, places) == found


def test_six_significant_digits() -> None:
    assert [six(x) for x in (0.7142857142, 123456.789, 1e-9 / 3, 1.0)] == [0.714286, 123457.0, 3.33333e-10, 1.0]


def test_articles_need_an_id_and_text_and_spans_may_be_empty() -> None:
    assert Article(id="a", text="x").publisher is None
    with pytest.raises(ValidationError):
        Article(id="a", text="")
    assert Spans(cue=((3, 3),)).source == ()
    assert Quantity(value=0, unit="killed").op == "exact"
