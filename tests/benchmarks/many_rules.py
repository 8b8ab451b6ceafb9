"""User rules, made up: a policy folder of thousands, on top of the shipped one, with seeded conditions and numbers."""

from __future__ import annotations

from pathlib import Path
from random import Random

A_FILE = 50
TYPES = ("media", "expert", "government", "eyewitness", "company", "military", "advocacy", "court-record")
OF_SOURCES = ("expert", "company", "eyewitness")
FACTS = ("first_hand", "paid", "coerced", "vetted", "documents_shown", "anonymous", "expert_in_matter")
HEAD = """[[rule]]
id = "desk.r{n:05d}"
question = "Does the desk's remark number {n} hold?"
rationale = "A desk's remark, written down so that thousands of them can be loaded, number {n}."
{more}
[[rule.references]]
title = "The desk's handbook, page {page}"
url = "https://example.org/handbook/{n}"
"""
SHIFT = """
[rule.when]
{when}

[rule.effect]
shift_db = {shift:.1f}
"""
SET = """
[rule.when]
source_type = "{kind}"
source = "Source {n}"

[rule.effect]
p = {p:.2f}
"""
TESTS = """basis = "elicited"
grade = "D"
since = 2026-11-01

[[rule.test]]
name = "it holds"
given = {{ {fact} = true, source_type = "{kind}", source = "Source {n}", via = "document" }}
expect = "fires"

[[rule.test]]
name = "it does not"
given = {{ {fact} = false, source = "Another" }}
expect = "does not fire"

[[rule.test]]
name = "nobody knows"
given = {{ source_type = "{kind}" }}
expect = "unknown"

"""
TERMS = 'terms = ["as desk {n} puts it", "in the words of desk {n}"]\n'
HEDGE = """
[rule.effect]
low = 0.{low}
high = 0.{high}
basis = "elicited"
grade = "D"
since = 2026-11-01

"""


def write_rules(folder: Path, n: int, seed: int = 0) -> list[Path]:
    """n rules: of ten seven shift, one sets what one source's record is, two are hedges; fifty a file. Their paths."""
    random = Random(seed)
    made: dict[str, list[str]] = {"modifiers": [], "hedges": []}
    for i in range(n):
        fact, kind = random.choice(FACTS), random.choice(TYPES)
        if i % 10 == 7:
            kind = random.choice(OF_SOURCES)
            effect = SET.format(n=i, kind=kind, p=random.uniform(0.6, 0.9))
            made["modifiers"].append(HEAD.format(n=i, page=i // 7, more="") + effect
                                     + TESTS.format(n=i, kind=kind, fact=fact))  # fmt: skip
            continue
        if i % 5 == 4:
            low = random.randint(10, 60)
            head = HEAD.format(n=i, page=i // 7, more=TERMS.format(n=i))
            made["hedges"].append(head + HEDGE.format(low=low, high=low + random.randint(5, 30)))
            continue
        when = f'source_type = "{kind}"\n{fact} = true'
        if random.random() < 0.3:
            when += f'\nvia = ["{random.choice(("paraphrase", "translation"))}", "document"]'
        effect = SHIFT.format(when=when, shift=random.uniform(-3.0, 3.0))
        made["modifiers"].append(HEAD.format(n=i, page=i // 7, more="") + effect
                                 + TESTS.format(n=i, kind=kind, fact=fact))  # fmt: skip
    paths = []
    for place, rules in made.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        for start in range(0, len(rules), A_FILE):
            path = folder / place / f"desk-{start:05d}.toml"
            path.write_text("".join(rules[start : start + A_FILE]), encoding="utf-8")
            paths.append(path)
    return paths
