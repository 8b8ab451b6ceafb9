"""The page: what is on it, that its figures are the record's, that it splits by size, and that it never changes."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from page_material import POLICY, ROOT, Element, fixture, material, page, parsed, told

from reliability.api import read_article, reports_of
from reliability.cli.table import probability as in_table
from reliability.cli.table import words as words_in_table
from reliability.model.article import Article
from reliability.model.rating import Rating
from reliability.model.report import Report
from reliability.reasoning.sentences import left_out, paragraph, percent, said, tipping
from reliability.report.figures import decibans, own_answer
from reliability.report.material import Material
from reliability.report.page import pages_of

SETS = ("agency-against-denial", "three-answers", "defectors-one-group", "corrections", "hedged-relays", "seed-figures",
        "state-media", "extraordinary-claim", "hundred-accounts")  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[Material, Element]]:
    found = {}
    for name in SETS:
        one = material(fixture(name))
        found[name] = (one, parsed(page(one)))
    return found


def panel(root: Element, one: Material, rating: Rating) -> Element:
    return root.one(id=one.claim_anchors[rating.claim.id])


@pytest.mark.parametrize("name", SETS)
def test_the_summary_has_the_figures_of_the_table(made: dict[str, tuple[Material, Element]], name: str) -> None:
    one, root = made[name]
    rows = root.one("table", id="claims").one("tbody").all("tr")
    assert len(rows) == len(one.ratings)
    for row, rating in zip(rows, one.ratings, strict=True):
        assert row.one("td", class_="pr").text == " ".join(in_table(rating).split())
        assert float(row.one("data").attributes["value"]) == rating.p
        assert row.one("td", class_="wd").text == words_in_table(rating.rating)
        assert row.one("td", class_="cf").text == rating.rating.analytic_confidence.level
        assert row.one("td", class_="fl").text == ", ".join(rating.flags)
        assert row.one("a").attributes["href"] == "#" + one.claim_anchors[rating.claim.id]


@pytest.mark.parametrize("name", SETS)
def test_a_panel_has_the_records_figures_and_sentences(made: dict[str, tuple[Material, Element]], name: str) -> None:
    one, root = made[name]
    for rating in one.ratings:
        found = panel(root, one, rating)
        for sentence in (paragraph(rating), *said(rating), *left_out(rating), *tipping(rating)):
            assert sentence in found.text
        for digest in (rating.digest.inputs, rating.digest.rules):
            assert digest in found.text
        figures = [text.text for text in found.one("svg", class_="wf").all("text", class_="e")]
        own = own_answer(rating)
        expected = []
        for bar in rating.waterfall:
            after = bar.p_after if isinstance(bar.p_after, float) else bar.p_after[own or 0]
            expected += [f"{decibans(bar.db)} dB", percent(after)]
        assert figures == [*expected, f"{decibans(rating.rating.weight_db)} dB", percent(rating.p)]
        for code in rating.admiralty:
            assert f"Admiralty {code.source}{code.information}" in found.text


@pytest.mark.parametrize("name", SETS)
def test_the_chain_graph_has_a_node_for_each_and_a_line_as_thick_as_its_fidelity(
    made: dict[str, tuple[Material, Element]], name: str
) -> None:
    one, root = made[name]
    for rating in one.ratings:
        graph = panel(root, one, rating).one("svg", class_="tr")
        assert len(graph.all("circle")) == len(rating.tree) + 1
        widths = sorted(float(line.attributes["stroke-width"]) for line in graph.all("path"))
        assert widths == sorted(round(max(0.6, node.fidelity * 7.0), 1) for node in rating.tree)


@pytest.mark.parametrize("name", SETS)
def test_every_chart_is_told_in_words(made: dict[str, tuple[Material, Element]], name: str) -> None:
    one, root = made[name]
    for rating in one.ratings:
        charts = panel(root, one, rating).all("div", role="img")
        assert len(charts) == 2 + (rating.quantity is not None)
        told_ = " ".join(chart.attributes["aria-label"] for chart in charts)
        for bar in rating.waterfall:
            assert f"{bar.label}: {decibans(bar.db)} dB" in told_
        for node in rating.tree:
            assert node.label in told_
    for svg in root.all("svg"):
        assert svg.attributes["aria-hidden"] == "true"


@pytest.mark.parametrize("name", SETS)
def test_links_lead_somewhere_and_ids_stand_once(made: dict[str, tuple[Material, Element]], name: str) -> None:
    _, root = made[name]
    ids = [element.attributes["id"] for element in root.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for link in root.all("a"):
        if link.attributes["href"].startswith("#"):
            assert link.attributes["href"][1:] in ids
    for element in root.all():
        for reference in ("aria-labelledby", "for"):
            assert set(element.attributes.get(reference, "").split()) <= set(ids)


def test_headings_go_down_one_at_a_time(made: dict[str, tuple[Material, Element]]) -> None:
    _, root = made["three-answers"]
    levels = [int(e.tag[1]) for e in root.all() if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_rules_that_fired_stand_with_reason_and_reference(made: dict[str, tuple[Material, Element]]) -> None:
    one, root = made["defectors-one-group"]
    rules = {rule.id: rule for rule in (*POLICY.modifiers, *POLICY.relays)}
    for rating in one.ratings:
        text = panel(root, one, rating).text
        for link in rating.links:
            for name in (*link.set_by, *(shift.rule for shift in link.shifts)):
                assert " ".join(rules[name].rationale.split()) in text
                for reference in rules[name].references:
                    assert " ".join(reference.title.split()) in text
            for undecided in link.undecided:
                question = POLICY.facts[undecided.missing].question if undecided.missing in POLICY.facts else None
                assert question is None or " ".join(question.split()) in text


def test_an_article_has_every_claim_marked_and_linked() -> None:
    article = Article(id="a1", publisher="Daily Lantern", text="NIS said that it rained and snowed.\nNobody said more.")
    spans = {"source": [[0, 3]], "cue": [[4, 8]], "content": [[14, 23]]}
    inner = {"source": [[0, 3]], "content": [[14, 34]]}
    one = material([told("it rained", article="a1", spans=spans),
                    told("it rained and snowed", report="r2", article="a1", spans=inner),
                    told("it will hail", report="r3", kind="prediction", article="a1", spans={"content": [[35, 41]]})],
                   [article])  # fmt: skip
    root = parsed(page(one))
    text = root.one("article").one("div", class_="tx")
    marks = text.all("a", class_="m")
    anchors = {rating.claim.text: "#" + one.claim_anchors[rating.claim.id] for rating in one.ratings}
    assert {mark.attributes["href"] for mark in marks} == {*anchors.values(), "#a-a1-u"}
    first = next(mark for mark in marks if mark.attributes["href"] == anchors["it rained"])
    rating = next(r for r in one.ratings if r.claim.text == "it rained")
    assert first.text.startswith("it rained" + percent(rating.p))
    assert " ".join(in_table(rating).split()) in first.one("span", class_="t").text
    assert [s.text for s in text.all("span", class_="s")] == ["NIS"]
    assert [s.text for s in text.all("span", class_="q")] == ["said"]
    assert [p.attributes["dir"] for p in text.all("p")] == ["auto", "auto"]
    assert len([mark for mark in marks if "tabindex" not in mark.attributes]) == 3


def test_two_claims_on_the_same_words_both_have_a_link() -> None:
    article = Article(id="a1", text="It rained.", publisher="Daily Lantern")
    spans = {"content": [[0, 9]]}
    one = material([told("it rained", claim="c1", article="a1", spans=spans),
                    told("it poured", claim="c2", report="r2", article="a1", spans=spans)], [article])  # fmt: skip
    links = [a.attributes["href"] for a in parsed(page(one)).one("div", class_="tx").all("a")]
    assert sorted(links) == ["#k-c1", "#k-c2"]


@pytest.mark.parametrize("spans", [[[0, 10_000]], [[9_000, 10_000]], [[3, 3]], [[0, 5], [2, 9]], [[5, 12]]])
def test_spans_that_do_not_fit_the_text_do_no_harm(spans: list[list[int]]) -> None:
    article = Article(id="a1", text="It rained\r\n\r\n\tall day.\n", publisher="Daily Lantern")
    one = material([told("it rained", article="a1", spans={"content": spans, "source": spans})], [article])
    text = parsed(page(one)).one("div", class_="tx")
    hidden = {id(e) for e in (*text.all("span", class_="t"), *text.all("sup"))}

    def read(element: Element) -> str:
        inner = {id(child): "" if id(child) in hidden else read(child) for child in element.children}
        return "".join(element.own) + "".join(inner.values())

    assert sorted("".join(read(text).split())) == sorted("Itrainedallday.")


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else() -> None:
    root = parsed(page(material([told("It rained")])))
    policy = next(m for m in root.all("meta") if "http-equiv" in m.attributes).attributes["content"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256("".join(root.one(tag).own).encode()).digest()).decode()
        assert directives[f"{tag}-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in policy
    first = root.one("head").children[:2]
    assert first[1].attributes["http-equiv"] == "Content-Security-Policy", "it stands before what it governs"


def test_the_same_input_gives_the_same_bytes() -> None:
    reports = fixture("agency-against-denial")
    assert page(material(reports)) == page(material(list(reversed(reports))))


def test_a_question_shows_all_its_answers(made: dict[str, tuple[Material, Element]]) -> None:
    one, root = made["three-answers"]
    answers = {rating.claim.id: percent(rating.p) for rating in one.ratings if rating.alternatives}
    assert answers
    for rating in one.ratings:
        for name, p in zip(rating.alternatives or (), rating.waterfall[-1].p_after, strict=True):
            assert f"{name} {percent(p)}" in panel(root, one, rating).text.replace(
                f"{name}{percent(p)}", f"{name} {percent(p)}"
            )
        own = own_answer(rating)
        assert own is not None
        assert isinstance(rating.waterfall[-1].p_after, tuple)
        assert rating.waterfall[-1].p_after[own] == rating.p


def test_a_figure_has_its_density() -> None:
    quantity = {"value": 300, "op": "about", "unit": "killed"}
    one = material([told("around 300 soldiers had been killed", source="National Intelligence Service",
                         quantity=quantity)])  # fmt: skip
    root = parsed(page(one))
    row = root.one("td", class_="pr")
    assert row.text == " ".join(in_table(one.ratings[0]).split()) == "60% ×1.5 300 (130–800)"
    picture = panel(root, one, one.ratings[0]).one("svg", class_="ds")
    assert [text.text for text in picture.all("text")] == ["stated: 300", "130", "low", "300", "best", "800", "high"]
    assert len(picture.all("path", class_="area")) == 1


def test_nothing_to_rate_is_said() -> None:
    root = parsed(page(Material(ratings=(), reports=(), articles=(), policy=POLICY)))
    assert "No claims were found that can be rated." in root.text


def test_a_large_set_is_split_and_its_pages_point_to_one_another() -> None:
    articles = [Article(id=f"a{i}", text=f"It rained in town {i}.", publisher="Daily Lantern") for i in range(12)]
    reports = [told(f"It rained in town {i}", report=f"r{i}", claim=f"c{i % 10}", article=f"a{i}",
                    spans={"content": [[0, 19]]}) for i in range(12)]  # fmt: skip
    one = material(reports, articles)
    pages = pages_of(one, "out.v2.html", limit=40_000)
    assert [p.name for p in pages] == ["out.v2.html", *(f"out.v2-{i}.html" for i in range(2, len(pages) + 1))]
    assert len(pages) > 3
    roots = {p.name: parsed(p.text) for p in pages}
    ids = {name: {e.attributes["id"] for e in root.all() if "id" in e.attributes} for name, root in roots.items()}
    crossing = 0
    for name, root in roots.items():
        for link in root.all("a"):
            file, _, fragment = link.attributes["href"].partition("#")
            if not file.startswith("http"):
                assert not fragment or fragment in ids[file or name], (name, link.attributes["href"])
                crossing += bool(file)
    assert crossing > 12
    assert len(roots["out.v2.html"].one("table", id="claims").one("tbody").all("tr")) == len(one.ratings)
    panels = [anchor for name in roots for anchor in sorted(ids[name]) if anchor in one.claim_anchors.values()]
    assert sorted(panels) == sorted(one.claim_anchors.values())


def test_an_index_too_large_for_the_summary_lists_its_pages() -> None:
    one = material([told(f"It rained in town {i}", report=f"r{i}", claim=f"c{i}") for i in range(9)])
    first, *others = pages_of(one, "out.html", limit=1_000)
    root = parsed(first.text)
    assert not root.all("table", id="claims")
    assert {a.attributes["href"] for a in root.all("a") if a.attributes["href"].startswith("out-")} == {
        p.name for p in others
    }


def test_the_seed_article_has_a_mark_for_every_claim() -> None:
    pytest.importorskip("spacy")
    article = read_article(ROOT / "seeds/000_00793e7f8cbc5f38.txt", publisher="ABC News", publisher_type="media")
    one = material(reports_of(article, POLICY), [article])
    root = parsed(page(one))
    linked = {a.attributes["href"][1:] for a in root.one("div", class_="tx").all("a")}
    assert linked >= set(one.claim_anchors.values())


def test_500_origins_and_a_chain_of_32_links_fit_on_a_page() -> None:
    many = [told("It rained", claim="c1", report=f"r{i}", source=f"Witness {i}", type="government") for i in range(500)]
    chain = [{"source": f"Paper {i}", "type": "media"} for i in range(32)]
    long = Report.model_validate({"id": "long", "claim": "c2", "text": "It snowed", "provenance": chain})
    one = material([*many, long])
    html = page(one)
    assert len(html) < 2_000_000
    graph = panel(parsed(html), one, one.ratings[1]).one("svg", class_="tr")
    width = float(graph.attributes["width"])
    assert all(float(dot.attributes["cx"]) < width for dot in graph.all("circle"))


def test_200_alternatives_are_listed_once_a_panel() -> None:
    reports = [told(f"It was {i}", report=f"r{i}", question="which", alternative=f"no. {i}") for i in range(199)]
    one = material(reports)
    pages = pages_of(one, "page.html")
    assert all(len(p.text) < 5_000_000 for p in pages)
