"""How thousands of rules load, by the TOML parser alone, and how they apply to a million links."""

from __future__ import annotations

import tempfile
import time
import tomllib
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reliability.rules.conditions import Column
from reliability.rules.load import REMEMBERED
from reliability.rules.named import shipped_rules
from reliability.rules.policy import Policy
from reliability.rules.schema import Modifier
from reliability.scoring.describe import Described, outcomes, settings
from reliability.scoring.origins import shifts

from .many_rules import FACTS, TYPES, write_rules

FEW = 60
N_SOURCES = 5_000


def own_policy(folder: Path, n: int) -> list[Path]:
    """A policy of n rules on top of the shipped one, in a folder; every file that loading it reads."""
    paths = write_rules(folder, n)
    (folder / "policy.toml").write_text('inherits = "shipped"\n', encoding="utf-8")
    return [*paths, folder / "policy.toml", *sorted(shipped_rules().rglob("*.toml"))]


def parsed(paths: Sequence[Path]) -> None:
    """Each file by the parser alone, one after the other."""
    for path in paths:
        tomllib.loads(path.read_bytes().decode("utf-8"))


def _afresh(place: Path) -> None:
    """Load a policy as a process does that has not read it yet."""
    REMEMBERED.clear()
    Policy.load(place)


def loads(n: int, rounds: int, took: Callable[[Callable[[], Any]], float]) -> tuple[list[float], list[float]]:
    """Loading by parsing alone, a round each: n rules on top of the shipped policy, and the shipped policy itself."""
    with tempfile.TemporaryDirectory() as place:
        files = own_policy(Path(place), n)
        shipped = sorted(shipped_rules().rglob("*.toml"))
        _afresh(place)
        many = [took(lambda: _afresh(place)) / took(lambda: parsed(files)) for _ in range(rounds)]
    return many, [took(lambda: _afresh(shipped_rules())) / took(lambda: parsed(shipped)) for _ in range(rounds)]


def links(n: int, seed: int = 0) -> Described:
    """n links as rules see them: types, sources, ways of passing on, and facts of which three in ten are unknown."""
    rng = np.random.default_rng(seed)

    def column(values: Sequence[Any], unknown: float = 0.0) -> Column:
        codes = rng.integers(0, len(values), n)
        return Column(np.where(rng.random(n) < unknown, -1, codes), tuple(values))

    columns = {fact: column((False, True), 0.3) for fact in FACTS}
    columns |= {"source_type": column(TYPES), "source": column([f"Source {i}" for i in range(N_SOURCES)]),
                "via": column(("paraphrase", "translation", "document"))}  # fmt: skip
    return Described(columns, n, np.zeros(n, dtype=bool))


def own_modifiers(n: int) -> tuple[Policy, tuple[Modifier, ...]]:
    """The modifiers among n made rules, and their policy."""
    with tempfile.TemporaryDirectory() as place:
        own_policy(Path(place), n)
        policy = Policy.load(place)
    return policy, tuple(rule for rule in policy.modifiers if rule.id.startswith("desk."))


def applied(policy: Policy, rules: tuple[Modifier, ...], described: Described) -> float:
    """All shifts and settings of the rules on all links; a checksum."""
    found = outcomes(rules, described, policy)
    value, _ = settings(rules, found, "p", described.n)
    return float(shifts(rules, found, described.n).sum() + np.nansum(value))


def applies(n_rules: int, n_links: int, rounds: int) -> tuple[list[float], float]:
    """Time of many rules by that of few on the same links, a round each; and bytes a link at the peak with many."""
    described = links(n_links)
    many, few = own_modifiers(n_rules), own_modifiers(FEW)

    def took(call: Callable[[], float]) -> float:
        began = time.process_time()
        call()
        return time.process_time() - began

    applied(*few, described)
    ratios = []
    for _ in range(rounds):
        less = min(took(lambda: applied(*few, described)) for _ in range(3))
        ratios.append(took(lambda: applied(*many, described)) / less)
    tracemalloc.start()
    applied(*many, described)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return ratios, peak / n_links
