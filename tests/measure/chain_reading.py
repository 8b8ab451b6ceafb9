"""How well provenance chains are read: origin, relays, directness, stance, hedge; and that nothing comes of nothing.

    python -m tests.measure chains [--file tests/measure/data/chains.txt] [--misses]

An expected chain matches a report when it has as many links before the outlet, the same names (one of those given, as
whole words), types, directness of the origin, hedge and stance. A negative is left out when no attributed report is
made of it, and strictly so when no report is.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reliability.model.article import Article
from reliability.model.report import Link, Report
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

DATA = Path(__file__).parent / "data" / "chains.txt"
OUTLET = "The Velm Post"
_LINK = re.compile(r'(?P<name>[^\[]+) \[(?P<types>[a-z/-]+)\](?P<direct> ")?(?: ~(?P<hedge>.+))?$')


@dataclass(frozen=True)
class Expected:
    """One link: names and types of which one is right, whether it is quoted, its hedge."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    direct: bool
    hedge: str | None

    def fits(self, link: Link, policy: Policy, *, strict: bool) -> bool:
        """Whether a link that was read is this one; only the name and type unless `strict`."""
        who = policy.sources.canonical(link.source)
        named = any(policy.sources.canonical(name) == who or _words(name) in _words(link.source) for name in self.names)
        same = named and link.type in self.types
        return same and (not strict or ((link.via == "direct-quote") == self.direct and link.hedge == self.hedge))


@dataclass(frozen=True)
class Case:
    """A text and the chains that it holds: pairs of stance and links."""

    text: str
    chains: tuple[tuple[str, tuple[Expected, ...]], ...]


def _words(name: str) -> str:
    return " " + " ".join(re.findall(r"\w+", name.casefold())) + " "


def _link(words: str) -> Expected:
    match = _LINK.match(words.strip())
    assert match is not None, words
    return Expected(tuple(match["name"].split("/")), tuple(match["types"].split("/")), match["direct"] is not None,
                    match["hedge"])  # fmt: skip


def cases(path: Path) -> list[Case]:
    """The texts of a file, in order."""
    found = []
    for block in re.sub(r"(?m)^#.*\n", "", path.read_text(encoding="utf-8")).split("\n\n"):
        lines = [line for line in block.strip().splitlines() if line]
        rows = [line[1:].partition("|") for line in lines if line.startswith("=")]
        if lines:
            text = "\n".join(line for line in lines if not line.startswith("="))
            chains = tuple((stance.strip(), tuple(map(_link, links.split(">")))) for stance, _, links in rows)
            found.append(Case(text, chains))
    return found


def matches(report: Report, stance: str, links: tuple[Expected, ...], policy: Policy, *, strict: bool) -> bool:
    """Whether a report has this chain."""
    own = report.provenance[:-1]
    return (
        report.stance == stance
        and len(own) == len(links)
        and all(want.fits(got, policy, strict=strict and n == 0)
                for n, (want, got) in enumerate(zip(links, own, strict=True)))
    )  # fmt: skip


def shown(report: Report) -> str:
    """A report's chain on one line."""
    marks = {"direct-quote": ' "'}
    links = (f"{k.source} [{k.type}]{marks.get(k.via, '')}" + (f" ~{k.hedge}" if k.hedge else "")
             for k in report.provenance)  # fmt: skip
    return f"{report.stance} | {' > '.join(links)} :: {report.text}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the file, print the figures and, if asked, the misses."""
    options = argparse.ArgumentParser(prog="python -m tests.measure chains")
    options.add_argument("--file", type=Path, default=DATA)
    options.add_argument("--misses", action="store_true")
    chosen = options.parse_args(arguments)
    policy = Policy.load(scenarios=False)
    n_gold = n_read = n_exact = n_loose = n_negative = n_out = n_silent = 0
    for case in cases(chosen.file):
        article = Article(id="m", text=case.text, publisher=OUTLET, publisher_type="media")
        reports = read_reports_of(article, policy)
        attributed = [report for report in reports if len(report.provenance) > 1]
        if not case.chains:
            n_negative += 1
            n_out += not attributed
            n_silent += not reports
            good = not attributed
        else:
            n_gold += len(case.chains)
            n_read += len(attributed)
            exact = sum(any(matches(r, *chain, policy, strict=True) for r in attributed) for chain in case.chains)
            n_exact += exact
            n_loose += sum(any(matches(r, *chain, policy, strict=False) for r in attributed) for chain in case.chains)
            good = exact == len(case.chains) == len(attributed)
        if chosen.misses and not good:
            print(case.text)
            for report in reports:
                print("    ", shown(report))
    print(f"{n_gold} chains, {n_read} read, exact F1 {2 * n_exact / (n_gold + n_read):.3f} "
          f"(names, types and order alone {2 * n_loose / (n_gold + n_read):.3f}); "
          f"negatives left out {n_out} of {n_negative}, without any report {n_silent}")  # fmt: skip


if __name__ == "__main__":
    main()
