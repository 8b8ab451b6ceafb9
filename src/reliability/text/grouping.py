"""From reports to claims: nearly the same is one claim, an editor's grouping has the last word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reliability.model.base import folded, sha256
from reliability.model.dates import date_span
from reliability.model.report import Report, Stance
from reliability.text.denial import is_denial
from reliability.text.editing import Edits, Grouping, edits_of, opposed_by_name
from reliability.text.headlines import headlines, merged
from reliability.text.nearly_same import nearly_same, situation
from reliability.text.negated import with_negations
from reliability.text.questions import questions
from reliability.text.similarity import Related, related

_FLIPPED: dict[Stance, Stance] = {"asserts": "denies", "denies": "asserts"}


def group(reports: Sequence[Report], grouping: Grouping | None = None) -> tuple[list[Report], list[Related]]:
    """The reports, in the order given, with their claims set, and pairs of claims that may be one.

    A given claim is taken as it is. A text alone is grouped with what says nearly the same (`nearly_same`), and joins
    a given claim when just one is asserted in nearly the same words. Headlines that make one claim in other words are
    grouped too, and those that deny it have their stance flipped (`headlines`), as have negations of what others
    assert (`with_negations`). A new claim's id is c- and the first 8
    hex digits of the SHA-256 of its earliest text (of those that assert it), folded (more digits where two would be
    alike). Answers to a question
    (`question` with `alternative`) are left as they are. New claims that answer one question (`questions`) are given
    it, with their alternative. What is alike, but not the same, is proposed as related.
    `grouping` moves reports to the claims that it lists, and flips the stance of those that say the opposite.
    A report without an id keeps the one that its record had before. The order of the reports changes nothing.
    Raises InputError for a grouping that lists what isn't there, or one report twice.
    """
    claims, denying = _automatic(reports)
    edits = Edits() if grouping is None else edits_of(grouping, reports, claims)
    given = {report.claim for report in reports} | set(edits.claims.values())
    found = questions(reports, [None if claim in given else claim for claim in claims])
    opposed = edits.opposed ^ (denying - edits.singly)
    done = []
    for at, (report, claim) in enumerate(zip(reports, claims, strict=True)):
        stance = _FLIPPED.get(report.stance, report.stance) if at in opposed else report.stance
        done.append(_changed(report, edits.claims.get(at, claim), stance, *found.get(at, (None, None))))
    return done, related(claim_texts(done, grouping))


def claim_texts(reports: Sequence[Report], grouping: Grouping | None = None) -> dict[str, str]:
    """Each claim's text, by claim in id order, for reports as `group` gives them.

    It is the grouping's text, else that of the earliest report (undated first, ties by id) which has one; those that
    an editor put there as the opposite, and those that deny the claim in words of denial, count only when there is no
    other. Claims without any text are left out.
    """
    opposed = frozenset[int]() if grouping is None else opposed_by_name(grouping, reports)
    found: dict[str, tuple[bool, tuple[int, str], str]] = {}
    for at, report in enumerate(reports):
        if report.claim is None or report.text is None:
            continue
        is_opposite = at in opposed or (report.stance == "denies" and is_denial(report.text))
        mine = (is_opposite, _age(report), report.text)
        found[report.claim] = min(mine, found.get(report.claim, mine))
    texts = {claim: text for claim, (_, _, text) in found.items()}
    if grouping is not None:
        texts |= {one.id: one.text for one in grouping.claim if one.text is not None and one.id in texts}
    return dict(sorted(texts.items()))


def _age(report: Report) -> tuple[int, str]:
    return (-1 if report.published is None else date_span(report.published)[0]), report.key


def _changed(
    report: Report, claim: str | None, stance: Stance, question: str | None, alternative: str | None
) -> Report:  # fmt: skip
    """The report with another claim, stance and question; nothing computed from the old record is kept, save its id."""
    if claim == report.claim and stance == report.stance and question is None:
        return report
    fields = {name: getattr(report, name) for name in Report.model_fields}
    fields |= {"id": report.key, "claim": claim, "stance": stance}
    if question is not None:
        fields |= {"question": question, "alternative": alternative}
    return Report.model_construct(**fields)


def _automatic(reports: Sequence[Report]) -> tuple[list[str | None], frozenset[int]]:
    """Each report's claim before any edit (None for what has no claim to be grouped by), and which deny theirs."""
    claims = [report.claim for report in reports]
    is_loose = [one.claim is None and one.alternative is None and one.text is not None for one in reports]
    anchors = [one.claim is not None and one.text is not None and one.stance == "asserts" for one in reports]
    among = [at for at in range(len(reports)) if is_loose[at] or anchors[at]]
    new: list[list[int]] = []
    for part in nearly_same([reports[at] for at in among]):
        members = [among[at] for at in part]
        loose = [at for at in members if is_loose[at]]
        given = {claims[at] for at in members if anchors[at]}
        if len(given) == 1:
            for at in loose:
                claims[at] = next(iter(given))
        elif loose:
            new.append(loose)
    new, negating = with_negations(new, reports, headlines(reports))
    groups, denying = merged(new, reports)
    denying |= negating
    for group in groups:
        group.sort(key=lambda at: (at in denying, _age(reports[at])))
    for claim, members in _named(groups, reports):
        for at in members:
            claims[at] = claim
    return claims, denying


def _named(groups: list[list[int]], reports: Sequence[Report]) -> Iterable[tuple[str, list[int]]]:
    """An id for each group (its reports oldest first): of two that would be alike, the later has more digits."""
    owners: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.claim is not None:
            owners[report.claim].add(_identity(report) if report.text is not None else "")
    ordered = sorted(groups, key=lambda members: (_identity(reports[members[0]]), _age(reports[members[0]])))
    texts: set[str] = set()
    taken: set[str] = set()
    for members in ordered:
        identity, text = _identity(reports[members[0]]), folded(reports[members[0]].text or "")
        digest = sha256(text if text not in texts else f"{identity}\n{_age(reports[members[0]])}")
        texts.add(text)
        ids = (f"c-{digest[:length]}" for length in range(8, 65, 4))
        claim = next(one for one in ids if one not in taken and owners.get(one, {identity}) >= {identity})
        taken.add(claim)
        yield claim, members


def _identity(report: Report) -> str:
    return f"{folded(report.text or '')}\n{situation(report).text}"
