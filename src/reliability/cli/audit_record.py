"""`reliability audit record`: read, rate, and keep all of it."""

from __future__ import annotations

from reliability.cli import options as o


def run(
    paths: o.Paths,
    ledger: o.LedgerFolder,
    note: o.Note = None,
    by: o.By = None,
    confidential: o.Confidential = None,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    jobs: o.Jobs = 1,
    grouping: o.GroupingFile = None,
    at_least: o.AtLeast = None,
    rules: o.Rules = None,
    sources: o.Sources = None,
    as_of: o.AsOf = None,
    format: o.FormatOption = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    dry_run: o.DryRun = False,
    quiet: o.Quiet = False,
    progress: o.ProgressOption = None,
) -> None:
    """Rate as `rate` does, and record inputs, reports, policy, options, versions and ratings as one entry."""
    from reliability.cli.audit_rows import say
    from reliability.cli.output import emit
    from reliability.cli.plan import plan
    from reliability.cli.reading import Request, load_policy
    from reliability.cli.recording import read_rated_recorded, told

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, jobs=jobs, at_least=at_least,
    )  # fmt: skip
    if dry_run:
        load_policy(rules, sources, request.day)
        emit(plan(paths, input_format, output, rejects, ledger=ledger), None)
        return
    found, outcome, placed = read_rated_recorded(request, ledger, by=by, note=note, confidential=confidential)
    row = {"entry": placed.entry.seq, "hash": placed.hash, "at": placed.entry.at, "claims": len(outcome.ratings),
           "reports": len(found.reports), "rejects": len(found.rejects)}  # fmt: skip
    line = f"{told(placed, ledger)}: {len(outcome.ratings):,} claims of {len(found.reports):,} reports"
    say(row, [line], format, output, rows=(list(row), [row]))
