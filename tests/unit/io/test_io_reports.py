"""Report records: what is read, what is rejected and why, and that nothing is lost on the way."""

import gzip
import io
import json
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from io_strategies import reports

from reliability.errors import InputError
from reliability.io.reports import ReportReader, read_reports_file, report_from
from reliability.io.reports_out import dump_reports
from reliability.model.report import Link, Report

OK = {"id": "a", "text": "t", "provenance": [{"source": "NIS"}]}


def read(text: str | bytes, kind: str = "jsonl"):
    data = text.encode() if isinstance(text, str) else text
    return read_reports_file(io.BytesIO(data), kind=kind, name="in")


def only_reject(text: str | bytes, kind: str = "jsonl"):
    reports_, rejects, _ = read(text, kind)
    assert reports_ == []
    assert len(rejects) == 1
    return rejects[0]


def one(**changes) -> str:
    return json.dumps({**OK, **changes})


@given(
    many=st.lists(reports, min_size=1, max_size=4, unique_by=lambda r: r.key),
    kind=st.sampled_from(["jsonl", "json", "csv"]),
)
@example(many=[Report(text="t", provenance=(Link(source="a [b] > \\", type="]"), Link(source="\r\n,\"'")))], kind="csv")
def test_reading_what_was_written_gives_equal_reports(many: list[Report], kind: str) -> None:
    found, rejects, notes = read(dump_reports(many, kind), kind)
    assert rejects == []
    assert [located.report for located in found] == many
    assert notes.unknown_columns == {}


@given(data=st.binary(max_size=300), kind=st.sampled_from(["jsonl", "json", "csv"]))
@example(data=b'"', kind="csv")
@example(data=b'provenance,text\n"\n', kind="csv")
@example(data=b'[{"a":1}', kind="json")
def test_bytes_of_any_kind_never_raise_but_an_input_error(data: bytes, kind: str) -> None:
    with suppress(InputError):
        read(data, kind)


@given(
    data=st.text('[]{}",:\\ \n\rab1', max_size=60),
    head=st.sampled_from(["", "provenance,text\n", '[{"text":"t"},', "{"]),
)
def test_near_json_and_near_csv_never_raise_but_an_input_error(data: str, head: str) -> None:
    for kind in ("jsonl", "json", "csv"):
        with suppress(InputError):
            read(head + data, kind)


