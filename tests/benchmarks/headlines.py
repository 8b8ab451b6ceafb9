"""Headlines made up: stories of a skewed number of tellings, names that recur, near copies; and the least work.

The floor is the sparse product of TF-IDF rows alone (words, blocks of 512 rows), which any grouping by likeness does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from reliability.model.report import Link, Report

_STARTS, _MIDDLES, _ENDS = (
    "bcdfgklmnprstv",
    ("an", "iri", "oto", "el", "usha", "omb"),
    ("men", "sol", "tar", "vik", "zed", "a"),
)
_VERBS = [
    "kills",
    "wounds",
    "arrests",
    "sues",
    "buys",
    "sells",
    "bans",
    "closes",
    "opens",
    "finds",
    "loses",
    "wins",
    "leaves",
    "joins",
    "denies",
    "plans",
    "leads",
    "hits",
    "warns",
    "rescues",
    "evacuates",
    "investigates",
    "approves",
    "rejects",
    "signs",
    "delays",
    "cancels",
    "repairs",
]
_NOUNS = [
    "mayor",
    "police",
    "court",
    "bridge",
    "ferry",
    "factory",
    "school",
    "hospital",
    "minister",
    "union",
    "bank",
    "farmers",
    "miners",
    "museum",
    "storm",
    "fire",
    "strike",
    "vote",
    "deal",
    "tax",
    "trial",
    "vaccine",
    "satellite",
    "pipeline",
    "train",
    "airport",
    "flood",
    "river",
    "army",
    "market",
    "drone",
    "theatre",
]
_WHEN = ["today", "yesterday", "overnight", "again", "Monday", "Tuesday", "Friday", "reportedly", "at-last", "early"]


def headlines(n: int, seed: int = 0) -> list[Report]:
    """n headlines of an outlet each: stories have 1 to hundreds of tellings (Zipf), words and names are skewed too."""
    choose = np.random.default_rng(seed)
    made = [a + b + c for a in _STARTS for b in _MIDDLES for c in _ENDS]
    names = [f"{one}{two}".capitalize() for one in made for two in ("", "ra", "berg", "ton", "ov", "ski", "dal", "hem")]
    found: list[Report] = []
    while len(found) < n:
        who = [names[at] for at in np.minimum(choose.zipf(1.3, 3), len(names)) - 1]
        who = [name if choose.random() < 0.3 else names[int(choose.integers(len(names)))] for name in who]
        verb, *nouns = str(choose.choice(_VERBS)), *map(str, choose.choice(_NOUNS, 2, replace=False))
        number = int(choose.integers(2, 400))
        for _ in range(min(int(choose.zipf(1.8)), 300, n - len(found))):
            by, when = names[int(choose.integers(len(names)))], _WHEN[int(choose.integers(len(_WHEN)))]
            told = [f"{who[0]} {nouns[0]} {verb} {number} in {who[1]} {nouns[1]} {when}",
                    f"{when} {who[1]}: {number} in {nouns[1]} after {who[0]} {nouns[0]} {verb}, {by} reports",
                    f"{who[2]} says {who[0]} {nouns[0]} {verb} {who[1]} {nouns[1]}",
                    f"{by}: {who[0]} {nouns[0]} {verb} {who[1]} {nouns[1]} {when}"][choose.integers(4)]  # fmt: skip
            key = str(len(found))
            found.append(Report(id=key, text=told, provenance=(Link(source=f"Outlet {key}"),)))
    return found


def product(texts: list[str]) -> int:
    """The floor: how many cosines of .3 and more rows of TF-IDF have, by sparse products in blocks."""
    words = [text.casefold().split() for text in texts]
    column: dict[str, int] = {}
    columns = np.array([column.setdefault(word, len(column)) for one in words for word in one])
    starts = np.cumsum([0, *map(len, words)])
    counts = sparse.csr_array((np.ones(len(columns)), columns, starts), shape=(len(texts), len(column)))
    rarity = np.log(len(texts) / np.bincount(columns))
    rows: Any = sparse.csr_array(counts.multiply(rarity))
    rows = sparse.csr_array(rows.multiply(1 / np.sqrt(rows.multiply(rows).sum(axis=1))[:, None]))
    turned = sparse.csr_array(rows.T)
    return sum(int(((rows[at : at + 512] @ turned).data >= 0.3).sum()) for at in range(0, len(texts), 512))
