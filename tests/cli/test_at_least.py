"""--at-least: how likely it is that there are as many, in the record and in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .command import lines, report, run


def figure() -> None:
    told = report(quantity={"value": 300, "op": "about", "unit": "killed"})
    Path("r.jsonl").write_text(lines(told), encoding="utf-8")


def rated(*more: str) -> dict[str, Any]:
    (record,) = map(json.loads, run("rate", "r.jsonl", *more, "--format", "jsonl").out.splitlines())
    return dict(record)


def test_the_chances_fall_with_the_number_and_stand_in_record_and_words() -> None:
    figure()
    asked = ["--at-least", "0", "--at-least", "200", "--at-least", "300", "--at-least", "1e6"]
    record = rated(*asked)
    found = record["quantity"]["at_least"]
    assert [one["value"] for one in found] == [0, 200, 300, 1_000_000]
    chances = [one["p"] for one in found]
    assert chances[0] == 1.0
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == 0.0
    text = run("explain", record["claim"]["id"], "r.jsonl", "--at-least", "200", "--format", "table").out
    assert f"At least 200: {chances[1] * 100:.0f}%." in text


def test_it_is_the_density_beyond_the_number() -> None:
    figure()
    density = rated()["quantity"]["density"]
    for at in (18, 20, 25):
        edge = (density[at - 1][0] * density[at][0]) ** 0.5
        (found,) = rated("--at-least", str(edge))["quantity"]["at_least"]
        assert found["p"] == pytest.approx(sum(p for _, p in density[at:]) + 0.001, abs=5e-4)


def test_without_it_none_is_asked() -> None:
    figure()
    assert rated()["quantity"]["at_least"] == []


@pytest.mark.parametrize("value", ["nan", "inf", "many", "-1"])
def test_what_is_no_number_is_a_usage_error(value: str) -> None:
    figure()
    result = run("rate", "r.jsonl", f"--at-least={value}")
    assert (result.code, result.out) == (2, "")
    assert "--at-least" in result.err