def test_the_interface_example_is_read() -> None:
    line = """{"id": "a1-07", "claim": "c-3f2a", "text": "around 300 North Korean soldiers had been killed",
 "kind": "statement", "stance": "asserts", "provenance": [
   {"source": "National Intelligence Service", "type": "intelligence-agency",
    "via": "paraphrase", "hedge": null, "facts": {"party_to_conflict": false}},
   {"source": "ABC News", "type": "media"}],
 "quantity": {"value": 300, "op": "about", "unit": "killed"}, "question": "q-91c0",
 "article": "a1", "published": "2025-03-12", "event": "2025-01",
 "spans": {"source": [[654, 703]], "cue": [[704, 712]], "content": [[729, 777]]}}""".replace("\n", " ")
    [found], rejects, _ = read(line)
    assert rejects == []
    assert found.report.provenance[0].facts == {"party_to_conflict": False}
    assert found.report.spans.content == ((729, 777),)
    assert (found.file, found.line) == ("in", 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "malformed JSON: Expecting property name enclosed in double quotes, at character 2"),
        ("[1]", "not a JSON object"),
        ("3", "not a JSON object"),
        (one() + " x", "malformed JSON: more after its end, at character 61"),
        ('{"id": NaN}', "NaN is not JSON; a number must be finite, and null is unknown"),
        ('{"x": -Infinity}', "-Infinity is not JSON; a number must be finite, and null is unknown"),
        ('{"id": "a", "id": "b"}', "the key `id` stands twice in one object"),
        ('{"text": "\\ud800"}', "a lone surrogate (\\ud800 to \\udfff), which is no character"),
        ("[" * 100_000, "JSON that is nested too deeply"),
        ('{"x": ' + "1" * 5_000 + "}", "a number with thousands of digits"),
        ("{}", "provenance: is missing"),
        ('{"text": "t", "provenance": []}', "provenance: has too few entries: at least 1 is needed"),
        ('{"text": "t", "provenance": "NIS"}', "provenance: must be a list, not `NIS`"),
        ('{"text": "t", "provenance": [3]}', "provenance[0]: must be an object, not `3`"),
        ('{"provenance": [{"source": "x"}]}', "needs `claim` or `text` (or `question` with `alternative`)"),
        (one(alternative="x"), "`alternative` needs the `question` that it answers"),
        (one(id=7), "id: must be a text, not `7`"),
        (one(text="  "), "text: is empty"),
        (one(text="x" * 10_001), "text: is longer than 10000 characters"),
        (one(stance="maybe"), "stance: must be 'asserts', 'denies', 'silent' or 'retracts', not `maybe`"),
        (one(published="soon"),
         "published: not a date: give a year, a month, a day (2025-03-12) or an RFC 3339 moment"),
        (one(quantity={"value": True, "unit": "u"}), "quantity.value: must be a number, not true"),
        (one(quantity={"value": "3", "unit": "u"}), "quantity.value: must be a number, not `3`"),
        (one(quantity={"value": 10**400, "unit": "u"}), "quantity.value: must be a number, not an integer that large"),
        (one(quantity={"value": 3}), "quantity.unit: is missing"),
        (one(quantity={"value": -3, "unit": "u"}), "quantity.value: must be at least 0, not `-3`"),
        (one(quantity={"value": 3, "unit": "u", "op": "between"}),
         "quantity: `high` goes with op = between, and between needs it"),
        (one(spans={"cue": [[3, 1]]}), "spans: a span of cue ends (1) before it starts (3)"),
        (one(provenance=[{"source": "x", "sauce": 1}]), "provenance[0].sauce: is not a field; did you mean `source`?"),
        (one(provenance=[{"source": "x", "facts": {"a": [1]}}]),
         "provenance[0].facts.a: must be true, false, a finite number, a text or null, not a list"),
        (one(provenance=[{"source": "x", "facts": {"A b": 1}}]),
         "provenance[0].facts.A b: a fact's name must be lower-case letters, digits and _, and start with a letter"),
        (one(provenance=[{"source": "x"}, {"source": " X "}]),
         "provenance: a cycle: 'X' relays itself; each source stands once in a chain"),
        (one(provenance=[{"source": str(n)} for n in range(33)]),
         "provenance: a chain of 33 links; at most 32 are read"),
        (one(kind="x", stance="y"), "kind: must be 'statement', 'belief', 'prediction', 'intention', 'wish', "
         "'question' or 'instruction', not `x` (and 1 more)"),
    ],
)  # fmt: skip
def test_a_bad_line_is_rejected_with_one_plain_reason(line: str, reason: str) -> None:
    reject = only_reject(line)
    assert reject.reason == reason
    assert (reject.file, reject.line) == ("in", 1)
    assert reject.raw == line[:2_000]


def test_an_infinite_number_spelled_with_an_exponent_is_rejected() -> None:
    reason = only_reject('{"text":"t","provenance":[{"source":"x"}],"quantity":{"value":1e999,"unit":"u"}}').reason
    assert reason == "quantity.value: must be a finite number, not `inf`"


def test_good_lines_around_bad_ones_are_read_with_their_line_numbers() -> None:
    text = b"\xef\xbb\xbf" + one(id="1").encode() + b"\n\n\xff\n{bad\r\n" + one(id="2").encode() + b"\r\n"
    found, rejects, notes = read(text)
    assert [(r.report.id, r.line) for r in found] == [("1", 1), ("2", 5)]
    assert [(r.line, r.reason[:14], r.raw) for r in rejects] == [
        (3, "not UTF-8 at b", "\\xff"),
        (4, "malformed JSON", "{bad"),
    ]
    assert notes.n_rows == 4


def test_a_line_over_a_megabyte_is_rejected_and_its_raw_is_cut() -> None:
    text = '{"x": "' + "é" * 600_000 + '"}\n' + one()
    found, [reject], _ = read(text)
    assert (reject.line, reject.reason) == (1, "a line of more than 1,000,000 bytes")
    assert len(reject.raw.encode()) in (1_999, 2_000)
    assert found[0].line == 2


def test_null_means_missing_but_a_fact_that_is_unknown_stays() -> None:
    line = one(
        kind=None,
        quantity={"value": 1, "unit": "u", "op": None},
        provenance=[{"source": "x", "facts": None}, {"source": "y", "facts": {"paid": None}}],
    )
    [found], _, notes = read(line)
    assert (found.report.kind, found.report.quantity.op) == ("statement", "exact")
    assert [link.facts for link in found.report.provenance] == [{}, {"paid": None}]
    assert notes.unknown_columns == {}


