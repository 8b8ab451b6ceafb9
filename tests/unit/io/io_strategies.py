"""Reports with hostile names, for the round-trip laws."""

from hypothesis import strategies as st

from reliability.model.report import Link, Quantity, Report, Spans

_HOSTILE = st.sampled_from(["a > b", "x [media]", "\\", "\\>", "[", "]", '"', "a,b", "a\nb", "a\r\nb", "a\rb", "=1+1",
    "'", "\x1c", "\x00", "\u2028", "\u202e", "😀", "null", "é", "é", "-", "C:\\dir",
    ";", "\tx\x1f", "\x85y", "\ufeff"])  # fmt: skip
_CHARS = st.characters(exclude_categories=["Cs"])
hostile_text = st.one_of(
    st.text(_CHARS, min_size=1, max_size=12), st.lists(_HOSTILE, min_size=1, max_size=3).map("".join)
)


def _stripped(text: str) -> bool:
    try:
        return Link(source=text).source != ""
    except ValueError:
        return False


names = hostile_text.filter(_stripped)
type_ids = st.one_of(
    st.sampled_from(["media", "wire-agency", "intelligence-agency"]),
    hostile_text.filter(lambda t: t == t.strip() != ""),
)
numbers = st.floats(0, 1e300, allow_nan=False)
facts = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), hostile_text, st.just("")),
    max_size=3,
)
links = st.builds(
    Link,
    source=names,
    type=st.none() | type_ids,
    via=st.sampled_from([None, "direct-quote", "paraphrase", "translation", "document", "saw-it-ourselves"]),
    hedge=st.none() | names,
    facts=facts,
)
plain_quantities = st.builds(
    Quantity,
    value=numbers,
    op=st.sampled_from(["exact", "about", "at_least", "less_than"]),
    unit=names,
    party=st.sampled_from([None, "own"]),
)
ranges = (
    st.tuples(numbers, numbers)
    .map(sorted)
    .map(lambda two: Quantity(value=two[0], high=two[1], op="between", unit="killed"))
)
span_lists = st.lists(
    st.tuples(st.integers(0, 10**12), st.integers(0, 99)).map(lambda p: (p[0], p[0] + p[1])), max_size=2
).map(tuple)
dates = st.sampled_from([None, "2025", "2025-03", "2025-03-12", "2025-03-12T10:00:00Z", "2025-03-12T10:00:00+05:30"])


def _unlike(chain: list[Link]) -> bool:
    try:
        Report(text="t", provenance=tuple(chain))
    except ValueError:
        return False
    return True


chains = st.lists(links, min_size=1, max_size=4).filter(_unlike).map(tuple)
reports = st.builds(
    Report,
    id=st.none() | names,
    claim=st.none() | names,
    text=names,
    kind=st.sampled_from(["statement", "belief", "question"]),
    stance=st.sampled_from(["asserts", "denies", "silent", "retracts"]),
    provenance=chains,
    quantity=st.none() | plain_quantities | ranges,
    question=st.just("q"),
    alternative=st.none() | names,
    article=st.none() | names,
    published=dates,
    event=dates,
    spans=st.none() | st.builds(Spans, source=span_lists, cue=span_lists, content=span_lists),
)
