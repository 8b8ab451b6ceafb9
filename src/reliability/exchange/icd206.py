"""A source list in the manner of ICD 206: a summary statement, and a descriptor a source with the reasons for it.

A descriptor says what bears on a source's quality: what it is, access and record as far as rules ask for them, what
moved its weight and why, what nobody knows; then each place where a judgement rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from reliability.exchange.dossier import Dossier, Source, claim_text
from reliability.exchange.markdown import bullets, heading, text
from reliability.model.rating import LinkAccount
from reliability.reasoning.sentences import percent

ASKED = 6
"""So many open questions are named a source."""


def source_list(dossier: Dossier) -> str:
    """The list in Markdown; the same ratings give the same bytes."""
    accounts = _accounts(dossier)
    parts = [heading(1, f"Sources: {dossier.title}"), heading(2, "Source summary statement"),
             text(_summary(dossier)) + "\n\n"]  # fmt: skip
    for at, source in enumerate(dossier.sources, start=1):
        parts += [heading(2, f"S{at}. {source.name}"), text(_descriptor(dossier, source)) + "\n\n"]
        parts.append(bullets(dict.fromkeys(_reasons(dossier, accounts.get(source.key, [])))))
        parts += [heading(3, "Cited"), bullets(_citations(dossier, source, at))]
    return "".join(parts).rstrip("\n") + "\n"


def _accounts(dossier: Dossier) -> dict[str, list[LinkAccount]]:
    """The accounts of each source's links over all ratings, by the source's key."""
    canonical = dossier.policy.sources.canonical
    known = {source.key for source in dossier.sources}
    found: dict[str, list[LinkAccount]] = {}
    for rating in dossier.ratings:
        for link in rating.links:
            key = canonical(link.label)
            key = key if key in known else canonical(link.label.rpartition(" (to ")[0])
            found.setdefault(key, []).append(link)
    return found


def _summary(dossier: Dossier) -> str:
    ratings = dossier.ratings
    alone = sum("single-source" in rating.flags for rating in ratings)
    kinds = sorted({source.type for source in dossier.sources})
    elicited = sum(rating.rating.elicited_share for rating in ratings) / len(ratings) if ratings else 0.0
    return (
        f"{len(ratings):,} claims rest on {len(dossier.sources):,} sources ({', '.join(kinds)}), read in "
        f"{len(dossier.evidence):,} reports. {alone:,} of the claims have one independent origin only. On average "
        f"{percent(elicited)} of a claim's weight rests on elicited numbers. Articles are read, and reports rated, by "
        f"rules ({dossier.engine}), without any generative tool."
    )


def _descriptor(dossier: Dossier, source: Source) -> str:
    kind = dossier.policy.types.get(source.type)
    what = source.type if kind is None else f"{kind.label} ({source.type})"
    entry = dossier.policy.sources.find(source.name)
    listed = "" if entry is None or entry.reference is None else f" Reference: {entry.reference} ."
    letters = sorted({code.source for report in dossier.citing(source) if dossier.source(report.provenance[0]) == source
                      and (code := dossier.admiralty.get(report.key)) is not None})  # fmt: skip
    graded = f" Admiralty reliability {', '.join(letters)}." if letters else ""
    return f"{what}.{listed}{graded}"


def _reasons(dossier: Dossier, links: list[LinkAccount]) -> Iterator[str]:
    for link in links:
        role = "as origin" if link.kind == "origin" else "in passing on"
        yield f"Weighs {link.weight_db:+.2f} dB {role} (base {link.base_db:+.2f} dB)."
        kind = dossier.policy.types.get(link.type or "")
        if kind is not None and link.kind == "origin":
            yield f"Base, {kind.id}: {kind.rationale}"
        for rule in link.set_by:
            yield f"Set by {rule}: {_why(dossier, rule)}"
        for shift in link.shifts:
            yield f"{shift.db:+.2f} dB, {shift.rule}: {_why(dossier, shift.rule)}"
        if link.clamp is not None:
            yield f"{link.clamp_db:+.2f} dB: {link.clamp}."
    fields = sorted({one.missing for link in links if link.kind == "origin" for one in link.undecided})
    if fields:
        more = f", and {len(fields) - ASKED:,} more" if len(fields) > ASKED else ""
        yield f"Not known: {', '.join(_asked(dossier, name) for name in fields[:ASKED])}{more}."


def _why(dossier: Dossier, rule: str) -> str:
    found = dossier.rules.get(rule)
    return "a rule of the policy" if found is None else found.rationale


def _asked(dossier: Dossier, field: str) -> str:
    kind = dossier.policy.facts.get(field)
    return kind.question if kind is not None and kind.question else field.replace("_", " ")


def _citations(dossier: Dossier, source: Source, number: int) -> Iterator[str]:
    """Each report with the source in its chain, and the claims that rest on it."""
    for count, report in enumerate(dossier.citing(source), start=1):
        chain = [dossier.source(link) for link in report.provenance]
        claims = "; ".join(f"“{claim_text(rating)}” {percent(rating.p)}" for rating in dossier.ratings_of(report))
        dated = f", {report.published}" if report.published else ""
        place = f", article {report.article}" if report.article else ""
        yield f"S{number}.{count} {' > '.join(one.name for one in chain)}{dated}{place}: {report.stance} {claims}"
