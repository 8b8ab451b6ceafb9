"""Which reports are headlines, which of those make one claim, and which of them deny it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from reliability.model.base import folded
from reliability.model.report import Report
from reliability.text.denial import is_denial
from reliability.text.excluding import by_figures
from reliability.text.nearly_same import situation
from reliability.text.questions import questions
from reliability.text.stories import same_story


def headlines(reports: Sequence[Report]) -> list[bool]:
    """Whether each report is a headline: an outlet's bare text that stands for all that it published on a matter.

    It has a text, one link, and no claim, question, figure, event or spans; no other report is of its article.
    What is read from an article's sentences, or says who told the outlet, is no headline: such claims are finer, and
    two that differ in words stay two.
    """
    n_of = Counter(report.article for report in reports)
    return [
        one.text is not None and one.kind == "statement" and len(one.provenance) == 1 and one.spans is None
        and all(field is None for field in (one.claim, one.question, one.quantity, one.event))
        and (one.article is None or n_of[one.article] == 1)
        for one in reports
    ]  # fmt: skip


def merged(groups: list[list[int]], reports: Sequence[Report]) -> tuple[list[list[int]], frozenset[int]]:
    """Groups of nearly the same reports (by index), those of headlines of one claim made one; and who denies.

    Groups join by `same_story`, but for figures that exclude one another (`by_figures`) and rival answers to one
    question (`questions`). Where some texts of a claim deny (`is_denial`) what others assert, the deniers are the
    second result: their stance is to be flipped. The order of the reports changes nothing.
    """
    is_headline = headlines(reports)
    ours = [members for members in groups if all(is_headline[at] for at in members)]
    flat = list(chain.from_iterable(ours))
    asked = questions([reports[at] for at in flat], [str(n) for n, members in enumerate(ours) for _ in members])
    rivals = {flat[at] for at in asked}
    ours = [members for members in ours if rivals.isdisjoint(members)]
    ours = [sorted(members, key=lambda at: _place(reports[at])) for members in ours]
    ours.sort(key=lambda members: _place(reports[members[0]]))
    texts = [reports[members[0]].text or "" for members in ours]
    stories: dict[int, list[int]] = {}
    for at, story in enumerate(same_story(texts)):
        stories.setdefault(story, []).append(at)
    result = [members for members in groups if not all(is_headline[at] for at in members) or rivals & set(members)]
    denying: set[int] = set()
    for part in (part for story in stories.values() for part in by_figures(story, texts)):
        result.append([at for one in part for at in ours[one]])
        denials = {one for one in part if is_denial(texts[one])}
        if len(denials) < len(part):
            denying.update(at for one in denials for at in ours[one])
    return result, frozenset(denying)


def _place(report: Report) -> tuple[str, str, str, str]:
    return folded(report.text or ""), report.text or "", situation(report).text, report.key
