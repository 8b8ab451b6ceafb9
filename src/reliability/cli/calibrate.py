"""`reliability calibrate`: how right ratings were, by what turned out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reliability.cli import options as o

if TYPE_CHECKING:
    from reliability.cli.reading import Request
    from reliability.io.adjudications import Adjudicated
    from reliability.io.past_ratings import PastRating
    from reliability.io.rows import Reject
    from reliability.lab.calibration import Calibration, Case


def run(
    paths: o.Paths,
    adjudicated: Annotated[Path, typer.Option("--adjudicated", metavar="FILE", help="CSV or JSONL with the columns "
                                              "claim, truth (0 to 1), and perhaps date, by and class.")],
    publisher: o.Publisher = None,
    input_format: o.InputFormatOption = None,
    grouping: o.GroupingFile = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    bins: Annotated[int, typer.Option(min=1, max=100, help="Bins of the calibration table.")] = 10,
    plot: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw a reliability diagram there.",
                                              rich_help_panel=o.OUTPUT)] = None,
    out_map: Annotated[Path | None, typer.Option("--out-map", metavar="FILE.toml", help="Write what would recalibrate "
                                                 "ratings of plain claims, as a rule for a rules folder's "
                                                 "recalibration/.", rich_help_panel=o.OUTPUT)] = None,
    format: o.FormatOption = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """Scores of ratings against what turned out: of reports, rated now, or of ratings made before (JSONL, a ledger).

    Brier score and its parts, log score, calibration error, sharpness, area under the curve, with intervals; a
    calibration table with the bands that luck would fill; scores by class of claim and by source type; and whether
    a recalibration map would help, judged on claims that it was not fitted to.
    """
    from reliability.cli.calibrate_views import printed
    from reliability.cli.keeping import keep, named_files
    from reliability.cli.output import chosen, emit
    from reliability.cli.reading import Request, load_policy
    from reliability.errors import UsageError
    from reliability.io.adjudications import read_adjudications
    from reliability.lab.calibration import calibrated

    request = Request(
        paths=paths, publisher=publisher, input_format=input_format, grouping=grouping, rules=rules, sources=sources,
        as_of=as_of, rejects=rejects, strict=strict, quiet=quiet, output=output,
    )  # fmt: skip
    as_plot = output is not None and output.suffix.lower() == ".svg"
    if plot is not None and as_plot:
        raise UsageError(f"--output {output}", problem="would be a diagram, and so is --plot",
                         remedy="name the scores' file .json, .csv or .md")  # fmt: skip
    if out_map is not None and out_map.suffix != ".toml":
        raise UsageError(f"--out-map {out_map}", problem="a rule is written as TOML", remedy="name it .toml")
    inputs = [file for path in paths for file in named_files(path)]
    keep([*inputs, adjudicated, grouping, sources], {"--output": output, "--plot": plot, "--out-map": out_map,
                                                    "--rejects": rejects})  # fmt: skip
    if dry_run:
        from reliability.cli.plan import plan_beside

        load_policy(rules, sources, request.day)
        written = {"result": output, "the diagram": plot, "the map": out_map, "rejects": rejects}
        emit(plan_beside(paths, input_format, {"what is adjudicated": adjudicated}, written), None)
        return
    draw = _drawing() if plot is not None or as_plot else None
    settled = read_adjudications(adjudicated)
    cases, left_out = _cases(request, settled)
    found = calibrated(cases, bins)
    if draw is not None:
        emit(draw(found), plot or output)
    if out_map is not None:
        _write_map(request, cases, settled, out_map)
    if not as_plot:
        emit(printed(found, left_out, chosen(format, output)), output)


def _write_map(request: Request, cases: list[Case], settled: Adjudicated, out: Path) -> None:
    """The map as a rule file. It holds from the day after the last of the claims was settled: no rating looks ahead."""
    from reliability.cli.output import emit
    from reliability.cli.reading import remark
    from reliability.io.rules_out import rule_toml
    from reliability.lab.rating_map import rating_map
    from reliability.model.dates import day_after

    known = {one.claim for one in cases}
    dates = [one.adjudication.date for one in settled.settled if one.adjudication.claim in known]
    since = max((day_after(one) for one in dates if one is not None), default=None)
    rule = rating_map(cases, Path(request.paths[0]).name, since)
    emit(rule_toml(rule), out)
    remark(f"{out}: {rule.effect[0].method} map from {rule.n_claims:,} claims; put it into the folder recalibration/ "
           "of your rules to use it", request.quiet)  # fmt: skip


def _drawing() -> Callable[[Calibration], str]:
    """What draws the diagram, asked for before anything is read: MissingExtra without the extra."""
    from reliability.errors import MissingExtra

    try:
        from reliability.report.reliability_diagram import reliability_diagram
    except ModuleNotFoundError as error:
        raise MissingExtra("report", "a reliability diagram", str(error.name)) from None
    return reliability_diagram


def _cases(request: Request, settled: Adjudicated) -> tuple[list[Case], dict[str, int]]:
    """The ratings that were settled, and how many of what were left out; rejects are written and counted."""
    from reliability.io.past_ratings import is_past_ratings
    from reliability.ledger.past import is_ledger

    ledgers = [path for path in request.paths if path != "-" and is_ledger(Path(path))]
    past = [path for path in request.paths if path != "-" and (path in ledgers or is_past_ratings(Path(path)))]
    if not past:
        return _rated_now(request, settled)
    if len(past) < len(request.paths):
        from reliability.errors import UsageError

        other = next(path for path in request.paths if path not in past)
        raise UsageError(other, problem="holds no rating records, and another file does",
                         remedy="score ratings made before or reports to be rated now, not both")  # fmt: skip
    if ledgers:
        return _recorded(request, settled, [Path(path) for path in past])
    return _rated_before(request, settled, [Path(path) for path in past])


def _rated_now(request: Request, settled: Adjudicated) -> tuple[list[Case], dict[str, int]]:
    from reliability.cli.rules_backtest import say, tested_by
    from reliability.io.past_ratings import class_of
    from reliability.lab.calibration import Case

    classes = {one.adjudication.claim: one.adjudication.claim_class for one in settled.settled}
    _, tested, set_aside = tested_by(request, settled)
    say(request, settled, set_aside, tested)
    cases = [
        Case(one.claim.id, one.p, truth, group, classes.get(one.claim.id)
             or class_of(one.quantity is not None, one.alternatives is not None),
             tuple(sorted({link.type for link in one.links if link.kind == "origin" and link.type is not None})),
             one.quantity is None and one.alternatives is None and one.recalibration is None)
        for one, truth, group in zip(tested.ratings, tested.truth.tolist(), tested.group, strict=True)
    ]  # fmt: skip
    return cases, {"without_adjudication": tested.n_open, "adjudicated_but_not_rated": len(tested.unmatched),
                   "reports_with_hindsight": tested.n_late}  # fmt: skip


def _rated_before(
    request: Request, settled: Adjudicated, files: list[Path]
) -> tuple[list[Case], dict[str, int]]:  # fmt: skip
    from reliability.io.past_ratings import read_past_ratings

    bad: list[Reject] = []
    ratings: dict[str, PastRating] = {}
    n_earlier = 0
    for file in files:
        found = read_past_ratings(file)
        bad += found.rejects
        n_earlier += found.n_earlier + sum(one.claim in ratings for one in found.ratings)
        ratings |= {one.claim: one for one in found.ratings}
    cases, left_out = _held_to(request, settled, ratings, bad)
    return cases, {**left_out, "earlier_ratings": n_earlier}


def _recorded(
    request: Request, settled: Adjudicated, folders: list[Path]
) -> tuple[list[Case], dict[str, int]]:  # fmt: skip
    """The ratings of one ledger, as they stood before their claims were settled."""
    from reliability.errors import UsageError
    from reliability.ledger.past import past_ratings

    if len(folders) > 1:
        raise UsageError(str(folders[1]), problem="stands beside a ledger", remedy="score one ledger at a time")
    known = {one.adjudication.claim: one for one in settled.settled}
    days = {one.adjudication.claim: one.adjudication.date for one in settled.settled}
    found = past_ratings(folders[0], days)
    bad = [known[claim].rejected(f"{claim!r} was rated only after it was settled, with hindsight")
           for claim in sorted(found.late - found.ratings.keys())]  # fmt: skip
    cases, left_out = _held_to(request, settled, found.ratings, bad)
    return cases, {**left_out, "earlier_ratings": found.n_earlier, "rated_with_hindsight": len(found.late),
                   "entries_without_ratings": found.n_removed}  # fmt: skip


def _held_to(
    request: Request, settled: Adjudicated, ratings: dict[str, PastRating], bad: list[Reject]
) -> tuple[list[Case], dict[str, int]]:
    """Ratings made before with what turned out; rejects are written and counted."""
    from reliability.cli.rules_backtest import told_rejects
    from reliability.io.past_ratings import PLAIN
    from reliability.lab.calibration import Case

    known = {one.adjudication.claim: one for one in settled.settled}
    told = {(one.file, one.line) for one in bad}
    bad += [one.rejected(f"no rating of the claim {claim!r}") for claim, one in known.items()
            if claim not in ratings and (one.file, one.line) not in told]  # fmt: skip
    pairs = [(one, known[one.claim].adjudication) for one in ratings.values() if one.claim in known]
    cases = [Case(one.claim, one.p, judged.truth, one.question or one.claim, judged.claim_class or one.kind, one.types,
                  one.kind == PLAIN and not one.mapped)
             for one, judged in pairs]  # fmt: skip
    told_rejects(request, (), [*settled.rejects, *bad], nothing_left=not cases)
    return cases, {"without_adjudication": len(ratings) - len(cases),
                   "adjudicated_but_not_rated": len(known) - len(cases)}  # fmt: skip
