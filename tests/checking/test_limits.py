"""However long a text is, what is said of it stays short, and is said in linear time."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter

import pytest

import filterlang as fl
from filterlang.checking.examine import MAX_DOUBTED, MAX_IN_ALL
from filterlang.checking.other_notations import join_mistakes
from filterlang.diagnostics import errors
from filterlang.diagnostics.diagnostic import Diagnostic, Span, render, showable
from filterlang.syntax.parser import lark_parse

LIMIT = 1_000
MANY = 5_000
REST = ("FL304", "hint", "there are more findings than the limit of 1000; the rest isn't listed")

# Texts with far more than a thousand mistakes: what is before them, what is repeated, their code.
MISTAKES = {
    "empty clauses": ("", ";", "FL102"),
    "no operators": ("", "a;", "FL103"),
    "lone =": ("", "a=b;", "FL104"),
    "empty parts of a name": ("", "a..", "FL108"),
    "dots": ("", ".", "FL108"),
    "commas in a name": ("", "a,", "FL109"),
    "no expressions": ("", "a>;", "FL110"),
    "commas": ("a==", ",", "FL111"),
    "commas before spaces": ("a==b", ", ", "FL111"),
    "escapes of letters": ("a==", r"\n", "FL112"),
    "escapes of signs": ("a==", r"\-", "FL112"),
    "escapes of code points": ("a==", r"\x41", "FL112"),
    "tabs": ("a==", "\t", "FL114"),
    "tabs within": ("a==b", "\tb", "FL114"),
    "tabs alone": ("", "\t", "FL114"),
    "other controls": ("a==", "\x01", "FL114"),
    "escaped tabs": ("a==", "\\\t", "FL114"),
    "lines": ("a==b", "\na==b", "FL114"),
    "lone surrogates": ("a==", "\ud800", "FL115"),
    "words": ("a is b", " and a is b", "FL119"),
}
# Legal, but more than a thousand times hardly meant.
SUSPICIONS = {
    "joins": ("a==", "b && c=d ", "FL401"),
    "null": ("", "a==null;", "FL404"),
    "invisible in a name": ("a", "\u200ba", "FL409"),
    "invisible": ("a==", "b\u200b", "FL412"),
    "parameters": ("a==b", "&a=c", "FL413"),
    "repeated": ("", "a==b;", "FL514"),
}


def many(before, unit, times=MANY):
    """Write a text that repeats a mistake; where a name holds it, it gets an operator."""
    return before + unit * times + ("==b" if unit in {"a..", ".", "a,", "\u200ba"} else "")


@pytest.fixture
def made(monkeypatch):
    """Count the diagnostics that are made, by their codes."""
    codes: Counter[str] = Counter()

    def counted(code, *arguments):
        codes[code] += 1
        return Diagnostic(code, *arguments)

    monkeypatch.setattr(errors, "Diagnostic", counted)
    return codes


# --- Collecting -----------------------------------------------------------------------------------


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", MISTAKES)
def test_collecting_stops_at_the_limit_and_says_so(name, made):
    before, unit, code = MISTAKES[name]
    text = many(before, unit)
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.parse(text)
    *found, rest = caught.value.diagnostics
    if name in {"empty parts of a name", "dots", "commas in a name", "words"}:
        assert code in {one.code for one in found}
    else:
        assert {one.code for one in found} == {code}
    assert len(found) == LIMIT
    assert (rest.code, rest.severity, rest.message) == REST
    assert rest.span == Span(found[-1].span.end, len(text))
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    # They aren't made to be thrown away, but for those of texts that fixes are tried on.
    assert made.total() <= 5 * LIMIT


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", SUSPICIONS)
def test_a_valid_text_stays_valid_whatever_is_said_of_it(name, made):
    before, unit, code = SUSPICIONS[name]
    text = many(before, unit)
    report = fl.check(text)
    *found, rest = report.diagnostics
    assert {one.code for one in found} >= {code}
    assert (len(found), rest.code) == (LIMIT, "FL304")
    assert report.ok
    assert report.filters == fl.parse(text)
    assert report.fixed == [text]
    assert made.total() <= 5 * LIMIT


def test_a_thousand_findings_are_all_there_are():
    text = "a==" + "\x01" * LIMIT
    assert [one.code for one in fl.check(text).diagnostics] == ["FL114"] * LIMIT
    assert len(fl.check(text + "\x01").diagnostics) == LIMIT + 1


@pytest.mark.sampled(6)
@pytest.mark.parametrize("before", [0, LIMIT - 1, LIMIT, MANY])
@pytest.mark.parametrize(
    ("mistake", "code"), [("a=null", "FL104"), ("an operator", "FL103"), (" ", "FL102")]
)
@pytest.mark.parametrize("schema", [None, fl.Schema({"a": "text"})])
def test_an_error_is_found_wherever_it_stands(before, mistake, code, schema):
    report = fl.check("a==null;" * before + mistake + ";" + "a==null;" * MANY, schema)
    assert not report.ok
    assert report.fixed is None
    assert [one.code for one in report.diagnostics if one.severity == "error"] == [code]
    assert len(report.diagnostics) == LIMIT + 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize("before", [0, LIMIT, MANY])
def test_what_does_not_fit_is_found_wherever_it_stands(before):
    schema = fl.Schema({"a": "text", "b": "integer"})
    report = fl.check("a==null;" * before + "b==x;" + "a==null;" * MANY, schema)
    assert not report.ok
    assert [one.code for one in report.diagnostics if one.severity == "error"] == ["FL509"]
    assert fl.check("a==null;" * MANY + "b==1", schema).ok


def test_the_last_clause_may_be_the_one_too_many():
    schema = fl.Schema({"a": "text"})
    report = fl.check("a==null;" * 500 + "a==null", schema)
    assert report.ok
    assert report.diagnostics[-1].code == "FL304"


def test_each_text_has_its_own_limit():
    report = fl.check(["a==" + "," * MANY, "b=1", ";" * MANY])
    counts = Counter((one.source_index, one.code) for one in report.diagnostics)
    assert counts == {
        (0, "FL111"): LIMIT,
        (0, "FL304"): 1,
        (1, "FL104"): 1,
        (2, "FL102"): LIMIT,
        (2, "FL304"): 1,
    }


def test_a_text_is_mended_as_a_whole_or_not_at_all():
    assert fl.check("a=b;" * 400 + "c=d").fixed is not None
    assert fl.check("\t" * LIMIT + "a==b").fixed == ["a==b"]
    assert fl.check("\t" * (LIMIT + 1) + "a==b").fixed is None
    # What a mend brings to light may be too much as well.
    hidden = "a%3D%3Db" + "%2C" * MANY
    assert [one.code for one in fl.check(hidden).diagnostics] == ["FL117"]
    assert fl.check(hidden).fixed is None


# --- Many clauses, many texts ---------------------------------------------------------------------


def distinct(times, template="n{}==v{}"):
    return ";".join(template.format(number, number) for number in range(times))


@pytest.mark.slow
def test_doubts_are_told_of_the_first_clauses_and_errors_of_all():
    valid = distinct(MAX_DOUBTED - 1)
    hinted = fl.check(f"{valid};a==null;b==null")
    assert [one.span.start for one in hinted.diagnostics] == [len(valid) + 4]
    assert hinted.filters == fl.parse(f"{valid};a==null;b==null")
    for end in ("a=b", "c==d;;e==f", ";", "a==b,", "a", " ;"):
        text = f"{valid};{distinct(MANY, 'm{}!={}')};{end}"
        report = fl.check(text)
        alone = [one.code for one in fl.check(f"x==y;{end}").diagnostics]
        assert [one.code for one in report.diagnostics] == alone
        assert not report.ok
        assert report.fixed == (None if end != "a=b" else [text.replace("a=b", "a==b")])
        with pytest.raises(fl.FilterSyntaxError) as caught:
            fl.parse(text)
        assert list(caught.value.diagnostics) == list(report.diagnostics)


@pytest.mark.parametrize("end", ["", ";", " ; ", r";a==\;", r";a==\\;", r";a==\\\;x;b==c"])
def test_the_rest_of_a_long_text_is_read_as_a_whole(end):
    text = distinct(MAX_DOUBTED + MANY) + end
    report = fl.check(text)
    assert report.filters == fl.parse(text)
    assert report.filters.filters[0] == lark_parse(text)


@pytest.mark.slow
def test_what_does_not_fit_is_found_in_the_rest_of_a_long_text():
    schema = fl.Schema({"a": "text", "b": "integer"})
    valid = ";".join(f"a!=v{number}" for number in range(MANY))
    report = fl.check(f"{valid};b==x;{valid.replace('v', 'w')};c==d", schema)
    assert [one.code for one in report.diagnostics] == ["FL509", "FL501"]
    assert report.diagnostics[1].span == Span(len(valid) * 2 + 7, len(valid) * 2 + 8)
    assert fl.check(f"{valid};b==1", schema).ok


@pytest.mark.slow
def test_of_many_texts_the_last_ones_are_only_read():
    hints = ["a==null"] * MAX_IN_ALL
    report = fl.check([*hints, "a==null", "b==null"])
    assert report.ok
    assert report.filters == fl.parse([*hints, "a==null", "b==null"])
    assert report.fixed == [*hints, "a==null", "b==null"]
    assert {one.source_index for one in report.diagnostics} <= set(range(MAX_IN_ALL))
    report = fl.check([*hints, "a==null", "b=c", "d=e"])
    *_, error, rest = report.diagnostics
    assert (error.code, error.source_index, rest.code, rest.source_index) == (
        "FL104",
        MAX_IN_ALL + 1,
        "FL304",
        MAX_IN_ALL + 2,
    )
    assert (report.ok, report.fixed) == (False, None)


# --- Query strings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("filter=" + "%" * MANY, "FL201"),
        ("filter=" + "%FF%20" * MANY, "FL202"),
        ("filter=" + "%FF " * MANY, "FL202"),
        ("filters=a&" * MANY, "FL203"),
        ("filter=%&" * MANY, "FL201"),
    ],
)
def test_of_a_query_string_no_more_is_said(query, code, made):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query(query)
    of_query = [one for one in caught.value.diagnostics if one.source_index is None]
    assert [one.code for one in of_query] == [code] * LIMIT + ["FL304"]
    assert of_query[-1].span == Span(of_query[-2].span.end, len(query))
    assert made[code] <= LIMIT + 1
    assert len(str(caught.value)) < 8_000


def test_of_pairs_no_more_is_said(made):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_params([("Filters", "a==1")] * MANY)
    assert [one.code for one in caught.value.diagnostics] == ["FL203"] * LIMIT + ["FL304"]
    assert made["FL203"] == LIMIT + 1


def test_a_filter_of_a_query_has_the_limit_of_a_text():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query("filter=a%3D%3D" + "%2C" * MANY)
    assert Counter(one.code for one in caught.value.diagnostics) == {"FL111": LIMIT, "FL304": 1}
    assert len(str(caught.value)) < 8_000


# --- Showing --------------------------------------------------------------------------------------


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", MISTAKES | SUSPICIONS)
def test_what_is_shown_is_short(name):
    before, unit, _ = (MISTAKES | SUSPICIONS)[name]
    shown = fl.check(many(before, unit, 8_000)).render()
    assert len(shown) < 10_000
    assert shown.endswith("\n\n… and at least 980 more")
    assert shown.count("\n --> filter, column ") == 20


def test_commas_take_less_than_eight_kilobytes():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.parse("a==" + "," * 8_000)
    assert len(str(caught.value)) < 8_000


def found(severity, start, index=0):
    return Diagnostic("FL000", severity, "wrong", Span(start, start + 1), source_index=index)


def test_the_gravest_are_shown_and_how_many_more_there_are():
    hints = [found("hint", place) for place in range(25)]
    grave = [found("error", 30), found("warning", 31)]
    assert render([*hints, *grave]) == "\n\n".join(
        ["hint[FL000]: wrong"] * 18
        + ["error[FL000]: wrong", "warning[FL000]: wrong", "… and 7 more"]
    )
    assert render(iter(hints[:20])) == "\n\n".join(["hint[FL000]: wrong"] * 20)


def test_each_text_is_shown_by_itself():
    several = [found("hint", place, index) for index in (0, 1) for place in range(22 - index * 2)]
    assert render(several) == "\n\n".join(
        ["hint[FL000]: wrong"] * 20 + ["… and 2 more"] + ["hint[FL000]: wrong"] * 20
    )


@pytest.mark.parametrize(
    ("text", "place", "columns"),
    [
        # A character that can't be seen takes as many columns as what is shown for it.
        ("\ud800" * 5_000, 2_500, 96),
        ("東" * 5_000, 2_500, 100),
        ("x" * 5_000, 2_500, 100),
        ("e\u0301" * 5_000, 2_500, 50),
    ],
)
def test_a_line_is_a_hundred_columns_wide(text, place, columns):
    from unicodedata import category, east_asian_width

    line = render([found("error", place)], [text]).split("\n")[3].removeprefix("  | …")
    assert line.endswith("…")
    width = sum(
        0 if category(one) == "Mn" else 2 if east_asian_width(one) == "W" else 1
        for one in line[:-1]
    )
    assert width == columns


class CountedText(str):
    """Counts the characters that are read of it."""

    __slots__ = ("read",)

    def __getitem__(self, key):
        taken = super().__getitem__(key)
        self.read = getattr(self, "read", 0) + len(taken)
        return taken


def test_of_all_texts_no_more_than_a_hundred_are_shown():
    shown = render([found("hint", 0, index) for index in range(101)])
    assert shown == "\n\n".join(["hint[FL000]: wrong"] * 100 + ["… and 1 more"])
    several = [found("hint", place, index) for index in range(9) for place in range(22)]
    shown = render(several).split("\n\n")
    assert shown == (["hint[FL000]: wrong"] * 20 + ["… and 2 more"]) * 5 + ["… and 88 more"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: fl.parse(["a=b"] * 30_000),
        lambda: fl.from_query("filter=a=b&" * 30_000),
        lambda: fl.from_params([("filter", "a=b")] * 30_000),
        lambda: fl.from_query("filters=a=b&" * 30_000),
    ],
)
@pytest.mark.slow
def test_an_error_about_many_texts_is_short(wrong):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        wrong()
    assert len(caught.value.diagnostics) < 11_000
    assert caught.value.diagnostics[-1].code == "FL304"
    assert len(str(caught.value)) < 12_000
    assert len(repr(caught.value)) < 300


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (
            fl.FilterSyntaxError([found("error", 0)], ["\x1b[31m"]),
            "<FilterSyntaxError diagnostics=['FL000']>",
        ),
        (
            fl.SchemaError([found("hint", 0)] * 21),
            f"<SchemaError diagnostics=[{', '.join(['%FL000%'] * 20)}, …]>".replace("%", "'"),
        ),
    ],
)
def test_an_error_is_written_as_what_was_found(error, shown):
    assert repr(error) == shown


@pytest.mark.parametrize("character", ["x", "東", "\ud800", "\t"])
def test_showing_reads_a_part_of_a_line_only(character):
    text = CountedText(character * 100_000)
    render([found("error", 50_000)], [text])
    assert text.read < 1_000


# --- Texts within messages ------------------------------------------------------------------------

LONG = "x" * 100_000


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        f"{LONG}=",
        f"a= {' ' * 100_000}=b",
        f"≠{'≠' * 100_000}b",
        f"a{'≠' * 100_000}b",
        f"5>{LONG}",
        f"a%3D%3D{LONG}",
        f"{LONG} is b",
        f"filter={'filter=' * 10_000}a==b",
        f"a=={LONG}=='{LONG}'",
        f"a~{LONG}",
        f"m.{LONG}~x",
        f"m.{LONG}.b==x",
        f"day==2024-01-01;{LONG}==2024-01-01;e=={LONG};e~{LONG};n=={LONG}",
        f"m.{LONG}.day==2024-01-01",
    ],
)
def test_no_message_holds_a_whole_text(text):
    schema = fl.Schema.from_dict(
        {
            "dimensions": {
                "day": "datetime",
                "n": "integer",
                "e": {"type": "enum", "values": ["A", "B"]},
                "m": "map",
            }
        }
    )
    for report in (fl.check(text), fl.check(text, schema)):
        for one in report.diagnostics:
            assert len(one.message) < 1_500
            assert len(one.hint or "") < 1_500


def test_long_values_are_cut():
    assert showable("x" * 500, 500) == "x" * 500
    assert showable("x" * 501, 500) == "x" * 499 + "…"


def test_a_repaired_query_is_shown_up_to_its_beginning():
    query = "x==" + "b" * 1_000 + ";filter=c==d"
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query(query)
    (one,) = caught.value.diagnostics
    assert len(one.hint) < 1_500
    assert one.fixes[0].apply(query) == "filter=x%3D%3D" + "b" * 1_000 + "%3Bc%3D%3Dd"


def test_no_fix_repeats_a_long_name_for_each_of_many_values():
    name = "x" * 1_000
    (one,) = fl.check(f"{name}=out=({'a,' * 9}a)").diagnostics
    assert one.fixes[0].apply("") == ";".join([f"{name}!=a"] * 10)
    (one,) = fl.check(f"{name}=out=({'a,' * 10}a)").diagnostics
    assert (one.code, one.fixes) == ("FL105", ())


def test_no_fix_frees_a_number_of_more_commas_than_any_number_has():
    (one,) = fl.check("a==1" + ",000" * 100).diagnostics
    assert len(one.fixes[0].edits) == 100
    (one,) = fl.check("a==1" + ",000" * 101).diagnostics
    assert (one.code, one.fixes) == ("FL111", ())


# --- Plain data -----------------------------------------------------------------------------------


def test_a_report_as_plain_data_is_bounded():
    report = fl.check(["a==" + "," * MANY, "b=1"])
    codes = [one["code"] for one in report.to_dict()["diagnostics"]]
    assert codes == ["FL111"] * LIMIT + ["FL304", "FL104"]
    few = report.to_dict(max_diagnostics=2)["diagnostics"]
    assert [one["code"] for one in few] == ["FL111", "FL111", "FL304", "FL104"]
    assert few[2]["message"] == "there are more findings than the limit of 2; the rest isn't listed"
    assert few[2]["range"] == {
        "start": {"line": 0, "character": 5},
        "end": {"line": 0, "character": 3 + MANY},
    }
    none = report.to_dict(max_diagnostics=0)["diagnostics"]
    assert [(one["code"], one["data"]["span"]) for one in none] == [
        ("FL304", [0, 3 + MANY]),
        ("FL304", [0, 3]),
    ]
    assert len(json.dumps(report.to_dict(max_diagnostics=20))) < 20_000


# --- Time -----------------------------------------------------------------------------------------


def calls(text):
    """Count the calls of functions that checking a text and showing what was found takes."""
    count = 0

    def counting(*_):
        nonlocal count
        count += 1

    sys.setprofile(counting)
    try:
        fl.check(text).render()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", MISTAKES | SUSPICIONS)
def test_steps_grow_no_faster_than_the_text(name):
    before, unit, _ = (MISTAKES | SUSPICIONS)[name]
    short, long = (calls(many(before, unit, times)) for times in (4_000, 16_000))
    assert long <= 5 * short


@pytest.mark.parametrize("end", ["", ";x=y", ";a==b,", ";c"])
@pytest.mark.slow
def test_checking_a_long_text_takes_little_more_than_parsing_it(end):
    # A clause alone takes some sixty calls; reading takes them all at once.
    assert calls(distinct(20_000) + end) < calls(distinct(10_000) + end) * 1.1


def test_the_address_before_parameters_is_looked_for_once(monkeypatch):
    looked_through = []

    class Counted:
        @staticmethod
        def match(raw, *ends):
            looked_through.append(len(raw))
            return re.match("[a-z]++://", raw)

    monkeypatch.setattr(join_mistakes, "_ADDRESS", Counted)
    text = "a==" + "x" * 100 + "&k=v" * 100
    assert [one.code for one in fl.check(text).diagnostics] == ["FL413"] * 100
    assert looked_through == [500]
    assert fl.check(text.replace("xx", "x://x", 1)).diagnostics == ()
