"""Scoring: reports on claims of one K in, the tree with every number out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.scoring.channel import READ_DB, Floats, check_channels, posterior
from reliability.scoring.coding import NONE_OF_THESE, STANCES, Coded, encode, unit_id
from reliability.scoring.describe import outcomes, settings
from reliability.scoring.origins import OriginLinks, origin_links
from reliability.scoring.parameters import Parameters, parameters_of
from reliability.scoring.passes import Upward, downward, upward
from reliability.scoring.paths import Paths, lay_paths
from reliability.scoring.priors import Priors, priors_of
from reliability.scoring.provenance import Origins, SourceTable, find_origins
from reliability.scoring.recalibrated import Ratings
from reliability.scoring.said_so import SaidSo, said_so
from reliability.scoring.trie import Ints


@dataclass(frozen=True)
class Weighed:
    """All claims of one K with their ratings: what came up the trees, and what the trees were made of.

    `evidence` (K, n_nodes) natural logs of what was read at each node; `tree_p` (K, n_units) what the trees come to,
    `ratings` what the policy makes of that, and `p` (K, n_units) the rating.
    """

    k: int
    coded: Coded
    origins: Origins
    links: OriginLinks
    priors: Priors
    paths: Paths
    parameters: Parameters
    evidence: Floats
    up: Upward
    tree_p: Floats
    ratings: Ratings
    p: Floats


@dataclass(frozen=True)
class Scored(Weighed):
    """The same with all that explanations read.

    `node_p` (K, n_nodes) the nodes' posteriors; `apparent` (K, n_units) the posterior of the common-error node.
    """

    reports: tuple[Report, ...]
    node_p: Floats
    apparent: Floats
    said: SaidSo


def score(
    reports: Sequence[Report], policy: Policy, answers: Mapping[str, Sequence[str]] | None = None
) -> list[Scored]:  # fmt: skip
    """Rate every claim and question that the reports are about, grouped by the number of answers, fewest first.

    `answers` are alternatives of questions that stand whether or not a report names them.

    Only statements are meant to come here. Raises InputError for reports that can't be coded (see `encode`) and
    RuleError where the policy leaves a number unset.
    """
    named: dict[str, set[str]] = {}
    for report in reports:
        found = named.setdefault(unit_id(report), set())
        if report.question is not None and report.alternative is not None:
            found |= {report.alternative, *(answers or {}).get(report.question, ())}
    sizes = {unit: len({*found, NONE_OF_THESE}) if found else 0 for unit, found in named.items()}
    by_size: dict[int, list[Report]] = {}
    for report in reports:
        by_size.setdefault(sizes[unit_id(report)], []).append(report)
    return [score_alike(by_size[size], policy, max(size, 2), answers=answers) for size in sorted(by_size)]


def score_alike(
    reports: Sequence[Report], policy: Policy, k: int, families: Sequence[str] | None = None,
    answers: Mapping[str, Sequence[str]] | None = None,
) -> Scored:  # fmt: skip
    """Rate claims that all have K answers; `families` and `answers` as in `encode`."""
    one = weigh(encode(reports, policy, families, answers), policy, k, figures=families is not None)
    channels = one.parameters.channels
    node_p = downward(one.paths.trie, channels, one.up, np.log(one.priors.prior))
    return Scored(
        **vars(one), reports=tuple(reports), node_p=node_p, apparent=node_p[:, one.paths.trie.level(0)],
        said=said_so(one.coded, one.paths, channels.fidelity, policy),
    )  # fmt: skip


def weigh(coded: Coded, policy: Policy, k: int, *, figures: bool = False) -> Weighed:
    """Rate coded reports on claims that all have K answers: the trees, and what comes up them."""
    table = SourceTable.of(coded, policy)
    origins = find_origins(coded, policy, table)
    links = origin_links(coded, origins, policy, table)
    priors = priors_of(coded, origins, policy, table, k)
    paths = lay_paths(coded, origins, links, policy, priors.prior)
    parameters = parameters_of(coded, origins, links, paths, policy, table, priors)
    channels = parameters.channels
    check_channels(channels.fidelity, channels.guess)
    evidence = leaves(coded, paths, k, coverage_of(links, policy), links.row)
    up = upward(paths.trie, channels, evidence)
    tree_p = posterior(np.log(priors.prior) + up.sent[:, paths.trie.level(0)])
    plain = np.array([one.alternatives is None and not figures for one in coded.units], dtype=bool)
    ratings = Ratings.of(policy, plain)
    return Weighed(
        k=k, coded=coded, origins=origins, links=links, priors=priors, paths=paths, parameters=parameters,
        evidence=evidence, up=up, tree_p=tree_p, ratings=ratings, p=ratings.p(tree_p, np.arange(len(coded.units))),
    )  # fmt: skip


def coverage_of(links: OriginLinks, policy: Policy) -> Floats:
    """The chance, by rule, that each origin would have said so had it known: (n_origins,), 0 where no rule says."""
    found = outcomes(policy.silences, links.described, policy)
    coverage, _ = settings(policy.silences, found, "coverage", links.described.n)
    return np.nan_to_num(coverage, nan=0.0)


def leaves(coded: Coded, paths: Paths, k: int, coverage: Floats, rows: Ints) -> Floats:
    """What we read with our own eyes, (K, n_nodes) natural logs: 0, or −300 dB for what a report rules out.

    A silence leaves ln(1 − c) on what would have been said; `coverage` is c by origin, `rows` each report's origin.
    """
    evidence = np.zeros((k, paths.trie.n_nodes))
    report = paths.reports[paths.leaf]
    node = paths.trie.terminal[paths.leaf]
    says = (coded.stance[report] != STANCES["denies"]) ^ paths.flipped[paths.leaf]
    alternative = coded.alternative[report]
    ruled_out = -READ_DB * np.log(10.0) / 10.0
    evidence[:, node[says]] = ruled_out
    evidence[alternative[says], node[says]] = 0.0
    evidence[alternative[~says], node[~says]] = ruled_out
    silent = coded.stance[report] == STANCES["silent"]
    evidence[:, node[silent]] = 0.0
    evidence[alternative[silent], node[silent]] = np.log1p(-coverage[rows[report[silent]]])
    return evidence
