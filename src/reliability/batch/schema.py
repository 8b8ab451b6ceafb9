"""The tables of a batch: rows of reports as the kernel takes them, and ratings as it gives them."""

from __future__ import annotations

import pyarrow as pa

TEXT, MOMENT, COUNT, NUMBER = pa.string(), pa.int64(), pa.int64(), pa.float64()

ROWS = pa.schema([
    ("unit", TEXT), ("key", TEXT), ("claim", TEXT), ("text", TEXT), ("kind", TEXT), ("stance", TEXT),
    ("provenance", TEXT), ("quantity", TEXT), ("question", TEXT), ("alternative", TEXT), ("article", TEXT),
    ("published", TEXT), ("event", TEXT), ("spans", TEXT), ("place", MOMENT),
])  # fmt: skip
"""A report a row. `unit` is what is rated together: the claim, or the question that it answers with an alternative.

`key` is the report's id (as `Report.key`); `provenance`, `quantity` and `spans` are canonical JSON of what
`Report.content` has; `provenance` may be a dictionary array. `place` says where it was read: file number · 2⁴⁰ + line.
"""

CONTENT = tuple(name for name in ROWS.names if name not in ("unit", "key", "place"))
"""The columns that make up a report's content, without its id."""

CHECKED = ROWS.append(pa.field("standing", TEXT)).append(pa.field("as_read", TEXT))
"""Rows that were checked against each other. `standing`: rated, later (than --as-of) or the kind that is not rated;
`as_read`: of texts that were grouped, claim, stance, question and alternative before that, as JSON."""

STORED = CHECKED.append(pa.field("chain", pa.int32()))
"""Checked rows on disk: `chain` is a code of the run's book of chains, or (-1) the chain stands in `provenance`."""

RATINGS = pa.schema([
    ("claim", TEXT), ("text", TEXT), ("question", TEXT), ("p", NUMBER), ("low", NUMBER), ("high", NUMBER),
    ("weight_db", NUMBER), ("assessed", pa.bool_()), ("icd203", TEXT), ("phia", TEXT), ("confidence", TEXT),
    ("support", TEXT), ("robustness", TEXT), ("basis", TEXT), ("elicited_share", NUMBER), ("reports", COUNT),
    ("outlets", COUNT), ("origins", COUNT), ("independent", COUNT), ("blocs", COUNT), ("flags", pa.list_(TEXT)),
    ("quantity", TEXT), ("digest", TEXT),
])  # fmt: skip
"""A claim a row, in claim-id order: the fields of `rate`'s records. `quantity` is JSON, `digest` that of the inputs."""

RATED = RATINGS.append(pa.field("newest_report", MOMENT))
"""Ratings before the whole set's newest report is known: with it comes the flag `stale`."""

WATERFALL = pa.schema([
    ("claim", TEXT), ("bar", pa.int32()), ("label", TEXT), ("kind", TEXT), ("db", NUMBER),
    ("p_after", pa.list_(NUMBER)),
])  # fmt: skip
"""A bar of a claim's waterfall a row, in order; `p_after` has one p, or one for each of a question's alternatives."""

LINKS = pa.schema([
    ("claim", TEXT), ("link", pa.int32()), ("label", TEXT), ("kind", TEXT), ("type", TEXT), ("base_db", NUMBER),
    ("shifts", TEXT), ("clamp_db", NUMBER), ("clamp", TEXT), ("weight_db", NUMBER), ("guess", NUMBER),
    ("set_by", TEXT), ("undecided", TEXT),
])  # fmt: skip
"""A link of a claim's tree a row, in node order; `shifts`, `set_by` and `undecided` are JSON as in rating records."""

_SIDES = (("p", NUMBER), ("weight_db", NUMBER), ("icd203", TEXT), ("confidence", TEXT), ("reports", COUNT))
MOVED = pa.schema([
    ("claim", TEXT), ("text", TEXT), ("why", TEXT), *((f"{name}_before", kind) for name, kind in _SIDES),
    *((f"{name}_after", kind) for name, kind in _SIDES), ("new_reports", pa.list_(TEXT)),
    ("flags_gained", pa.list_(TEXT)), ("flags_lost", pa.list_(TEXT)),
])  # fmt: skip
"""A claim a row whose rating is another than in the set before, new, or gone; up to 20 of its new reports' ids."""
