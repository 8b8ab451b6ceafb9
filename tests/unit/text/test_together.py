"""Articles read together give what each gives alone, whoever stands beside it."""

from __future__ import annotations

from reliability.model.article import Article
from reliability.model.report import Report
from reliability.rules.policy import Policy
from reliability.text.many import read_each
from reliability.text.reading import read_reports_of

SHORT = Article(id="b1", text="Police said the bridge was shut. The mayor denied it.", publisher="The Quay")
FRENCH = Article(id="b2", text="Le maire a dit que le pont était fermé depuis lundi.", language="fr")
GERMAN = Article(id="b3", text="Die Polizei sagt, die Brücke sei zu.", language="de")


def test_company_changes_nothing(seed: Article, seed_reports: list[Report], policy: Policy) -> None:
    alone = [read_reports_of(SHORT, policy), seed_reports, read_reports_of(FRENCH, policy)]
    assert all(alone)
    readings = list(read_each([SHORT, seed, FRENCH], policy))
    assert [list(one.reports) for one in readings] == alone


def test_one_that_cannot_be_read_takes_no_other_with_it(policy: Policy) -> None:
    first, refused, last = read_each([SHORT, GERMAN, SHORT], policy)
    assert first.reports == last.reports != ()
    assert refused.reports == ()
    assert refused.error is not None
    assert "German" in str(refused.error)


def test_more_articles_than_go_together_keep_their_order(policy: Policy) -> None:
    many = [SHORT.model_copy(update={"id": f"n{k}"}) for k in range(19)]
    found = [one.reports[0].article for one in read_each(iter(many), policy)]
    assert found == [f"n{k}" for k in range(19)]
