"""The long tables that are asked for beside ratings: bars and links, as rating records have them."""

from __future__ import annotations

import pyarrow as pa

from reliability.batch.kernel import Options, records_of
from reliability.batch.records import link_rows, waterfall_rows
from reliability.rules.policy import Policy


def long_tables(
    rows: pa.Table, policy: Policy, options: Options, *, waterfall: bool, links: bool
) -> dict[str, pa.Table]:
    """The tables asked for by name, in claim-id order, for rows as `rate_table` takes them."""
    if not (waterfall or links):
        return {}
    ratings, _ = records_of(rows, policy, options)
    made = {"waterfall": waterfall_rows, "links": link_rows}
    wanted = {"waterfall": waterfall, "links": links}
    return {name: make(ratings) for name, make in made.items() if wanted[name]}
