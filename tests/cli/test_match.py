"""`filterlang match`: which lines come out, and what is said beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import filterlang

USERS = Path(__file__).parents[2] / "docs" / "data" / "users.jsonl"

TEXT = """\
{"name": "Ann", "score": 9}
{"name": "Bob",   "score": 10}

{"name": "Zoë", "score": 11, "tags": ["new"]}
"""
ANN, BOB, _, ZOE = TEXT.splitlines(keepends=True)

USAGE = """\
Usage: filterlang match [OPTIONS] FILTER [FILE]...
Try 'filterlang match --help' for help.

Error: {}
"""


@pytest.fixture(autouse=True)
def people(tmp_path):
    (tmp_path / "people.jsonl").write_text(TEXT, encoding="utf-8")


# --- Records in, records out ----------------------------------------------------------------------


def test_matching_lines_come_out_as_they_went_in(run):
    assert run("match", "score>=10", "people.jsonl") == (0, BOB + ZOE, "")


def test_nothing_matches(run):
    assert run("match", "score>11", "people.jsonl") == (1, "", "")


def test_further_filters_are_alternatives(run):
    finished = run("match", "name==ann", "-e", "tags==new", "--filter", "score==-1", "people.jsonl")
    assert finished == (0, ANN + ZOE, "")


def test_standard_input_without_a_file(run):
    assert run("match", "name==zoË", stdin=TEXT.encode()) == (0, ZOE, "")


def test_files_and_standard_input_in_the_order_of_the_arguments(run):
    finished = run("match", "name==Ann", "-", "people.jsonl", "-", stdin=b'{"name":"ANN"}')
    assert finished == (0, '{"name":"ANN"}\n' + ANN, "")


def test_ends_of_lines_stay_as_they_are(run):
    stdin = b'{"a": 1}\r\n \t\r\n{"a": 1 } \n{"a":1}'
    assert run("match", "a==1", stdin=stdin) == (
        0,
        f"{stdin.decode()}\n".replace(" \t\r\n", ""),
        "",
    )


def test_joined_files_may_have_a_bom_within(run):
    stdin = '\ufeff{"a":1}\n\ufeff{"a":2}\n\ufeff\n\ufeff'.encode()
    assert run("match", "a>0", "--count", stdin=stdin) == (0, "2\n", "")


@pytest.mark.parametrize("number", ["1", "NaN"])
@pytest.mark.parametrize("more", [(), ("--format", "json"), ("--sort", "a"), ("--explain",)])
def test_no_mark_is_written(more, number, run):
    """Joined files are read as if they had none: a mark within is JSON to nobody else."""
    lines = [f'{{"a":{place},"b":{number}}}\n' for place in (1, 2)]
    marked = "".join(f"\ufeff{line}" for line in lines).encode()
    expected = run("match", "a>0", *more, stdin="".join(lines).encode())
    assert run("match", "a>0", *more, stdin=marked) == expected
    assert "\ufeff" not in expected.out


@pytest.mark.parametrize("option", ["-c", "--count"])
@pytest.mark.parametrize(
    ("text", "number", "code"), [("score>9", "2\n", 0), ("score>11", "0\n", 1)]
)
def test_count(run, option, text, number, code):
    assert run("match", text, option, "people.jsonl") == (code, number, "")


def test_the_count_is_that_of_all_files(run):
    assert run("match", "score>9", "-c", "people.jsonl", "people.jsonl") == (0, "4\n", "")


@pytest.mark.parametrize("option", ["-v", "--invert"])
def test_invert(run, option):
    assert run("match", option, "score>=10", "people.jsonl") == (0, ANN, "")
    assert run("match", option, "score>=0", "people.jsonl") == (1, "", "")
    assert run("match", option, "-c", "score>=10", "people.jsonl") == (0, "1\n", "")


def test_limit(run):
    assert run("match", "score>0", "--limit", "2", "people.jsonl") == (0, ANN + BOB, "")
    assert run("match", "score>0", "--limit", "2", "-c", "people.jsonl") == (0, "2\n", "")
    assert run("match", "score>9", "--limit", "1", "-v", "people.jsonl") == (0, ANN, "")
    assert run("match", "score>10", "--limit", "2", "people.jsonl") == (0, ZOE, "")


def test_after_the_limit_nothing_is_read(run):
    finished = run("match", "score>0", "--limit", "3", "people.jsonl", "missing.jsonl")
    assert finished == (0, ANN + BOB + ZOE, "")


def test_explain(run):
    finished = run("match", "score>9;name~b*", "--explain", "people.jsonl")
    assert (finished.code, finished.out) == (0, BOB)
    assert finished.err == (
        "people.jsonl:1: no match\n"
        "filter 1 does not match: score>9;name~b*\n"
        "  no   score>9: 9\n"
        "  no   name~b*: 'Ann'\n"
        "people.jsonl:2: match\n"
        "filter 1 matches: score>9;name~b*\n"
        "  yes  score>9: 10\n"
        "  yes  name~b*: 'Bob'\n"
        "people.jsonl:4: no match\n"
        "filter 1 does not match: score>9;name~b*\n"
        "  yes  score>9: 11\n"
        "  no   name~b*: 'Zoë'\n"
    )


def test_the_command_and_the_library_agree(run):
    filters = ["location.countryCode==US;lastSeenDate>=1704067200000", "customAttributes.plan~ent*"]
    matcher = filterlang.compile(filters)
    with USERS.open(encoding="utf-8") as lines:
        expected = [line for line in lines if matcher(json.loads(line))]
    finished = run("match", filters[0], "-e", filters[1], str(USERS))
    assert finished == (0, "".join(expected), "")
    counted = run("match", filters[0], "-e", filters[1], str(USERS), "--count")
    assert counted == (0, f"{len(expected)}\n", "")


# --- Which arguments are filters ------------------------------------------------------------------


def test_a_filter_with_a_mistake(run):
    # The input is not even opened, so nothing is said of the file that isn't there.
    assert run("match", "a=b", "missing.jsonl") == (
        2,
        "",
        (
            "error[FL104]: expected '==', found a single '='\n"
            " --> filter, column 2\n"
            "  |\n"
            "  | a=b\n"
            "  |  ^\n"
            "hint: write '=='\n"
            "\n"
            "fixed: a==b\n"
        ),
    )


def test_mistakes_in_several_filters(run):
    finished = run("match", "a==1", "-e", "a=b", "-e", "b=c", "people.jsonl")
    assert (finished.code, finished.out) == (2, "")
    assert [line for line in finished.err.splitlines() if "-->" in line] == [
        " --> filter 2, column 2",
        " --> filter 3, column 2",
    ]


def test_a_file_in_place_of_the_filter(run):
    told = "the FILTER stands before the files, and 'people.jsonl' is a file; "
    message = f"{told}write one, or --all to match every record"
    assert run("match", "people.jsonl") == (2, "", USAGE.format(message))
    message = (
        f"{told}only further filters are given by -e: "
        "filterlang match 'score>=9' -e id==1 people.jsonl people.jsonl"
    )
    arguments = ("match", "-e", "score>=9", "-e", "id==1", "people.jsonl", "people.jsonl")
    assert run(*arguments) == (2, "", USAGE.format(message))


def test_a_long_mistake_is_no_file(run):
    finished = run("match", "a" * 5000)
    assert (finished.code, finished.out) == (2, "")
    assert "is a file" not in finished.err


def test_a_filter_that_is_too_long(run):
    finished = run("match", "a==" + "1" * (1 << 20), "people.jsonl")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("error[FL301]: the filter has 1048579 characters, more than ")


@pytest.mark.parametrize("arguments", [(), ("-e", "a==1"), ("--count",)])
def test_no_filter(run, arguments):
    message = "missing FILTER, the first argument; write one, or --all to match every record"
    assert run("match", *arguments) == (2, "", USAGE.format(message))


@pytest.mark.parametrize("arguments", [("",), ("  ",), ("", "-e", "a==1"), ("a==1", "-e", "")])
def test_an_empty_filter(run, arguments):
    message = (
        "a filter is empty, which restricts nothing; write one, or only --all to match every record"
    )
    assert run("match", *arguments) == (2, "", USAGE.format(message))


@pytest.mark.parametrize("arguments", [(), ("",), ("-e", ""), ("-",), ("", "-")])
def test_all_records_of_standard_input(run, arguments):
    assert run("match", "--all", *arguments, stdin=TEXT.encode()) == (0, ANN + BOB + ZOE, "")


def test_all_records_of_files(run):
    assert run("match", "--all", "people.jsonl", "-c") == (0, "3\n", "")
    assert run("match", "", "people.jsonl", "-c", "--all") == (0, "3\n", "")
    assert run("match", "--all", "people.jsonl", "people.jsonl", "-c") == (0, "6\n", "")
    assert run("match", "--all", "people.jsonl", "-cv") == (1, "0\n", "")


def test_all_records_explained(run):
    finished = run("match", "--all", "--explain", stdin=b"{}")
    assert finished == (
        0,
        "{}\n",
        "<stdin>:1: match\nwithout any filter everything matches\n",
    )


def test_all_records_and_a_filter(run, tmp_path):
    message = (
        "with --all every argument is a file, but 'score>9' is a filter; leave one of the two out"
    )
    arguments = ("match", "--all", "score>9", "people.jsonl")
    assert run(*arguments) == (2, "", USAGE.format(message))
    (tmp_path / "score>9").write_text("{}\n")
    assert run(*arguments, "-c") == (0, "4\n", "")


def test_all_records_and_a_further_filter(run):
    message = "--all matches every record, so there is nothing for -e to add; leave one out"
    arguments = ("match", "--all", "-e", "score>9", "people.jsonl")
    assert run(*arguments) == (2, "", USAGE.format(message))


def test_a_limit_of_nothing(run):
    finished = run("match", "a==1", "--limit", "0")
    assert (finished.code, finished.out) == (2, "")
    assert "Error: Invalid value for '--limit': 0 is not in the range x>=1." in finished.err


def test_a_filter_that_looks_like_an_option(run):
    code, out, err = run("match", "--", "-a==1", stdin=b'{"-a":1}')
    assert (code, out) == (0, '{"-a":1}\n')
    assert err == (
        "warning[FL410]: '-' is part of the name here\n"
        " --> filter, column 1\n"
        "  |\n"
        "  | -a==1\n"
        "  | ^\n"
        "hint: there is no NOT; write 'a!=1'\n"
    )
