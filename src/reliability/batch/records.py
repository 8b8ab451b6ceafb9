"""Rating records as rows of the ratings table, and of the long tables of bars and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from reliability.batch.schema import LINKS, RATED, WATERFALL
from reliability.io.visible import json_text
from reliability.model.base import canonical_json
from reliability.model.dates import date_span
from reliability.model.rating import Rating
from reliability.model.report import Report

UNSURE = "interval-unreliable"


def rating_rows(ratings: Sequence[Rating], reports: Iterable[Report], *, intervals: bool) -> pa.Table:
    """Ratings as RATED; without `intervals` low and high are null, and whether they are reliable is not told."""
    published = {report.key: report.published for report in reports}
    return pa.Table.from_pylist([_row(rating, published, intervals) for rating in ratings], schema=RATED)


def _row(rating: Rating, published: Mapping[str, str | None], intervals: bool) -> dict[str, Any]:
    verdict, level = rating.rating, rating.rating.analytic_confidence
    dates = [date for key in rating.reports if (date := published[key]) is not None]
    return {
        "claim": rating.claim.id, "text": rating.claim.text, "question": rating.claim.question, "p": verdict.p,
        "low": verdict.low if intervals else None, "high": verdict.high if intervals else None,
        "weight_db": verdict.weight_db, "assessed": verdict.assessed, "icd203": verdict.icd203, "phia": verdict.phia,
        "confidence": level.level, "support": level.support, "robustness": level.robustness, "basis": level.basis,
        "elicited_share": verdict.elicited_share, **rating.counts.model_dump(),
        "flags": [flag for flag in rating.flags if intervals or flag != UNSURE],
        "quantity": None if rating.quantity is None else json_text(rating.quantity),
        "digest": rating.digest.inputs,
        "newest_report": max((date_span(date)[1] for date in dates), default=None),
    }  # fmt: skip


def waterfall_rows(ratings: Iterable[Rating]) -> pa.Table:
    """The bars of ratings as WATERFALL."""
    rows = []
    for rating in ratings:
        for at, bar in enumerate(rating.waterfall):
            after = list(bar.p_after) if isinstance(bar.p_after, tuple) else [bar.p_after]
            rows.append({"claim": rating.claim.id, "bar": at, "label": bar.label, "kind": bar.kind, "db": bar.db,
                         "p_after": after})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=WATERFALL)


def link_rows(ratings: Iterable[Rating]) -> pa.Table:
    """The links of ratings as LINKS."""
    rows = []
    for rating in ratings:
        for at, link in enumerate(rating.links):
            fields = link.model_dump(mode="json")
            nested = {name: canonical_json(fields[name]) for name in ("shifts", "set_by", "undecided")}
            rows.append({"claim": rating.claim.id, "link": at, **fields, **nested})
    return pa.Table.from_pylist(rows, schema=LINKS)
