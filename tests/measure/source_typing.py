"""How often a mention of a source, in its sentence, gets the right source type.

    python -m tests.measure typing [--file tests/measure/data/typing.txt] [--misses]

A line of the file is a sentence with `[mention|type]` in it. It is read as a newspaper's article; the mention is
typed by the first link of a report whose source stands there. A mention without a report counts as wrong. Besides:
the share of `unknown`-worthy mentions that got a trusted type, one that may introduce origins.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reliability.model.article import Article
from reliability.rules.policy import Policy
from reliability.text.reading import read_reports_of

DATA = Path(__file__).parent / "data" / "typing.txt"
_MENTION = re.compile(r"\[(?P<mention>[^|\]]+)\|(?P<type>[a-z/-]+)\]")


@dataclass(frozen=True)
class Case:
    """A sentence, where the mention stands in it, and the types that are right."""

    text: str
    start: int
    end: int
    mention: str
    types: tuple[str, ...]


def cases(path: Path) -> list[Case]:
    """The mentions of a file, in order."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        match = None if line.startswith("#") else _MENTION.search(line)
        if match is not None:
            text = line[: match.start()] + match["mention"] + line[match.end() :]
            end = match.start() + len(match["mention"])
            found.append(Case(text, match.start(), end, match["mention"], tuple(match["type"].split("/"))))
    return found


def typed(case: Case, policy: Policy) -> str | None:
    """The type that the reading gives to a mention; None when no report has its source there."""
    article = Article(id="m", text=case.text, publisher="The Velm Post", publisher_type="media")
    for report in read_reports_of(article, policy, every_kind=True):
        spans = report.spans.source if report.spans is not None else ()
        if any(start < case.end and case.start < end for start, end in spans):
            return report.provenance[0].type
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the file, print the figures and, if asked, the misses."""
    options = argparse.ArgumentParser(prog="python -m tests.measure typing")
    options.add_argument("--file", type=Path, default=DATA)
    options.add_argument("--misses", action="store_true")
    chosen = options.parse_args(arguments)
    policy = Policy.load(scenarios=False)
    rows = [(case, typed(case, policy)) for case in cases(chosen.file)]
    right = sum(got in case.types for case, got in rows)
    unsure = [(case, got) for case, got in rows if "unknown" in case.types]
    trusted = sum(got is not None and policy.types[got].carries and got not in case.types for case, got in unsure)
    if chosen.misses:
        for case, got in rows:
            if got not in case.types:
                print(f"{'/'.join(case.types):<26} got {got or 'no report'!s:<26} {case.mention} … {case.text[-40:]}")
    print(f"{len(rows)} mentions, accuracy {right / len(rows):.3f}; no report {sum(got is None for _, got in rows)}; "
          f"trusted though unknown {trusted} of {len(unsure)}")  # fmt: skip


if __name__ == "__main__":
    main()
