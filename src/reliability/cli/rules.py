"""`reliability rules`: list, show, check and test the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from reliability.cli import options as o

app = typer.Typer(
    help="The policy: list, show, check and test its rules.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A rules folder (default: the shipped policy).")]


def _policy(folder: Path | None, rules: Path | None = None) -> Any:
    from reliability.errors import UsageError
    from reliability.rules.policy import Policy

    if folder is not None and rules is not None:
        raise UsageError(f"--rules {rules}", problem=f"and the folder {folder} are two", remedy="name one")
    return Policy.load(folder or rules)


@app.command("check")
def check(folder: Folder = None, rules: o.Rules = None, format: o.FormatOption = None, output: o.Output = None) -> None:
    """Schema, names, references, conflicts, and each rule's own tests; exit 1 with findings."""
    from reliability.cli.output import as_json, chosen, emit
    from reliability.errors import RuleError
    from reliability.io.visible import visible
    from reliability.rules.check import Finding, all_rules, findings

    n_rules = n_tests = 0
    try:
        policy = _policy(folder, rules)
        found = findings(policy)
        every = all_rules(policy)
        n_rules, n_tests = len(every), sum(len(rule.test) for rule in every)
    except RuleError as error:
        given = folder or rules
        if given is not None and not given.is_dir():
            raise
        place = error.where or str(given or "rules")
        where = place if error.line is None else f"{place}:{error.line}"
        found = [Finding(where, error.key or "", error.problem, error.remedy or "mend it")]
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json([vars(one) for one in found], form), output)
    else:
        lines = [visible(f"{one.file}: {one.rule}: {one.problem}; {one.remedy}") for one in found]
        lines.append(f"{n_rules} rules, {n_tests} tests, {len(found)} findings")
        emit("\n".join(lines) + "\n", output)
    if found:
        raise typer.Exit(1)


@app.command("test")
def run_tests(
    folder: Folder = None,
    rules: o.Rules = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="Move every number by ±1 dB and drop each rule: what no "
                                         "scenario notices is listed.")] = False,
    output: o.Output = None,
) -> None:  # fmt: skip
    """Run every rule's own tests and all scenarios, and say what no test reaches; exit 1 where one fails."""
    from reliability.cli.output import emit
    from reliability.io.visible import visible
    from reliability.lab.scenarios import run
    from reliability.rules.check import all_rules, outcome_of

    policy = _policy(folder, rules)
    lines, passed, failed = [], 0, 0
    for rule in all_rules(policy):
        for one in rule.test:
            got = outcome_of(getattr(rule, "when", {}), one.given, policy)
            passed += got == one.expect
            if got != one.expect:
                failed += 1
                lines.append(f"{rule.id}: {one.name}: expected {one.expect!r}, got {got!r}")
        missing = {"fires", "does not fire", "unknown"} - {one.expect for one in rule.test}
        if getattr(rule, "when", None) and missing:
            lines.append(f"{rule.id}: no test reaches {' or '.join(sorted(missing))}")
    missed = run(policy)
    lines += [f"scenario {one.scenario}: {one.claim}: expected {one.expected}, got {one.got}" for one in missed]
    n_expected = sum(len(one.expect) for one in policy.scenarios)
    if mutate:
        from reliability.lab.shaking import unnoticed

        found, n = unnoticed(policy)
        lines += [f"unnoticed: {one.kind} {one.id}: {one.change}" for one in found]
        lines.append(f"{n - len(found):,} of {n:,} changes are noticed by a scenario")
    lines.append(f"{passed} passed, {failed} failed; scenarios: {n_expected - len(missed)} of {n_expected} as expected")
    emit("".join(f"{visible(line)}\n" for line in lines), output)
    if failed or missed:
        raise typer.Exit(1)


@app.command("list")
def list_rules(
    folder: Folder = None, rules: o.Rules = None, format: o.FormatOption = None, output: o.Output = None
) -> None:
    """Every rule with its kind, number and question."""
    from reliability.cli.output import as_json, chosen, emit
    from reliability.rules.check import all_rules

    rows = [{"id": rule.id, "kind": rule.folder, "effect": _effect(rule), "question": rule.question or ""}
            for rule in all_rules(_policy(folder, rules))]  # fmt: skip
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json(rows, form), output)
    else:
        emit("".join(f"{row['kind']:<13} {row['id']:<34} {row['effect']}  {row['question']}\n" for row in rows), output)