def test_unknown_columns_are_counted_and_the_rows_read() -> None:
    found, rejects, notes = read(one(id="1", author="x") + "\n" + one(id="2", author=None, note=0))
    assert (len(found), rejects) == (2, [])
    assert notes.unknown_columns == {"author": 1, "note": 1}


def test_endless_unknown_columns_are_counted_in_bounded_memory() -> None:
    reader = ReportReader()
    lines = "\n".join(json.dumps({f"k{n}": 1}) for n in range(1_500)).encode()
    list(reader.read(io.BytesIO(lines), kind="jsonl", name="in"))
    assert len(reader.notes.unknown_columns) == 1_001
    assert reader.notes.unknown_columns["(others)"] == 500


def test_a_repeat_is_kept_once_and_another_content_under_the_same_id_is_rejected_with_the_first_line() -> None:
    _, [reject], notes = read("\n".join([one(), one(), one(text="other")]))
    assert notes.n_repeats == 1
    assert reject.line == 3
    assert reject.reason == "the id `a` is that of in:1 too, which says something else; give it an id of its own"


def test_ids_are_compared_across_files() -> None:
    reader = ReportReader()
    first, _, _ = read_reports_file(io.BytesIO(one().encode()), kind="jsonl", name="one", reader=reader)
    again, rejects, notes = read_reports_file(
        io.BytesIO(one(text="u").encode()), kind="jsonl", name="two", reader=reader
    )
    assert (len(first), again, notes.n_rows) == (1, [], 2)
    assert "that of one:1 too" in rejects[0].reason


def test_two_equal_reports_without_id_are_one() -> None:
    line = '{"text": "t", "provenance": [{"source": "x"}]}'
    found, rejects, notes = read(line + "\n" + line.replace(" ", ""))
    assert (len(found), rejects, notes.n_repeats) == (1, [], 1)


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_bad_input(kind: str, data: bytes) -> None:
    with pytest.raises(InputError, match="in: is empty"):
        read(data, kind)


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv"])
def test_utf_16_is_named_once_and_not_line_by_line(kind: str) -> None:
    with pytest.raises(InputError, match="UTF-16 or UTF-32, not UTF-8; save it as UTF-8"):
        read(one().encode("utf-16"), kind)


def test_a_json_list_has_a_line_an_element_and_a_bad_element_is_rejected_alone() -> None:
    text = f'\n[\n{one(id="1")},\n7,\n{{"x": NaN}},\n {{"y":1,"y":2}},\n\n{one(id="2")}\n]\n'
    found, rejects, _ = read(text, "json")
    assert [(r.report.id, r.line) for r in found] == [("1", 3), ("2", 8)]
    assert [(r.line, r.raw) for r in rejects] == [(4, "7"), (5, '{"x": NaN}'), (6, '{"y":1,"y":2}')]


@pytest.mark.parametrize(("text", "line"), [("[%s\n,{bad}]", 2), ("[%s\n%s]", 2), ("[%s,\n]", 2), ("[%s\n", 2)])
def test_after_a_syntax_error_in_a_list_the_rest_is_one_reject(text: str, line: int) -> None:
    found, [reject], _ = read(text.replace("%s", one()), "json")
    assert len(found) == 1
    assert reject.line == line
    assert reject.reason.endswith("; the rest is not read")


def test_one_report_object_is_read_and_several_are_not_a_json_document() -> None:
    found, _, _ = read(one() + "\n", "json")
    assert found[0].report.id == "a"
    with pytest.raises(InputError, match=r"in:2: more after the end of the JSON document; name .* \.jsonl"):
        read(one() + "\n" + one(), "json")
    with pytest.raises(InputError, match="more after the end"):
        read(f"[{one()}]]", "json")


