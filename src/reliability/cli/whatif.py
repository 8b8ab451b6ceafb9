"""`reliability whatif`: a rating before and after a change."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reliability.cli import options as o

CHANGE = "What is changed"


def run(
    claim: o.Claim,
    paths: o.Paths,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="SOURCE.FACT=VALUE or RULE.NUMBER=VALUE.", metavar="K=V", rich_help_panel=CHANGE),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave out a source and what it carried.", rich_help_panel=CHANGE)
    ] = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="SOURCE=TYPE.", metavar="SOURCE=TYPE", rich_help_panel=CHANGE)
    ] = None,
    shift: Annotated[
        list[str] | None, typer.Option(help="SOURCE=DB, decibans.", metavar="SOURCE=DB", rich_help_panel=CHANGE)
    ] = None,
    prior: Annotated[float | None, typer.Option(help="Another prior.", rich_help_panel=CHANGE)] = None,
    same_bloc: Annotated[
        list[str] | None, typer.Option(help="Sources that speak as one: A,B.", metavar="A,B", rich_help_panel=CHANGE)
    ] = None,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    grouping: o.GroupingFile = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    format: o.FormatOption = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
    no_color: o.NoColor = False,
) -> None:
    """The rating of a claim before and after a change, and which bars moved. Changes add up and can be repeated."""
    from reliability import api
    from reliability.cli.output import as_json, chosen, emit, one_json
    from reliability.cli.reading import Request
    from reliability.cli.selection import rated
    from reliability.errors import UsageError
    from reliability.reasoning import what_if as w

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output,
    )  # fmt: skip
    if not any((set_, without, type_, shift, same_bloc)) and prior is None:
        raise UsageError("whatif", problem="nothing is changed", remedy="say --without SOURCE, --type SOURCE=TYPE, …")
    found, outcome, before = rated(claim, request)
    mine = set(before.reports)
    case = w.Case(tuple(r for r in outcome.reports if r.key in mine), found.policy)
    case = _changed(case, before, type_, set_, shift, same_bloc, prior, without)
    others = [report for report in outcome.reports if report.key not in mine]
    question = before.claim.question or ""
    answers = {question: before.alternatives} if before.alternatives else {}
    again = api.rate_reports([*others, *case.reports], case.policy, as_of=request.day, answers=answers,
                             copied=found.shared.evidence)  # fmt: skip
    ids = {before.claim.id, *(f"{question}={r.alternative}" for r in outcome.reports
                              if before.alternatives and r.claim == before.claim.id)}  # fmt: skip
    after = next((one for one in again.ratings if one.claim.id in ids), None)
    if after is None:
        raise UsageError(claim, problem="nothing is left of the claim", remedy="leave out something smaller")
    moves = w.moved(before, after)
    form = o.Format.table if format is None and output is None else chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        record: dict[str, Any] = {"before": before.record(), "after": after.record(),
                                  "moved": [one.model_dump() for one in moves]}  # fmt: skip
        emit(as_json([record], form) if form is o.Format.jsonl else one_json(record), output)
    else:
        emit("".join(f"{line}\n" for line in _lines(before, after, moves)), output)


def _changed(
    case: Any, before: Any, types: list[str] | None, values: list[str] | None, shifts: list[str] | None,
    blocs: list[str] | None, prior: float | None, without: list[str] | None,
) -> Any:  # fmt: skip
    """All changes, each made where it would stand: descriptions first, what is left out last."""
    from reliability.reasoning import what_if as w

    typed, valued, shifted = _pairs(types, "--type"), _pairs(values, "--set"), _pairs(shifts, "--shift")
    _refuse_contradictions(case.policy, typed, valued, shifted, blocs or [], without or [])
    for source, kind in typed:
        case = w.typed(case, source, kind)
    for key, value in valued:
        case = w.set_value(case, key, value)
    for source, db in shifted:
        case = w.shifted(case, source, _number(db, "--shift"))
    for names in blocs or ():
        case = w.same_bloc(case, [name.strip() for name in names.split(",") if name.strip()], [before])
    if prior is not None:
        case = w.prior(case, prior, before)
    for source in without or ():
        case = w.without(case, source)
    return case


def _refuse_contradictions(
    policy: Any, typed: list[tuple[str, str]], valued: list[tuple[str, str]], shifted: list[tuple[str, str]],
    blocs: list[str], without: list[str],
) -> None:  # fmt: skip
    """A usage error for two values of one thing, and for a change of a source that is left out."""
    from reliability.errors import UsageError

    gone = {policy.sources.canonical(source): source for source in without}
    known: dict[tuple[str, str, str], str] = {}
    things = [("--type", source, "", kind) for source, kind in typed]
    for key, value in valued:
        source, _, fact = key.rpartition(".")
        things.append(("--set", source, fact, value))
    for option, source, fact, value in things:
        key = policy.sources.canonical(source)
        other = known.setdefault((option, key, fact), value)
        if other != value:
            raise UsageError(f"{option} {source}{'.' * bool(fact)}{fact}", problem=f"is both {other} and {value}",
                             remedy="say it once")  # fmt: skip
    changed = [(option, source) for option, source, *_ in things] + [("--shift", source) for source, _ in shifted]
    changed += [("--same-bloc", name.strip()) for names in blocs for name in names.split(",")]
    for option, source in changed:
        if policy.sources.canonical(source) in gone:
            raise UsageError(f"{option} {source}", problem="is left out by --without", remedy="take one of them away")


def _lines(before: Any, after: Any, moves: Any) -> list[str]:
    from reliability.io.visible import visible
    from reliability.reasoning.sentences import firmness, likelihood

    lines = [f"{before.claim.id}: {before.claim.text}", ""]
    lines += [f"before: {likelihood(before)}", f"after:  {likelihood(after)}", f"after:  {firmness(after)}", ""]
    for one in moves:
        old, new = (f"{db:+.2f} dB" if db is not None else "–" for db in (one.before_db, one.after_db))
        lines.append(f"  {one.label} [{one.kind}]: {old} → {new}")
    if not moves:
        figure = ": for figures, types that carry others have the φ of the rule figure-knows" if before.quantity else ""
        lines.append(f"  no bar moved{figure}")
    return [visible(line) for line in lines]


def _pairs(given: list[str] | None, option: str) -> list[tuple[str, str]]:
    from reliability.errors import UsageError

    pairs = []
    for one in given or ():
        left, equals, right = one.rpartition("=")
        if not equals or not left.strip() or not right.strip():
            raise UsageError(f"{option} {one}", problem="has no = with something on both sides", remedy="write A=B")
        pairs.append((left.strip(), right.strip()))
    return pairs


def _number(text: str, option: str) -> float:
    from math import isfinite

    from reliability.errors import UsageError

    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > 60.0:
        raise UsageError(f"{option} {text}", problem="is no number of decibans from -60 to 60", remedy="write one")
    return value
