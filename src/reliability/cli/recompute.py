"""`reliability recompute`: p again from a record's tree alone."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reliability.cli import options as o

MAX_BYTES = 50_000_000
WITHIN = 1e-4
FIGURE = "the cells of its grid and the bias of each bloc"


def run(
    record: Annotated[str, typer.Argument(help="A file with rating records (json or jsonl), or -.")],
    claim: Annotated[str | None, typer.Option(help="Only this claim's record.")] = None,
    format: o.FormatOption = None,
    output: o.Output = None,
    quiet: o.Quiet = False,
) -> None:
    """Compute p again from rating records' trees alone, step by step; exit 4 where it is not the record's."""
    from reliability.cli.output import as_json, chosen, emit
    from reliability.errors import UsageError
    from reliability.io.visible import visible
    from reliability.reasoning.recompute import recompute

    records = [one for one in _records(record) if claim is None or one["claim"]["id"] == claim]
    if not records:
        raise UsageError(record, problem="holds no rating record" + (f" of {claim!r}" if claim else ""),
                         remedy="give what `rate --format jsonl` prints")  # fmt: skip
    wrong = 0
    lines: list[str] = []
    results: list[dict[str, Any]] = []
    for one in records:
        if one.get("quantity") is not None:
            lines.append(visible(f"{one['claim']['id']}: a figure: its p is an integral over {FIGURE}, not a sum"))
            results.append({"claim": one["claim"]["id"], "p": None, "stated": one["rating"]["p"], "agrees": None,
                            "steps": []})  # fmt: skip
            continue
        found = recompute(one)
        place = _place(one)
        p, stated = found.p[place], float(one["rating"]["p"])
        agrees = abs(p - stated) <= WITHIN + 1e-9
        wrong += not agrees
        results.append({"claim": one["claim"]["id"], "p": round(p, 6), "stated": stated, "agrees": agrees,
                        "steps": [vars(step) for step in found.steps]})  # fmt: skip
        lines += _lines(one, found, p, stated, agrees)
    form = chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json(results, form), output)
    else:
        emit("\n".join(lines) + "\n", output)
    if wrong:
        raise typer.Exit(4)


def _lines(record: dict[str, Any], found: Any, p: float, stated: float, agrees: bool) -> list[str]:
    from reliability.io.visible import visible

    lines = [visible(f"{record['claim']['id']}: {record['claim']['text']}")]
    for step in found.steps:
        heard, sent = (", ".join(f"{db:+.2f}" for db in part) for part in (step.heard_db, step.sent_db))
        lines.append(visible(f"  node {step.node} {step.kind} {step.label}: heard {heard} dB, "
                             f"through fidelity {step.fidelity:g}: {sent} dB"))  # fmt: skip
    prior = record["waterfall"][0]["p_after"]
    mapped = ""
    if record.get("recalibration") is not None:
        mapped = visible(f", recalibrated by {record['recalibration'].get('rule')} from {found.tree_p[0]:.4f}")
    lines.append(f"  with the prior {prior}: p = {p:.4f}{mapped}; the record says {stated:.4f}: "
                 + ("the same" if agrees else "NOT the same"))  # fmt: skip
    return lines


def _place(record: dict[str, Any]) -> int:
    """Which alternative a record of a question is about: the name at the end of its id, else its text."""
    names = record.get("alternatives")
    if names is None:
        return 0
    p = record["rating"]["p"]
    last = record["waterfall"][-1]["p_after"]
    claim = record["claim"]
    for place, name in enumerate(names):
        if claim["id"] == f"{claim['question']}={name}" or claim["text"] == name:
            return place
    return int(last.index(p))


def _records(name: str) -> list[dict[str, Any]]:
    import sys
    from pathlib import Path

    from reliability.errors import InputError
    from reliability.io.strict_json import BadJson, parse_json_at, skip_space

    if name == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise InputError(name, problem=f"can't be read ({error.strerror})", remedy="check the name") from None
    if len(data) > MAX_BYTES:
        raise InputError(name, problem=f"is over {MAX_BYTES:,} bytes", remedy="give fewer records")
    try:
        text = data.decode("utf-8")
        at, found = skip_space(text, 0), []
        while at < len(text):
            value, at = parse_json_at(text, at)
            found += value if isinstance(value, list) else [value]
            at = skip_space(text, at)
    except (UnicodeDecodeError, BadJson) as error:
        raise InputError(
            name, problem=f"is no JSON ({error})", remedy="give what `rate --format jsonl` prints"
        ) from None
    for one in found:
        if not isinstance(one, dict) or not {"claim", "rating", "waterfall", "tree"} <= one.keys():
            raise InputError(name, problem="holds something that is no rating record with a tree",
                             remedy="give what `rate --format jsonl` prints, without --brief")  # fmt: skip
    return found
