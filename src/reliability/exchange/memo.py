"""A memo for a story's file, in Markdown: each claim with likelihood, confidence, who says it, what would change it.

Likelihood and confidence stand in sentences of their own, as ICD 203 asks, with the number beside the words.
"""

from __future__ import annotations

from reliability.exchange.dossier import Dossier, claim_text
from reliability.exchange.markdown import bullets, heading, text
from reliability.model.number import n_of
from reliability.model.rating import Rating
from reliability.reasoning import sentences

CHECKS = 3
"""So many next checks are named."""


def memo(dossier: Dossier) -> str:
    """The memo; the same ratings give the same bytes."""
    parts = [heading(1, dossier.title), text(_opening(dossier)) + "\n\n"]
    parts += [_claim(dossier, at, rating) for at, rating in enumerate(dossier.ratings, start=1)]
    return "".join(parts) + _closing(dossier)


def _opening(dossier: Dossier) -> str:
    n = len(dossier.ratings)
    who = f" Reviewed by {dossier.reviewer}." if dossier.reviewer else ""
    dated = f"newest {dossier.date}" if any(one.published for one in dossier.evidence) else "none with a date"
    return f"{n_of(n, 'claim', 'claims')} from {n_of(len(dossier.evidence), 'report', 'reports')} ({dated}).{who}"


def _claim(dossier: Dossier, at: int, rating: Rating) -> str:
    parts = [heading(2, f"{at}. {claim_text(rating)}")]
    told = [sentences.likelihood(rating), sentences.firmness(rating), sentences.standing(rating)]
    parts += [text(one) + "\n\n" for one in told]
    parts.append(bullets([
        *(f"Did they say so: {one}" for one in sentences.said(rating)),
        *(f"Flag {name}: {dossier.flag(name)}" for name in rating.flags),
        *sentences.left_out(rating),
        *(f"To check next: {one['check']} ({one['bits']} bits)" for one in rating.next_checks[:CHECKS]),
    ]))  # fmt: skip
    parts += [heading(3, "Read in"), bullets(_read(dossier, rating))]
    return "".join(parts)


def _read(dossier: Dossier, rating: Rating) -> list[str]:
    codes = {code.report: f", Admiralty {code.source}{code.information}" for code in rating.admiralty}
    found = []
    for chain in rating.chains:
        report = dossier.report(chain.report)
        told = "" if report is None else f", {report.stance}"
        dated = f", {report.published}" if report is not None and report.published else ""
        found.append(f"{' → '.join(chain.links)}: {chain.standing}{told}{dated}{codes.get(chain.report, '')} "
                     f"({chain.report})")  # fmt: skip
    return found


def _closing(dossier: Dossier) -> str:
    if not dossier.ratings:
        return ""
    rules = dossier.ratings[0].digest.rules
    return (
        text(f"Rated by {dossier.engine} under the rules {rules}. It rates reports; it does not know the truth.") + "\n"
    )
