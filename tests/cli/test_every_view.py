"""One number in every view: table, JSON, CSV, Markdown, explain and the page print the same figures of a set."""

import csv
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from .command import lines, report, run


def number(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.0f}"


def records_of_a_small_set() -> tuple[Path, list[dict[str, Any]]]:
    """Contested, unassessed, a figure, a question of three answers."""

    def said(claim: str, source: str, kind: str, **more: Any) -> dict[str, Any]:
        links = [{"source": source, "type": kind}, {"source": "The Quay", "type": "media"}]
        return report(claim=claim, text=f"Text of {claim}", provenance=links, **more)

    rows = [
        said("alpha", "Velmark Ministry", "government"), said("alpha", "Dr. Holt", "expert", stance="denies"),
        said("beta", "Ardan Watch", "unknown"),
        said("gamma", "Velmark Service", "intelligence-agency",
             quantity={"value": 300, "op": "about", "unit": "killed"}),
        said("delta", "Port Authority", "court-record"),
    ]  # fmt: skip
    path = Path("set.jsonl")
    path.write_text(lines(*rows), encoding="utf-8")
    return path, run("rate", path).records


def test_every_view_prints_the_records_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    path, records = records_of_a_small_set()
    assert [one["claim"]["id"] for one in records] == ["alpha", "beta", "delta", "gamma"]
    assert json.loads(run("rate", path, "--format", "json").out) == records
    rows = {row["claim_id"]: row for row in csv.DictReader(run("rate", path, "--format", "csv").out.splitlines())}
    marked = run("rate", path, "--format", "markdown").out
    table = run("rate", path, "--format", "table").out
    for record in records:
        claim, rating, figure = record["claim"], record["rating"], record["quantity"]
        row = rows[claim["id"]]
        assert float(row["p"]) == rating["p"]
        assert [row["low"], row["high"]] == ["" if x is None else str(x) for x in (rating["low"], rating["high"])]
        assert row["icd203"] == (rating["icd203"] or "")
        (cells,) = (line for line in marked.splitlines() if f"| {claim['text']} |" in line)
        assert f"| {rating['p']} |" in cells
        assert f"| {rating['icd203'] or ''} |" in cells
        block = re.split(r"\n(?=(?:alpha|beta|delta|gamma) )", table[table.index(f"\n{claim['id']} ") + 1 :])[0]
        assert f"{rating['p'] * 100:.0f}%" in block
        assert set((rating["icd203"] or "not assessed").split()) <= set(block.split()), "folded within its column"
        if figure is None and rating["low"] is not None:
            assert f"({number(rating['low'])}–{number(rating['high'])})" in block
        explained = run("explain", claim["id"], path).out
        assert f"{rating['p'] * 100:.0f}%" in explained
        assert (rating["icd203"] or "not assessed").lower() in explained.lower()
        assert f"{rating['weight_db']:+7.2f} dB" in explained
        if figure is not None:
            shown = [f"{float(f'{figure[end]:.2g}'):,.0f}" for end in ("low", "best", "high")]
            assert f"Best estimate {shown[1]}, between {shown[0]} and {shown[2]} with 90%" in explained
            assert all(part in block for part in shown)
        elif rating["low"] is not None:
            assert f"({number(rating['low'])}–{number(rating['high'])}% if we knew" in explained


def test_the_page_prints_the_records_figures() -> None:
    pytest.importorskip("jinja2")
    pytest.importorskip("drawsvg")
    path, records = records_of_a_small_set()
    assert run("report", path, "-o", "page.html").code == 0
    page = Path("page.html").read_text(encoding="utf-8")
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(style|script).*?</\1>", " ", page))).split())
    for record in records:
        rating, figure = record["rating"], record["quantity"]
        assert f"{rating['p'] * 100:.0f}%" in text
        assert f"{rating['weight_db']:+.2f}".replace("-", "−") in text or f"{rating['weight_db']:+.2f}" in text
        assert (rating["icd203"] or "not assessed").lower() in text.lower()
        if figure is not None:
            for end in ("low", "best", "high"):
                assert f"{float(f'{figure[end]:.2g}'):,.0f}" in text
        elif rating["low"] is not None:
            assert re.search(rf"{number(rating['low'])}\D{{1,6}}{number(rating['high'])}\b", text), record["claim"]
        for bar in record["waterfall"]:
            assert f"{bar['db']:+.2f}".replace("-", "−") in text or f"{bar['db']:+.2f}" in text, bar