@pytest.mark.parametrize(
    ("text", "problem"), [("[]", "is an empty list"), ("3", "is not a JSON list or object"), ("\0", "is binary")]
)
def test_a_json_document_that_holds_no_report_is_bad_input(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        read(text, "json")


def test_a_json_document_is_read_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.io.jsondoc.read_bounded", lambda stream, limit, where: None)
    with pytest.raises(InputError, match="JSON document of more than 100,000,000 bytes"):
        read("[]", "json")


HEAD = "id,text,provenance\n"


def test_the_csv_spelling_of_the_interface_is_read() -> None:
    text = (
        "\ufeffid,text,provenance,via,hedge,facts,quantity,spans\r\n"
        '1,"around 300, killed",NIS [intelligence-agency] > Yonhap [wire-agency] > ABC News [media],'
        '"[""direct-quote"",null,null]","[null,""reportedly"",null]","[{""paid"":null},null,{}]",'
        '"{""value"":300,""unit"":""killed""}","{""cue"":[[1,2]]}"\r\n'
        "2,t,A \\> B \\[C\\] \\\\ D\\x,,,,,\r\n"
    )
    [first, second], rejects, notes = read(text, "csv")
    assert rejects == []
    assert [(link.source, link.type, link.via, link.hedge, link.facts) for link in first.report.provenance] == [
        ("NIS", "intelligence-agency", "direct-quote", None, {"paid": None}),
        ("Yonhap", "wire-agency", None, "reportedly", {}),
        ("ABC News", "media", None, None, {}),
    ]
    assert (first.report.quantity.value, first.report.spans.cue) == (300, ((1, 2),))
    assert [link.source for link in second.report.provenance] == ["A > B [C] \\ D\\x"]
    assert notes.unknown_columns == {}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,t", "a row of 2 cells under a header of 3"),
        ("1,t,NIS,x", "a row of 4 cells under a header of 3"),
        ("1,t,", "provenance: is missing"),
        ("1,,NIS", "needs `claim` or `text` (or `question` with `alternative`)"),
        ("1,t,NIS > > ABC", "provenance: link 2 of the chain has no name"),
        ("1,t,[media]", "provenance: link 1 of the chain has no name"),
        ("1,t,NIS [media] x", "provenance: link 1 of the chain must read `Name [type]`; "
         "a `>`, `[` or `]` in a name needs a backslash before it"),
        ("1,t,NIS [media", "provenance: link 1 of the chain must read `Name [type]`; "
         "a `>`, `[` or `]` in a name needs a backslash before it"),
        ('1,"t"x,NIS', "malformed CSV: ',' expected after '\"'"),
        ("1," + "x" * 131_073 + ",NIS", "malformed CSV: a cell of more than 131,072 characters"),
        ("1,a\rb,NIS", "malformed CSV: a line break (a carriage return alone) outside quotes"),
    ],
)  # fmt: skip
def test_a_bad_csv_row_is_rejected_and_the_next_read(row: str, reason: str) -> None:
    found, [reject], _ = read(HEAD + row + "\n2,t,NIS\n", "csv")
    assert (reject.line, reject.reason) == (2, reason)
    assert [(r.report.id, r.line) for r in found] == [("2", 3)]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("via", '"[""direct-quote""]"', "via: must be a JSON array of 2, an element a link of the chain"),
        ("facts", "{}", "facts: must be a JSON array of 2, an element a link of the chain"),
        ("hedge", "likely", "hedge: malformed JSON: Expecting value, at character 1"),
        ("quantity", "300", "quantity: must be an object, not `300`"),
        ("spans", '"{""cue"":[1]}"', "spans.cue[0]: must be a list, not `1`"),
    ],
)
def test_a_nested_csv_cell_is_checked(column: str, cell: str, reason: str) -> None:
    assert only_reject(f"text,provenance,{column}\nt,A > B,{cell}\n", "csv").reason == reason


def test_quoted_line_breaks_and_blank_lines_keep_the_line_numbers() -> None:
    text = HEAD + '1,"a\nb\nc",NIS\n\n2,t,NIS,x\n3,t,NIS\n'
    found, rejects, _ = read(text, "csv")
    assert [(r.report.text, r.line) for r in found] == [("a\nb\nc", 2), ("t", 7)]
    assert [r.line for r in rejects] == [6]


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    text = HEAD + '1,"open,NIS\n2,t,NIS\n3,"a\nb",NIS\n4,t,NIS\n'
    found, rejects, _ = read(text, "csv")
    assert [r.report.id for r in found] == ["2", "3", "4"]
    assert [(r.line, r.raw) for r in rejects] == [(2, '1,"open,NIS')]


def test_rows_after_a_quote_that_is_open_to_the_end_are_read() -> None:
    found, rejects, _ = read(HEAD + '1,t,NIS\n2,"open,NIS\n3,t,NIS\n,,\n4,t,NIS', "csv")
    assert [(r.report.id, r.line) for r in found] == [("1", 2), ("3", 4), ("4", 6)]
    assert [(r.line, r.reason) for r in rejects] == [(3, "malformed CSV: a quote that is not closed")]


