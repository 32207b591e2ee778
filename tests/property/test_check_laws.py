"""Laws of `check`: it never raises, points into the text, and mends without doing harm."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.checking.examine import examine
from filterlang.syntax.parser import lark_parse
from filterlang.syntax.split import split_clauses
from filterlang.testing import clauses, damaged_texts
from tests.support.drawn import texts

# What people write, whole words and signs; drawn one after the other they make mistakes of all
# kinds, and mistakes within mistakes.
PIECES = [
    *"a b.=!<>~;,\\*?%&|'\"()[]:^$+0\t\n\x00\u200b\u00a0＝≠；\ud800é😀",
    " AND ", " or ", " && ", "||", "==", "!=", "!~", "=@", "<=", ">=", "<>", "===", "=in=", "=gt=",
    "filter=", "?filter=", "pageSize=5&", " is null", " like ", " between 1 and 2", " in (a,b)",
    " gt ", "not ", "where ", "%3D", "%253D", "%20", "\\;", "\\\\", "\\n", "\\u00e9", ";;", ", ",
    "null", "2024-01-31", "2024-01-31 12:00", "1704067200", "1e99999999999999999999", "-1", "10.5",
    "score", "Score", "lastSeenDate", "type", "US", "USER", "location.city", "customAttributes.x",
    "x.startsWith(", "contains(a,", ")", ".*", "http://x/?",
]  # fmt: skip  # a heap to draw from, not a table to read
pieced_texts = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
any_text = pieced_texts | texts | damaged_texts()

SCHEMA = fl.Schema.from_dict(
    {
        "dimensions": {
            "a": "text",
            "score": "integer",
            "b": "number",
            "flag": "boolean",
            "lastSeenDate": "datetime",
            "type": {"type": "enum", "values": ["LEAD", "USER"]},
            "tags": "list of text",
            "location": {"type": "object", "fields": {"city": "text"}},
            "é": {"type": "integer", "operators": ["==", "<"], "deprecated": "no"},
            "customAttributes": "map",
        },
        "aliases": {"city": "location.city"},
    }
)
each_schema = pytest.mark.parametrize("schema", [None, SCHEMA], ids=["untyped", "typed"])


def is_clean(report):
    return not any(one.severity == "error" for one in report.diagnostics)


@each_schema
@given(st.lists(any_text, max_size=3))
@example(["score==1e99999999999999999999;score==0000000000000000000000000000000000000017040672"])
@example(["lastSeenDate==" + "0" * 5000 + "1704067200"])
@example(["score==" + "9" * 5000])
@example(["0=A"])
def test_any_text_is_checked(schema, sources):
    """check(text) returns for every text, and its findings lie within the text."""
    report = fl.check(sources, schema)
    assert report.sources == tuple(sources)
    assert report.ok is is_clean(report) is (report.filters is not None)
    assert isinstance(report.render(), str)
    assert isinstance(report.render(color=True), str)
    report.to_dict(encoding="utf-16")
    places = [(one.source_index, *one.span) for one in report.diagnostics]
    assert places == sorted(places)
    for one in report.diagnostics:
        text = sources[one.source_index]
        assert 0 <= one.span.start <= one.span.end <= len(text)
        for fix in one.fixes:
            for edit in fix.edits:
                assert 0 <= edit.span.start <= edit.span.end <= len(text)
            assert fix.apply(text) != text


@each_schema
@given(st.lists(any_text, max_size=2))
@example(["filter="])
@example([";;"])
@example(["\n"])
@example(["filter=;filter="])
def test_what_was_mended_has_no_error(schema, sources):
    """check(fixed) has no error, fixed parses, and restricts if the text did."""
    fixed = fl.check(sources, schema).fixed
    if fixed is None:
        return
    report = fl.check(fixed, schema)
    assert report.ok
    assert report.fixed == fixed
    assert fl.parse(fixed) == report.filters
    assert len(fixed) == len(sources)
    for before, after in zip(sources, fixed, strict=True):
        assert bool(after.strip(" ")) is bool(before.strip(" "))


@given(st.lists(any_text, max_size=3))
def test_parse_raises_what_check_reports(sources):
    """parse(text) raises exactly where check has an error, and with the same diagnostics."""
    report = fl.check(sources)
    if report.ok:
        assert fl.parse(sources) == report.filters
    else:
        with pytest.raises(fl.FilterSyntaxError) as raised:
            fl.parse(sources)
        assert raised.value.diagnostics == report.diagnostics


@given(st.lists(any_text, min_size=1, max_size=3), st.integers(0, 8))
def test_parse_raises_what_check_reports_of_long_texts(sources, max_length):
    report = fl.check(sources, max_length=max_length)
    if report.ok:
        assert fl.parse(sources, max_length=max_length) == report.filters
        return
    is_too_long = any(one.code == "FL301" for one in report.diagnostics)
    with pytest.raises(fl.LimitError if is_too_long else fl.FilterSyntaxError) as raised:
        fl.parse(sources, max_length=max_length)
    assert raised.value.diagnostics == report.diagnostics


@pytest.mark.slow
def test_the_grammar_and_the_mistakes_agree_on_all_short_texts():
    """A text has an error exactly if the grammar, as Lark reads it, refuses it."""
    from lark.exceptions import UnexpectedInput

    for length in range(1, 5):
        for characters in product("a =!~<;,\\.\t", repeat=length):
            text = "".join(characters)
            if not text.strip(" "):
                continue
            try:
                lark_parse(text)
            except UnexpectedInput:
                is_valid = False
            else:
                is_valid = True
            assert fl.check(text).ok is is_valid, text


# --- Fixes and the clauses beside them ------------------------------------------------------------

parts = st.lists(clauses().map(str) | pieced_texts, min_size=1, max_size=5)


def right_clauses(text, diagnostics):
    """Give the clauses that can be read and that nothing is said of."""
    return [
        clause.node
        for clause, span in zip(examine(text), split_clauses(text), strict=False)
        if clause.node is not None
        and not any(one.span.start < span.end and one.span.end > span.start for one in diagnostics)
    ]


def is_part_of(some, others):
    rest = iter(others)
    return all(any(one == other for other in rest) for one in some)


@each_schema
@given(parts)
@example(["a==1", "b=2\\", "c==3"])
@example(["a==x\\\t", "b==2"])
@example(["", "a==1", "", "filter=b==2"])
@example(["(a==1", "score==2)"])
@example(['"score>1', 'a==2"'])
def test_a_fix_leaves_right_clauses_alone(schema, written):
    """Every clause that was right before a fix was applied is there afterwards, in its order."""
    text = ";".join(written)
    report = fl.check(text, schema)
    right = right_clauses(text, report.diagnostics)
    for one in report.diagnostics:
        for fix in one.fixes:
            after = [clause.node for clause in examine(fix.apply(text))]
            assert is_part_of(right, after), (one.code, fix.apply(text))
    if report.fixed is not None and report.filters is None:
        assert is_part_of(right, [clause.node for clause in examine(report.fixed[0])])


# --- Positions ------------------------------------------------------------------------------------

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def place(text, position, encoding):
    """Find a position the slow way: line by line, and unit by unit."""
    codec, size = _CODECS[encoding]
    lines = re.split("\r\n|\n|\r", text)
    ends = [*(found.end() for found in re.finditer("\r\n|\n|\r", text)), len(text)]
    start = ([0, *ends])[position["line"]]
    assert position["line"] < len(lines)
    line = text[start : ends[position["line"]]]
    units = line.encode(codec, "surrogatepass")[: position["character"] * size]
    return start + len(units.decode(codec, "surrogatepass"))


@pytest.mark.parametrize("encoding", _CODECS)
@given(st.text(st.sampled_from("a=,;\\\r\n\té😀\ud800"), max_size=20))
def test_positions_lead_back_to_spans(encoding, text):
    """The line and character of each place, in any encoding, are those of its offset."""
    report = fl.check(text)
    for one, data in zip(
        report.diagnostics, report.to_dict(encoding=encoding)["diagnostics"], strict=True
    ):
        ends = (data["range"]["start"], data["range"]["end"])
        assert [place(text, end, encoding) for end in ends] == list(one.span)
