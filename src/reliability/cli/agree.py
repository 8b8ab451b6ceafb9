"""`reliability agree`: how far raters agree with one another and with the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reliability.cli import options as o

FILES = ("What each rater says: CSV or JSON Lines with claim, and label or p; or what `rate` writes (.jsonl, .json, "
         ".csv).")  # fmt: skip


def run(
    files: Annotated[list[Path], typer.Argument(help=FILES, metavar="FILE FILE…", show_default=False)],
    scale: Annotated[str, typer.Option(help="The scale whose words are the labels, and their order.",
                                       rich_help_panel=o.POLICY)] = "icd203",
    order: Annotated[str | None, typer.Option(help="Labels of one's own instead, lowest first: false,mixed,true.",
                                              rich_help_panel=o.POLICY)] = None,
    rules: o.Rules = None,
    draws: Annotated[int, typer.Option(min=0, max=100_000, help="Resamples of the claims for the interval.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resamples: the same seed, the same interval.")] = 0,
    format: o.FormatOption = None,
    output: o.Output = None,
    rejects: o.Rejects = None,
    strict: o.Strict = False,
    fail_under: Annotated[
        float | None, typer.Option(help="Exit 1 when an α of all raters together is lower.", rich_help_panel=o.OUTPUT)
    ] = None,
    quiet: o.Quiet = False,
    no_color: o.NoColor = False,
) -> None:  # fmt: skip
    """Krippendorff's alpha (nominal, ordinal, interval) with a bootstrap interval, of all raters and of each pair."""
    from reliability.cli.agree_views import shown
    from reliability.cli.keeping import keep
    from reliability.cli.output import chosen, emit
    from reliability.cli.reading import load_policy, set_aside
    from reliability.errors import UsageError
    from reliability.exchange.agreeing import Order, agreed
    from reliability.exchange.raters import read_raters
    from reliability.rules.policy import near

    if len(files) < 2:
        raise UsageError("agree", problem="one rater agrees with nobody", remedy="give two files or more")
    keep(files, {"--output": output, "--rejects": rejects})
    if order is None:
        policy = load_policy(rules, None, None)
        if scale not in policy.scales:
            raise UsageError("--scale", problem=f"no scale {scale!r}", remedy=near(scale, policy.scales))
        labels = Order.of_scale(policy.scales[scale])
    else:
        labels = Order.given(order)
    raters = read_raters(files)
    set_aside([reject for one in raters for reject in one.rejects], rejects, strict, quiet)
    found = agreed(raters, labels, draws=draws, seed=seed)
    emit(shown(found, chosen(format, output)), output)
    told = [one.alpha for one in found.together if one.alpha is not None]
    if fail_under is not None and any(alpha < fail_under for alpha in told):
        raise typer.Exit(1)
