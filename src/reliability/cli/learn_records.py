"""The part of `reliability learn` that writes track records: from reports and adjudications, or from one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reliability.model.number import n_of

if TYPE_CHECKING:
    from reliability.cli.reading import Request
    from reliability.io.adjudications import Adjudicated
    from reliability.io.truths import Truths
    from reliability.learning.records import LearnedRecords
    from reliability.learning.records_evidence import Evidence
    from reliability.model.report import Report
    from reliability.rules.policy import Policy
    from reliability.rules.schema import SourceEntry


def write_records(
    request: Request, adjudicated: Path | None, columns: str | None = None, blocs: Path | None = None
) -> None:  # fmt: skip
    """Learn track records and write them to `request.output` (None: not at all), and proposed blocs to `blocs`.

    With `adjudicated` the request's paths are reports. Without, its one path is a table of settled statements, whose
    columns `columns` names (`group=party`). What the file of `--sources` says is kept in what is written.
    Raises InputError where nothing that was said is settled, and for any reject under --strict.
    """
    from reliability.cli.output import emit
    from reliability.cli.reading import remark
    from reliability.io.sources import read_sources_file
    from reliability.io.sources_out import sources_toml
    from reliability.learning.records import learn_records

    policy, evidence, reports = (
        _from_table(request, columns) if adjudicated is None else _from_reports(request, adjudicated)
    )
    _require(request, evidence)
    learned = learn_records(evidence.said, policy)
    for line in (*_classes_told(learned), *_unknown_classes(evidence, policy)):
        remark(line, request.quiet)
    if request.output is not None:
        beside: Sequence[SourceEntry] = () if request.sources is None else read_sources_file(request.sources)
        emit(sources_toml(learned.entries(policy, beside), learned.pools, _remarks(learned)), request.output)
    if blocs is not None:
        _write_blocs(request, blocs, evidence, learned, reports, policy)


def _from_table(request: Request, columns: str | None) -> tuple[Policy, Evidence, Sequence[Report]]:
    from reliability.cli.reading import load_policy, remark
    from reliability.cli.rules_backtest import told_rejects
    from reliability.errors import UsageError
    from reliability.io.settled_table import named_columns, read_settled_table
    from reliability.learning.records_evidence import from_table, known_by
    from reliability.rules.policy import near

    if len(request.paths) != 1 or request.paths[0] == "-":
        raise UsageError("learn", problem="reads one table of settled statements, from a file",
                         remedy="name one, or give --adjudicated FILE with reports")  # fmt: skip
    names = named_columns(columns)
    policy = load_policy(request.rules, request.sources, request.day)
    table = read_settled_table(Path(request.paths[0]), names)
    told_rejects(request, (), table.rejects, nothing_left=not table.rows)
    _tell_columns(request, table.unknown_columns)
    for kind, n in sorted(Counter(row.type for row in table.rows if row.type not in (None, *policy.types)).items()):
        remark(f"the policy has no source type {kind!r}, given in {n_of(n, 'row', 'rows')}: a kind of its own "
               f"here, and no type in what is written; {near(str(kind), policy.types)}", request.quiet)  # fmt: skip
    rows, n_late = known_by(table.rows, request.day)
    return policy, from_table(rows, policy, n_late), ()


def _from_reports(request: Request, adjudicated: Path) -> tuple[Policy, Evidence, Sequence[Report]]:
    from reliability import api
    from reliability.cli.reading import read
    from reliability.cli.rules_backtest import told_rejects
    from reliability.learning.records_evidence import known_by
    from reliability.learning.records_said import from_reports
    from reliability.text.grouping import group

    settled, answers = _settled(adjudicated)
    found = read(request)
    in_time, _ = api.split_by_day(found.reports, request.day)
    reports, _ = group(in_time, found.grouping)
    known, n_late = known_by([one.adjudication for one in settled.settled], request.day)
    told, n_answers_late = known_by(answers.found, request.day)
    evidence = from_reports(reports, known, found.policy, n_late + n_answers_late, told)
    missing = frozenset(evidence.unknown)
    unknown = [one.rejected(f"no report is about {one.adjudication.claim[:80]!r}") for one in settled.settled
               if one.adjudication.claim in missing]  # fmt: skip
    unknown += [one.rejected(f"no report is about {one.question[:80]!r}") for one in told if one.question in missing]
    told_rejects(request, found.rejects, [*settled.rejects, *answers.rejects, *unknown],
                 nothing_left=not (settled.settled or answers.found))  # fmt: skip
    _tell_columns(request, settled.unknown_columns)
    return found.policy, evidence, reports


def _settled(path: Path) -> tuple[Adjudicated, Truths]:
    """Adjudications of claims (`claim, truth`), or of questions (`question, alternative`)."""
    from reliability.io.adjudications import Adjudicated, read_adjudications
    from reliability.io.answers import Columns
    from reliability.io.flat import first_names
    from reliability.io.truths import Truths, read_truths

    if path.is_fifo():  # read once: whose columns are claim and truth
        return read_adjudications(path), Truths((), ())
    names = {*first_names(path)}
    if {"question", "alternative"} <= names and not {"claim", "truth"} <= names:
        return Adjudicated((), (), 0, Counter()), read_truths(path, Columns())
    return read_adjudications(path), Truths((), ())


def _tell_columns(request: Request, unknown: dict[str, int]) -> None:
    from reliability.cli.reading import remark

    for column, count in sorted(unknown.items()):
        remark(f"unknown column {column!r}, filled in {n_of(count, 'row', 'rows')}, was set aside", request.quiet)


def _require(request: Request, evidence: Evidence) -> None:
    """Tell what was left out; InputError where nothing is left to learn from."""
    from reliability.cli.reading import remark
    from reliability.errors import InputError
    from reliability.io.visible import visible

    for what, n in evidence.left_out.items():
        remark(f"left out: {n:,} {what}", request.quiet)
    if evidence.not_given:
        first = visible(evidence.not_given[0])[:80]
        remark(f"{len(evidence.not_given):,} questions were settled to an answer that no report gives: those given "
               f"count as false; the first: {first!r}", request.quiet)  # fmt: skip
    if not evidence.said:
        raise InputError(request.paths[0], problem="nothing that it says of a settled claim counts",
                         remedy="do the ids of claims agree with those that were adjudicated?")  # fmt: skip
    sources = len({one.key[0] for one in evidence.said})
    remark(f"learned from {len(evidence.said):,} settled reports of {sources:,} sources", request.quiet)


def _remarks(learned: LearnedRecords) -> list[str]:
    """What stands at the top of the file."""
    levels = ("the mean of all to a type's", "a type's mean to a group's", "a group's mean to a source's")
    lines = []
    if learned.n_claims:
        lines.append(f"{learned.n_claims:,} settled claims, of which the share {learned.base_rate:.4f} is true.")
    if learned.n_questions:
        lines.append(f"{learned.n_questions:,} settled questions with several answers.")
    lines.append("Learned worths, in reports, with 5 and 95 % points:")
    lines += [f"  {name}: {one[0]:.1f} ({one[1]:.1f} to {one[2]:.1f})"
              for name, one in zip(levels, learned.worths, strict=True) if one is not None]  # fmt: skip
    return lines + _classes_told(learned)


def _unknown_classes(evidence: Evidence, policy: Policy) -> list[str]:
    """Classes that no report can name, as the policy's fact has no such value."""
    from reliability.scoring.origins import CLASS, FIGURE

    known = policy.facts.get(CLASS)
    named = {one.claim_class for one in evidence.said if one.claim_class is not None} - {FIGURE}
    strange = sorted(named.difference(known.values)) if known is not None and known.values else []
    if not strange:
        return []
    told = ", ".join(repr(name[:40]) for name in strange[:5])
    return [f"the policy's fact {CLASS} has no value {told}: reports can't say that they are of this class until your "
            f"rules folder has it in facts/{CLASS}.toml"]  # fmt: skip