def test_a_csv_line_that_is_not_utf_8_or_too_long_is_rejected_alone() -> None:
    text = HEAD.encode() + b"1,\xff,NIS\n2," + b"x" * 1_000_001 + b",NIS\n3,t,NIS\n"
    found, rejects, _ = read(text, "csv")
    assert [r.report.id for r in found] == ["3"]
    assert [(r.line, r.reason) for r in rejects] == [(2, "not UTF-8"), (3, "a line of more than 1,000,000 bytes")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,text\n1,t\n", "in:1: the header has no column provenance"),
        ("id,text,provenence\n1,t,NIS\n", "the header has no column provenance; did you mean `provenence`?"),
        ("id,provenance\n1,NIS\n", "the header has no column claim or text"),
        ("id;text;provenance\n1;t;NIS\n", "the header has no column provenance; the cells must be separated by commas"),
        ("id,id,text,provenance\n", "the column `id` stands twice in the header"),
        (HEAD, "has a header but no rows"),
        ('id,"text\n', "malformed CSV: a quote that is not closed"),
        (b"id,text,provenance,\xff\n", "in:1: not UTF-8"),
    ],
)
def test_a_csv_header_that_cant_be_used_is_bad_input(text: str | bytes, problem: str) -> None:
    with pytest.raises(InputError, match="in") as raised:
        read(text, "csv")
    assert problem in str(raised.value)


def test_a_question_with_alternatives_needs_no_claim_column() -> None:
    found, _, _ = read("question,alternative,provenance,extra\nq,x,NIS,1\n", "csv")
    assert found[0].report.alternative == "x"


def test_a_gz_file_is_read_and_a_damaged_one_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl.gz"
    packed = gzip.compress("\n".join(one(id=str(n), text=f"{n * 7919}") for n in range(500)).encode())
    path.write_bytes(packed)
    found, _, _ = read_reports_file(path, kind="jsonl")
    assert (len(found), found[0].file) == (500, str(path))
    for broken in (packed[:-9], packed[:200], b"not gzip", packed[:40] + b"\xff" * 40 + packed[80:]):
        path.write_bytes(broken)
        with pytest.raises(InputError, match=r"damaged \.gz file"):
            read_reports_file(path, kind="jsonl")


def test_a_missing_file_or_a_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; check the path"):
        read_reports_file(tmp_path / "none.jsonl", kind="jsonl")
    with pytest.raises(InputError, match="is a folder, not a file"):
        read_reports_file(tmp_path, kind="jsonl")


class Column:
    """What a numpy array looks like from outside."""

    def __init__(self, values: list) -> None:
        self.values = values

    def tolist(self) -> list:
        return self.values


def test_a_record_from_a_table_is_a_report() -> None:
    link = {"source": "NIS", "type": None, "facts": {"paid": None}}
    row = {
        "id": "a",
        "claim": float("nan"),
        "text": "t",
        "provenance": Column([link]),
        "published": date(2025, 3, 12),
        "event": None,
    }
    found = report_from(row)
    assert found == Report(
        id="a", text="t", provenance=(Link(source="NIS", facts={"paid": None}),), published="2025-03-12"
    )


def test_a_record_with_a_chain_as_text_is_read_as_in_csv() -> None:
    row = {"text": "t", "provenance": "NIS > ABC [media]", "via": '["document", null]', "hedge": [None, "allegedly"],
           "quantity": {"value": 3, "unit": "killed"}}  # fmt: skip
    first, second = report_from(row).provenance
    assert (first.via, second.type, second.hedge) == ("document", "media", "allegedly")


def test_a_records_unknown_columns_are_left_aside_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="unknown columns are left aside: author, via"):
        report_from({**OK, "author": 1, "via": None})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": "t"}, "provenance: is missing; see `reliability schema report`"),
        ({"text": "t", "provenance": "A > A"}, "provenance: a cycle: 'A' relays itself"),
        ({"text": "t", "provenance": "A >"}, "provenance: link 2 of the chain has no name"),
        ({**OK, "quantity": {"value": float("nan"), "unit": "u"}}, "quantity.value: is missing"),
    ],
)
def test_a_record_that_is_no_report_is_bad_input(row: dict, reason: str) -> None:
    with pytest.raises(InputError) as raised:
        report_from(row)
    assert reason in str(raised.value)