@app.command("show")
def show(
    rule: Annotated[str, typer.Argument(help="A rule's id.")], rules: o.Rules = None, output: o.Output = None
) -> None:
    """One rule: what it asks, why, what it does, where that comes from."""
    from reliability.cli.output import emit
    from reliability.errors import UsageError
    from reliability.io.visible import visible
    from reliability.rules.check import all_rules
    from reliability.rules.load import place_key
    from reliability.rules.policy import near

    policy = _policy(rules)
    known = {one.id: one for one in all_rules(policy)}
    if rule not in known:
        raise UsageError(rule, problem="no such rule", remedy=near(rule, known))
    one = known[rule]
    lines = [f"{one.id} ({one.folder}), {policy.files.get(place_key(one), '')}"]
    lines += [one.question] if one.question else []
    lines += [one.rationale, f"effect: {_effect(one)}"]
    condition = getattr(one, "when", None)
    lines += [f"when: {condition}"] if condition else []
    lines += [f"reference: {ref.title}" + (f" <{ref.url}>" if ref.url else "") for ref in one.references]
    lines += [f"test: {case.name}: {case.given} {case.expect}" for case in one.test]
    emit("\n".join(visible(line) for line in lines) + "\n", output)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="A folder, `shipped`, or git:REVISION[:FOLDER].")],
    new: Annotated[str, typer.Argument(help="The same.")],
    on: Annotated[list[str] | None, typer.Option("--on", metavar="PATH", help="Articles or reports: whose ratings "
                                                 "move; repeatable.")] = None,
    publisher: o.Publisher = None,
    as_of: o.AsOf = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many of the claims that move.")] = 20,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """What changes from one policy to another: rules, and the ratings of a set; exit 1 where anything does."""
    from reliability import api
    from reliability.cli.output import as_json, chosen, emit, one_json
    from reliability.cli.reading import Request, read
    from reliability.lab.compare import changes, compare
    from reliability.lab.revisions import policy_named

    request = Request(paths=on or (), publisher=publisher, as_of=as_of, output=output, quiet=quiet)
    with policy_named(old, request.day) as before, policy_named(new, request.day) as after:
        found = changes(before, after)
        comparison = None
        if on:
            reports = read(request).reports
            comparison = compare(*(
                api.rate_reports(api.check_reports(reports, policy)[0], policy, as_of=request.day)
                for policy in (before, after)
            ))  # fmt: skip
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        record: dict[str, Any] = {"changes": [one.model_dump(mode="json") for one in found], "moves": None,
                                  "words": None}  # fmt: skip
        if comparison is not None:
            record["moves"] = [one.model_dump(mode="json") for one in comparison.moves]
            record["words"] = [{"before": a, "after": b, "claims": n} for (a, b), n in comparison.words.items()]
        emit(one_json(record) if form is o.Format.json else as_json([record], form), output)
    else:
        emit("".join(f"{line}\n" for line in _diff_lines(found, comparison, most)), output)
    if found or (comparison is not None and comparison.moves):
        raise typer.Exit(1)


def _diff_lines(found: Any, comparison: Any, most: int) -> list[str]:
    from reliability.io.visible import visible

    lines = [] if found else ["the rules are the same"]
    for one in found:
        lines.append(f"{one.what:<8} {one.kind} {one.id}")
        lines += [f"           {key}: {old} → {new}{_in_db(key, old, new)}" for key, (old, new) in one.fields.items()]
    if comparison is not None:
        n = len(comparison.moves)
        lines += ["", f"{n:,} of {comparison.n_claims:,} claims move"]
        for move in comparison.moves[:most]:
            p = [f"{p * 100:.1f}%" if p is not None else "not rated" for p in (move.before, move.after)]
            words = [word or "not assessed" for word in (move.word_before, move.word_after)]
            lines.append(f"  {p[0]:>9} → {p[1]:<9} {words[0]} → {words[1]}  {move.claim}: {move.text[:60]}")
        lines += [f"  … and {n - most:,} more (--most)"] if n > most else []
        lines += ["", "words, before → after"]
        lines += [f"  {n:>6,}  {a} → {b}" for (a, b), n in comparison.words.items()]
        widest = max(1, *(n for _, n in comparison.histogram()))
        lines += ["", "how far p moves"]
        lines += [f"  {name:<12} {n:>6,}  {'#' * round(n / widest * 40)}" for name, n in comparison.histogram()]
    return [visible(line) for line in lines]


def _in_db(key: str, old: Any, new: Any) -> str:
    """What a change of a source type's p means in decibans."""
    from math import atanh, log

    if key != "effect.p" or not all(isinstance(value, float) and 0.5 <= value < 1.0 for value in (old, new)):
        return ""
    before, after = (atanh(2.0 * value - 1.0) * 20.0 / log(10.0) for value in (old, new))
    return f" ({before:.2f} → {after:.2f} dB at even odds)"


def _effect(rule: Any) -> str:
    effects = getattr(rule, "effect", ())
    if not effects:
        return ", ".join(f"{band.word} from {band.low:g}" for band in getattr(rule, "band", ()))
    values = effects[0].model_dump(exclude_none=True, exclude={"basis", "grade", "since"}, mode="json")
    known = ", ".join(f"{name} {value}" for name, value in values.items() if value not in ({}, []))
    return f"{known} ({effects[0].basis}, grade {effects[0].grade})"
