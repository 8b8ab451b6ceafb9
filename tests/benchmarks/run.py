"""Measure, and print one table of ratios, each the median over rounds in which both sides ran one after the other.

    python -m tests.benchmarks.run [--small]

Nothing here fails for being slow: goals stand beside what was measured. Both sides run in one thread, and their
processor time counts, so that a busy machine is no excuse; for --help it is the time that passes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import reliability

from . import headlines, rivals, rules
from .made import Made, made

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Size:
    """How much is measured: reports, claims that the rivals score in a round, rounds, runs of --help, rules, links,
    headlines."""

    reports: int
    fewest: int
    indra_claims: int
    engine_claims: int
    rounds: int
    helps: int
    rules: int
    links: int
    headlines: int


FULL = Size(1_000_000, 10_000, 10_000, 250, 7, 15, 5_000, 1_000_000, 100_000)
SMALL = Size(4_000, 1_000, 200, 10, 1, 1, 120, 1_000, 1_000)


@dataclass(frozen=True)
class Row:
    """A line of the table; `value` is NaN where a rival is not installed."""

    what: str
    value: float
    goal: str
    spread: tuple[float, float]


def took(call: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> float:
    began = clock()
    call()
    return clock() - began


def row(what: str, goal: str, values: Sequence[float]) -> Row:
    return Row(what, statistics.median(values), goal, (min(values), max(values)))


def against_rivals(size: Size, data: Made) -> list[Row]:
    """How many times longer a claim takes elsewhere. Evidence objects and the engine's input stand ready before."""
    probs = rivals.error_rates(data)
    statements = rivals.evidence_of(data)[:: max(1, data.n_claims // size.indra_claims)]
    leaves = rivals.leaves_of(data, size.engine_claims)
    pgmpy = rivals.elimination()
    gum, fidelity, algebra = rivals.engine(), data.fidelity.tolist(), rivals.fusion()
    nets = [] if gum is None else [rivals.network(gum, one, fidelity) for one in leaves]
    found: dict[str, list[float]] = {name: [] for name in ("indra", "lean", "fusion", "pgmpy", "engine", "inference")}
    data.score()
    for _ in range(size.rounds):
        ours = took(data.score) / data.n_claims
        per = len(statements) * ours
        found["indra"].append(took(lambda: [rivals.belief(one, probs) for one in statements]) / per)
        found["lean"].append(took(lambda: [rivals.lean_belief(one, probs) for one in statements]) / per)
        if algebra is not None:
            found["fusion"].append(took(lambda: [rivals.fused(algebra, one, fidelity) for one in leaves if one])
                                   / (size.engine_claims * ours))  # fmt: skip
        if pgmpy is not None:
            few = leaves[: max(1, len(leaves) // 5)]
            found["pgmpy"].append(took(lambda few=few: [rivals.eliminated(pgmpy, one, fidelity) for one in few])
                                  / (len(few) * ours))  # fmt: skip
        if gum is None:
            continue
        per = size.engine_claims * ours
        found["engine"].append(took(lambda: [rivals.infer(gum, *rivals.network(gum, one, fidelity)) for one in leaves])
                               / per)  # fmt: skip
        found["inference"].append(took(lambda: [rivals.infer(gum, *net) for net in nets]) / per)
    missing = [float("nan")]
    return [
        row("INDRA's scorer, object by object ÷ ours", "≥ 100", found["indra"]),
        row("  its formula in bare Python, no NumPy ÷ ours", "", found["lean"]),
        row("jsonld-ex, opinions discounted and fused a claim ÷ ours", "≥ 10", found["fusion"] or missing),
        row("pgmpy, network and inference a claim ÷ ours", "≥ 3,000", found["pgmpy"] or missing),
        row("pyAgrum, network and inference a claim ÷ ours", "", found["engine"] or missing),
        row("  its inference alone, networks built before ÷ ours", "", found["inference"] or missing),
    ]


def against_sorting(size: Size, data: Made) -> Row:
    """All of `score_coded`, checks and sorting included, by np.lexsort of (claim, node, report) alone."""
    node = data.path[0].astype(np.int64) * len(data.fidelity) + data.path[1]
    found = []
    for _ in range(size.rounds):
        ours = took(data.score)
        found.append(ours / took(lambda: np.lexsort((data.rank, node, data.claim))))
    return row("ours ÷ np.lexsort of claim, node, report", "≤ .35", found)


def linear(size: Size) -> list[Row]:
    """Time a report at full size by time a report at smaller ones; small ones are repeated to the same total."""
    sizes = [size.fewest, int((size.fewest * size.reports) ** 0.5)]
    largest = made(size.reports)
    largest.score()
    rows = []
    for n in sizes:
        data, times = made(n), max(1, size.reports // n // 4)
        data.score()
        found = []
        for _ in range(size.rounds):
            few = took(lambda data=data, times=times: [data.score() for _ in range(times)]) / times / n
            found.append(took(largest.score) / size.reports / few)
        rows.append(row(f"time a report, {size.reports:,} reports ÷ {n:,}", "about 1", found))
    return rows


def memory(data: Made) -> Row:
    """Bytes a report at the peak: the arrays given, and all that is allocated on top (tracemalloc sees NumPy's)."""
    tracemalloc.start()
    data.score()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return row("bytes a report at the peak, input included", "< 200", [(peak + data.n_bytes) / data.n])


def help_time(size: Size) -> Row:
    """`python -m reliability --help` by a bare app's, the same interpreter for both."""
    source = str(Path(reliability.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")])}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command, "--help"], env=env, stdout=subprocess.DEVNULL, check=True)

    ours, bare = [], []
    for _ in range(size.helps + 1):
        ours.append(took(lambda: run("-m", "reliability"), time.perf_counter))
        bare.append(took(lambda: run(str(HERE / "bare.py")), time.perf_counter))
    each = [a / b for a, b in zip(ours[1:], bare[1:], strict=True)]
    ratio = statistics.median(ours[1:]) / statistics.median(bare[1:])
    return Row("reliability --help ÷ a bare Typer app's", ratio, "≤ 1.3", (min(each), max(each)))


def of_rules(size: Size) -> list[Row]:
    """Rules loaded by parsing their files alone; many rules by few on the same links; memory."""
    many, shipped = rules.loads(size.rules, size.rounds, took)
    ratios, peak = rules.applies(size.rules, size.links, max(1, size.rounds // 3))
    linear = size.rules / rules.FEW
    return [
        row(f"{size.rules:,} own rules: load ÷ tomllib alone", "≤ 1.5", many),
        row("the shipped policy: load ÷ tomllib alone", "", shipped),
        row(f"{size.rules:,} rules ÷ {rules.FEW} on {size.links:,} links", f"≤ {linear:.0f}", ratios),
        row("  bytes a link at the peak, beyond the links", "< 400", [peak]),
    ]


def of_headlines(size: Size) -> Row:
    """Headlines made claims by the product of their TF-IDF rows alone."""
    from reliability.text.grouping import group

    reports = headlines.headlines(size.headlines)
    texts = [report.text or "" for report in reports]
    ours = took(lambda: group(reports))
    return row(
        f"{size.headlines:,} headlines grouped ÷ TF-IDF product", "≤ 5", [ours / took(lambda: headlines.product(texts))]
    )


def table(size: Size) -> list[Row]:
    """Every row, in the order in which it is printed."""
    data = made(size.reports)
    return [
        *against_rivals(size, data),
        against_sorting(size, data),
        *linear(size),
        memory(data),
        help_time(size),
        *of_rules(size),
        of_headlines(size),
    ]


def shown(rows: Sequence[Row]) -> str:
    lines = [f"{'':<52}{'median':>10}  {'goal':<8}  least – most"]
    for one in rows:
        if one.value != one.value:
            lines.append(f"{one.what:<52}{'–':>10}  {one.goal:<8}  not installed")
            continue
        digits = 2 if one.value < 10 else 0
        low, high = (f"{value:,.{digits}f}" for value in one.spread)
        lines.append(f"{one.what:<52}{one.value:>10,.{digits}f}  {one.goal:<8}  {low} – {high}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.run")
    options.add_argument("--small", action="store_true", help="sizes for a smoke test: the ratios mean nothing then")
    small = options.parse_args(arguments).small
    size = SMALL if small else FULL
    print(f"{size.reports:,} reports, {size.reports // 4:,} claims, {size.rounds} rounds")
    print(shown(table(size)), end="")


if __name__ == "__main__":
    main()
