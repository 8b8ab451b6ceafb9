"""How often intervals hold what they say: claims simulated from the very model that they are rated by.

    python -m tests.measure.coverage [--claims 5000] [--seed 1]

For every claim, sources of shipped types speak through outlets. Each link's fidelity is drawn from its Beta, the truth
from the prior, then what every node says from its parent, down to the outlets; the reports that come of it are rated.
The rating that the true fidelities would give should lie in [low, high] nine times in ten, and the mean of the draws
be the rating. Rules that look at what a source says are left out: its fidelity would depend on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import betaincinv

from reliability.model.report import Link, Report
from reliability.reasoning.interval import Intervals, dimensions, intervals, worths
from reliability.rules.conditions import fields
from reliability.rules.policy import Policy
from reliability.scoring.channel import posterior
from reliability.scoring.passes import Channels, upward
from reliability.scoring.score import Scored, score_alike

RULES = Path(__file__).resolve().parents[2] / "rules"
TYPES = ("intelligence-agency", "government", "expert", "law-enforcement", "company", "defector-testimony",
         "eyewitness", "anonymous-official", "international-organisation", "military")  # fmt: skip
MOST = 5
ALIKE = 1e-12


@dataclass(frozen=True)
class Simulated:
    """What came of simulated claims: their number of sources, whether an interval holds the true rating."""

    n_sources: np.ndarray
    wide: np.ndarray
    covered: np.ndarray
    width: np.ndarray
    off: np.ndarray
    """|mean of the draws − rating|, NaN where there is no interval."""
    twice: np.ndarray
    """A source stands on several links: only then the rating at mean fidelities isn't the mean of ratings."""


def spoken(n_claims: int, rng: np.random.Generator) -> tuple[list[Report], np.ndarray]:
    """Reports that all assert: a claim has 1 to 5 sources, a fifth of which speak to a second outlet too."""
    found: list[Report] = []
    n_sources = np.arange(n_claims) % MOST + 1
    for claim, n in enumerate(n_sources.tolist()):
        for source in range(n):
            kind = TYPES[int(rng.integers(len(TYPES)))]
            name = "a U.S. official" if kind == "anonymous-official" else f"{kind} {source}"
            facts: dict[str, Any] = {"group": "one house"} if kind == "company" else {}
            for outlet in range(1 + int(rng.random() < 0.2)):
                chain = (
                    Link(source=name, type=kind, facts=facts),
                    Link(source=f"Paper {source}.{outlet}", type="media"),
                )
                found.append(Report(id=f"{claim:05}-{source}-{outlet}", claim=f"c{claim:05}", provenance=chain))
    return found, n_sources


def drawn(scored: Scored, rng: np.random.Generator) -> np.ndarray:
    """A fidelity for every node, (n_nodes,): from its Beta where it is uncertain, one quantile a source and claim."""
    nodes, dimension = dimensions(scored)
    fidelity = scored.parameters.channels.fidelity.copy()
    u = rng.random((len(scored.coded.units), int(dimension.max()) + 1))
    f, n = fidelity[nodes], worths(scored)[nodes]
    fidelity[nodes] = betaincinv(n * f, n * (1.0 - f), u[scored.paths.trie.unit[nodes], dimension[nodes]])
    return fidelity


