"""`filterlang encode`, `decode` and `fmt`."""

from __future__ import annotations

import pytest

USAGE = """\
Usage: filterlang encode [OPTIONS] FILTER...
Try 'filterlang encode --help' for help.

Error: {}
"""
SINGLE = """\
error[FL104]: expected '==', found a single '='
 --> {}, column 2
  |
  | a=b
  |  ^
hint: write '=='
"""
MALFORMED = """\
error[FL201]: malformed percent sequence '%'
 --> query, column 9
  |
  | filter=a%
  |         ^
hint: a '%' is followed by two hexadecimal digits; a percent sign itself is written '%25'
"""
NOT_UTF8 = "<stdin>:2: expected UTF-8, found the byte 0xFF in column 3\n"

# --- encode ---------------------------------------------------------------------------------------


def test_encode(run):
    finished = run("encode", "countryCode == US; city==Köln & Bonn", "a~*")
    assert finished == (
        0,
        "filter=countryCode%3D%3DUS%3Bcity%3D%3DK%C3%B6ln%20%26%20Bonn&filter=a~%2A\n",
        "",
    )


def test_encode_a_mistake(run):
    assert run("encode", "a=b") == (2, "", SINGLE.format("filter") + "\nfixed: a==b\n")


@pytest.mark.parametrize("filters", [("",), (" ", "a==1")])
def test_encode_nothing(run, filters):
    message = (
        "a filter is empty, which restricts nothing; write one, "
        "or send the request without a filter"
    )
    assert run("encode", *filters) == (2, "", USAGE.format(message))


def test_encode_without_arguments(run):
    assert run("encode", stdin=b"a==1") == (2, "", USAGE.format("Missing argument 'FILTER...'."))


# --- decode ---------------------------------------------------------------------------------------


def test_decode(run):
    finished = run("decode", "?filter=a%3D%3D1&pageSize=5&filter=city==New+York;", "filter=b%3D@x")
    assert finished == (0, "a==1\ncity==New York\nb~x\n", "")


LOST_PLUS = "'+' stands for a space in a query string; write '%2B' for a plus\n"


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("filter=title~C++*", "title~C  *\n"),
        ("?x=1&filter=title==C+&y=2", "title==C\n"),
        ("filter=phone==+49", "phone==49\n"),
    ],
)
def test_decode_tells_of_pluses_that_are_hardly_spaces(run, query, filters):
    assert run("decode", query) == (0, filters, LOST_PLUS)


@pytest.mark.parametrize("query", ["q=C++&filter=a==1", "filter=a==1+2", "filter=a+==+b"])
def test_decode_says_nothing_of_a_space(run, query):
    assert run("decode", query).err == ""


def test_decode_what_encode_made(run):
    filters = ["countryCode==US;city==Köln & Bonn", r"a~\*x\, *", "c!="]
    expected = (0, "\n".join([*filters, ""]), "")
    query = run("encode", *filters).out
    assert run("decode", query.removesuffix("\n")) == expected
    assert run("decode", stdin=query.encode()) == expected


def test_decode_standard_input(run):
    stdin = "\ufefffilter=a==1&filter=b==2\r\n\nfilter=c==ö".encode()
    assert run("decode", stdin=stdin) == (0, "a==1\nb==2\n\nc==ö\n", "")


def test_decode_nothing(run):
    assert run("decode") == (0, "", "")


@pytest.mark.parametrize("query", ["", "pageSize=5", "filter=", "?"])
def test_decode_a_query_without_filters(run, query):
    assert run("decode", query) == (0, "\n", "")


def test_decode_one_mistake(run):
    assert run("decode", "filter=a%") == (2, "", MALFORMED)


def test_decode_several_mistakes(run):
    finished = run("decode", "filter=a%", "filter=a==1", "filter=a=b")
    expected = f"in query 1:\n{MALFORMED}\nin query 3:\n{SINGLE.format('filter')}"
    assert finished == (2, "", expected)


def test_decode_a_bad_line(run):
    stdin = b"filter=a==1\nab\xff\n"
    assert run("decode", stdin=stdin) == (3, "", NOT_UTF8)


# --- fmt ------------------------------------------------------------------------------------------


def test_fmt(run):
    finished = run("fmt", " a . b == x ; c =@ ** ; ", "", "  ", "name==Smith\\, John")
    assert finished == (0, "a.b==x;c~*\n\n\nname==Smith\\, John\n", "")


def test_fmt_standard_input_line_by_line(run):
    stdin = "\ufeffa == ö\r\n\n  \nb=@ x".encode()
    assert run("fmt", stdin=stdin) == (0, "a==ö\n\n\nb~x\n", "")


def test_fmt_nothing(run):
    assert run("fmt") == (0, "", "")


def test_fmt_a_mistake(run):
    assert run("fmt", "a=b") == (2, "", SINGLE.format("filter"))


def test_fmt_counts_the_lines_of_standard_input(run):
    assert run("fmt", stdin=b"a==1\n\na=b\n") == (2, "", SINGLE.format("filter 3"))


def test_fmt_a_bad_line(run):
    assert run("fmt", stdin=b"a==1\nab\xff\n") == (3, "", NOT_UTF8)


def test_a_mistake_wins_over_a_bad_line(run):
    finished = run("fmt", stdin=b"a==1\nab\xff\na=b")
    assert finished == (2, "", NOT_UTF8 + SINGLE.format("filter 3"))
