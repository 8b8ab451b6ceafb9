"""`reliability rules`: list, show, check and test the policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from reliability.cli import options as o
from reliability.cli import rules_backtest, rules_docs
from reliability.cli.rules_check import check

app = typer.Typer(
    help="The policy: check, test, show, compare, backtest and document its rules.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False,
)  # fmt: skip
MOVES = 10
STARTED = """#:schema ./.schemas/policy.json
# A policy of your own. A rule here takes the place of the inherited one with the same kind and id.
inherits = "shipped"  # or another folder, from here

# inherited rules that you do without, by id
without = []
"""
Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A rules folder (default: the shipped policy).")]


def _policy(folder: Path | None, rules: Path | None = None, as_of: datetime | None = None) -> Any:
    from reliability.errors import UsageError
    from reliability.rules.policy import Policy

    if folder is not None and rules is not None:
        raise UsageError(f"--rules {rules}", problem=f"and the folder {folder} are two", remedy="name one")
    return Policy.load(folder or rules, as_of=as_of.date() if as_of is not None else None)


app.command("check")(check)


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
    from reliability.rules.check import outcome_of

    policy = _policy(folder, rules)
    lines, passed, failed = [], 0, 0
    for rule in policy.rules():
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
    folder: Folder = None, rules: o.Rules = None, as_of: o.AsOf = None, format: o.FormatOption = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """All rules, one a line: kind, id, effect, question; JSON also has what the effect means, and since when."""
    from reliability.cli.output import as_json, chosen, emit
    from reliability.lab.effects import plain_words

    policy = _policy(folder, rules, as_of)
    now = {(rule.folder, rule.id): rule for rule in policy.rules()}
    rows = []
    for written in policy.written:
        rule = now.get((written.folder, written.id), written)
        in_force = rule is not written or (written.folder, written.id) in now
        effect = _effect(rule) + ("" if in_force else " (not in force)")
        rows.append({"id": rule.id, "kind": rule.folder, "effect": effect, "means": plain_words(rule),
                     "question": rule.question or "", "in_force": in_force, "since": rule.since and str(rule.since),
                     "until": rule.until and str(rule.until)})  # fmt: skip
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json(rows, form), output)
    else:
        emit("".join(f"{row['kind']:<13} {row['id']:<34} {row['effect']}  {row['question']}\n" for row in rows), output)


@app.command("show")
def show(
    rule: Annotated[str, typer.Argument(help="A rule's id.")],
    rules: o.Rules = None,
    on: Annotated[list[str] | None, typer.Option("--on", metavar="PATH", help="Articles or reports: on how many links "
                                                 "it fires, and how far ratings move without it.")] = None,
    publisher: o.Publisher = None,
    as_of: o.AsOf = None,
    output: o.Output = None,
) -> None:  # fmt: skip
    """One rule: what it asks, why, what it does, what that means, where it comes from; and to whom, with --on."""
    from reliability.cli.output import emit
    from reliability.errors import UsageError
    from reliability.io.visible import visible
    from reliability.lab.effects import plain_words
    from reliability.rules.load import place_key
    from reliability.rules.policy import near

    policy = _policy(None, rules, as_of)
    known = {one.id: one for one in (*policy.written, *policy.rules())}
    if rule not in known:
        raise UsageError(rule, problem="no such rule", remedy=near(rule, known))
    one = known[rule]
    lines = [f"{one.id} ({one.folder}), {policy.files.get(place_key(one), '')}"]
    lines += [one.question] if one.question else []
    lines += [one.rationale, f"effect: {_effect(one)}"]
    means = plain_words(one)
    lines += [f"means: {means}"] if means else []
    effects = getattr(one, "effect", ())
    lines += [f"since: {effects[0].since}"] if effects and effects[0].since else []
    every = next((w for w in policy.written if (w.folder, w.id) == (one.folder, one.id)), one)
    values = getattr(every, "effect", ())
    lines += [f"value since {e.since or 'ever'}: {_of(e)}" for e in values] if len(values) > 1 else []
    lines += [] if any(one is rule_now for rule_now in policy.rules()) else ["not in force"]
    lines += [f"in force from: {one.since}"] if one.since else []
    lines += [f"until: {one.until}"] if one.until else []
    condition = getattr(one, "when", None)
    lines += [f"when: {condition}"] if condition else []
    lines += [f"reference: {ref.title}" + (f" <{ref.url}>" if ref.url else "") for ref in one.references]
    lines += [f"test: {case.name}: {case.given} {case.expect}" for case in one.test]
    if on:
        lines += ["", *_affected_lines(one, policy, on, publisher)]
    emit("\n".join(visible(line) for line in lines) + "\n", output)


def _affected_lines(rule: Any, policy: Any, paths: list[str], publisher: str | None) -> list[str]:
    from reliability.cli.reading import Request, read
    from reliability.lab.effects import affected

    found = affected(
        policy, rule, read(Request(paths=paths, publisher=publisher, rules=policy.folder, quiet=True)).reports
    )
    lines = [f"fires on {found.n_links:,} links in {found.n_claims:,} claims"]
    if found.without is None:
        return [*lines, found.why_not]
    lines.append(f"without it {len(found.without.moves):,} of {found.without.n_claims:,} claims would move")
    for move in found.without.moves[:MOVES]:
        p = [f"{p * 100:.1f}%" if p is not None else "not rated" for p in (move.before, move.after)]
        lines.append(f"  {p[0]} → {p[1]}  {move.claim}: {move.text[:70]}")
    return lines


@app.command("init")
def init(folder: Annotated[Path, typer.Argument(help="A folder that is not there yet, or is empty.")]) -> None:
    """Start a policy of your own: it inherits the shipped one, and a rule with the same id takes the other's place."""
    from reliability.cli.output import emit
    from reliability.errors import UsageError
    from reliability.io.writers import write_atomically
    from reliability.rules.named import shipped_rules
    from reliability.rules.schema import RULE_KINDS

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(folder, problem="is there already, and not empty", remedy="name another folder")
    try:
        for name in (*(kind.folder for kind in RULE_KINDS), "sources"):
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(folder, problem=f"can't be made ({error.strerror})", remedy="check the place") from None
    write_atomically(folder / "policy.toml", STARTED)
    for_editors = [".taplo.toml", *sorted(f".schemas/{path.name}" for path in (shipped_rules() / ".schemas").iterdir())]
    (folder / ".schemas").mkdir(exist_ok=True)
    for name in for_editors:
        write_atomically(folder / name, (shipped_rules() / name).read_text(encoding="utf-8"))
    emit(f"{folder}/policy.toml inherits the shipped rules; put your own beside it, a file a rule or a small family. "
         f"Then:\n  reliability rules check {folder}\n  reliability rules diff shipped {folder}\n"
         f"  reliability rate PATH --rules {folder}\n", None)  # fmt: skip


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="A folder, `shipped`, git:REVISION[:FOLDER], or sha256:DIGEST.")],
    new: Annotated[str, typer.Argument(help="The same.")],
    on: Annotated[list[str] | None, typer.Option("--on", metavar="PATH", help="Articles or reports: whose ratings "
                                                 "move; repeatable.")] = None,
    publisher: o.Publisher = None,
    as_of: o.AsOf = None,
    ledger: Annotated[Path | None, typer.Option(metavar="DIR", help="A ledger, in which policies are found by their "
                                                "sha256:DIGEST too.")] = None,
    most: Annotated[int, typer.Option(min=1, help="At most so many of the claims that move.")] = 20,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:  # fmt: skip
    """What changes from one policy to another: rules, and the ratings of a set; exit 1 where anything does."""
    from reliability.cli.output import as_json, chosen, emit, one_json
    from reliability.cli.reading import Request, rate, read
    from reliability.lab.compare import changes, compare
    from reliability.lab.revisions import policy_named

    request = Request(paths=on or (), publisher=publisher, as_of=as_of, output=output, quiet=quiet)
    kept = None if ledger is None else _kept_in(ledger)
    with policy_named(old, request.day, kept) as before, policy_named(new, request.day, kept) as after:
        found = changes(before, after)
        comparison = None
        if on:
            read_under = (read(replace(request, rules=policy.folder)) for policy in (before, after))
            comparison = compare(*(rate(one, request) for one in read_under))
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