def told(scored: Scored, fidelity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What every node says, (n_nodes,) 0 for true and 1 for false: passed on with its fidelity, else guessed."""
    trie, guess = scored.paths.trie, scored.parameters.channels.guess
    world = (rng.random(len(scored.coded.units)) >= scored.priors.prior[0]).astype(int)
    says = np.empty(trie.n_nodes, dtype=int)
    for level in range(trie.n_levels):
        here = np.arange(trie.starts[level], trie.starts[level + 1])
        heard = says[trie.parent[here]] if level else world[trie.unit[here]]
        guessed = (rng.random(len(here)) >= guess[0, here]).astype(int)
        says[here] = np.where(rng.random(len(here)) < fidelity[here], heard, guessed)
    return says


def _deaf(policy: Policy) -> Policy:
    """The policy without modifiers that look at the stance."""
    return replace(policy, modifiers=tuple(rule for rule in policy.modifiers if "stance" not in fields(rule.when)))


def simulate(n_claims: int, seed: int) -> Simulated:
    """Draw, speak, rate, and look whether the interval holds the rating at the true fidelities."""
    rng, policy = np.random.default_rng(seed), _deaf(Policy.load(RULES))
    reports, n_sources = spoken(n_claims, rng)
    silent = score_alike(reports, policy, 2)
    fidelity = drawn(silent, rng)
    says = told(silent, fidelity, rng)
    node_of = silent.paths.trie.terminal
    stances = ["asserts" if says[node_of[i]] == 0 else "denies" for i in range(len(silent.paths.reports))]
    spoke = list(reports)
    for i, row in enumerate(silent.paths.reports.tolist()):
        spoke[row] = reports[row].model_copy(update={"stance": stances[i]})
    scored = score_alike([Report.model_validate(one.model_dump()) for one in spoke], policy, 2)
    same = scored.parameters.channels
    assert np.abs(same.fidelity - silent.parameters.channels.fidelity).max() < ALIKE
    assert np.abs(same.guess - silent.parameters.channels.guess).max() < ALIKE
    truly = upward(scored.paths.trie, Channels(fidelity, same.guess), scored.evidence).sent
    p_true = posterior(np.log(scored.priors.prior) + truly[:, scored.paths.trie.level(0)])[0]
    return _judged(intervals(scored), scored, p_true, n_sources)


def _judged(found: Intervals, scored: Scored, p_true: np.ndarray, n_sources: np.ndarray) -> Simulated:
    low, high = found.low[0], found.high[0]
    wide = high - low > ALIKE
    return Simulated(
        n_sources=n_sources, wide=wide, covered=(low <= p_true) & (p_true <= high), width=high - low,
        off=np.abs(found.mean[0] - scored.p[0]), twice=_twice(scored),
    )  # fmt: skip


def _twice(scored: Scored) -> np.ndarray:
    """Claims of which a source's reliability is drawn once for several links, (n_claims,)."""
    nodes, dimension = dimensions(scored)
    unit = scored.paths.trie.unit[nodes]
    pairs, count = np.unique(np.stack([unit, dimension[nodes]]), axis=1, return_counts=True)
    found = np.zeros(len(scored.coded.units), dtype=bool)
    found[pairs[0, count > 1]] = True
    return found


def row(one: Simulated, among: np.ndarray, name: str) -> str:
    """A line of the table: share covered of the intervals that have a width, its standard error, widths, means."""
    wide = among & one.wide
    share = float(one.covered[wide].mean())
    error = (share * (1 - share) / wide.sum()) ** 0.5
    lost = int((among & np.isnan(one.width)).sum())
    return (f"| {name:>7} | {int(among.sum()):>6} | {lost:>10} | {share:>7.1%} ± {error:.1%} | "
            f"{one.width[wide].mean():>10.3f} | {one.off[wide].max():.1e} |")  # fmt: skip


def table(one: Simulated) -> str:
    """Coverage by the number of sources, in Markdown; claims with a source on several links in a line of their own."""
    head = [
        "| sources | claims | unreliable | covered        | mean width | mean of draws off by at most |",
        "| ------: | -----: | ---------: | -------------: | ---------: | ---------------------------: |",
    ]
    once = ~one.twice
    rows = [row(one, once & (one.n_sources == n), str(n)) for n in range(1, MOST + 1)]
    rest = [row(one, among, name) for among, name in ((once, "1–5"), (one.twice, "twice")) if among.any()]
    return "\n".join([*head, *rows, *rest, row(one, one.n_sources > 0, "all")])


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print the table."""
    parser = argparse.ArgumentParser(description="Coverage of intervals, by simulation")
    parser.add_argument("--claims", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    print(table(simulate(given.claims, given.seed)))


if __name__ == "__main__":
    main()
