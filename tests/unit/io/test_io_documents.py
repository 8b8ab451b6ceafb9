"""Web pages, .docx and PDF: the text that their readers see, and no file that hangs or breaks a run."""

import gzip
import io
import sys
import time
import zipfile
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from made_documents import page, pdf, word

from reliability.errors import InputError, MissingExtra
from reliability.io.articles import read_article_file
from reliability.io.documents.page_edges import without_edges
from reliability.io.documents.paragraphs import mended, paragraphs_of
from reliability.io.inputs import read_inputs
from reliability.rules.policy import Policy
from reliability.text.chains import outlet_of

TEXT = ["The minister said that the bridge was closed.", "“Nobody was hurt,” said Ann Lee."]


def article(folder: Path, data: bytes, name: str, **given):
    (folder / name).write_bytes(data)
    return read_article_file(folder / name, **given)


def text_or_remedy(folder: Path, data: bytes, name: str) -> str:
    """The article's text, or what to do, as said, where there is none: any other error is the test's failure."""
    try:
        return article(folder, data, name).text
    except InputError as error:
        return f"as was said: {error.remedy or ''}" if error.remedy else ""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_page_is_its_main_text_and_what_it_says_of_itself(tmp_path: Path, charset: str) -> None:
    found = article(tmp_path, page(charset), "a.html")
    assert found.text.split("\n\n") == [
        "Velm bridge closed",
        "The transport ministry said on Monday that the bridge had been closed after an accident in caf\u00e9 weather.",
        "“Nobody was hurt,” said Ann Lee, a spokeswoman for the ministry in Velmark.",
    ]
    assert (found.publisher, found.published, found.url) == ("The Quay", "2025-03-12", "https://example.org/a/bridge")
    assert (found.id, found.language) == ("a", "en-GB")


def test_what_the_user_says_of_a_page_counts_before_what_it_says_itself(tmp_path: Path) -> None:
    (tmp_path / "a.meta.toml").write_text('published = "2024-01-02"\n')
    found = article(tmp_path, page(), "a.htm", publisher="The Herald", publisher_type="media")
    assert (found.publisher, found.publisher_type, found.published) == ("The Herald", "media", "2024-01-02")
    assert found.url == "https://example.org/a/bridge"


def test_a_page_is_not_believed_who_published_it(tmp_path: Path) -> None:
    own = page().replace(b"The Quay", b"Reuters")
    found = article(tmp_path, own, "a.html")
    assert (found.publisher, found.publisher_type) == ("Reuters", "unknown")
    assert outlet_of(found, Policy.load(scenarios=False)).type == "unknown"
    known = article(tmp_path, own, "a.html", url="https://www.bbc.co.uk/news/1")
    assert outlet_of(known, Policy.load(scenarios=False)).type == "media"
    other = article(tmp_path, own, "a.html", url="https://bbc.co.uk.example.org/news/1")
    assert outlet_of(other, Policy.load(scenarios=False)).type == "unknown"


@pytest.mark.parametrize(
    "mark", ["hidden", 'aria-hidden="true"', 'style="color: red; display : none"', "style='VISIBILITY:hidden'"]
)
def test_what_a_page_hides_is_not_read(tmp_path: Path, mark: str) -> None:
    body = (
        b"<p "
        + mark.encode()
        + b">The mayor said the dam had burst.</p><p>Ann Lee said the bridge had been closed.</p>"
    )
    text = article(tmp_path, page().replace(b"</article>", body + b"</article>"), "a.html").text
    assert "burst" not in text
    assert "Ann Lee said the bridge" in text


def test_a_cue_after_a_block_that_ends_in_a_comma_goes_with_it(tmp_path: Path) -> None:
    text = article(tmp_path, b"<title>Fire</title><blockquote>We ran,</blockquote><p>said Lee Ho.</p>", "a.html").text
    assert "We ran, said Lee Ho." in text


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["the well-", "known actor"], "the well-known actor"),
        (["an anti-", "aircraft gun"], "an anti-aircraft gun"),
        (["a self-", "employed man"], "a self-employed man"),
        (["the vice-", "president"], "the vice-president"),
        (["the opera-", "tion"], "the operation"),
        (["misunder-", "standings"], "misunderstandings"),
        (["we under-", "stand"], "we understand"),
        (["Zelen-", "skyy"], "Zelenskyy"),
    ],
)
def test_a_hyphen_at_a_lines_end_stays_where_it_is_the_words_own(lines: list[str], words: str) -> None:
    assert mended(lines, set()) == words


