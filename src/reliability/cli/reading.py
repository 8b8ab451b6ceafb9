"""What every command that takes PATHs does first: load the policy, read, check, and say what was set aside."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from reliability import api
from reliability.cli.keeping import keep
from reliability.cli.options import InputFormat, Progress
from reliability.cli.progress import progress_over
from reliability.errors import InputError, ReliabilityError, UsageError
from reliability.io.inputs import Inputs, read_inputs
from reliability.io.rows import Reject
from reliability.io.visible import visible
from reliability.io.writers import write_rejects
from reliability.model.article import Article
from reliability.model.number import n_of
from reliability.model.report import Report
from reliability.rules.policy import Policy, near

if TYPE_CHECKING:
    from reliability.text.editing import Grouping
    from reliability.text.syndication import Syndicated


@dataclass(frozen=True)
class Request:
    """What a command was asked to read, and how."""

    paths: Sequence[str]
    input_format: InputFormat | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    max_chars: int = 2_000_000
    grouping: Path | None = None
    rules: Path | None = None
    sources: Path | None = None
    as_of: datetime | None = None
    rejects: Path | None = None
    strict: bool = False
    quiet: bool = False
    progress: Progress | None = None
    at_least: Sequence[float] | None = None
    output: Path | None = None
    jobs: int = 1
    grouping_out: Path | None = None

    @property
    def day(self) -> date | None:
        """The day whose rules and reports are meant."""
        return None if self.as_of is None else self.as_of.date()


@dataclass(frozen=True)
class Read:
    """What was read: the policy, articles, usable reports, rejects, what articles share, and from which files."""

    policy: Policy
    articles: tuple[Article, ...]
    reports: tuple[Report, ...]
    rejects: tuple[Reject, ...]
    grouping: Grouping | None
    shared: Syndicated
    files: tuple[Path | None, ...] = ()


def load_policy(rules: Path | None, sources: Path | None, day: date | None) -> Policy:
    """The policy that the options ask for."""
    entries: list[tuple[str, object]] = []
    if sources is not None:
        from reliability.io.sources import read_sources_file

        entries = [(str(sources), entry) for entry in read_sources_file(sources)]
    return Policy.load(rules, sources=entries, as_of=day, scenarios=False)  # type: ignore[arg-type]


def remark(text: str, quiet: bool = False) -> None:
    """A line on stderr, with hostile characters shown."""
    if not quiet:
        sys.stderr.write(visible(text) + "\n")


def publisher_of(given: str | None, policy: Policy) -> tuple[str | None, str | None]:
    """NAME or NAME:TYPE. What follows the last colon is a type only if the policy has it."""
    if given is not None and not given.strip(" :"):
        raise UsageError(f"--publisher {given}", problem="names nobody", remedy="write NAME or NAME:TYPE")
    if given is None or ":" not in given:
        return given, None
    name, _, kind = given.rpartition(":")
    if kind in policy.types:
        if not name.strip():
            raise UsageError(f"--publisher {given}", problem="has a type and no name", remedy="write NAME:TYPE")
        return name.strip(), kind
    if kind.strip() and " " not in kind.strip() and kind == kind.lower():
        raise InputError("--publisher", problem=f"no source type {kind!r}", remedy=near(kind, policy.types))
    return given, None


def read(request: Request, *, every_kind: bool = False, stdin: BinaryIO | None = None) -> Read:
    """Read all that a request names; rejects are written, counted on stderr, and under --strict are the end.

    `stdin` replaces standard input. Raises InputError when nothing could be read.
    """
    policy = load_policy(request.rules, request.sources, request.day)
    grouping = None
    if request.grouping is not None:
        from reliability.io.groupings import read_grouping

        grouping = read_grouping(request.grouping)
    name, kind = publisher_of(request.publisher, policy)
    inputs = read_inputs(
        request.paths, input_format=request.input_format, stdin=stdin, publisher=name, publisher_type=kind,
        published=request.published, url=request.url, max_chars=request.max_chars,
    )  # fmt: skip
    _keep_inputs(request, inputs)
    shared = api.copies_among([article for _, article in inputs.articles], policy)
    for line in shared.told():
        remark(line, request.quiet)
    found, unread = _reports(inputs, policy, request, every_kind, shared)
    usable, refused = api.check_reports(found, policy)
    rejects = (*inputs.rejects, *unread, *api.as_rejects(inputs.reports, refused))
    if request.rejects is not None:
        write_rejects(request.rejects, rejects)
    _remarks(inputs, policy, request, rejects)
    if rejects and request.strict:
        raise _first(rejects, "--strict stops at any reject")
    if not usable and rejects:
        raise _first(rejects, "nothing else could be read")
    inputs.require_something()
    if not usable:
        raise InputError(inputs.articles[0][0], problem="no claims found",
                         remedy="is it English prose? `claims --all` lists all that is found")  # fmt: skip
    return Read(policy, tuple(article for _, article in inputs.articles), tuple(usable), rejects, grouping, shared,
                tuple(file.path for file in inputs.files))  # fmt: skip


def _keep_inputs(request: Request, inputs: Inputs) -> None:
    """Refuse to write where something is read."""
    read = [*(file.path for file in inputs.files), request.grouping, request.sources]
    keep(read, {"--output": request.output, "--rejects": request.rejects, "--grouping-out": request.grouping_out})


def rate(found: Read, request: Request) -> api.Outcome:
    """Rate what was read, as asked."""
    numbers = request.at_least or ()
    if not all(isfinite(number) for number in numbers):
        raise UsageError("--at-least", problem="is no number", remedy="write a number of 0 or more")
    return api.rate_reports(found.reports, found.policy, as_of=request.day, grouping=found.grouping, at_least=numbers,
                            copied=found.shared.evidence)  # fmt: skip


def _reports(
    inputs: Inputs, policy: Policy, request: Request, every_kind: bool, shared: Syndicated
) -> tuple[list[Report], list[Reject]]:
    found = [one.report for one in inputs.reports]
    if not inputs.articles:
        return found, []
    read: list[Report] = []
    unread: list[Reject] = []
    articles = (article for _, article in inputs.articles)
    readings = api.reports_of_each(articles, policy, every_kind=every_kind, jobs=request.jobs, shared=shared)
    files = (file for file, _ in progress_over(inputs.articles, request.progress, request.quiet))
    for file, reading in zip(files, readings, strict=True):
        read.extend(reading.reports)
        error = reading.error
        if error is not None:
            if len(inputs.articles) + len(inputs.reports) == 1:
                raise InputError(file, key=error.where, problem=error.problem, remedy=error.remedy)
            unread.append(Reject(file, None, str(error), ""))
        for one in reading.remarks:
            remark(f"{file}: {one}", request.quiet)
    return [*read, *found], unread


def _first(rejects: Sequence[Reject], remedy: str) -> ReliabilityError:
    first = rejects[0]
    more = f" ({len(rejects):,} rejects in all)" if len(rejects) > 1 else ""
    return InputError(first.file, line=first.line, problem=first.reason + more, remedy=remedy)


def _remarks(inputs: Inputs, policy: Policy, request: Request, rejects: Sequence[Reject]) -> None:
    _remark_rejects(rejects, request.rejects, request.quiet)
    for column, count in sorted(inputs.notes.unknown_columns.items()):
        remark(column_remark(column, count), request.quiet)
    if passed := inputs.notes.passed_over:
        listed = ", ".join(f"{count:,} {what}" for what, count in sorted(passed.items()))
        remark(f"nothing to rate in these, which were passed over: {listed}", request.quiet)
    reports = [one.report for one in inputs.reports]
    for fact, count in sorted(api.unknown_facts(reports, policy).items()):
        remark(fact_remark(fact, count, policy), request.quiet)
    for unit, count in sorted(api.unknown_units(reports, policy).items()):
        remark(unit_remark(unit, count, policy), request.quiet)
    for name in sorted(inputs.notes.self_named):
        remark(f"the outlet {name!r} is what the page says of itself: it is unknown and carries nothing; "
               "say --publisher NAME:TYPE, or --url with the page's address", request.quiet)  # fmt: skip
    outlets = api.untyped_outlets([article for _, article in inputs.articles], policy) if inputs.articles else ()
    for name in outlets:
        remark(outlet_remark(name), request.quiet)


def column_remark(column: str, count: int) -> str:
    """That a column is none of a report's."""
    close = get_close_matches(column, Report.model_fields, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f"unknown column {column!r}, filled in {n_of(count, 'row', 'rows')}, was set aside{meant}"


def fact_remark(fact: str, count: int, policy: Policy) -> str:
    """That no rule looks at a fact."""
    given = n_of(count, "report", "reports")
    return f"no rule knows the fact {fact!r}, given in {given}; {near(fact, policy.facts)}"


def unit_remark(unit: str, count: int, policy: Policy) -> str:
    """That no rule gives a unit's range."""
    names = [name for one in policy.quantities for name in one.names]
    rated = "each is rated as true or false as it stands"
    return f"no rule knows the unit {unit!r} of {count:,} figures: {rated}; {near(unit, names)}"


def outlet_remark(name: str) -> str:
    """That nobody types a publisher."""
    who = f"the outlet {name!r} has no source type" if name else "an article has no publisher"
    return f"{who}: it is unknown and carries nothing; say --publisher NAME:TYPE, or give it an entry in a sources file"


def set_aside(rejects: Sequence[Reject], to: Path | None, strict: bool, quiet: bool) -> None:
    """Write rejects where asked, count them on stderr, and under --strict raise the first as InputError."""
    if to is not None:
        write_rejects(to, rejects)
    _remark_rejects(rejects, to, quiet)
    if rejects and strict:
        raise _first(rejects, "--strict stops at any reject")


def _remark_rejects(rejects: Sequence[Reject], to: Path | None, quiet: bool) -> None:
    if rejects:
        where = f"in {to}" if to else "--rejects FILE lists them"
        noun = "reject" if len(rejects) == 1 else "rejects"
        remark(f"{len(rejects):,} {noun}, {where}; the first: {_place(rejects[0])}: {rejects[0].reason}", quiet)


def _place(reject: Reject) -> str:
    return reject.file if reject.line is None else f"{reject.file}:{reject.line}"
