"""What the filter found is in colour where people look, and nowhere else."""

from __future__ import annotations

import io
import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.files.selected import Lines
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.backends.files.writing.writers import make_writer
from filterlang.cli.painting import PAINTED, Painter
from filterlang.testing import filter_sets, matching_records
from tests.cli.test_terminal import TerminalBytes

PAINT_BYTES = re.compile(rb"\x1b\[(?:1;31|0)m")
PAINT = re.compile("\x1b\\[1;31m(.*?)\x1b\\[0m", re.DOTALL)
RECORDS = b"""\
{"score": 95, "tags": ["new", "Old"], "location": {"city": "K\\u00f6ln"}, "x.y": "a\\"b"}
{"score": 9, "tags": "new", "items": [{"n": 1}, {"n": 2}], "location.city": "Bonn"}
{"score": null}
"""


def found(output):
    return [match[1] for match in PAINT.finditer(output)]


@pytest.mark.parametrize(
    ("filters", "painted"),
    [
        (["score>=90"], ["95"]),
        (["score>=9"], ["95", "9"]),
        (["tags==new"], ['"new"', '"new"']),
        (["tags~*o*"], ['"Old"']),
        (["location.city~?o*"], ['"Bonn"']),
        (["location.city==k\u00f6ln"], ['"K\\u00f6ln"']),
        (["x.y~*b"], ['"a\\"b"']),
        (["items.n>1"], ["2"]),
        # Only filters that match, and nothing that passes by not being there.
        (["score>=90", "score<10;tags==new"], ["95", "9", '"new"']),
        (["score!=9", "score=="], []),
        (["tags!~x*;score>=90"], ["95"]),
    ],
)
def test_what_a_filter_found_is_in_colour(run, filters, painted):
    more = [part for text in filters[1:] for part in ("-e", text)]
    finished = run("match", filters[0], *more, "--color", "always", stdin=RECORDS)
    assert found(finished.out) == painted
    plain = run("match", filters[0], *more, stdin=RECORDS)
    assert PAINT.sub(r"\1", finished.out) == plain.out
    assert "\x1b" not in plain.out


def test_names_that_are_selected_and_called_otherwise(run):
    arguments = ("--select", "town=location.city,place=location", "--color", "always")
    finished = run("match", "location.city==bonn", *arguments, stdin=RECORDS)
    assert finished.out == '{"town":\x1b[1;31m"Bonn"\x1b[0m,"place":null}\n'


def test_with_a_schema_its_names_and_types_count(run):
    record = b'{"identifyId": "u", "score": "95", "location": {"countryCode": "us"}}\n'
    filters = "score>=90;countryCode==US"
    finished = run("match", filters, "--schema", "users", "--color", "always", stdin=record)
    assert found(finished.out) == ['"95"', '"us"']


CSV = b'id,"a,b",note\n1,"x ""y""",\n2,z,"two\nlines"\n3,"x\ty",-\n'


@pytest.mark.parametrize(
    ("filter_", "format_", "painted"),
    [
        ("id>=2", "csv", ["2", "3"]),
        ("note~*lines", "csv", ['"two\nlines"']),
        ("note~*", "csv", ['"two\nlines"', "-"]),
        ("id==1", "tsv", ["1"]),
    ],
)
def test_cells_of_rows_are_in_colour(run, filter_, format_, painted):
    arguments = ("match", filter_, "--input-format", "csv", "--format", format_)
    finished = run(*arguments, "--color", "always", stdin=CSV)
    assert found(finished.out) == painted
    assert PAINT.sub(r"\1", finished.out) == run(*arguments, stdin=CSV).out


def test_where_nothing_matches_there_are_the_names_alone(run):
    arguments = ("match", "id==9", "--input-format", "csv", "--color", "always")
    assert run(*arguments, stdin=CSV)[:2] == (1, 'id,"a,b",note\n')


@pytest.mark.parametrize(
    ("variables", "arguments", "is_painted"),
    [
        ({}, (), True),
        ({}, ("--color", "never"), False),
        ({}, ("--invert",), False),
        ({"NO_COLOR": "1"}, (), False),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
        ({"TERM": "dumb"}, (), False),
    ],
)
def test_a_terminal_is_coloured_by_itself(run, monkeypatch, variables, arguments, is_painted):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = TerminalBytes()
    run("match", "score>=90", *arguments, stdin=RECORDS, stdout=io.TextIOWrapper(stream))
    assert (b"\x1b[1;31m95\x1b[0m" in stream.getvalue()) is is_painted


def test_other_formats_have_no_colours(run):
    finished = run("match", "score>=90", "--format", "json", "--color", "always", stdin=RECORDS)
    assert finished == (
        3,
        "",
        "json has no colours; write one of jsonl csv tsv, or leave --color out\n",
    )


@pytest.mark.parametrize("other", [("-c",), ("--count-by", "score"), ("-o", "x.jsonl")])
def test_where_no_records_are_printed_nothing_can_be_coloured(run, other):
    finished = run("match", "score>=90", *other, "--color", "always", stdin=RECORDS)
    assert finished.code == 2
    assert finished.err.endswith(
        "Error: --color colours records that are printed, so with --count, --count-by and --output"
        " it has nothing to do; leave one out\n"
    )


class Kept:
    def __init__(self):
        self.data = b""

    def write(self, data):
        self.data += data


@given(st.data(), filter_sets(), st.sampled_from(PAINTED))
def test_without_its_colours_it_is_what_the_writer_writes(data, filter_set, format_):
    drawn = st.lists(matching_records(filter_set), max_size=3)
    values = data.draw(drawn) if filter_set.filters else [{}]
    lines = [json.dumps(record, default=str).encode() for record in values]
    painted, plain = Kept(), Kept()
    for writer in (
        Painter(fl.compile(filter_set), format_, painted, None),
        make_writer(format_, plain, None),
    ):
        with suppress(ValueFormatError):
            for line in lines:
                writer.write(Lines([line]))
        with suppress(ValueFormatError):
            writer.finish()
    assert PAINT_BYTES.sub(b"", painted.data) == plain.data