def test_a_heading_is_a_paragraph_of_its_own() -> None:
    body = ["A strike on the port of Velm killed nine men on", "Monday, the governor of the region said at noon."]
    assert paragraphs_of([["Strike on Port Kills Nine", *body]]) == ["Strike on Port Kills Nine", " ".join(body)]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"<html><body><script>x</script></body></html>", "has no main text"),
        (b"\x80\x81 plain", "is not UTF-8"),
        (b'<meta charset="utf-7-or-so"><p>He said so.</p>', "charset utf-7-or-so that it declares"),
    ],
)
def test_a_page_without_text_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        article(tmp_path, data, "a.html")


@pytest.mark.parametrize("soup", ["<p>", "<div><table><tr>", "<a <b <i", "</p></html><p", "&#x110000; &amp &lt"])
def test_soup_is_read_or_refused_and_nothing_else(tmp_path: Path, soup: str) -> None:
    data = (soup * 3_000 + "<p>The minister said that it was so.").encode()
    assert "said" in text_or_remedy(tmp_path, data, "a.html")


def test_a_word_document_is_its_paragraphs_and_tables_without_heads_and_feet(tmp_path: Path) -> None:
    found = article(tmp_path, word(TEXT, [["Date", "Dead"], ["12 March", "300"]]), "a.docx")
    assert found.text.split("\n\n") == [*TEXT, "Date | Dead", "12 March | 300"]


LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Z"])


@settings(max_examples=20)
@given(st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=5))
def test_the_text_of_a_word_document_is_what_was_typed(
    tmp_path_factory: pytest.TempPathFactory, typed: list[str]
) -> None:
    assert article(tmp_path_factory.mktemp("x"), word(typed), "a.docx").text.split("\n\n") == typed


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return out.getvalue()


GOOD = word(TEXT)
ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b'] ><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>&j;</w:body></w:document>'
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"no zip", "no readable .docx"),
        (GOOD[: len(GOOD) // 2], "no readable .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is encrypted, or in Word's old format"),
        (_with_part(GOOD, "word/document.xml", b"<w:document"), "no readable .docx"),
        (_with_part(GOOD, "word/document.xml", ENTITIES), "no readable .docx|has no text"),
        (word([]), "has no text"),
    ],
    ids=["no-zip", "half", "old", "half-a-part", "entities", "empty"],
)
def test_a_word_document_that_is_none_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        article(tmp_path, data, "a.docx")


@pytest.mark.parametrize(("data", "name"), [(word(["abc def"] * 40), "a.docx"), (pdf([["a b c"] * 40]), "a.pdf")])
def test_a_document_longer_than_asked_is_refused(tmp_path: Path, data: bytes, name: str) -> None:
    with pytest.raises(InputError, match=r"at most 100 are read.*--max-chars"):
        article(tmp_path, data, name, max_chars=100)


def test_a_pdf_is_read_without_heads_and_numbers_and_with_its_words_mended(tmp_path: Path) -> None:
    body = [
        ["The ministry said on Monday that the opera-", "tion had ended and that a well-known officer of",
         "the navy had led it. Nobody was hurt.", "A known man said that all was well again, and"],
        ["the neighbours were glad of it. The minister-", "president said that nobody knew the true rea-",
         "son for it."],
        ["The last page has a well-known word and a well-", "known end that was told by 300 of the soldiers."],
    ]  # fmt: skip
    pages = [["The Quay, 12 March 2025", *lines, "", f"- {n} -"] for n, lines in enumerate(body, start=7)]
    assert article(tmp_path, pdf(pages), "a.pdf").text.split("\n\n") == [
        "The ministry said on Monday that the operation had ended and that a well-known officer of the navy had led "
        "it. Nobody was hurt.",
        "A known man said that all was well again, and the neighbours were glad of it. The minister-president said "
        "that nobody knew the true reason for it.",
        "The last page has a well-known word and a well-known end that was told by 300 of the soldiers.",
    ]