def _kept_in(folder: Path) -> Any:
    """A ledger as an archive of policies."""
    from functools import partial

    from reliability.ledger.archive import archived
    from reliability.ledger.store import Ledger

    return partial(archived, Ledger.open(folder))


app.command("backtest")(rules_backtest.run)
app.command("docs")(rules_docs.run)


def _diff_lines(found: Any, comparison: Any, most: int) -> list[str]:
    from reliability.io.visible import visible
    from reliability.lab.effects import in_decibans

    lines = [] if found else ["the rules are the same"]
    for one in found:
        lines.append(f"{one.what:<8} {one.kind} {one.id}")
        lines += [
            f"           {key}: {old} → {new}{in_decibans(key, old, new)}" for key, (old, new) in one.fields.items()
        ]
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


def _effect(rule: Any) -> str:
    effects = getattr(rule, "effect", ())
    if not effects:
        return ", ".join(f"{band.word} from {band.low:g}" for band in getattr(rule, "band", ()))
    return _of(effects[-1])


def _of(effect: Any) -> str:
    """One dated value of a rule, with what it rests on."""
    values = effect.model_dump(exclude_none=True, exclude={"basis", "grade", "since"}, mode="json")
    known = ", ".join(f"{name} {value}" for name, value in values.items() if value not in ({}, []))
    return f"{known} ({effect.basis}, grade {effect.grade})"
