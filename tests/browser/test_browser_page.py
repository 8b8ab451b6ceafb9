"""The page in a browser: it loads from a file alone, works by keyboard and without script, and satisfies axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reliability import Policy, api
from reliability.api import read_reports
from reliability.model.article import Article
from reliability.model.report import Report
from reliability.report.figures import probability
from reliability.report.material import Material
from reliability.report.page import pages_of

ROOT = Path(__file__).parents[2]
POLICY = Policy.load()
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
TEXT = (
    "NIS said that around 300 soldiers had been killed. The ministry denied that the bridge was closed.\n"
    f"A witness said that {HOSTILE} it rained. Perhaps it will snow."
)


def _report(key: str, text: str, source: str, type: str, start: int, **more: Any) -> Report:
    at = TEXT.index(text)
    return Report.model_validate(
        {"id": key, "text": text, "article": "a1", "published": "2025-03-12",
         "provenance": [{"source": source, "type": type}, {"source": "Daily Lantern", "type": "media"}],
         "spans": {"source": [[start, start + 3]], "content": [[at, at + len(text)]]}, **more}
    )  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Material:
    """A small set with every kind of thing on it: figures, questions, denials, predictions, hostile text."""
    article = Article(
        id="a1", text=TEXT, publisher="Daily Lantern", published="2025-03-12", url="https://example.org/1"
    )
    reports = [
        _report("r1", "around 300 soldiers had been killed", "National Intelligence Service", "intelligence-agency", 0,
                quantity={"value": 300, "op": "about", "unit": "killed"}),
        _report("r2", "the bridge was closed", "Transport Ministry", "government", 51, stance="denies"),
        _report("r3", f"{HOSTILE} it rained", "A witness", "eyewitness", 100),
        _report("r4", "it will snow", "A witness", "eyewitness", 100, kind="prediction"),
    ]  # fmt: skip
    for name in ("three-answers", "agency-against-denial", "extraordinary-claim", "corrections"):
        reports += read_reports(ROOT / "fixtures" / name / "reports.jsonl")
    outcome = api.rate_reports(reports, POLICY)
    return Material(ratings=outcome.ratings, reports=outcome.reports, articles=[article], policy=POLICY,
                    unrated=outcome.unrated)  # fmt: skip


@pytest.fixture(scope="module")
def address(made: Material, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    path.write_text(pages_of(made, path.name)[0].text, encoding="utf-8")
    return path.as_uri()


@contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[tuple[Any, list[str], list[str]]]:
    """A page in a context of its own, with what it said on the console and what it asked for."""
    context = browser.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: asked.remove(request.url) if request.failure == "csp" else None)
    page.goto(address)
    yield page, said, asked
    context.close()


def test_it_loads_from_a_file_alone_and_says_nothing(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, said, asked):
        page.locator("summary").first.click()
        assert page.title() == "Claims, and how far to trust them"
        assert asked == [address]
        assert said == []


def test_nothing_foreign_runs_or_loads(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, said, asked):
        page.evaluate("""() => {
            const script = document.createElement('script'); script.textContent = 'document.title = "run"';
            document.body.append(script);
            const image = new Image(); image.src = 'https://example.org/x.png'; document.body.append(image);
            const div = document.createElement('div'); div.innerHTML = '<b style="color:red" onclick="1">x</b>';
            document.body.append(div);
            try { fetch('https://example.org/').catch(() => {}); } catch {}
        }""")
        page.wait_for_timeout(200)
        assert page.title() == "Claims, and how far to trust them"
        assert len([one for one in said if "Content Security Policy" in one]) >= 4
        assert page.evaluate("[...document.images].every((image) => image.naturalWidth === 0)")
        assert [one for one in asked if not one.startswith("file:")] == []


def rows(page: Any) -> list[str]:
    found: list[str] = page.locator("#claims tbody tr:visible data").evaluate_all("all => all.map(d => d.value)")
    return found


def test_it_sorts_by_keyboard(browser: Any, address: str, made: Material) -> None:
    with opened(browser, address) as (page, _, _):
        button = page.get_by_role("button", name="p (low–high)")
        button.focus()
        page.keyboard.press("Enter")
        found = [float(p) for p in rows(page)]
        assert found == sorted((one.p for one in made.ratings), reverse=True)
        assert page.locator("#claims th.pr[aria-sort=descending]").count() == 1
        page.keyboard.press("Enter")
        assert [float(p) for p in rows(page)] == sorted(one.p for one in made.ratings)
        assert page.locator("#claims th[aria-sort]").count() == 1
        page.get_by_role("button", name="#", exact=True).press("Space")
        numbers = [int(number) for number in page.locator("#claims td.n").all_inner_texts()]
        assert numbers == list(range(1, len(made.ratings) + 1))
        page.get_by_role("button", name="confidence").click()
        levels = page.locator("#claims td.cf").all_inner_texts()
        assert levels == sorted(levels, key=["high", "moderate", "low"].index)


def test_it_filters_and_says_how_many(browser: Any, address: str, made: Material) -> None:
    with opened(browser, address) as (page, _, _):
        page.get_by_label("Find").fill("FERRY alcyon")
        assert len(rows(page)) == sum("ferry alcyon" in one.claim.text.lower() for one in made.ratings) > 0
        assert page.locator("#count").inner_text() == f"{len(rows(page))} of {len(made.ratings)} claims"
        page.get_by_label("Find").fill("")
        page.get_by_label("Flag").select_option("contested")
        assert len(rows(page)) == sum("contested" in one.flags for one in made.ratings) > 0
        page.get_by_label("Flag").select_option("all")
        page.get_by_label("Words").select_option("not assessed")
        assert len(rows(page)) == sum(one.rating.icd203 is None for one in made.ratings)
        page.get_by_label("Words").select_option("all")
        page.get_by_label("Confidence").select_option("low")
        level = [one.rating.analytic_confidence.level for one in made.ratings]
        assert len(rows(page)) == level.count("low")


def test_focus_or_hover_shows_the_rating_and_enter_leads_to_the_reasons(
    browser: Any, address: str, made: Material
) -> None:
    rating = next(one for one in made.ratings if one.quantity is not None)
    anchor = made.claim_anchors[rating.claim.id]
    with opened(browser, address) as (page, _, _):
        mark = page.locator(f".tx a[href='#{anchor}']")
        tip = mark.locator(".t")
        assert not tip.is_visible()
        mark.hover()
        assert tip.is_visible()
        assert probability(rating) in tip.inner_text()
        page.mouse.move(0, 0)
        assert not tip.is_visible()
        mark.focus()
        assert tip.is_visible()
        page.keyboard.press("Escape")
        assert not tip.is_visible()
        panel = page.locator(f"#{anchor}")
        assert not panel.is_visible()
        page.keyboard.press("Enter")
        panel.wait_for(state="visible")
        assert page.evaluate("location.hash") == f"#{anchor}"
        page.locator(f"details:has(> #{anchor}) > summary").click()
        assert not panel.is_visible()
        mark.click()
        panel.wait_for(state="visible")


def test_every_control_is_reached_by_tab_and_shows_it(browser: Any, address: str) -> None:
    with opened(browser, address) as (page, _, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.localName"))
            focused = "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.outerHTML]"
            style, html = page.evaluate(focused)
            if html.startswith("<body"):
                break
            assert style != "none", html[:200]
        assert reached >= {"find", "word", "conf", "flag", "button", "a"}


def test_it_reads_without_script(browser: Any, address: str, made: Material) -> None:
    with opened(browser, address, java_script_enabled=False) as (page, _, _):
        assert not page.locator("#controls").is_visible()
        assert page.locator("#claims tbody tr").count() == len(made.ratings)
        for rating in made.ratings[:4]:
            anchor = made.claim_anchors[rating.claim.id]
            assert not page.locator(f"#{anchor}").is_visible()
            page.locator(f"#claims a[href='#{anchor}']").click()
            page.locator(f"#{anchor}").wait_for(state="visible")
        page.locator(".how summary").click()
        assert page.get_by_text("Weights of evidence").is_visible()


def test_paper_shows_all_reasons_and_no_controls(browser: Any, address: str, made: Material) -> None:
    with opened(browser, address, java_script_enabled=False) as (page, _, _):
        page.emulate_media(media="print")
        assert not page.locator("#controls").is_visible()
        for anchor in made.claim_anchors.values():
            assert page.locator(f"#{anchor}").bounding_box()["height"] > 100


@pytest.mark.parametrize("width", [320, 390, 800, 1280])
def test_it_fits_a_phone_and_a_desk(browser: Any, address: str, width: int, tmp_path: Path) -> None:
    with opened(browser, address, viewport={"width": width, "height": 900}) as (page, _, _):
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        wide = page.evaluate(
            """width => [...document.querySelectorAll('main *:not(.vh)')]
                .filter((one) => !one.closest('.in .sc, svg') && one.getBoundingClientRect().right > width + 1)
                .map((one) => one.outerHTML.slice(0, 90))""",
            width,
        )
        assert wide == []
        page.screenshot(path=tmp_path / f"{width}.png")
        assert (tmp_path / f"{width}.png").stat().st_size > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(browser: Any, address: str, axe: str, scheme: str, width: int) -> None:
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    with opened(browser, address, bypass_csp=True, **options) as (page, _, _):
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.add_style_tag(content=".k{content-visibility:visible!important}")
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        bad = [(one["id"], one["impact"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"])
               for one in found["violations"]]  # fmt: skip
        assert [one for one in bad if one[1] in ("serious", "critical")] == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(252, 252, 250)" if scheme == "light" else "rgb(20, 23, 26)"
        )


def test_the_reader_hears_landmarks_headings_and_a_table(browser: Any, address: str, made: Material) -> None:
    with opened(browser, address) as (page, _, _):
        assert page.get_by_role("main").count() == 1
        assert page.get_by_role("banner").count() == 1
        assert page.get_by_role("contentinfo").count() == 1
        for name in ("Summary", "Articles", "Claims", "Competing answers", "Questions that nobody answered"):
            assert page.get_by_role("region", name=name, exact=True).count() == 1
        table = page.get_by_role("table").first
        assert table.get_by_role("rowheader").count() == len(made.ratings)
        assert table.get_by_role("columnheader").count() == 7
        page.get_by_role("button", name="Open all reasons").click()
        assert page.get_by_role("img").count() == sum(2 + (one.quantity is not None) for one in made.ratings)
