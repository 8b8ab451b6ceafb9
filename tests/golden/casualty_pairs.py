"""The worked table of reported casualty pairs: `python -m tests.golden.casualty_pairs` prints it from brute force."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from unit.figures.figure_oracle import Oracle, Said, Voice

from .sets import FIXTURES

NAME = "casualty-pairs"
FOLDER = FIXTURES / NAME
FIDELITY = {"government": 0.5, "intelligence-agency": 0.7, "official-document": 0.9}
RANGES = {"aircraft": 100_000.0, "dead": 1_000_000.0, "killed": 1_000_000.0}
RELAYED = 0.97


def reports() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / "reports.jsonl").read_text(encoding="utf-8").splitlines()]


def voice(report: dict[str, Any]) -> Voice:
    origin, *relays = report["provenance"]
    quantity = report["quantity"]
    bias = "none" if origin["type"] == "official-document" else quantity["party"]
    said = Said(float(quantity["value"]), quantity["op"])
    return Voice(origin["source"], FIDELITY[origin["type"]], True, ((said, (RELAYED,) * len(relays)),), bias)


def people(value: float) -> str:
    """Two significant digits."""
    return f"{float(f'{value:.2g}'):,.0f}"


def rows() -> Iterator[tuple[str, str, str, str, str, float]]:
    """For each report: its claim, who says how many, what that alone and both together come to, p as stated."""
    by_question: dict[str, list[dict[str, Any]]] = {}
    for one in reports():
        by_question.setdefault(one["question"], []).append(one)
    for pair in by_question.values():
        oracle = Oracle(RANGES[pair[0]["quantity"]["unit"]])
        both = oracle.posterior([voice(one) for one in pair])
        for one in pair:
            alone = oracle.posterior([voice(one)])
            value = one["quantity"]["value"]
            read = [" / ".join(people(oracle.point(p, share)) for share in (0.05, 0.5, 0.95)) for p in (alone, both)]
            stated = f"{value:,} {one['quantity']['unit']}"
            yield (
                one["claim"],
                one["provenance"][0]["source"],
                stated,
                *read,
                oracle.within(both, value / 1.5, value * 1.5),
            )


def table() -> str:
    head = "| who | says | alone | both together | right as stated |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {who} | {says} | {alone} | {both} | {p * 100:.0f}% |\n" for _, who, says, alone, both, p in rows()
    )


if __name__ == "__main__":
    print(table())
