"""Tags of the MISP taxonomies: the Admiralty scale and estimative language."""

from __future__ import annotations

from reliability.model.rating import Verdict

LIKELIHOODS = ("almost-no-chance", "very-unlikely", "unlikely", "roughly-even-chance", "likely", "very-likely",
               "almost-certain")  # fmt: skip
"""The values of estimative-language:likelihood-probability, which are ICD 203's words."""


def admiralty_tags(source: str, information: str) -> list[str]:
    """The two tags of an Admiralty code, such as B and 2."""
    return [f'admiralty-scale:source-reliability="{source.lower()}"',
            f'admiralty-scale:information-credibility="{information}"']  # fmt: skip


def estimative_tags(verdict: Verdict) -> list[str]:
    """The word for how likely, where the claim is assessed in one of ICD 203's words, and the analytic confidence."""
    word = (verdict.icd203 or "").replace(" ", "-")
    likely = [f'estimative-language:likelihood-probability="{word}"'] if word in LIKELIHOODS else []
    return [*likely,
            f'estimative-language:confidence-in-analytic-judgment="{verdict.analytic_confidence.level}"']  # fmt: skip
