"""What a page is made of, and the names by which its parts point to one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reliability.model.article import Article
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.report.addresses import anchor
from reliability.rules.policy import Policy

TITLE = "Claims, and how far to trust them"


@dataclass(frozen=True)
class Material:
    """Ratings in the order in which they are shown, the reports and articles behind them, and the policy.

    `unrated` are those of the reports that are of other kinds (predictions, wishes, …); `set_apart` counts reports
    later than the day asked for, `rejects` rows that could not be read; `copies` has a line for each article that
    copies another.
    """

    ratings: Sequence[Rating]
    reports: Sequence[Report]
    articles: Sequence[Article]
    policy: Policy
    unrated: Sequence[Report] = ()
    set_apart: int = 0
    rejects: int = 0
    copies: Sequence[str] = ()
    title: str = TITLE

    @cached_property
    def report_of(self) -> dict[str, Report]:
        """Reports by id."""
        return {report.key: report for report in self.reports}

    @cached_property
    def texts(self) -> dict[str, str]:
        """Claims' texts by id."""
        return {one.claim.id: one.claim.text for one in self.ratings}

    @cached_property
    def claim_anchors(self) -> dict[str, str]:
        """Where each claim's panel is, by claim id."""
        return {one.claim.id: anchor(one.claim.id, i, "k") for i, one in enumerate(self.ratings, start=1)}

    @cached_property
    def article_anchors(self) -> dict[str, str]:
        """Where each article is, by article id."""
        return {one.id: anchor(one.id, i, "a") for i, one in enumerate(self.articles, start=1)}

    @cached_property
    def home(self) -> dict[str, int]:
        """The place, among the articles, of the first that carries each claim; claims without one are left out."""
        place = {article.id: at for at, article in reversed(list(enumerate(self.articles)))}
        found: dict[str, int] = {}
        for rating in self.ratings:
            places = [place[report.article] for key in rating.reports
                      if (report := self.report_of.get(key)) is not None and report.article in place]  # fmt: skip
            if places:
                found[rating.claim.id] = min(places)
        return found

    @cached_property
    def claims_of_report(self) -> dict[str, list[Rating]]:
        """The ratings that each report stands behind, by report id: its own claim, or answer, only."""
        found: dict[str, list[Rating]] = {}
        for rating in self.ratings:
            for key in rating.reports:
                report = self.report_of.get(key)
                if report is not None and _about(report, rating):
                    found.setdefault(key, []).append(rating)
        return found

    @cached_property
    def words(self) -> tuple[str, ...]:
        """ICD 203's words, lowest first: the scale of colours."""
        bands = sorted(self.policy.scales["icd203"].band, key=lambda band: band.low)
        return tuple(band.word for band in bands)

    def tint(self, rating: Rating) -> str:
        """The class of a rating's colour: w0 to w6 by its word, wn when it is not assessed."""
        word = rating.rating.icd203
        return f"w{min(self.words.index(word), 6)}" if word in self.words else "wn"


def _about(report: Report, rating: Rating) -> bool:
    """Whether a report speaks of this very claim: of a question's answers, only of its own."""
    if rating.alternatives is None or report.alternative is None:
        return True
    names = rating.alternatives
    own = rating.claim.id in (report.claim, f"{rating.claim.question}={report.alternative}")
    return own or report.alternative not in names
