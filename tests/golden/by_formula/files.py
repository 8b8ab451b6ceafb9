"""The scenario files, one a family of rules.

Nothing here imports reliability: a scenario that fails says that the engine and the formulas differ, or a rule moved.
"""

from __future__ import annotations

from .claims import Claim, written
from .lone import of_hedges, of_modifiers, of_priors, of_relays, of_types
from .together import of_blocs, of_groups, of_silence

WHY = "A number that no claim rests on could be anything: here each rule moves one claim, worked out by itself."
OTHERS = {
    "source-type": "What is a lone word of each source type worth?",
    "relay": "What does each way of passing on leave?",
    "bloc": "What do two members of each bloc weigh together?",
    "silence": "What does the silence of who would have said so take from an expert's word?",
    "prior": "What does a lone source make of a claim of each class?",
}


def files() -> dict[str, str]:
    """Every scenario file, by name."""
    families: dict[str, tuple[str, list[Claim]]] = {}
    for family, claims in of_modifiers().items():
        families[family] = f"What does each rule on {family.replace('-', ' ')} do to a lone source?", claims
    for family, claims in of_hedges().items():
        families[f"hedge-{family}"] = "What does each term leave of a lone source's word?", claims
    made = (of_types(), of_relays(), [*of_blocs(), *of_groups()], of_silence(), of_priors())
    families |= {name: (OTHERS[name], claims) for name, claims in zip(OTHERS, made, strict=True)}
    return {f"each-{name}.toml": written(f"each-{name}", question, WHY, claims)
            for name, (question, claims) in families.items()}  # fmt: skip