def _classes_told(learned: LearnedRecords) -> list[str]:
    """What was found of classes of claims, if there are several."""
    if learned.classes is not None:
        return [f"What sources know differs by class of claim: a source's mean is worth {learned.classes.worth:.1f} "
                f"reports to a class (counts are e^{learned.classes.gain:.1f} times as likely)."]  # fmt: skip
    if learned.n_classes > 1:
        return [f"{learned.n_classes:,} classes of claims; counts don't show that what sources know differs by class: "
                "records are not kept by class."]  # fmt: skip
    return []


def _write_blocs(
    request: Request, blocs: Path, evidence: Evidence, learned: LearnedRecords, reports: Sequence[Report],
    policy: Policy,
) -> None:  # fmt: skip
    from reliability.cli.output import emit
    from reliability.cli.reading import remark
    from reliability.io.sources_out import sources_toml
    from reliability.learning.dependence import find_dependence, with_reports
    from reliability.learning.dependence_blocs import propose

    found = find_dependence(evidence.said)
    if reports:
        found = with_reports(found, reports, policy)
    told = propose(found, learned, policy)
    head = [f"Proposed blocs: {len(found.pairs):,} pairs of {found.n_possible:,} err together "
            f"({found.n_tested:,} had errors enough in common to be tested).", *told.remarks]  # fmt: skip
    remark(head[0], request.quiet)
    emit(sources_toml(told.entries, (), head), blocs)
