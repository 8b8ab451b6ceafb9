"""`reliability explain`: one claim's rationale."""

from __future__ import annotations

from reliability.cli import options as o


def run(
    claim: o.Claim,
    paths: o.Paths,
    publisher: o.Publisher = None,
    published: o.Published = None,
    url: o.Url = None,
    input_format: o.InputFormatOption = None,
    max_chars: o.MaxChars = 2_000_000,
    grouping: o.GroupingFile = None,
    at_least: o.AtLeast = None,
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
    """Explain one claim's rating: the bars, the chains, each link's numbers, the rules, and what was unknown."""
    from reliability.cli.output import chosen, emit, record_format
    from reliability.cli.reading import Request
    from reliability.cli.selection import rated

    request = Request(
        paths=paths, input_format=input_format, publisher=publisher, published=published, url=url, max_chars=max_chars,
        grouping=grouping, rules=rules, sources=sources, as_of=as_of, rejects=rejects, strict=strict, quiet=quiet,
        progress=progress, output=output, at_least=at_least,
    )  # fmt: skip
    found, _, rating = rated(claim, request)
    form = o.Format.table if format is None and output is None else chosen(format, output)
    if form in (o.Format.table, o.Format.markdown):
        from reliability.cli.rationale import rationale
        from reliability.cli.table import width

        text = rationale(rating, found.policy, width())
        if form is o.Format.markdown:
            text = "\n".join("    " + line for line in text.splitlines()) + "\n"
        emit(text, output)
    else:
        from reliability.io.writers import dump_records

        emit(dump_records([rating.record()], record_format(form)), output)
