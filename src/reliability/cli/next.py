"""`reliability next`: what to check next, in bits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from reliability.cli import options as o


def run(
    claim: o.Claim,
    paths: o.Paths,
    per_hour: Annotated[bool, typer.Option("--per-hour", help="Sort by bits an hour.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, help="How many checks a table shows.")] = 20,
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
    """What to check next: the expected information about a claim, in bits, and whether its word could change."""
    from reliability.cli.output import as_json, chosen, emit
    from reliability.cli.reading import Request
    from reliability.cli.selection import rated
    from reliability.io.visible import visible

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output,
    )  # fmt: skip
    _, _, rating = rated(claim, request)
    checks: list[dict[str, Any]] = list(rating.next_checks)
    if per_hour:
        checks.sort(key=lambda one: (-(one["bits_per_hour"] or 0.0), one["check"]))
    form = o.Format.table if format is None and output is None else chosen(format, output)
    if form in (o.Format.json, o.Format.jsonl):
        emit(as_json(checks, form), output)
        return
    lines = [f"{rating.claim.id}: {rating.claim.text}"]
    for one in checks[:most]:
        word = "could change the word" if one["changes_word"] else "can't change the word"
        cost = (
            "" if one["hours"] is None else f", {one['hours']:g} h" + (f", {one['euros']:g} €" if one["euros"] else "")
        )
        per = "" if one["bits_per_hour"] is None else f", {one['bits_per_hour']:.4f} bits/h"
        lines.append(f"  {one['bits']:.4f} bits  {one['check']} ({word}{cost}{per})")
    if len(checks) > most:
        lines.append(f"  … and {len(checks) - most} more (--most)")
    emit("\n".join(visible(line) for line in lines) + "\n", output)