PDF = pdf([["He said so."]])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"no pdf", "can't be read as PDF"),
        (PDF[: len(PDF) // 3], "can't be read as PDF|has no text"),
        (pdf([["He said so."]], password="secret"), "is locked by a password"),
        (pdf([[]]), "has no text; is it a scan"),
    ],
    ids=["none", "third", "locked", "scan"],
)
def test_a_pdf_that_cant_be_read_is_refused(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        article(tmp_path, data, "a.pdf")


def test_a_document_of_too_many_pages_or_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.io.documents.pdf.MAX_PAGES", 2)
    assert article(tmp_path, pdf([["One."], ["Two."]]), "a.pdf").text
    with pytest.raises(InputError, match="has 3 pages; at most 2 are read"):
        article(tmp_path, pdf([["One."], ["Two."], ["Three."]]), "a.pdf")
    monkeypatch.setattr("reliability.io.documents.docx.MAX_UNPACKED", 1_000_000)
    with pytest.raises(InputError, match=r"unpacks to [\d,]+ bytes; at most 1,000,000 are read"):
        article(tmp_path, _with_part(GOOD, "word/media/x.png", b"\0" * 1_000_001), "a.docx")
    monkeypatch.setattr("reliability.io.documents.MAX_BYTES", dict.fromkeys(("html", "docx", "pdf"), 100))
    for name, data in (("a.docx", GOOD), ("a.pdf", PDF), ("a.html", page())):
        with pytest.raises(InputError, match="has more than 100 bytes"):
            article(tmp_path, data, name)


@settings(max_examples=60)
@given(st.data())
def test_no_damage_to_a_document_is_more_than_bad_input(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name, whole = data.draw(st.sampled_from([("a.docx", GOOD), ("a.pdf", PDF), ("a.html", page())]))
    at = data.draw(st.integers(0, len(whole) - 1))
    new = data.draw(st.binary(max_size=8))
    broken = whole[:at] + new + whole[at + data.draw(st.integers(0, 40)) :]
    assert text_or_remedy(tmp_path_factory.mktemp("x"), broken, name).strip()


@pytest.mark.parametrize(
    ("name", "data"), [("a.txt", b"He said so."), ("a.html", page()), ("a.docx", GOOD), ("a.pdf", PDF)]
)
def test_a_packed_file_reads_as_the_file(tmp_path: Path, name: str, data: bytes) -> None:
    plain = article(tmp_path, data, name)
    assert article(tmp_path, zstd.compress(data[:9]) + zstd.compress(data[9:]), f"{name}.zst") == plain
    assert article(tmp_path, gzip.compress(data), f"{name}.gz") == plain


@pytest.mark.parametrize("data", [b"no archive", zstd.compress(b"He said so." * 99)[:-3]])
def test_a_damaged_zst_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"damaged \.zst"):
        article(tmp_path, data, "a.txt.zst")


def test_a_zst_bomb_is_refused_without_unpacking_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is too long"):
        article(tmp_path, zstd.compress(b"x" * 50_000_000), "a.txt.zst", max_chars=1_000)


def test_good_files_are_read_beside_broken_ones(tmp_path: Path) -> None:
    for name, data in {"a.docx": GOOD, "b.pdf": PDF, "c.html": page(), "d.docx": b"x", "e.pdf": b"x"}.items():
        (tmp_path / name).write_bytes(data)
    inputs = read_inputs([tmp_path])
    assert [found.id for _, found in inputs.articles] == ["a", "b", "c"]
    assert [Path(one.file).name for one in inputs.rejects] == ["d.docx", "e.pdf"]


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.html", "trafilatura", "text"), ("a.docx", "docx", "text"), ("a.pdf", "pypdf", "text"),
     ("a.txt.zst", "backports", "batch")],
)  # fmt: skip
def test_a_missing_library_is_named_with_its_install_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"pip install 'source-reliability\[{extra}\]'"):
        article(tmp_path, b"x", name)


@given(st.lists(st.lists(st.text("ab -.\u00ad1", max_size=30), max_size=6), max_size=8))
def test_mending_keeps_every_letter_that_is_no_head_number_or_hyphen(pages: list[list[str]]) -> None:
    letters = [c for page in pages for line in page for c in line if c in "ab.1"]
    assert [c for c in "".join(paragraphs_of(pages)) if c in "ab.1"] == letters
    assert all(line in before for page, before in zip(without_edges(pages), pages, strict=True) for line in page)


def test_mending_takes_linear_time() -> None:
    def seconds(n: int) -> float:
        began = time.process_time()
        assert paragraphs_of([["the word is bro-", "ken and goes on, " * 4] * n])
        return time.process_time() - began

    small, large = min(seconds(1_000) for _ in range(3)), min(seconds(10_000) for _ in range(3))
    assert large < 40 * small + 0.05


def test_a_line_break_inside_a_sentence_does_not_end_it(tmp_path: Path) -> None:
    filler = (
        "<p>Residents of the northern town spent the night in shelters, and schools stayed closed on Monday.</p>" * 3
    )
    page = (
        f"<html><body><article><h1>Velm</h1>{filler}<p>The UN said 12 people<br>had died in Velm.</p>{filler}</article>"
    )
    (tmp_path / "a.html").write_text(page + "</body></html>")
    assert "The UN said 12 people had died in Velm." in read_inputs([tmp_path]).articles[0][1].text
